"""`tora-agent solve`: one problem in the terminal."""

import asyncio
import json
import sys
from contextlib import aclosing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.agent import Trajectory
    from tora_agent.config import Experiment


def solve(
    problem: Annotated[str, typer.Argument(help="The problem's text; - reads it from standard input.")],
    model: options.Model = None,
    engine: options.Engine = None,
    openai__base_urls: options.BaseUrl = None,
    openai__api: options.ApiKind = None,
    prompt: options.PromptName = None,
    config: options.Config = None,
    set_: options.Set = None,
    sampling__temperature: options.Temperature = None,
    sampling__top_p: options.TopP = None,
    sampling__top_k: options.TopK = None,
    sampling__min_p: options.MinP = None,
    sampling__seed: options.Seed = None,
    limits__max_tokens: options.MaxTokens = None,
    limits__rounds: options.Rounds = None,
    llama_cpp__n_ctx: options.ContextLength = None,
    llama_cpp__n_gpu_layers: options.GpuLayers = None,
    llama_cpp__threads: options.Threads = None,
    llama_cpp__memory_mb: options.Memory = None,
    as_json: options.Json = False,
) -> None:
    """Solve a problem: shows the rationale, the programs and their output as they come, then the answer.

    Exits with 1 where the model gives no answer.
    """
    output__concurrency = 1  # a single problem needs a single slot
    given = options.settings(locals())
    from tora_agent.cli.lines import read_text
    from tora_agent.config import load_experiment
    from tora_agent.errors import UserError

    experiment = load_experiment(config, given, set_ or [])
    question = read_text() if problem == "-" else problem
    if not question.strip():
        raise UserError("the problem is empty: give its text, or - to read it from standard input")
    trajectory = asyncio.run(_solve(question.strip(), experiment, as_json))
    if not trajectory.steps:
        lengths = {"llama_cpp": experiment.llama_cpp.n_ctx, "transformers": experiment.transformers.n_ctx}
        has, more = "", ""
        if experiment.engine in lengths:
            has, more = f" of {lengths[experiment.engine]} tokens", ", or raise --n-ctx"
        raise UserError(f"the problem is longer than the model's context{has}: shorten it{more}")
    if as_json:
        print(json.dumps(_as_json(trajectory, experiment)))
    if not trajectory.answer:
        raise typer.Exit(1)


async def _solve(question: str, experiment: "Experiment", quiet: bool) -> "Trajectory":
    from rich.console import Console

    from tora_agent import protocol
    from tora_agent.agent import Executed, Finished, Generated, Running, run
    from tora_agent.cli.render import Transcript, print_answer
    from tora_agent.compose import introduction, open_engine
    from tora_agent.prompt import load_prompt
    from tora_agent.sandbox import Sandbox

    console = Console(quiet=quiet, highlight=False)
    transcript = Transcript(console)
    prompt = load_prompt(experiment.prompt)
    async with open_engine(experiment, prompt) as engine, Sandbox(experiment.sandbox) as sandbox:
        print(introduction(experiment), file=sys.stderr)
        events = run(question, engine, sandbox, prompt, experiment.sampling, experiment.limits)
        async with aclosing(events):
            async for event in events:
                match event:
                    case Generated(text):
                        transcript.feed(text)
                    case Running():
                        transcript.end_segment()
                    case Executed(execution, appended):
                        transcript.output(execution, protocol.outputs(appended)[0])
                    case Finished(trajectory):
                        transcript.end_segment()
                        if trajectory.steps:
                            print_answer(console, trajectory)
    return trajectory


def _as_json(trajectory: "Trajectory", experiment: "Experiment") -> dict[str, Any]:
    totals = {
        "text": trajectory.text,
        "prompt_tokens": trajectory.prompt_tokens,
        "completion_tokens": trajectory.completion_tokens,
        "seconds": trajectory.seconds,
        "model": experiment.model,
    }
    return asdict(trajectory) | totals
