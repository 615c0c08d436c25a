"""What `tora-agent models` says of each model: rows for people and for JSON."""

from pathlib import Path
from typing import Any

from tora_agent.engines.llama_cpp import LlamaCppConfig, Shape, read_header
from tora_agent.engines.transformers.checkpoint import read_settings
from tora_agent.errors import UserError
from tora_agent.models import BUNDLED, bundled, locate
from tora_agent.models.cache import Fetched, cached, cached_checkpoint, fetched
from tora_agent.models.catalogue import Memory, ServerModel, catalogue, known, ram_gb, server_models

Row = dict[str, Any]

_FACTS = ("architecture", "quantisation", "trained_context")


def listed(config: LlamaCppConfig, memory: Memory) -> list[Row]:
    """The model in the package, the catalogue, and what else the hub's cache holds."""
    rows = [_row(BUNDLED, read_header(bundled()).shape, "the demonstration in the package", bundled(), config, memory)]
    rows += [
        _row(model.name, model.shape, model.use, cached(model.repo, model.file), config, memory)
        for model in catalogue()
    ]
    others = (model for model in fetched() if not known(model.repo, model.file))
    return rows + [_of_fetched(model, config, memory) for model in others]


def served() -> list[Row]:
    """The formats for servers; the size is known of what is here."""
    here = {model.repo: model for model in fetched() if not model.file}
    return [_of_served(model, here.get(model.repo)) for model in server_models()]


def of_file(name: str, config: LlamaCppConfig) -> Row:
    """All that is known of a GGUF file.

    Raises:
        UserError: there is none of that name, or it is not here and not in the catalogue.
    """
    memory = Memory.here(config)
    found = locate(name, config)
    path = found if isinstance(found, Path) else found.local
    if path:
        header = read_header(path)
        row = _row(name, header.shape, "", path, config, memory) | {key: getattr(header, key) for key in _FACTS}
    else:
        assert not isinstance(found, Path)
        model = known(found.repo, found.file)
        if not model:
            raise _absent(name)
        row = _row(model.name, model.shape, model.use, None, config, memory)
    row["n_ctx"] = config.n_ctx
    if not isinstance(found, Path):
        row |= {"repo": found.repo, "file": found.file, "why": found.why}
    return row


def of_checkpoint(name: str) -> Row:
    """All that is known of a folder or a repository.

    Raises:
        UserError: it is not here and not in the catalogue, or no checkpoint.
    """
    if not name.startswith("hf:"):
        return _of_folder(name, Path(name))
    repo = name[3:]
    folder = cached_checkpoint(repo)
    if folder:
        return _of_folder(name, folder) | {"repo": repo}
    for model in server_models():
        if model.repo == repo:
            return _of_served(model, None)
    raise _absent(name)


def _row(name: str, shape: Shape, use: str, path: Path | None, config: LlamaCppConfig, memory: Memory) -> Row:
    """What is known of every GGUF file; `fits` is whose memory holds it, or "" for none."""
    return {
        "name": name,
        "size_gb": shape.weights / 1e9,
        "ram_gb": ram_gb(shape, config),
        "fits": memory.kind if memory.holds(shape, config) else "",
        "use": use,
        "path": str(path) if path else None,
    }


def _of_fetched(model: Fetched, config: LlamaCppConfig, memory: Memory) -> Row:
    """A model in the cache; its memory is unknown of a checkpoint, and of a file that is no language model."""
    try:
        if model.file:
            return _row(model.name, read_header(model.path).shape, "", model.path, config, memory)
    except UserError:
        pass
    return _unweighed(model.name, model.size, model.path)


def _of_folder(name: str, folder: Path) -> Row:
    settings = read_settings(folder)
    return _unweighed(name, settings.weights, folder) | {key: getattr(settings, key) for key in _FACTS}


def _unweighed(name: str, size: int, path: Path) -> Row:
    """The row of a model whose memory is not known."""
    return {"name": name, "size_gb": size / 1e9, "ram_gb": None, "fits": None, "use": "", "path": str(path)}


def _of_served(model: ServerModel, here: Fetched | None) -> Row:
    return {
        "name": model.name,
        "repo": model.repo,
        "command": model.command,
        "size_gb": here.size / 1e9 if here else None,
        "path": str(here.path) if here else None,
    }


def _absent(name: str) -> UserError:
    return UserError(f"{name} is not on this machine: fetch it first with `tora-agent models pull {name}`")
