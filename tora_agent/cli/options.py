"""Options that several subcommands share, and the way from them to an experiment."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tora_agent.names import Api, EngineKind, TrackerName

if TYPE_CHECKING:
    from tora_agent.engines.llama_cpp import LlamaCppConfig
    from tora_agent.eval.store import Store

Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        help="A GGUF file, a checkpoint's folder, a name (`models list`), hf:OWNER/REPO or hf:OWNER/REPO/FILE.gguf, or"
        " a server's name for it.",
    ),
]
Engine = Annotated[
    EngineKind | None,
    typer.Option(
        "--engine", help="What generates (default: as the model demands, or openai where --base-url is given)."
    ),
]
BaseUrl = Annotated[
    list[str] | None,
    typer.Option(
        "--base-url", metavar="URL", help="An OpenAI-compatible server, with its /v1; again for each replica of it."
    ),
]
ApiKind = Annotated[
    Api | None,
    typer.Option("--api", help="How servers are asked: raw text, a chat, or a chat that calls a Python tool."),
]
PromptName = Annotated[str | None, typer.Option("--prompt", "-p", help="A prompt's name, or the path of a .md file.")]
Config = Annotated[
    str | None, typer.Option("--config", "-c", help="An experiment: a YAML file, or a shipped one's name.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a config key: sampling.temperature=0.7."),
]
Temperature = Annotated[float | None, typer.Option("--temperature", help="0 is greedy.")]
TopP = Annotated[float | None, typer.Option("--top-p", help="Nucleus sampling.")]
TopK = Annotated[int | None, typer.Option("--top-k", help="Only the k likeliest tokens; 0 is all.")]
MinP = Annotated[float | None, typer.Option("--min-p", help="Only tokens at least this fraction of the likeliest.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Seed of the sampling.")]
MaxTokens = Annotated[int | None, typer.Option("--max-tokens", help="New tokens in one generation at most.")]
Rounds = Annotated[int | None, typer.Option("--rounds", help="Generations at most.")]
ContextLength = Annotated[int | None, typer.Option("--n-ctx", help="Context of one trajectory, in tokens.")]
GpuLayers = Annotated[int | None, typer.Option("--n-gpu-layers", help="Layers on the GPU; -1 is all.")]
Threads = Annotated[int | None, typer.Option("--threads", help="CPU threads of the engine.")]
Memory = Annotated[
    int | None,
    typer.Option("--memory", help="MiB for the model and its KV cache (default: 4/5 of what is free, 9/10 on GPUs)."),
]
Slots = Annotated[int | None, typer.Option("--slots", help="Trajectories at the same time.")]
Track = Annotated[
    TrackerName | None, typer.Option("--track", help="Log to MLflow, too, as it runs: docs/integrations.md.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, and nothing else there.")]
StorePath = Annotated[
    Path | None, typer.Option("--store", help="SQLite file of results (default: runs/tora-agent.sqlite).")
]
RunNumber = Annotated[int, typer.Argument(min=1, help="A run's number, as `runs list` shows it.")]

_PLAIN = {
    "model",
    "prompt",
    "engine",
    "trajectories",
    "samples",
    "early_stop",
    "executor",
    "track",
}  # the keys of a config file that stand at its top

_ALSO_OF = {"n_ctx": ("transformers",), "slots": ("transformers", "openai")}  # llama_cpp's settings, which others have


def open_store(path: Path | None) -> "closing[Store]":
    """The store at the path, or the default one; it must be there.

    Raises:
        UserError: it is not, or cannot be used.
    """
    from tora_agent.config import Output
    from tora_agent.eval.store import Store

    return closing(Store(path or Output().store, new=False))


def llama_cpp_config(**arguments: Any) -> "LlamaCppConfig":
    """The engine's settings from those of a command's arguments that were given, which have their names.

    Raises:
        UserError: one is beyond what llama.cpp can do.
    """
    from tora_agent.engines.llama_cpp import LlamaCppConfig
    from tora_agent.errors import UserError

    try:
        return LlamaCppConfig(**given(**arguments))
    except ValueError as error:
        raise UserError(f"the options: {error}") from error


def given(**arguments: Any) -> dict[str, Any]:
    """Those of a command's arguments that were given."""
    return {name: value for name, value in arguments.items() if value is not None}


def settings(given: dict[str, Any]) -> dict[str, Any]:
    """Nested settings from a command's arguments, which are named by their config keys (`sampling__seed`).

    Arguments that were not given are left out, and so are those of the command itself. A server's address and
    recorded trajectories choose the engine, a cluster's settings the executor; what several engines have is for
    whichever is chosen.
    """
    from tora_agent.validation import merge, nested

    tree: dict[str, Any] = {}
    for name, value in given.items():
        key = name.replace("__", ".")
        if value not in (None, []) and ("." in key or key in _PLAIN):
            merge(tree, nested(key, value))
    for key in _ALSO_OF.keys() & tree.get("llama_cpp", {}).keys():
        for engine in _ALSO_OF[key]:
            merge(tree, nested(f"{engine}.{key}", tree["llama_cpp"][key]))
    if {"base_urls", "api"} & tree.get("openai", {}).keys():
        tree.setdefault("engine", "openai")
    if "trajectories" in tree:
        tree.setdefault("engine", "replay")
    if "ray" in tree:
        tree.setdefault("executor", "ray")
    return tree
