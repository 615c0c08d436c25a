"""Votes: who wins, when nothing can change any more, and the curves over the number of samples."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import permutations, product
from pathlib import Path

import pytest

from tora_agent.agent import Trajectory
from tora_agent.eval.grading import Grader, Verdict
from tora_agent.eval.outcome import Attempt
from tora_agent.eval.runner import Plan, evaluate
from tora_agent.eval.store import Store
from tora_agent.eval.tasks import Problem
from tora_agent.eval.votes import Ballots, Vote, by_first_sample, is_decided, majority_curve, pass_curve, winner
from tora_agent.sandbox import Sandbox


def votes(text: str) -> list[Vote]:
    """One letter a sample: a is right, ? has no verdict, - is no answer; equal letters are equal answers."""
    right = {"a": True, "?": None}
    return [Vote(i, None if c == "-" else text.index(c), right.get(c, False)) for i, c in enumerate(text)]


@pytest.mark.parametrize(
    ("text", "first"), [("a", 0), ("ab", 0), ("bab", 0), ("baa", 1), ("--b", 2), ("baab", 0), ("-", None), ("", None)]
)
def test_the_most_frequent_answer_wins_and_a_tie_goes_to_the_first(text: str, first: int | None) -> None:
    chosen = winner(reversed(votes(text)))
    assert (chosen.sample if chosen else None) == first


@pytest.mark.parametrize("samples", [1, 2, 3, 4, 5])
def test_a_decided_vote_stays_whatever_comes(samples: int) -> None:
    for length in range(samples + 1):
        for start in product("abc-", repeat=length):
            if is_decided(votes("".join(start)), samples):
                before = winner(votes("".join(start)))
                for rest in product("abcd-", repeat=samples - length):
                    assert winner(votes("".join(start + rest))) == before
    assert is_decided(votes("a" * (samples // 2 + 1)), samples)


def test_curves_over_the_same_samples() -> None:
    problems = [votes("bab"), votes("aab"), votes("bbb")]
    assert [point.value for point in majority_curve(problems, 3)] == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    # of 3 samples with 1, 2 and 0 right: 1 - C(3 - c, k) / C(3, k)
    assert [point.value for point in pass_curve(problems, 3)] == pytest.approx([1 / 3, (2 / 3 + 1) / 3, 2 / 3])
    for point in majority_curve(problems, 3) + pass_curve(problems, 3):
        low, high = point.interval
        assert 0 <= low <= point.value <= high <= 1


def test_what_has_no_verdict_is_neither_right_nor_wrong() -> None:
    problems = [votes("aab"), votes("?aa")]
    assert [point.value for point in majority_curve(problems, 3)] == [1, 1, 1]
    assert [point.value for point in pass_curve(problems, 2)] == pytest.approx([1, 1])
    assert [point.value for point in pass_curve(problems, 3)] == pytest.approx([2 / 3, 1, 1])


def test_pass_is_not_claimed_beyond_the_samples_that_there_are() -> None:
    assert [point.k for point in pass_curve([votes("aa"), votes("aba")], 3)] == [1, 2]


@pytest.mark.parametrize("right", [0.3, 0.75])
@pytest.mark.parametrize("samples", [2, 5])
def test_pass_at_k_is_unbiased_where_votes_end_early(samples: int, right: float) -> None:
    """Over all that can happen, with one wrong answer: the mean of the estimates is the probability itself."""
    means: dict[int, float] = defaultdict(float)
    for answers in product("ab", repeat=samples):
        chance = right ** answers.count("a") * (1 - right) ** answers.count("b")
        begun = (votes("".join(answers[:length])) for length in range(1, samples + 1))
        ended = next(drawn for drawn in begun if is_decided(drawn, samples))
        for point in pass_curve([ended], samples, early_stop=True):
            means[point.k] += chance * point.value
    assert means == pytest.approx({k: 1 - (1 - right) ** k for k in range(1, samples // 2 + 2)})


async def test_equal_answers_are_one_vote() -> None:
    async with Sandbox() as sandbox:
        ballots = Ballots(Grader(sandbox, "strict"), 5)
        answers = ["0.5", "\\frac12", "5", "", "1/2"]
        cast = [await ballots.cast("p", i, answer, True) for i, answer in enumerate(answers)]
        assert cast == [(0, {}), (0, {}), (2, {}), (None, {}), (0, {})]
        assert ballots.decided("p")


async def test_votes_do_not_depend_on_the_order_in_which_samples_end() -> None:
    """0.333 and 0.3333 state 1/3, and not each other: with the earlier of two as gold, the order would decide."""
    answers = ["0.333", "1/3", "5", "0.3333", "", "\\frac13"]
    async with Sandbox(programs=False) as sandbox:
        strict = Grader(sandbox, "strict")
        for order in permutations(range(len(answers))):
            ballots, stored = Ballots(strict, len(answers)), {}
            for sample in order:
                stored[sample], moved = await ballots.cast("p", sample, answers[sample], True)
                stored |= moved
            assert stored == {0: 0, 1: 0, 2: 2, 3: 3, 4: None, 5: 0}, order


@dataclass(frozen=True)
class Answers:
    """An executor whose samples end in a given order."""

    strict: Grader
    texts: Sequence[str]
    order: Sequence[int]
    ended: dict[int, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    async def attempt(self, problem: Problem, sample: int) -> Attempt:
        if place := self.order.index(sample):
            await self.ended[self.order[place - 1]].wait()
        self.ended[sample].set()
        verdict = Verdict(True, "test", "")
        return Attempt(Trajectory("q", "q", (), self.texts[sample], "answered"), verdict, verdict)


async def test_a_store_holds_the_same_votes_in_whatever_order_samples_ended(tmp_path: Path) -> None:
    texts, store = ["1/3", "0.333", "5", "0.3333"], Store(tmp_path / "runs.sqlite")
    async with Sandbox(programs=False) as sandbox:
        for number, order in enumerate([(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)]):
            executor, run = Answers(Grader(sandbox, "strict"), texts, order), store.new_run(str(number), {}, 4)
            await evaluate([Problem("p", "q", "1")], executor, Plan(4, 4), partial(store.add, run))
            results = store.results(run)
            assert [result.sample for result in results] == list(order)
            assert {result.sample: result.vote for result in results} == {0: 0, 1: 0, 2: 2, 3: 0}


def test_a_vote_is_named_by_its_first_sample() -> None:
    cast = [Vote(2, 2, True), Vote(0, 2, True), Vote(1, None, None), Vote(3, 3, False)]
    assert by_first_sample(cast) == {0: 0, 1: None, 2: 0, 3: 3}
