"""Two runs over the same problems, compared pair by pair."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tora_agent.errors import UserError
from tora_agent.eval.bootstrap import mean_interval
from tora_agent.eval.metrics import chosen_results
from tora_agent.eval.store import Result
from tora_agent.names import GraderName


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from the first run to the second on `n` problems that both have a verdict on.

    `gained` are right in the second only, `lost` in the first only; `change` is the change of the accuracy, with its
    95% bootstrap interval over the problems; `p_value` is McNemar's, exact and two-sided.
    """

    n: int
    first: int
    second: int
    gained: int
    lost: int
    change: float
    interval: tuple[float, float]
    p_value: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A problem on which the verdicts differ, with its id in both runs, and both answers."""

    problem: str
    second_problem: str
    question: str
    change: Literal["gained", "lost"]
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference in all and per group, the flipped problems, and how many problems only one run has."""

    all: Difference
    groups: dict[str, dict[str, Difference]]
    flips: list[Flip]
    left_out: int


def compare_runs(first: Sequence[Result], second: Sequence[Result], grader: GraderName = "tora") -> Comparison:
    """Compare the answers that each run's vote chose, on the problems that both runs have.

    Raises:
        UserError: no problem is in both.
    """
    verdict = _strict if grader == "strict" else _paper
    left, right = _by_question(first, second)
    pairs = [(left[key], right[key]) for key in left if key in right]
    pairs = [pair for pair in pairs if None not in (verdict(pair[0]), verdict(pair[1]))]
    if not pairs:
        raise UserError("the two runs have no problem in common that both have a verdict on: nothing to compare")
    outcomes = [(bool(verdict(one)), bool(verdict(other))) for one, other in pairs]
    groups: dict[str, dict[str, list[tuple[bool, bool]]]] = {}
    for (one, _), outcome in zip(pairs, outcomes, strict=True):
        for grouping, value in one.groups.items():
            groups.setdefault(grouping, {}).setdefault(value, []).append(outcome)
    return Comparison(
        all=_difference(outcomes),
        groups={
            name: {value: _difference(group) for value, group in sorted(by.items())} for name, by in groups.items()
        },
        flips=[
            _flip(*pair, gained=after) for pair, (before, after) in zip(pairs, outcomes, strict=True) if before != after
        ],
        left_out=len(left.keys() | right.keys()) - len(pairs),
    )


def _paper(result: Result) -> bool | None:
    return result.correct


def _strict(result: Result) -> bool | None:
    return result.strict


def _by_question(*runs: Sequence[Result]) -> list[dict[tuple[str, str], Result]]:
    """Each run's results by question, whatever its white space and id: ids tell only repeated questions apart."""
    chosen = [[("".join(result.question.split()), result) for result in chosen_results(run)] for run in runs]
    counts = [Counter(question for question, _ in run) for run in chosen]
    repeated = {question for count in counts for question, times in count.items() if times > 1}
    return [
        {(question, result.problem_id if question in repeated else ""): result for question, result in run}
        for run in chosen
    ]


def _flip(one: Result, other: Result, gained: bool) -> Flip:
    return Flip(
        one.problem_id, other.problem_id, one.question, "gained" if gained else "lost", one.answer, other.answer
    )


def _difference(outcomes: Sequence[tuple[bool, bool]]) -> Difference:
    from scipy.stats import binomtest

    gained = sum(after and not before for before, after in outcomes)
    lost = sum(before and not after for before, after in outcomes)
    return Difference(
        n=len(outcomes),
        first=sum(before for before, _ in outcomes),
        second=sum(after for _, after in outcomes),
        gained=gained,
        lost=lost,
        change=(gained - lost) / len(outcomes),
        interval=mean_interval([after - before for before, after in outcomes], (-1.0, 1.0)),
        p_value=float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0,
    )
