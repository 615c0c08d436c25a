"""`tora-agent report`: stored runs as one HTML page."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.eval.report import ReportedRun
    from tora_agent.eval.store import Store


def report(
    runs: Annotated[
        list[int], typer.Argument(min=1, metavar="RUN...", help="Runs' numbers, as `runs list` shows them.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file to write (default: report-RUN.html, in this folder)."),
    ] = None,
    store: options.StorePath = None,
) -> None:
    """Write one HTML page on stored runs: scores, failures, budgets, and every trajectory, to search and read."""
    print(write_report(runs, output, store))


def write_report(runs: Iterable[int], output: Path | None, store: Path | None) -> Path:
    """Write the page of stored runs to a file, by default one named by their numbers; where it is.

    Raises:
        UserError: there is no such run, one has no trajectory yet, or the file cannot be written.
    """
    from tora_agent.errors import UserError
    from tora_agent.eval.report import report_page

    with options.open_store(store) as opened:
        reported = [_reported(opened, run) for run in dict.fromkeys(runs)]
    page = report_page(reported)
    path = output or Path(f"report-{'-'.join(str(each.run.id) for each in reported)}.html")
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UserError(f"the report {path} cannot be written: {error.strerror}; name another file") from error
    return path


def _reported(store: "Store", number: int) -> "ReportedRun":
    from tora_agent.errors import UserError
    from tora_agent.eval.metrics import summarise_run
    from tora_agent.eval.report import ReportedRun

    results = store.results(number)
    if not results:
        raise UserError(f"run {number} has no finished trajectory yet: there is nothing to report")
    run = store.run(number)
    return ReportedRun(run, results, summarise_run(run, results))
