"""`tora-agent runs`: what the store holds."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.eval.store import Result

app = typer.Typer(help="List stored runs, and export them.", no_args_is_help=True)


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


@app.command()
def export(
    run: options.RunNumber,
    form: Annotated[
        Literal["jsonl", "tora"],
        typer.Option("--format", help="Whole trajectories, or what the evaluation of the ToRA repository reads."),
    ] = "jsonl",
    store: options.StorePath = None,
) -> None:
    """Print a run as lines of JSON.

    By default each line is one whole trajectory with its verdicts, which the replay engine reads back; with
    `--format tora` it is one problem with the answers and texts of all its samples.
    """
    with options.open_store(store) as opened:
        for line in opened.export(run) if form == "jsonl" else _tora_lines(opened.results(run)):
            print(line)


def _tora_lines(results: "list[Result]") -> Iterator[str]:
    from tora_agent.eval.metrics import by_problem
    from tora_agent.protocol import normalise

    for number, samples in enumerate(by_problem(results).values()):
        first = samples[0]
        fields = {
            "idx": int(first.problem_id) if first.problem_id.isdecimal() else number,
            "question": first.question,
            "gt": normalise(first.gold),
            **first.groups,
            "code": [sample.text for sample in samples],
            "pred": [normalise(sample.answer) for sample in samples],
        }
        yield json.dumps(fields, ensure_ascii=False)
