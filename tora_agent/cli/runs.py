"""`tora-agent runs`: what the store holds."""

import typer

from tora_agent.cli import exchange, options

app = typer.Typer(help="List stored runs, export them, and import the outputs of others.", no_args_is_help=True)


@app.command("list")
def list_runs(store: options.StorePath = None) -> None:
    """List the runs of a store, newest first."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("run", "dataset", "model", "prompt", "done", "right", "started (UTC)")
    with options.open_store(store) as opened:
        for run in opened.runs():
            asked = run.experiment
            source = asked["trajectories"] if asked["engine"] == "replay" else asked["model"]
            row = [str(run.id), asked["dataset"]["name"], source, asked["prompt"], f"{run.finished} of {run.total}"]
            table.add_row(*map(Text, [*row, str(run.correct), f"{run.created:%Y-%m-%d %H:%M}"]))
    Console().print(table)


app.command()(exchange.export)
app.command("import")(exchange.import_outputs)
