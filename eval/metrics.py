"""What a run's results add up to: accuracy with an interval, in all and by group, and what went wrong."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tora_agent.eval.failures import count_failures
from tora_agent.eval.grading.strict.compare import UNREAD_GOLD
from tora_agent.eval.store import Result, Run
from tora_agent.eval.votes import Point, Vote, majority_curve, pass_curve, winner


@dataclass(frozen=True, slots=True)
class Score:
    """`correct` of `n` scored; `interval` is Wilson's at 95% (Wilson 1927), as fractions."""

    n: int
    correct: int
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in numbers. `unscored` results have no verdict and are not in the denominator of `score`.

    `unread_golds` are gold answers that are no expression to the strict grader, which compared them as text.

    Scores count problems, by the winner of the vote where there are several samples; the other numbers count all
    trajectories. `failures` has the kinds of `failure_kind` that occur. `differing` is the number of problems on which
    the two graders differ, `tokens_saved` an estimate from the problem's other samples.
    """

    score: Score
    strict: Score
    differing: int
    samples: int
    majority: list[Point]
    passes: list[Point]
    tokens_saved: int
    unscored: int
    unread_golds: list[str]
    groups: dict[str, dict[str, Score]]
    stops: dict[str, int]
    failures: dict[str, int]
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
    scored = [verdict for verdict in verdicts if verdict is not None]
    return counted_score(sum(scored), len(scored))


def counted_score(correct: int, n: int) -> Score:
    """`score` of so many correct among `n` that have a verdict."""
    from scipy.stats import binomtest

    if not n:
        return Score(0, 0, 0.0, (0.0, 1.0))
    interval = binomtest(correct, n).proportion_ci(0.95, method="wilson")
    return Score(n, correct, correct / n, (float(interval.low), float(interval.high)))


def summarise_run(run: Run, results: Sequence[Result]) -> Summary:
    """`summarise` the results of a stored run by what it was asked for."""
    return summarise(results, run.experiment.get("samples", 1), run.experiment.get("early_stop", False))


def summarise(results: Sequence[Result], samples: int = 1, early_stop: bool = False) -> Summary:
    """Add up a run's results, of which each problem has up to `samples`; with `early_stop`, until they had decided."""
    problems = by_problem(results)
    votes = [[Vote(result.sample, result.vote, result.correct) for result in group] for group in problems.values()]
    chosen = chosen_results(results)
    return Summary(
        score=score(result.correct for result in chosen),
        strict=score(result.strict for result in chosen),
        differing=sum(
            result.correct != result.strict for result in chosen if None not in (result.correct, result.strict)
        ),
        samples=samples,
        majority=majority_curve(votes, samples) if samples > 1 else [],
        passes=pass_curve(votes, samples, early_stop) if samples > 1 else [],
        tokens_saved=sum(_tokens_saved(group, samples) for group in problems.values()) if early_stop else 0,
        unscored=sum(result.correct is None for result in chosen),
        unread_golds=sorted({result.gold for result in results if result.strict_rule == UNREAD_GOLD}),
        groups=_groups(chosen),
        stops=dict(sorted(Counter(result.stop for result in results).items())),
        failures=count_failures(results),
        tool_errors=sum("error" in result.statuses for result in results),
        timeouts=sum("timeout" in result.statuses for result in results),
        refused=sum("refused" in result.statuses for result in results),
        empty_answers=sum(not result.answer for result in results),
        programs=sum(len(result.statuses) for result in results),
        prompt_tokens=sum(result.prompt_tokens for result in results),
        completion_tokens=sum(result.completion_tokens for result in results),
        seconds=sum(result.seconds for result in results),
    )


def by_problem(results: Iterable[Result]) -> dict[str, list[Result]]:
    """The results of each problem, by sample."""
    problems: dict[str, list[Result]] = {}
    for result in sorted(results, key=lambda result: result.sample):
        problems.setdefault(result.problem_id, []).append(result)
    return problems


def chosen_results(results: Iterable[Result]) -> list[Result]:
    """Of each problem, the result that the vote chose; the first where no sample has an answer."""
    return [_chosen(group) for group in by_problem(results).values()]


def _chosen(group: Sequence[Result]) -> Result:
    vote = winner(Vote(result.sample, result.vote, result.correct) for result in group)
    return next((result for result in group if vote and result.sample == vote.sample), group[0])


def _tokens_saved(group: Sequence[Result], samples: int) -> int:
    written = sum(result.completion_tokens for result in group)
    return round(written / len(group) * (samples - len(group)))


def _groups(results: Sequence[Result]) -> dict[str, dict[str, Score]]:
    """For each grouping (type, level) the score of each of its values, in sorted order."""
    verdicts: dict[str, dict[str, list[bool | None]]] = {}
    for result in results:
        for grouping, value in result.groups.items():
            verdicts.setdefault(grouping, {}).setdefault(value, []).append(result.correct)
    return {name: {value: score(group) for value, group in sorted(by.items())} for name, by in verdicts.items()}


def group_name(grouping: str, value: str) -> str:
    """What a group is called: a bare number says nothing without its grouping."""
    return f"{grouping} {value}" if value.isdigit() else value
