"""`tora-agent eval --dataset tora-10`: the tasks of a suite one after the other, and one table."""

import json
from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tora_agent.config import Experiment


def evaluate_suite(experiment: "Experiment", resume: bool, as_json: bool) -> None:
    """Score every task of the experiment's suite, and show the published rows above our own."""
    from tora_agent.cli.evaluate import scored
    from tora_agent.eval.suite import load_suite

    suite = load_suite(experiment.dataset.name)
    reports = {
        task: scored(replace(experiment, dataset=replace(experiment.dataset, name=task)), resume)
        for task in suite.tasks
    }
    row = suite.row({task: report["accuracy"] for task, report in reports.items()})
    strict = suite.row({task: report["strict"]["accuracy"] for task, report in reports.items()})
    table = {"columns": list(suite.columns), "published": suite.published, "row": row, "strict_row": strict}
    if as_json:
        print(json.dumps({"tasks": reports, **table, "mean": fmean(row), "strict_mean": fmean(strict)}))
    else:
        _print(experiment, table)


def _print(experiment: "Experiment", table: dict[str, Any]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    limit = experiment.dataset.limit
    title = f"{experiment.dataset.name}: {experiment.source}" + (
        f", the first {limit} problems of each" if limit else ""
    )
    shown = Table(title=Text(title), title_justify="left", box=SIMPLE, pad_edge=False)
    shown.add_column(no_wrap=True)
    for heading in [*table["columns"], "AVG"]:
        shown.add_column(heading, justify="right")
    for name, row in table["published"].items():
        shown.add_row(name, *_cells(row))
    shown.add_section()
    shown.add_row(Text(experiment.source), *_cells(table["row"]))
    shown.add_row("the same, strict", *_cells(table["strict_row"]))
    Console(highlight=False).print(shown)


def _cells(row: list[float]) -> list[str]:
    return [f"{value:.1f}" for value in [*row, fmean(row)]]
