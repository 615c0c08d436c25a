"""`tora-agent runs`: what the store holds."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tora_agent.cli import exchange, options

if TYPE_CHECKING:
    from tora_agent.eval.store import Run

app = typer.Typer(
    help="List stored runs, show, delete and export them, and import the outputs of others.", no_args_is_help=True
)


@app.command("list")
def list_runs(store: options.StorePath = None) -> None:
    """List the runs of a store, newest first."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, pad_edge=False, collapse_padding=True)
    for heading in ("run", "dataset", "model", "prompt", "other settings", "done", "right", "started (UTC)"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("done", "right", "started (UTC)"))
    with options.open_store(store) as opened:
        for run in opened.runs():
            asked = run.experiment
            row = [str(run.id), asked["dataset"]["name"], run.source, asked["prompt"], _others(asked)]
            done = [f"{run.finished} of {run.total}", str(run.correct), f"{run.created:%Y-%m-%d %H:%M}"]
            table.add_row(*map(Text, [*row, *done]))
    Console().print(table)


@app.command()
def show(run: options.RunNumber, store: options.StorePath = None, as_json: options.Json = False) -> None:
    """Show one run: its settings, its scores by both graders, in all and by group, and what it took."""
    from tora_agent.cli.experiment import stored_report
    from tora_agent.cli.report import print_report

    with options.open_store(store) as opened:
        stored = opened.run(run)
        report = stored_report(opened, run)
    if as_json:
        print(json.dumps(report | {"finished": stored.finished, "total": stored.total, "settings": stored.experiment}))
        return
    print(f"run {run}, {stored.created:%Y-%m-%d %H:%M} UTC, {stored.finished} of {stored.total} trajectories")
    for key, value in _chosen(stored.experiment).items():
        print(f"  {key}: {value}")
    print_report(report)


def _others(experiment: dict[str, Any]) -> str:
    """The settings that tell runs of one model, prompt and data set apart, each by its last name."""
    shown = {"model", "prompt", "dataset.name", "dataset.dir", "engine", "trajectories", "output.store"}
    chosen = {key: value for key, value in _chosen(experiment).items() if key not in shown}
    named = (f"{key.rpartition('.')[2]}={value}" for key, value in chosen.items())
    return ", ".join(dict.fromkeys(named))  # one option may set a key of several engines


def _chosen(experiment: dict[str, Any]) -> dict[str, Any]:
    """The settings, by dotted key, that are not the defaults."""
    from tora_agent.config import Experiment
    from tora_agent.validation import flat

    defaults = dict(flat(Experiment().as_json()))
    return {key: value for key, value in flat(experiment) if key not in defaults or value != defaults[key]}


@app.command()
def delete(
    runs: Annotated[list[int], typer.Argument(min=1, help="Numbers of runs, as `runs list` shows them.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    store: options.StorePath = None,
) -> None:
    """Delete runs with all their trajectories."""
    with options.open_store(store) as opened:
        wanted = list(dict.fromkeys(runs))
        for number in wanted:
            opened.require(number)
        found = {run.id: run for run in opened.runs()}
        for number in wanted:
            print(f"run {number}: {_described(found.get(number))}")
        if not yes:
            typer.confirm(f"delete {'this run' if len(wanted) == 1 else f'these {len(wanted)} runs'}?", abort=True)
        opened.delete(*wanted)
    print(f"deleted: {', '.join(map(str, wanted))}")


def _described(run: "Run | None") -> str:
    return f"{run.experiment['dataset']['name']}, {run.source}, {run.finished} trajectories" if run else "broken"


app.command()(exchange.export)
app.command("import")(exchange.import_outputs)
