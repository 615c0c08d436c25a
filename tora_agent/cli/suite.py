"""`--dataset tora-10`: the tasks of a suite, and the paper's table with rows of our own."""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tora_agent.eval.suite import Suite


def suite_report(suite: Suite, reports: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The reports of a suite's tasks, in their order, and the row that they make below the published ones."""
    tasks = dict(zip(suite.tasks, reports, strict=True))
    row = suite.row({task: report["accuracy"] for task, report in tasks.items()})
    strict = suite.row({task: report["strict"]["accuracy"] for task, report in tasks.items()})
    return {
        "tasks": tasks,
        "columns": list(suite.columns),
        "published": suite.published,
        "row": row,
        "strict_row": strict,
        "mean": fmean(row),
        "strict_mean": fmean(strict),
        "differing": [sum(tasks[name]["differing"] for name in names) for names in suite.columns.values()],
    }


def print_suite(title: str, reports: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Print reports of one suite, each by its name, below the published rows."""
    _, first = reports[0]
    table = Table(title=Text(title), title_justify="left", box=SIMPLE, pad_edge=False, collapse_padding=True)
    table.add_column(no_wrap=True)
    for heading in [*first["columns"], "AVG"]:
        table.add_column(heading, justify="right")
    for name, row in first["published"].items():
        table.add_row(name, *_cells(row))
    for name, report in reports:
        table.add_section()
        table.add_row(Text(name), *_cells(report["row"]))
        table.add_row("the same, strict", *_cells(report["strict_row"]))
        table.add_row("verdicts that differ", *map(str, report["differing"]))
    Console(highlight=False).print(table)


def _cells(row: list[float]) -> list[str]:
    return [f"{value:.1f}" for value in [*row, fmean(row)]]
