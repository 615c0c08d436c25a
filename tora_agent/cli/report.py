"""An evaluation on the terminal: its progress, then its numbers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Self

from rich import progress
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tora_agent.eval.metrics import Summary, group_name

_SHOWN = 20  # lines of a list on the terminal


class Progress:
    """A bar on standard error with the accuracy so far and the time left."""

    def __init__(self, total: int, stored: Iterable[bool | None]) -> None:
        """`stored` are the verdicts that an earlier process left."""
        self._done = Counter(stored)
        self._bar = progress.Progress(
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[accuracy]} right"),
            progress.TimeElapsedColumn(),
            progress.TextColumn("left"),
            progress.TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task = self._bar.add_task("", total=total, completed=self._done.total(), accuracy=self._accuracy())

    def advance(self, verdict: bool | None) -> None:
        """One more problem has ended."""
        self._done[verdict] += 1
        self._bar.update(self._task, advance=1, accuracy=self._accuracy())

    def _accuracy(self) -> str:
        scored = self._done[True] + self._done[False]
        return f"{self._done[True] / scored:.1%}" if scored else "-"

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()


def scores_line(summary: Summary) -> str:
    """A run's scores by both graders."""
    pairs = {"tora": summary.score, "strict": summary.strict}.items()
    return ", ".join(f"{name} {score.correct} of {score.n} ({score.accuracy:.1%})" for name, score in pairs)


def print_report(report: dict[str, Any]) -> None:
    """Print what `eval --json` gives, as tables."""
    console = Console(highlight=False)
    console.print(_scores(report))
    if report["samples"] > 1:
        console.print(_curves(report))
    console.print(_counts(report))
    print_unread_golds(console, [report])
    if "differences" in report:
        print_differences(console, report["differences"])
    console.print(Text(f"run {report['run']} in {report['store']}", style="dim"))


def print_unread_golds(console: Console, reports: Iterable[dict[str, Any]]) -> None:
    """Print, once for all reports, the gold answers that are no mathematics to the strict grader."""
    golds = sorted({gold for report in reports for gold in report["unread_golds"]})
    if golds:
        console.print(Text(f"gold answers that cannot be read, and were compared as text: {', '.join(golds)}"))


def _scores(report: dict[str, Any]) -> Table:
    table = Table(
        title=Text(f"{report['dataset']}: {report['model']}, prompt {report['prompt']}"), title_justify="left"
    )
    for heading in ("", "right", "of", "accuracy", "95% interval"):
        table.add_column(heading, justify="left" if not heading else "right")
    _add_score(table, "all", report)
    _add_score(table, f"strict ({report['differing']} differ)", report["strict"])
    for grouping, scores in report["groups"].items():
        table.add_section()
        for value, score in scores.items():
            _add_score(table, group_name(grouping, value), score)
    return table


def _add_score(table: Table, name: str, score: dict[str, Any]) -> None:
    low, high = score["interval"]
    table.add_row(
        Text(name), str(score["correct"]), str(score["n"]), f"{score['accuracy']:.1%}", f"{low:.1%} to {high:.1%}"
    )


def _curves(report: dict[str, Any]) -> Table:
    """maj@k and pass@k for 1, 2, 4, ... and all samples."""
    table = Table("samples", "maj@k", "95% interval", "pass@k", "95% interval")
    shown = {2**power for power in range(20)} | {report["samples"]}
    passes = {point["k"]: point for point in report["passes"]}
    for point in report["majority"]:
        if point["k"] in shown:
            pair = (point, passes.get(point["k"]))
            table.add_row(str(point["k"]), *(cell for entry in pair for cell in _cells(entry)))
    return table


def _cells(point: dict[str, Any] | None) -> tuple[str, str]:
    if point is None:  # with early stop pass@k ends first
        return "-", "-"
    low, high = point["interval"]
    return f"{point['value']:.1%}", f"{low:.1%} to {high:.1%}"


def _counts(report: dict[str, Any]) -> Table:
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    names = {
        "programs": "programs run",
        "tool_errors": "trajectories with a tool error",
        "timeouts": "trajectories with a time-out",
        "refused": "trajectories with a refused program",
        "empty_answers": "trajectories without an answer",
        "unscored": "problems without a verdict (not counted above)",
        "prompt_tokens": "tokens read",
        "completion_tokens": "tokens written",
        "tokens_saved": "tokens saved by early stops (estimate)",
    }
    for key, name in names.items():
        table.add_row(name, f"{report[key]:,}")
    for kind, count in report["failures"].items():
        table.add_row(f"failed: {kind}", f"{count:,}")
    table.add_row("seconds, summed over trajectories", f"{report['seconds']:,.1f}")
    return table


def print_differences(console: Console, differences: list[dict[str, Any]]) -> None:
    """Print the outputs of a replay that are not the recorded ones."""
    console.print(f"outputs that differ from the recording: {len(differences)}")
    print_first(
        console,
        [
            f"problem {difference['problem']}, round {difference['turn'] + 1}:"
            f" recorded {difference['recorded']!r}, now {difference['fresh']!r}"
            for difference in differences
        ],
    )


def print_first(console: Console, lines: Sequence[str]) -> None:
    """Print the first lines of a list, and how many more there are."""
    for line in lines[:_SHOWN]:
        console.print(Text(f"  {line}"))
    if len(lines) > _SHOWN:
        console.print(f"  and {len(lines) - _SHOWN} more (--json lists all)")
