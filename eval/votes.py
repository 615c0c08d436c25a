"""Majority votes over samples, and what the number of samples does to the score."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import comb
from statistics import fmean

from tora_agent.eval.bootstrap import mean_interval
from tora_agent.eval.grading import Grader


@dataclass(frozen=True, slots=True)
class Vote:
    """One sample's vote: the number of the sample whose answer it repeats or states anew, None without an answer."""

    sample: int
    vote: int | None
    correct: bool | None


@dataclass(frozen=True, slots=True)
class Point:
    """A mean over problems for `k` samples each, with its 95% bootstrap interval over the problems."""

    k: int
    value: float
    interval: tuple[float, float]


def winner(votes: Iterable[Vote]) -> Vote | None:
    """The first sample of the most frequent answer, ties to the answer seen first; None where nobody voted."""
    cast = sorted((vote for vote in votes if vote.vote is not None), key=lambda vote: vote.sample)
    counts = Counter(vote.vote for vote in cast)
    return max(cast, key=lambda vote: counts[vote.vote], default=None)  # max keeps the first of equals


def is_decided(votes: Sequence[Vote], samples: int, running: int = 0) -> bool:
    """Whether the samples that are still to come, all for one other answer, could not change the winner.

    With some `running`, whether that may be so once they have voted: if all of them are for the leader.
    """
    counts = Counter(vote.vote for vote in votes if vote.vote is not None)
    lead, second = ([count for _, count in counts.most_common(2)] + [0, 0])[:2]
    left = samples - len(votes) - running
    return left <= 0 or lead + running > second + left


def majority_curve(problems: Sequence[Sequence[Vote]], samples: int) -> list[Point]:
    """maj@k for k from 1 to `samples`: the vote of each problem's first k samples.

    A problem whose samples ended early, since they had decided, counts as they decided; one whose winner has no verdict
    is left out, as in the score.
    """
    return [_point(k, [_majority(votes, k) for votes in problems]) for k in range(1, samples + 1)]


def pass_curve(problems: Sequence[Sequence[Vote]], samples: int, early_stop: bool = False) -> list[Point]:
    """pass@k, unbiased (Chen et al. 2021, arXiv 2107.03374), up to the fewest samples that any problem has.

    With `early_stop` the number of samples hangs on what they gave, and would bias it: only those count that are drawn
    in any case, the first of each problem that can have the majority. A problem with a sample that has no verdict is
    left out.
    """
    drawn = samples // 2 + 1 if early_stop else samples
    problems = [[vote for vote in votes if vote.sample < drawn] for votes in problems]
    problems = [votes for votes in problems if all(vote.correct is not None for vote in votes)]
    fewest = min((len(votes) for votes in problems), default=0)
    return [_point(k, [_passes(votes, k) for votes in problems]) for k in range(1, fewest + 1)]


def _majority(votes: Sequence[Vote], k: int) -> float | None:
    """Whether the vote of the first k is right, 1 or 0; None where the winner has no verdict."""
    chosen = winner(sorted(votes, key=lambda vote: vote.sample)[:k])
    if chosen is None:
        return 0.0
    return None if chosen.correct is None else float(chosen.correct)


def _passes(votes: Sequence[Vote], k: int) -> float:
    right = sum(bool(vote.correct) for vote in votes)
    return 1 - comb(len(votes) - right, k) / comb(len(votes), k)


def _point(k: int, verdicts: Sequence[float | None]) -> Point:
    values = [verdict for verdict in verdicts if verdict is not None]
    return Point(k, fmean(values) if values else 0.0, mean_interval(values, (0.0, 1.0)))


def by_first_sample(votes: Iterable[Vote]) -> dict[int, int | None]:
    """Each sample's vote, named by the smallest sample among those that cast it, however it was named."""
    firsts: dict[int | None, int | None] = {None: None}
    ordered = sorted(votes, key=lambda vote: vote.sample)
    return {vote.sample: firsts.setdefault(vote.vote, vote.sample) for vote in ordered}


Counted = tuple[int | None, dict[int, int | None]]  # a sample's vote, and by sample those that change with it


@dataclass(slots=True)
class _Ballot:
    cast: dict[int, Vote] = field(default_factory=dict)  # by sample, as the answers
    answers: dict[int, str] = field(default_factory=dict)
    counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def votes(self) -> list[Vote]:
        return list(self.cast.values())


class Ballots:
    """The votes of a run as they come in: answers of which the grader finds one equal to the other count as one.

    They are at any time what they would be had the samples come in their order: an answer joins the first of the
    samples before it that is equal and stands for itself.
    """

    def __init__(self, grader: Grader, samples: int) -> None:
        self._grader = grader
        self._samples = samples
        self._ballots: dict[str, _Ballot] = defaultdict(_Ballot)

    async def cast(self, problem: str, sample: int, answer: str, correct: bool | None) -> Counted:
        """Count a sample's answer: its vote, and the new ones of later samples that had come before it."""
        ballot = self._ballots[problem]
        async with ballot.counting:
            ballot.answers[sample] = answer
            votes = {number: vote.vote for number, vote in ballot.cast.items()}
            for number in sorted({sample} | {number for number in votes if number > sample}):
                votes[number] = await self._vote(number, votes, ballot.answers)
            moved = {number: votes[number] for number, vote in ballot.cast.items() if votes[number] != vote.vote}
            ballot.cast[sample] = Vote(sample, votes[sample], correct)
            ballot.cast |= {number: replace(ballot.cast[number], vote=vote) for number, vote in moved.items()}
            return votes[sample], moved

    def restore(self, problem: str, vote: Vote, answer: str) -> None:
        """Count a vote that was cast before."""
        self._ballots[problem].cast[vote.sample] = vote
        self._ballots[problem].answers[vote.sample] = answer

    def votes(self, problem: str) -> list[Vote]:
        """The votes on a problem so far."""
        return self._ballots[problem].votes

    def decided(self, problem: str) -> bool:
        """Whether more samples of a problem could not change its answer."""
        return is_decided(self._ballots[problem].votes, self._samples)

    def may_be_decided(self, problem: str, waiting: int) -> bool:
        """Whether those samples of a problem that run may decide its answer without the `waiting` ones."""
        votes = self._ballots[problem].votes
        return is_decided(votes, self._samples, self._samples - len(votes) - waiting)

    async def _vote(self, sample: int, votes: Mapping[int, int | None], answers: Mapping[int, str]) -> int | None:
        if not answers[sample]:
            return None
        for other in sorted(number for number, vote in votes.items() if number < sample and vote == number):
            if await self._are_equal(answers[sample], answers[other]):
                return other
        return sample

    async def _are_equal(self, answer: str, other: str) -> bool:
        """Either way round: a decimal may state an exact answer, and an exact answer states no decimal."""
        for pair in ((answer, other), (other, answer)):
            if (await self._grader.grade(*pair)).correct:
                return True
        return False
