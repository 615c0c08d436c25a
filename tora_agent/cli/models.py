"""`tora-agent models`: which models there are, what they take, and their files on this machine."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tora_agent.cli import options

app = typer.Typer(help="List models, look into them, fetch and remove them.", no_args_is_help=True)

Name = Annotated[
    str,
    typer.Argument(
        help="A name of `models list`, hf:OWNER/REPO/FILE.gguf, hf:OWNER/REPO, or a file's or folder's path."
    ),
]


@app.command("list")
def list_models(
    n_ctx: options.ContextLength = None, memory: options.Memory = None, as_json: options.Json = False
) -> None:
    """List the models that have a name, and those that were fetched: size, memory with one context, what fits here."""
    from tora_agent.cli.model_rows import listed, served
    from tora_agent.models.catalogue import Memory

    config = options.llama_cpp_config(n_ctx=n_ctx, memory_mb=memory)
    allowed = Memory.here(config)
    rows, servers = listed(config, allowed), served()
    if as_json:
        print(json.dumps({"n_ctx": config.n_ctx, "models": rows, "servers": servers}))
        return
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("model", overflow="fold"), "size GB", "memory GB", "fits", "here", "use")
    for row in rows:
        ram = "" if row["ram_gb"] is None else f"{row['ram_gb']:.2f}"
        fits = "" if row["fits"] is None else row["fits"] or "-"
        table.add_row(row["name"], f"{row['size_gb']:.2f}", ram, fits, "yes" if row["path"] else "", row["use"])
    console = Console(highlight=False)
    console.print(table)
    console.print(
        f"Memory is with one context of {config.n_ctx} tokens (--n-ctx). An engine may use {allowed.bytes / 1e9:.1f} GB"
        f" here now ({allowed.kind})."
    )
    console.print("For servers (docs/backends.md), then --base-url and --model with the repository's name:")
    for server in servers:
        console.print(f"  {server['command']}", soft_wrap=True)


@app.command()
def info(
    name: Name, n_ctx: options.ContextLength = None, memory: options.Memory = None, as_json: options.Json = False
) -> None:
    """Show what a model is and takes: from its own header or settings where it is here, or else from the catalogue."""
    from tora_agent.cli.model_rows import of_checkpoint, of_file
    from tora_agent.models import names_checkpoint

    config = options.llama_cpp_config(n_ctx=n_ctx, memory_mb=memory)
    row = of_checkpoint(name) if names_checkpoint(name) else of_file(name, config)
    if as_json:
        print(json.dumps(row))
        return
    for key, value in row.items():
        if value not in (None, ""):
            print(f"{key:<16} {f'{value:.2f}' if isinstance(value, float) else value}")


@app.command()
def pull(name: Name, n_ctx: options.ContextLength = None, memory: options.Memory = None) -> None:
    """Fetch a model into the hub's cache on this machine and check it; a stopped download goes on where it was.

    Prints the file's path. Where the cache is, the token, mirrors and offline mode are set by the environment of
    huggingface_hub: HF_HOME, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE.
    """
    from tora_agent.engines.llama_cpp import read_header
    from tora_agent.models import find_checkpoint, locate, names_checkpoint
    from tora_agent.models.cache import check

    if names_checkpoint(name):
        print(find_checkpoint(name))
        return
    found = locate(name, options.llama_cpp_config(n_ctx=n_ctx, memory_mb=memory))
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
    """Remove a fetched model, and what is left of stopped downloads of its repository, from the hub's cache."""
    from tora_agent.errors import UserError
    from tora_agent.models.cache import remove

    repo, file = _fetched(name)
    freed = remove(repo, file)
    if not freed:
        raise UserError(f"{name} is not on this machine: there is nothing to remove")
    print(f"{file or repo} removed: {freed / 1e9:.2f} GB")


def _fetched(name: str) -> tuple[str, str]:
    """The repository and file that a name stands for when it is to be removed; of a checkpoint, all files."""
    from tora_agent.errors import UserError
    from tora_agent.models import BUNDLED, locate, names_checkpoint
    from tora_agent.models.cache import cached
    from tora_agent.models.catalogue import families

    if family := families().get(name.lower()):  # whatever would be chosen now
        here = [model for model in family if cached(model.repo, model.file)] or family[:1]
        if len(here) > 1:
            raise UserError(f"several files of {name} are here: name one, {', '.join(model.name for model in here)}")
        return here[0].repo, here[0].file
    if names_checkpoint(name):
        if name.startswith("hf:"):
            return name[3:], ""
    else:
        found = locate(name)
        if not isinstance(found, Path):
            return found.repo, found.file
    owner = "in the package" if name == BUNDLED else "yours"
    raise UserError(f"{name} is {owner}, and none that was fetched: it stays")
