"""Majority votes over samples, and what the number of samples does to the score."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import comb
from statistics import fmean

from tora_agent.eval.bootstrap import mean_interval
from tora_agent.eval.grading import Grader


@dataclass(frozen=True, slots=True)
class Vote:
    """One sample's vote: the number of the first sample with an equal answer, None without an answer."""

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

    A problem whose samples ended early, since they had decided, counts as they decided.
    """
    return [_point(k, [_majority(votes, k) for votes in problems]) for k in range(1, samples + 1)]


def pass_curve(problems: Sequence[Sequence[Vote]], samples: int) -> list[Point]:
    """pass@k, unbiased (Chen et al. 2021, arXiv 2107.03374), up to the fewest samples that any problem has."""
    fewest = min((len(votes) for votes in problems), default=0)
    return [_point(k, [_passes(votes, k) for votes in problems]) for k in range(1, min(samples, fewest) + 1)]


def _majority(votes: Sequence[Vote], k: int) -> float:
    chosen = winner(sorted(votes, key=lambda vote: vote.sample)[:k])
    return float(bool(chosen and chosen.correct))


def _passes(votes: Sequence[Vote], k: int) -> float:
    right = sum(bool(vote.correct) for vote in votes)
    return 1 - comb(len(votes) - right, k) / comb(len(votes), k)


def _point(k: int, values: Sequence[float]) -> Point:
    return Point(k, fmean(values) if values else 0.0, mean_interval(values, (0.0, 1.0)))


@dataclass(slots=True)
class _Ballot:
    votes: list[Vote] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)
    counting: asyncio.Lock = field(default_factory=asyncio.Lock)


class Ballots:
    """The votes of a run as they come in: answers that the grader finds equal count as one."""

    def __init__(self, grader: Grader, samples: int) -> None:
        self._grader = grader
        self._samples = samples
        self._ballots: dict[str, _Ballot] = defaultdict(_Ballot)

    async def cast(self, problem: str, sample: int, answer: str, correct: bool | None) -> int | None:
        """Count a sample's answer; the number of the sample whose answer it repeats, its own where it is new."""
        ballot = self._ballots[problem]
        async with ballot.counting:
            vote = await self._equal_to(ballot, answer) if answer else None
            self.restore(problem, Vote(sample, sample if answer and vote is None else vote, correct), answer)
            return ballot.votes[-1].vote

    def restore(self, problem: str, vote: Vote, answer: str) -> None:
        """Count a vote that was cast before."""
        ballot = self._ballots[problem]
        ballot.votes.append(vote)
        if vote.vote == vote.sample:
            ballot.answers[vote.sample] = answer

    def decided(self, problem: str) -> bool:
        """Whether more samples of a problem could not change its answer."""
        return is_decided(self._ballots[problem].votes, self._samples)

    def may_be_decided(self, problem: str, waiting: int) -> bool:
        """Whether those samples of a problem that run may decide its answer without the `waiting` ones."""
        votes = self._ballots[problem].votes
        return is_decided(votes, self._samples, self._samples - len(votes) - waiting)

    async def _equal_to(self, ballot: _Ballot, answer: str) -> int | None:
        for sample, other in ballot.answers.items():
            if (await self._grader.grade(answer, other)).correct:
                return sample
        return None
