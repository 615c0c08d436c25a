"""What a run's results add up to: accuracy with an interval, in all and by group, and what went wrong."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tora_agent.eval.store import Result


@dataclass(frozen=True, slots=True)
class Score:
    """`correct` of `n` scored; `interval` is Wilson's at 95% (Wilson 1927), as fractions."""

    n: int
    correct: int
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in numbers. `unscored` results have no verdict and are not in the denominator of `score`."""

    score: Score
    unscored: int
    groups: dict[str, dict[str, Score]]
    stops: dict[str, int]
    tool_errors: int
    timeouts: int
    refused: int
    empty_answers: int
    programs: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float


def score(verdicts: Iterable[bool | None]) -> Score:
    """Accuracy over the results that have a verdict; over none it is 0 with the widest interval."""
    from scipy.stats import binomtest

    scored = [verdict for verdict in verdicts if verdict is not None]
    if not scored:
        return Score(0, 0, 0.0, (0.0, 1.0))
    correct = sum(scored)
    interval = binomtest(correct, len(scored)).proportion_ci(0.95, method="wilson")
    return Score(len(scored), correct, correct / len(scored), (float(interval.low), float(interval.high)))


def summarise(results: Sequence[Result]) -> Summary:
    """Add up a run's results."""
    return Summary(
        score=score(result.correct for result in results),
        unscored=sum(result.correct is None for result in results),
        groups=_groups(results),
        stops=dict(sorted(Counter(result.stop for result in results).items())),
        tool_errors=sum("error" in result.statuses for result in results),
        timeouts=sum("timeout" in result.statuses for result in results),
        refused=sum("refused" in result.statuses for result in results),
        empty_answers=sum(not result.answer for result in results),
        programs=sum(len(result.statuses) for result in results),
        prompt_tokens=sum(result.prompt_tokens for result in results),
        completion_tokens=sum(result.completion_tokens for result in results),
        seconds=sum(result.seconds for result in results),
    )


def _groups(results: Sequence[Result]) -> dict[str, dict[str, Score]]:
    """For each grouping (type, level) the score of each of its values, in sorted order."""
    verdicts: dict[str, dict[str, list[bool | None]]] = {}
    for result in results:
        for grouping, value in result.groups.items():
            verdicts.setdefault(grouping, {}).setdefault(value, []).append(result.correct)
    return {name: {value: score(group) for value, group in sorted(by.items())} for name, by in verdicts.items()}
