"""The experiments of a sweep, or the one: worked off one after the other, and shown in one table."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tora_agent.cli.experiment import prepare, scored
from tora_agent.cli.html_report import write_report
from tora_agent.cli.report import print_report, print_unread_golds
from tora_agent.cli.suite import print_suite, suite_report
from tora_agent.cli.track import open_tracker
from tora_agent.config import Experiment, Output
from tora_agent.errors import UserError
from tora_agent.eval.suite import SUITES, load_suite
from tora_agent.sweep import Point


def work_off(points: Sequence[Point], resume: bool, goes_on: str, as_json: bool, page: Path | None = None) -> None:
    """Score every point, that of a suite task by task, print what came of it, and write the `page` on all runs.

    Mistakes in any of them are found before the first is at work; `resume` and `goes_on` are those of `scored`.
    """
    if page and not page.absolute().parent.is_dir():
        raise UserError(f"the report {page} cannot be written: there is no folder {page.parent}")
    works = [prepare(task, _name(point, task)) for point in points for task in _tasks(point)]
    with open_tracker([work.experiment for work in works], _title(points)) as tracker:
        reports = []
        for number, work in enumerate(works, 1):
            heading = f"{number} of {len(works)}: {work.name}" if len(works) > 1 else None
            reports.append(scored(work, resume, goes_on, heading, tracker))
        _show(points, reports, as_json)
        if page:
            tracker.attach(write_report([report["run"] for report in reports], page, Path(reports[0]["store"])))


def _show(points: Sequence[Point], reports: list[dict[str, Any]], as_json: bool) -> None:
    remaining = iter(reports)
    results = [_result(point, list(islice(remaining, len(_tasks(point))))) for point in points]
    if as_json:
        print(json.dumps(_plain(points, results)))
    elif len(points) == 1 and not _is_suite(points[0]):
        print_report(results[0])
    else:
        _print(points, results)
        print_unread_golds(Console(highlight=False), reports)
        _print_runs(reports)


def _is_suite(point: Point) -> bool:
    return point.experiment.dataset.name in SUITES


def _tasks(point: Point) -> list[Experiment]:
    """The point's experiment on each task of its suite, or itself."""
    data = point.experiment.dataset
    if not _is_suite(point):
        return [point.experiment]
    return [replace(point.experiment, dataset=replace(data, name=task)) for task in load_suite(data.name).tasks]


def _title(points: Sequence[Point]) -> str:
    """What the points are together: the keys that are swept, or the suite."""
    return ", ".join(points[0].settings) or points[0].experiment.dataset.name


def _name(point: Point, experiment: Experiment) -> str:
    return ", ".join(filter(None, [point.label, experiment.dataset.name if _is_suite(point) else ""]))


def _result(point: Point, reports: list[dict[str, Any]]) -> dict[str, Any]:
    return suite_report(load_suite(point.experiment.dataset.name), reports) if _is_suite(point) else reports[0]


def _plain(points: Sequence[Point], results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The one report, or the reports of a sweep with the settings of each."""
    if len(points) == 1:
        return results[0]
    pairs = zip(points, results, strict=True)
    return {"points": [{"settings": dict(point.settings), "report": result} for point, result in pairs]}


def _print(points: Sequence[Point], results: Sequence[dict[str, Any]]) -> None:
    pairs = list(zip(points, results, strict=True))
    if single := [pair for pair in pairs if not _is_suite(pair[0])]:
        _print_grid(single)
    for suite in SUITES:
        rows = [(point, result) for point, result in pairs if point.experiment.dataset.name == suite]
        if rows:
            limit = rows[0][0].experiment.dataset.limit
            title = f"{suite}, the first {limit} problems of each" if limit else suite
            print_suite(title, [(point.label or point.experiment.source, result) for point, result in rows])


def _print_grid(pairs: Sequence[tuple[Point, dict[str, Any]]]) -> None:
    table = Table(box=SIMPLE, pad_edge=False, collapse_padding=True)
    for key in pairs[0][0].settings:
        parts = key.replace(".", ".\n")
        table.add_column(parts, overflow="fold", min_width=max(map(len, parts.splitlines())))
    for heading in ("run", "right", "score", "95% interval", "strict", "differ", "tokens", "time"):
        table.add_column(heading, justify="right", no_wrap=True)
    for point, report in pairs:
        table.add_row(*(Text(str(value)) for value in point.settings.values()), *_cells(report))
    Console(highlight=False).print(table)


def _cells(report: dict[str, Any]) -> list[str]:
    low, high = report["interval"]
    return [
        str(report["run"]),
        f"{report['correct']} of {report['n']}",
        f"{report['accuracy']:.1%}",
        f"{low:.1%} to {high:.1%}",
        f"{report['strict']['accuracy']:.1%}",
        str(report["differing"]),
        f"{report['completion_tokens']:,}",
        f"{report['seconds']:,.0f} s",
    ]


def _print_runs(reports: Sequence[dict[str, Any]]) -> None:
    runs, store = " ".join(str(report["run"]) for report in reports), reports[0]["store"]
    elsewhere = "" if store == str(Output().store) else f" --store {store}"
    sentence = f"runs {runs} in {store}; one page of them: tora-agent report {runs}{elsewhere}"
    Console(highlight=False, soft_wrap=True).print(Text(sentence, style="dim"))
