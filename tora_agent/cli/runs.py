"""`tora-agent runs`: what the store holds."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.eval.store import Store

app = typer.Typer(help="List stored runs, and export them.", no_args_is_help=True)


@app.command("list")
def list_runs(store: options.StorePath = None) -> None:
    """List the runs of a store, newest first."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("run", "dataset", "model", "prompt", "done", "right", "started (UTC)")
    with _open(store) as opened:
        for run in opened.runs():
            asked = run.experiment
            source = asked["trajectories"] if asked["engine"] == "replay" else asked["model"]
            row = [str(run.id), asked["dataset"]["name"], source, asked["prompt"], f"{run.finished} of {run.total}"]
            table.add_row(*map(Text, [*row, str(run.correct), f"{run.created:%Y-%m-%d %H:%M}"]))
    Console().print(table)


@app.command()
def export(
    run: Annotated[int, typer.Argument(min=1, max=2**62, help="The run's number, as `runs list` shows it.")],
    store: options.StorePath = None,
) -> None:
    """Print a run as lines of JSON, each one whole trajectory with its verdict; the replay engine reads them back."""
    with _open(store) as opened:
        for line in opened.export(run):
            print(line)


def _open(store: Path | None) -> "closing[Store]":
    from tora_agent.config import Output
    from tora_agent.eval.store import Store

    return closing(Store(store or Output().store, new=False))
