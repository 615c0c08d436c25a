"""`tora-agent runs`: what the store holds."""

from pathlib import Path
from typing import Annotated

import typer

from tora_agent.cli import options

app = typer.Typer(help="List stored runs, and export them.", no_args_is_help=True)

DEFAULT_STORE = Path("runs/tora-agent.sqlite")


@app.command("list")
def list_runs(store: options.StorePath = None) -> None:
    """List the runs of a store, newest first."""
    from rich.console import Console
    from rich.table import Table

    table = Table("run", "dataset", "model", "prompt", "done", "right", "started")
    with _open(store) as opened:
        for run in opened.runs():
            dataset, model, prompt = (
                run.experiment["dataset"]["name"],
                run.experiment["model"],
                run.experiment["prompt"],
            )
            done, right = f"{run.finished} of {run.total}", f"{run.correct}"
            table.add_row(str(run.id), dataset, model, prompt, done, right, f"{run.created:%Y-%m-%d %H:%M}")
    Console().print(table)


@app.command()
def export(
    run: Annotated[int, typer.Argument(help="The run's number, as `runs list` shows it.")],
    store: options.StorePath = None,
) -> None:
    """Print a run as lines of JSON, each one whole trajectory with its verdict; the replay engine reads them back."""
    with _open(store) as opened:
        for line in opened.export(run):
            print(line)


def _open(store: Path | None):  # type: ignore[no-untyped-def]
    from contextlib import closing

    from tora_agent.errors import UserError
    from tora_agent.eval.store import Store

    path = store or DEFAULT_STORE
    if not path.exists():
        raise UserError(f"there is no store {path}: name one with --store FILE")
    return closing(Store(path))
