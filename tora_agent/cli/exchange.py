"""`tora-agent runs export` and `runs import`: stored runs for other programs, and their outputs as runs."""

import asyncio
import json
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.eval.imports import Published
    from tora_agent.eval.store import Store


def export(
    run: options.RunNumber,
    form: Annotated[
        Literal["jsonl", "tora", "parquet", "hf"],
        typer.Option("--format", help="Lines of JSON, those of ToRA's repository, Parquet, a Hugging Face data set."),
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File, or folder for hf (default: standard output).")
    ] = None,
    store: options.StorePath = None,
) -> None:
    """Write a run for other programs.

    By default each line is one whole trajectory with its verdicts, which the replay engine reads back; with
    `--format tora` it is one problem with the answers and texts of all its samples.
    """
    from tora_agent.errors import UserError
    from tora_agent.eval.exports import json_lines, tora_lines, write_dataset, write_jsonl, write_parquet

    with options.open_store(store) as opened:
        if form in ("parquet", "hf"):
            if output is None:
                raise UserError(f"--format {form} is no text: say where it goes, with --output PATH")
            (write_parquet if form == "parquet" else write_dataset)(opened.records(run), output)
            return
        records = tora_lines(opened.results(run)) if form == "tora" else opened.records(run)
        if output is None:
            sys.stdout.writelines(json_lines(records))
        else:
            write_jsonl(records, output)


def import_outputs(
    file: Annotated[Path, typer.Argument(help="A file of outputs, one problem a line.")],
    form: Annotated[
        Literal["tora", "mathcoder"], typer.Option("--format", help="Whose outputs: ToRA's, or MathCoder's.")
    ],
    dataset: Annotated[
        str | None, typer.Option("--dataset", "--task", help="Grade against this task's answers, not the file's.")
    ] = None,
    data_dir: Annotated[Path | None, typer.Option("--data-dir", help="Folder of the task's files.")] = None,
    store: options.StorePath = None,
    as_json: options.Json = False,
) -> None:
    """Store other projects' outputs as a run, graded by both graders; nothing is executed.

    An import that was stopped goes on; one that is done is not done again.
    """
    from tora_agent.cli.report import scores_line
    from tora_agent.config import Data, Experiment, Output
    from tora_agent.eval.imports import identity, read_outputs, reading
    from tora_agent.eval.metrics import summarise
    from tora_agent.eval.store import Store
    from tora_agent.eval.tasks import load_problems, load_task

    problems = None if dataset is None else load_problems(load_task(dataset), data_dir)
    published = read_outputs(file, form, problems)
    digest = identity(file, form, published)
    samples = max(len(item.trajectories) for item in published)
    total = sum(len(item.trajectories) for item in published)
    data = Data(dataset or file.stem, data_dir)
    made = Experiment(file.stem, "replay", form, trajectories=file.absolute(), dataset=data)
    asked = made.as_json() | {"samples": samples}
    with closing(Store(store or Output().store)) as opened, opened.lock(digest):
        run = opened.newest(digest) or opened.new_run(digest, asked, total, reading(form, published))
        if opened.unfinished(digest):
            asyncio.run(_grade(opened, run, published))
        else:
            print(f"run {run} holds these outputs already", file=sys.stderr)
        summary = summarise(opened.results(run), samples)
    if as_json:
        print(json.dumps({"run": run, **asdict(summary.score), "strict": asdict(summary.strict)}))
    else:
        print(f"run {run}: {scores_line(summary)}")


async def _grade(store: "Store", run: int, published: list["Published"]) -> None:
    from tora_agent.cli.report import Progress
    from tora_agent.eval.grading import Grader
    from tora_agent.eval.imports import grade_into
    from tora_agent.sandbox import Sandbox

    before = [result.correct for result in store.results(run)]
    with Progress(sum(len(item.trajectories) for item in published), before) as progress:
        async with Sandbox(programs=False) as sandbox:
            await grade_into(store, run, published, Grader(sandbox), Grader(sandbox, "strict"), progress.advance)
