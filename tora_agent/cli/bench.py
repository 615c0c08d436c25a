"""`tora-agent bench`: how fast the parts are here, as ratios."""

import asyncio
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.bench.forced import Forced
    from tora_agent.engines.llama_cpp import LlamaCppConfig
    from tora_agent.prompt import Prompt

app = typer.Typer(help="Measure how fast the parts are on this machine.", no_args_is_help=True)


@app.callback()
def _group() -> None: ...


@app.command()
def engine(
    model: options.Model = None,
    shape: Annotated[
        Literal["tiny", "100m", "1b", "7b", "13b", "34b"] | None,
        typer.Option(help="Write a model of this shape with random weights to --model, where there is none yet."),
    ] = None,
    quant: Annotated[Literal["Q4_K_M", "Q8_0"], typer.Option(help="Quantisation of that model.")] = "Q4_K_M",
    batches: Annotated[str, typer.Option(help="Sequences at a time, with commas.")] = "1,4,8,16,32",
    tokens: Annotated[int, typer.Option(min=1, help="Tokens that each sequence writes.")] = 64,
    trajectories: Annotated[Path | None, typer.Option(help="Recorded trajectories (default: made-up ones).")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Trajectories of the whole evaluation.")] = 200,
    slots: options.Slots = None,
    memory: options.Memory = None,
    prompt: options.PromptName = None,
    n_ctx: options.ContextLength = None,
    n_gpu_layers: options.GpuLayers = None,
    threads: options.Threads = None,
    as_json: options.Json = False,
) -> None:
    """Compare the engine with bare llama_decode, and with llama-cpp-python's own class, on forced trajectories.

    --slots and --memory are those of the whole evaluation.
    """
    from tora_agent.bench.forced import trajectories as forced_trajectories
    from tora_agent.models import BUNDLED, find_model
    from tora_agent.prompt import load_prompt

    path = _random_model(model, shape, quant) if shape else find_model(model or BUNDLED)
    config = options.llama_cpp_config(
        n_ctx=n_ctx, slots=slots, memory_mb=memory, n_gpu_layers=n_gpu_layers, threads=threads
    )
    loaded = load_prompt(prompt or "tora", "gsm8k")
    work = forced_trajectories(loaded, trajectories, limit)
    report = _measure(path, config, work, loaded, _numbers(batches), tokens)
    if as_json:
        print(json.dumps(report))
    else:
        _print(report)


def _random_model(model: str | None, shape: str, quant: Literal["Q4_K_M", "Q8_0"]) -> Path:
    from tora_agent.bench.random_model import SHAPES, write_random_model
    from tora_agent.errors import UserError

    if model is None:
        raise UserError("--shape needs --model: the path at which the model is written")
    path = Path(model)
    if not path.exists():
        try:
            write_random_model(path, SHAPES[shape], quant)
        except OSError as error:
            raise UserError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _numbers(text: str) -> list[int]:
    from tora_agent.engines.llama_cpp import MOST_SLOTS
    from tora_agent.errors import UserError

    parts = text.split(",")
    if not all(part.isdecimal() and 1 <= int(part) <= MOST_SLOTS for part in parts):
        raise UserError(f"--batches {text} is no list of numbers from 1 to {MOST_SLOTS}, such as 1,8,16")
    return [int(part) for part in parts]


def _measure(
    path: Path, config: "LlamaCppConfig", work: list["Forced"], prompt: "Prompt", batches: list[int], tokens: int
) -> dict[str, Any]:
    from tora_agent.bench.engine import busy_ratio, check_sizes, first_text_ratio, rates, whole

    check_sizes(path, config, work, tokens)
    rows, roomy = [], replace(config, memory_mb=None)
    for batch in batches:
        rows.append(asdict(rates(path, replace(roomy, slots=batch), work, tokens)))
        print(f"batch {batch} measured", file=sys.stderr)
    return {
        "model": str(path),
        "rates": rows,
        "first_text_ratio": asyncio.run(first_text_ratio(path, replace(roomy, slots=1), work, prompt)),
        "busy_ratio": asyncio.run(busy_ratio(path, replace(roomy, slots=8), work, tokens)),
        "whole": asdict(asyncio.run(whole(path, config, work))),
    }


def _print(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("batch", "prefill t/s", "floor", "ratio", "decode t/s", "floor", "ratio", title=report["model"])
    for row in report["rates"]:
        cells = [f"{row['batch']}"]
        for kind in ("prefill", "decode"):
            rate, floor = row[kind], row[f"{kind}_floor"]
            cells += [f"{rate:,.0f}", f"{floor:,.0f}", f"{rate / floor:.3f}"]
        table.add_row(*cells)
    whole = report["whole"]
    console = Console(highlight=False)
    console.print(table)
    console.print(f"first text of solve: {report['first_text_ratio']:.2f} of a bare prefill's time")
    console.print(f"decoding beside two busy programs, batch 8: {report['busy_ratio']:.2f} of the idle rate")
    console.print(
        f"{whole['problems']} forced trajectories, {whole['slots']} slots, {whole['written']:,} tokens:"
        f" {whole['seconds']:.1f} s; create_completion one by one: {whole['sequential_seconds']:.1f} s"
        f" ({whole['sequential_seconds'] / whole['seconds']:.2f} times as long)"
    )
    console.print(f"tokens read: {whole['read']:,}, {whole['read'] / whole['least_read']:.3f} of the least possible")
