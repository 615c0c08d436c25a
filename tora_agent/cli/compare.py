"""`tora-agent compare`: two stored runs, pair by pair; `regrade` and `revote`: a stored run judged anew."""

import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tora_agent.cli import options
from tora_agent.names import GraderName

if TYPE_CHECKING:
    from tora_agent.eval.comparison import Difference
    from tora_agent.eval.store import Result, Store


def compare(
    first: options.RunNumber,
    second: options.RunNumber,
    grader: Annotated[GraderName, typer.Option(help="Whose verdicts to compare.")] = "tora",
    store: options.StorePath = None,
    as_json: options.Json = False,
) -> None:
    """Compare two runs: McNemar's exact test, the change of the accuracy, and the problems that flipped."""
    from tora_agent.eval.comparison import compare_runs

    with options.open_store(store) as opened:
        found = compare_runs(opened.results(first), opened.results(second), grader)
    if as_json:
        print(json.dumps(asdict(found)))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from tora_agent.cli.report import print_first
    from tora_agent.eval.metrics import group_name

    table = Table("", "of", f"run {first}", f"run {second}", "gained", "lost", "change", "95% interval", "p")
    table.add_row("all", *_cells(found.all))
    for grouping, differences in found.groups.items():
        table.add_section()
        for value, difference in differences.items():
            table.add_row(Text(group_name(grouping, value)), *_cells(difference))
    console = Console(highlight=False)
    console.print(table)
    if found.left_out:
        console.print(f"{found.left_out} problems are not in both runs with a verdict, and are left out")
    print_first(
        console, [f"{flip.change} {flip.problem}: {flip.first!r} became {flip.second!r}" for flip in found.flips]
    )


def _cells(difference: "Difference") -> list[str]:
    low, high = difference.interval
    counts = (difference.n, difference.first, difference.second, difference.gained, difference.lost)
    spread = f"{low:+.1%} to {high:+.1%}"
    return [*map(str, counts), f"{difference.change:+.1%}", spread, f"{difference.p_value:.3g}"]


def regrade(run: options.RunNumber, store: options.StorePath = None, as_json: options.Json = False) -> None:
    """Give a stored run's verdicts and votes anew, by the graders of this version; nothing is generated."""
    with options.open_store(store) as opened:
        changed = asyncio.run(_regrade(opened, run))
        total = len(opened.results(run))
    report: dict[str, Any] = {"run": run, "graded": total, "changed": [_change(*pair) for pair in changed]}
    if as_json:
        print(json.dumps(report))
        return
    _print_changes(
        f"{total} answers graded again, {len(changed)} with another verdict or vote",
        [
            f"problem {change['problem']}, sample {change['sample']}: {change['before']} became {change['after']}"
            for change in report["changed"]
        ],
    )


async def _regrade(store: "Store", run: int) -> list[tuple["Result", "Result"]]:
    from tora_agent.eval.grading import Grader
    from tora_agent.eval.regrade import regrade as grade_again
    from tora_agent.sandbox import Sandbox

    async with Sandbox(programs=False) as sandbox:
        return await grade_again(store, run, Grader(sandbox), Grader(sandbox, "strict"))


def _change(before: "Result", after: "Result") -> dict[str, Any]:
    def shown(result: "Result") -> dict[str, Any]:
        return {"tora": result.correct, "strict": result.strict, "vote": result.vote}

    return {"problem": before.problem_id, "sample": before.sample, "before": shown(before), "after": shown(after)}


def revote(
    run: options.RunNumber,
    grader: Annotated[GraderName, typer.Option(help="Answers that are equal to this grader are one vote.")] = "strict",
    samples: Annotated[
        int | None, typer.Option(min=1, help="Only the first K samples of each problem (default: all).")
    ] = None,
    store: options.StorePath = None,
    as_json: options.Json = False,
) -> None:
    """Show what a stored run's votes give under another grader or fewer samples; nothing is generated or stored."""
    from tora_agent.cli.report import scores_line
    from tora_agent.eval.metrics import chosen_results, summarise

    with options.open_store(store) as opened:
        stored = [result for result in opened.results(run) if samples is None or result.sample < samples]
    most = max((result.sample for result in stored), default=0) + 1
    voted = asyncio.run(_revote(stored, grader))
    before, after = summarise(stored, most), summarise(voted, most)
    chosen = zip(chosen_results(stored), chosen_results(voted), strict=True)
    changed = [(one, other) for one, other in chosen if one.sample != other.sample]
    report: dict[str, Any] = {
        "run": run,
        "grader": grader,
        "samples": most,
        **{name: asdict(getattr(after, name)) for name in ("score", "strict")},
        "stored": {name: asdict(getattr(before, name)) for name in ("score", "strict")},
        "majority": [asdict(point) for point in after.majority],
        "changed": [{"problem": a.problem_id, "before": a.answer, "after": b.answer} for a, b in changed],
    }
    if as_json:
        print(json.dumps(report))
        return
    print(f"run {run}, {most} samples, answers equal to {grader} are one vote: {scores_line(after)}")
    _print_changes(
        f"with the votes as stored: {scores_line(before)}; {len(changed)} problems with another answer",
        [
            f"problem {change['problem']}: {change['before']!r} became {change['after']!r}"
            for change in report["changed"]
        ],
    )


def _print_changes(heading: str, changes: list[str]) -> None:
    from rich.console import Console

    from tora_agent.cli.report import print_first

    console = Console(highlight=False, soft_wrap=True)
    console.print(heading, markup=False)
    print_first(console, changes)


async def _revote(stored: "list[Result]", grader: GraderName) -> "list[Result]":
    from tora_agent.eval.grading import Grader
    from tora_agent.eval.regrade import revote as vote_again
    from tora_agent.sandbox import Sandbox

    async with Sandbox(programs=False) as sandbox:
        return await vote_again(stored, Grader(sandbox, grader))
