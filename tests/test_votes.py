"""Votes: who wins, when nothing can change any more, and the curves over the number of samples."""

from itertools import product

import pytest

from tora_agent.eval.grading import Grader
from tora_agent.eval.votes import Ballots, Vote, is_decided, majority_curve, pass_curve, winner
from tora_agent.sandbox import Sandbox


def votes(text: str) -> list[Vote]:
    """One letter a sample: a is right, - is no answer; equal letters are equal answers."""
    return [Vote(i, None if c == "-" else text.index(c), c == "a") for i, c in enumerate(text)]


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


def test_pass_is_not_claimed_beyond_the_samples_that_there_are() -> None:
    assert [point.k for point in pass_curve([votes("aa"), votes("aba")], 3)] == [1, 2]


async def test_equal_answers_are_one_vote() -> None:
    async with Sandbox() as sandbox:
        ballots = Ballots(Grader(sandbox, "strict"), 5)
        answers = ["0.5", "\\frac12", "5", "", "1/2"]
        assert [await ballots.cast("p", i, answer, True) for i, answer in enumerate(answers)] == [0, 0, 2, None, 0]
        assert ballots.decided("p")
