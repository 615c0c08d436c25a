"""`tora-agent mcp`: tools for a client of the Model Context Protocol that starts this command."""

import asyncio
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.config import Experiment


def mcp(
    queue: Annotated[int, typer.Option(min=0, help="Trajectories that may wait; one more is refused.")] = 64,
    time_limit: Annotated[float, typer.Option(min=1, help="Seconds that a problem may take.")] = 600.0,
    model: options.Model = None,
    engine: options.Engine = None,
    openai__base_urls: options.BaseUrl = None,
    openai__api: options.ApiKind = None,
    prompt: options.PromptName = None,
    config: options.Config = None,
    set_: options.Set = None,
    sampling__temperature: options.Temperature = None,
    limits__max_tokens: options.MaxTokens = None,
    limits__rounds: options.Rounds = None,
    llama_cpp__n_ctx: options.ContextLength = None,
    llama_cpp__n_gpu_layers: options.GpuLayers = None,
    llama_cpp__threads: options.Threads = None,
    llama_cpp__memory_mb: options.Memory = None,
    llama_cpp__slots: options.Slots = None,
) -> None:
    """Offer the tools solve, execute and grade to an MCP client, on standard input and output.

    The client starts this command and ends it: docs/integrations.md shows how to tell it. Over HTTP the same tools are
    those of `tora-agent serve --mcp`.
    """
    given = options.settings(locals())
    from tora_agent.config import load_experiment

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # what waits for standard input cannot be cancelled
    asyncio.run(_serve(load_experiment(config, given, set_ or []), queue, time_limit))


async def _serve(experiment: "Experiment", queue: int, seconds: float) -> None:
    from mcp.server.stdio import stdio_server

    from tora_agent.compose import introduction, open_solver
    from tora_agent.prompt import load_prompt
    from tora_agent.serve.mcp_api import create_server
    from tora_agent.serve.requests import Defaults
    from tora_agent.serve.solving import Desk

    async with open_solver(experiment, load_prompt(experiment.prompt)) as (solver, slots):
        print(introduction(experiment), file=sys.stderr)
        defaults = Defaults(solver.prompt, solver.sampling, solver.budget)
        server = create_server(Desk(solver, slots, queue, seconds), defaults)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
