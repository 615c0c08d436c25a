"""`tora-agent replay`: a stored run's programs run again under other settings, and what that changes."""

import asyncio
import json
import os
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.agent import Budget
    from tora_agent.eval.replay import Replayed
    from tora_agent.eval.store import Result, Run
    from tora_agent.prompt import Prompt, Reading
    from tora_agent.sandbox import Limits


def replay(
    run: options.RunNumber,
    sandbox_timeout: Annotated[
        float | None, typer.Option("--sandbox-timeout", help="Seconds that a program may take (default: as recorded).")
    ] = None,
    sandbox_memory: Annotated[
        int | None, typer.Option("--sandbox-memory", help="Memory of a program in MiB (default: as recorded).")
    ] = None,
    rounds: Annotated[
        int | None, typer.Option("--rounds", help="Generations of a trajectory at most (default: as recorded).")
    ] = None,
    mode: Annotated[
        Literal["stateless", "notebook"] | None,
        typer.Option(help="Whether programs start afresh or share their variables (default: as recorded)."),
    ] = None,
    store: options.StorePath = None,
    as_json: options.Json = False,
) -> None:
    """Run a stored run's programs again, under other settings, and show what would change.

    The model's text stays as it was recorded, also after an output that differs now. Nothing is stored.
    """
    from tora_agent.agent import Budget
    from tora_agent.errors import UserError
    from tora_agent.prompt import bare_prompt
    from tora_agent.sandbox import Limits
    from tora_agent.validation import validated

    with options.open_store(store) as opened:
        results = opened.results(run)
        stored = opened.run(run)
    if not results:
        raise UserError(f"run {run} has no finished trajectory: there is nothing to replay")
    experiment = stored.experiment
    use = options.given(seconds=sandbox_timeout, memory_mb=sandbox_memory)
    limits = validated(Limits, experiment["sandbox"] | use, "the sandbox's limits")
    budget = validated(Budget, experiment["limits"] | options.given(rounds=rounds), "the limits")
    prompt = bare_prompt(replace(_reading(stored), **options.given(mode=mode)))
    replayed = asyncio.run(_replay(results, limits, prompt, budget))
    settings = {"sandbox": asdict(limits), "rounds": budget.rounds or prompt.rounds, "mode": prompt.mode}
    report = {"run": run, "trajectories": len(replayed), **settings, **_changes(replayed)}
    if as_json:
        print(json.dumps(report))
    else:
        _print(report)


def _reading(run: "Run") -> "Reading":
    """How the run's replies are read; a few-shot prompt's are read alike in all its families."""
    from tora_agent.prompt import load_prompt

    return run.reading or load_prompt(run.experiment["prompt"], "gsm8k").reading


async def _replay(results: "list[Result]", limits: "Limits", prompt: "Prompt", budget: "Budget") -> "list[Replayed]":
    from tora_agent.cli.report import Progress
    from tora_agent.eval.replay import replay as replay_results
    from tora_agent.sandbox import Sandbox

    concurrency = os.cpu_count() or 1
    async with Sandbox(limits, concurrency=concurrency) as sandbox:
        with Progress(len(results), ()) as progress:
            return await replay_results(results, sandbox, prompt, budget, concurrency, progress.advance)


def _changes(replayed: "list[Replayed]") -> dict[str, Any]:
    """What differs, as plain values: outputs, answers, verdicts, kinds of failure, and the score."""
    from tora_agent.eval.comparison import compare_runs
    from tora_agent.eval.failures import count_failures

    before, after = [each.before for each in replayed], [each.after for each in replayed]
    return {
        "outputs": [_place(each) | asdict(output) for each in replayed for output in each.outputs],
        "answers": [
            _place(each) | {"before": each.before.answer, "after": each.after.answer}
            for each in replayed
            if each.before.answer != each.after.answer
        ],
        "verdicts": [
            _place(each) | {"before": _verdicts(each.before), "after": _verdicts(each.after)}
            for each in replayed
            if _verdicts(each.before) != _verdicts(each.after)
        ],
        "failures": {"before": count_failures(before), "after": count_failures(after)},
        "comparison": asdict(compare_runs(before, after)),
    }


def _place(replayed: "Replayed") -> dict[str, Any]:
    return {"problem": replayed.before.problem_id, "sample": replayed.before.sample}


def _verdicts(result: "Result") -> dict[str, bool | None]:
    return {"tora": result.correct, "strict": result.strict}


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from tora_agent.cli.report import print_differences, print_first

    console = Console(highlight=False)
    limits, score = report["sandbox"], report["comparison"]["all"]
    console.print(
        f"run {report['run']}, {report['trajectories']:,} trajectories again, {report['mode']}, with"
        f" {limits['seconds']:g} s and {limits['memory_mb']:,} MiB a program and {report['rounds']} rounds:"
        f" {score['first']} of {score['n']} right became {score['second']}"
    )
    table = Table("failure", "recorded", "now")
    kinds = report["failures"]
    for kind in dict.fromkeys([*kinds["before"], *kinds["after"]]):
        table.add_row(kind, *(str(kinds[when].get(kind, 0)) for when in ("before", "after")))
    if table.rows:
        console.print(table)
    print_differences(console, report["outputs"])
    for name in ("answers", "verdicts"):
        console.print(f"{name} that differ: {len(report[name])}")
        print_first(
            console,
            [
                f"problem {change['problem']}, sample {change['sample']}:"
                f" recorded {change['before']!r}, now {change['after']!r}"
                for change in report[name]
            ],
        )
