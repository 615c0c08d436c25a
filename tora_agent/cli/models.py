"""`tora-agent models`: which models there are, what they take, and their files on this machine."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.engines.llama_cpp import LlamaCppConfig, Shape

app = typer.Typer(help="List models, look into them, fetch and remove them.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A name of `models list`, hf:OWNER/REPO/FILE.gguf, or a file's path.")]


@app.command("list")
def list_models(n_ctx: options.ContextLength = None, as_json: options.Json = False) -> None:
    """List the models that have a name: size, memory with one context, whether that fits here, whether it is here."""
    from tora_agent.engines.llama_cpp import read_header
    from tora_agent.models import BUNDLED, bundled
    from tora_agent.models.catalogue import Memory, catalogue, server_models
    from tora_agent.models.hub import cached

    config, memory = _config(n_ctx), Memory.here()
    rows = [_row(BUNDLED, read_header(bundled()).shape, "the demonstration in the package", bundled(), config, memory)]
    rows += [
        _row(model.name, model.shape, model.use, cached(model.repo, model.file), config, memory)
        for model in catalogue()
    ]
    served = [{"name": model.name, "repo": model.repo, "command": model.command} for model in server_models()]
    if as_json:
        print(json.dumps({"n_ctx": config.n_ctx, "models": rows, "servers": served}))
        return
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("model", no_wrap=True), "size GB", "memory GB", "fits", "here", "use")
    for row in rows:
        here = "yes" if row["path"] else ""
        table.add_row(
            row["name"], f"{row['size_gb']:.2f}", f"{row['ram_gb']:.2f}", row["fits"] or "-", here, row["use"]
        )
    console = Console(highlight=False)
    console.print(table)
    console.print(
        f"Memory is with one context of {config.n_ctx} tokens (--n-ctx). An engine may use {memory.ram / 1e9:.1f} GB"
        f" of RAM here{f' and {memory.gpu / 1e9:.1f} GB of GPU memory' if memory.gpu else ''}."
    )
    console.print("For servers (docs/backends.md), then --base-url and --model with the repository's name:")
    for server in served:
        console.print(f"  {server['command']}", soft_wrap=True)


@app.command()
def info(name: Name, n_ctx: options.ContextLength = None, as_json: options.Json = False) -> None:
    """Show what a model is and takes: from its file's header where it is here, or else from the catalogue."""
    from tora_agent.engines.llama_cpp import read_header
    from tora_agent.errors import UserError
    from tora_agent.models import locate
    from tora_agent.models.catalogue import Memory, catalogue

    config, memory = _config(n_ctx), Memory.here()
    found = locate(name, config)
    path = found if isinstance(found, Path) else found.local
    if path:
        header = read_header(path)
        row = _row(name, header.shape, "", path, config, memory)
        row |= {key: getattr(header, key) for key in ("architecture", "quantisation", "trained_context")}
    else:
        assert not isinstance(found, Path)
        known = [model for model in catalogue() if (model.repo, model.file) == (found.repo, found.file)]
        if not known:
            raise UserError(f"{name} is not on this machine: fetch it first with `tora-agent models pull {name}`")
        row = _row(known[0].name, known[0].shape, known[0].use, None, config, memory)
    row["n_ctx"] = config.n_ctx
    if not isinstance(found, Path):
        row |= {"repo": found.repo, "file": found.file, "why": found.why}
    if as_json:
        print(json.dumps(row))
        return
    for key, value in row.items():
        if value not in (None, ""):
            print(f"{key:<16} {f'{value:.2f}' if isinstance(value, float) else value}")


@app.command()
def pull(name: Name) -> None:
    """Fetch a model into the hub's cache on this machine and check it; a stopped download goes on where it was.

    Prints the file's path. Where the cache is, the token, mirrors and offline mode are set by the environment of
    huggingface_hub: HF_HOME, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE.
    """
    from tora_agent.engines.llama_cpp import read_header
    from tora_agent.models import find_checkpoint, locate, names_checkpoint
    from tora_agent.models.hub import check

    if names_checkpoint(name):
        print(find_checkpoint(name))
        return
    found = locate(name)
    if isinstance(found, Path):
        print(found)
        return
    if found.why:
        typer.echo(found.why, err=True)
    path = found.local
    if path:
        check(path)
    else:
        path = found.fetch()  # which checks it
    read_header(path)  # refuses what is no model
    print(path)


@app.command()
def rm(name: Name) -> None:
    """Remove a fetched model from the hub's cache on this machine."""
    from tora_agent.errors import UserError
    from tora_agent.models import BUNDLED, locate
    from tora_agent.models.hub import remove

    found = locate(name)
    if isinstance(found, Path):
        owner = "in the package" if name == BUNDLED else "a file of yours"
        raise UserError(f"{name} is {owner}, and none that was fetched: it stays")
    path = found.local
    if not path:
        raise UserError(f"{name} is not on this machine: there is nothing to remove")
    print(f"{found.file} removed: {remove(path) / 1e9:.2f} GB")


def _config(n_ctx: int | None) -> "LlamaCppConfig":
    from tora_agent.engines.llama_cpp import LlamaCppConfig
    from tora_agent.errors import UserError

    try:
        return LlamaCppConfig(n_ctx=n_ctx) if n_ctx is not None else LlamaCppConfig()
    except ValueError as error:
        raise UserError(f"--n-ctx: {error}") from error


def _row(
    name: str, shape: "Shape", use: str, path: Path | None, config: "LlamaCppConfig", memory: Any
) -> dict[str, Any]:
    """What is known of every model; `fits` is "GPU", "RAM" or "" for nowhere."""
    from tora_agent.models.catalogue import ram_gb

    return {
        "name": name,
        "size_gb": shape.weights / 1e9,
        "ram_gb": ram_gb(shape, config),
        "fits": memory.place(shape, config),
        "use": use,
        "path": str(path) if path else None,
    }
