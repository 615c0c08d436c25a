"""`tora-agent serve`: the web page and the API."""

import asyncio
import secrets
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.config import Experiment
    from tora_agent.serve.settings import Serving


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; beyond this machine, clients need a key.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    api_key: Annotated[
        str | None,
        typer.Option(
            envvar="TORA_AGENT_API_KEY", help="What clients must show; made and printed where --host demands one."
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A name that clients may call the server by.")
    ] = None,
    queue: Annotated[int, typer.Option(help="Trajectories that may wait; one more is told to come again.")] = 64,
    rate: Annotated[int, typer.Option(help="Requests of one client in a minute at most.")] = 600,
    time_limit: Annotated[float, typer.Option(min=1, help="Seconds that a request may take.")] = 600.0,
    mcp: Annotated[bool, typer.Option("--mcp", help="Offer tools to MCP clients too, at /mcp.")] = False,
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
    output__store: options.StorePath = None,
) -> None:
    """Serve a web page and an OpenAI-compatible API on this machine, until Ctrl-C."""
    given = options.settings(locals())
    from tora_agent.config import load_experiment
    from tora_agent.errors import UserError
    from tora_agent.serve.settings import Serving

    experiment = load_experiment(config, given, set_ or [])
    if api_key is None and not _is_local(host):
        api_key = secrets.token_urlsafe(24)
        print(f"the API key, made for this run: {api_key}", file=sys.stderr)
    names = (host, *(allow_host or []))
    try:
        settings = Serving(api_key, names, queue, rate, time_limit, store=experiment.output.store, mcp=mcp)
    except ValueError as error:
        raise UserError(str(error)) from error
    asyncio.run(_serve(experiment, settings, host, port))


async def _serve(experiment: "Experiment", settings: "Serving", host: str, port: int) -> None:
    import uvicorn

    from tora_agent.compose import introduction, open_solver
    from tora_agent.prompt import load_prompt
    from tora_agent.serve.app import create_app

    listener = _listen(host, port)
    async with open_solver(experiment, load_prompt(experiment.prompt)) as (solver, slots):
        app = create_app(solver, slots, settings)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2, server_header=False)
        print(introduction(experiment), file=sys.stderr)
        name = f"[{host}]" if ":" in host else host
        print(f"listening on http://{name}:{listener.getsockname()[1]}/ (Ctrl-C ends it)", file=sys.stderr, flush=True)
        await uvicorn.Server(config).serve([listener])


def _is_local(host: str) -> bool:
    return host in ("127.0.0.1", "::1", "localhost")


def _listen(host: str, port: int) -> socket.socket:
    """The socket to listen on.

    Raises:
        UserError: there is no such address, or another program has the port.
    """
    from tora_agent.errors import UserError

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name such as a..b
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"the server cannot listen on {host}, port {port}: {reason}; name others with --host and --port"
        ) from error
