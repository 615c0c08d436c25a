"""The tables of the report: runs side by side, a measure to a row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from tora_agent.eval.failures import FAILURE_KINDS
from tora_agent.eval.metrics import Score, Summary, group_name
from tora_agent.eval.store import Result, Run
from tora_agent.eval.votes import Point
from tora_agent.validation import flat


@dataclass(frozen=True, slots=True)
class ReportedRun:
    """A run, all that came of it, and what that adds up to."""

    run: Run
    results: Sequence[Result]
    summary: Summary

    @property
    def name(self) -> str:
        """What the report calls it."""
        return f"run {self.run.id}"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the table: its title, and rows of a measure's name and one cell a run."""

    title: str
    rows: list[tuple[str, list[str]]]


Measure = Callable[[ReportedRun], str]


def sections(runs: Sequence[ReportedRun]) -> list[Section]:
    """All that the report says in numbers."""
    return [
        Section("Score", _rows(runs, _SCORES | _curve_ends(runs))),
        *(_group_section(runs, grouping) for grouping in groupings(runs)),
        Section("Failures, in trajectories", _rows(runs, {kind: _failures(kind) for kind in FAILURE_KINDS})),
        Section("Budgets", _rows(runs, _BUDGETS)),
        Section("Ends of trajectories", _rows(runs, {stop.replace("_", " "): _stops(stop) for stop in _ends(runs)})),
        Section("Settings", [*_rows(runs, _SETTINGS), *_differing(runs)]),
    ]


def groupings(runs: Sequence[ReportedRun]) -> list[str]:
    """The groupings (type, level) that any of the runs is scored by."""
    return list(dict.fromkeys(grouping for reported in runs for grouping in reported.summary.groups))


def group_values(runs: Sequence[ReportedRun], grouping: str) -> list[str]:
    """The values of a grouping in any of the runs, in order."""
    return sorted({value for reported in runs for value in reported.summary.groups.get(grouping, {})})


def _rows(runs: Sequence[ReportedRun], measures: dict[str, Measure]) -> list[tuple[str, list[str]]]:
    return [(name, [measure(reported) for reported in runs]) for name, measure in measures.items()]


def _group_section(runs: Sequence[ReportedRun], grouping: str) -> Section:
    def measure(value: str) -> Measure:
        return lambda reported: _scored(reported.summary.groups.get(grouping, {}).get(value))

    measures = {group_name(grouping, value): measure(value) for value in group_values(runs, grouping)}
    return Section(f"Score by {grouping}", _rows(runs, measures))


def _scored(score: Score | None) -> str:
    if score is None or not score.n:
        return "-"
    return f"{_percent(score.accuracy, score.interval)}, {score.correct:,} of {score.n:,}"


def _percent(value: float, interval: tuple[float, float]) -> str:
    return f"{value:.1%} ({interval[0]:.1%} to {interval[1]:.1%})"


def _curve_ends(runs: Sequence[ReportedRun]) -> dict[str, Measure]:
    """maj@k and pass@k at the most samples, where any run has several."""

    def end(points: list[Point]) -> str:
        return f"k = {points[-1].k}: {_percent(points[-1].value, points[-1].interval)}" if points else "-"

    if all(reported.summary.samples == 1 for reported in runs):
        return {}
    return {
        "maj@k": lambda reported: end(reported.summary.majority),
        "pass@k": lambda reported: end(reported.summary.passes),
    }


def _failures(kind: str) -> Measure:
    return lambda reported: f"{reported.summary.failures.get(kind, 0):,}"


def _stops(stop: str) -> Measure:
    return lambda reported: f"{reported.summary.stops.get(stop, 0):,}"


def _ends(runs: Sequence[ReportedRun]) -> list[str]:
    return sorted({stop for reported in runs for stop in reported.summary.stops})


def _spread(values: Iterable[float], decimals: int) -> str:
    """Median, 95th percentile and most of what the trajectories took."""
    from numpy import percentile

    middle, high, most = percentile(list(values), [50, 95, 100])
    return " / ".join(f"{value:,.{decimals}f}" for value in (middle, high, most))


def _limits(reported: ReportedRun) -> str:
    limits = reported.run.experiment["limits"]
    rounds = f"{limits['rounds']} generations" if limits["rounds"] else "generations as the prompt says"
    return f"{limits['max_tokens']:,} tokens a generation, {rounds}"


def _differing(runs: Sequence[ReportedRun]) -> list[tuple[str, list[str]]]:
    """The other settings that tell the runs apart, by their keys."""
    told = ("dataset.name", "prompt", "sampling.temperature", "samples", "output.")
    trees = [{key: str(value) for key, value in flat(each.run.experiment)} for each in runs]
    keys = [key for key in dict.fromkeys(chain.from_iterable(trees)) if not key.startswith(told)]
    rows = [(key, [tree.get(key, "-") for tree in trees]) for key in keys]
    return [(key, cells) for key, cells in rows if len(set(cells)) > 1]


_SETTINGS: dict[str, Measure] = {
    "data set": lambda reported: str(reported.run.experiment["dataset"]["name"]),
    "prompt": lambda reported: str(reported.run.experiment["prompt"]),
    "temperature": lambda reported: str(reported.run.experiment["sampling"]["temperature"]),
    "samples of a problem": lambda reported: str(reported.summary.samples),
    "trajectories": lambda reported: f"{reported.run.finished:,} of {reported.run.total:,}",
    "started (UTC)": lambda reported: f"{reported.run.created:%Y-%m-%d %H:%M}",
}
_SCORES: dict[str, Measure] = {
    "ToRA's rules (95% interval)": lambda reported: _scored(reported.summary.score),
    "strict rules (95% interval)": lambda reported: _scored(reported.summary.strict),
    "problems on which the graders differ": lambda reported: f"{reported.summary.differing:,}",
    "problems without a verdict": lambda reported: f"{reported.summary.unscored:,}",
}
_BUDGETS: dict[str, Measure] = {
    "limits": _limits,
    "tokens read, in all": lambda reported: f"{reported.summary.prompt_tokens:,}",
    "tokens written, in all": lambda reported: f"{reported.summary.completion_tokens:,}",
    "written by a trajectory: median / 95% / most": lambda reported: _spread(
        (result.completion_tokens for result in reported.results), 0
    ),
    "tokens saved by early stops (estimate)": lambda reported: f"{reported.summary.tokens_saved:,}",
    "seconds, summed over trajectories": lambda reported: f"{reported.summary.seconds:,.1f}",
    "of these, programs ran": lambda reported: f"{sum(result.program_seconds for result in reported.results):,.1f}",
    "seconds of a trajectory: median / 95% / most": lambda reported: _spread(
        (result.seconds for result in reported.results), 1
    ),
    "programs run": lambda reported: f"{reported.summary.programs:,}",
}
