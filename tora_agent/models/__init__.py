"""Which file or folder a model's name stands for: the one in the package, a path, or one on the hub."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig, read_header
from tora_agent.engines.transformers.checkpoint import is_checkpoint
from tora_agent.errors import UserError
from tora_agent.models.cache import cached
from tora_agent.models.catalogue import (
    HubModel,
    Memory,
    best,
    catalogue,
    families,
    known,
    server_models,
    split_files,
    too_large,
)
from tora_agent.models.hub import fetch, fetch_checkpoint
from tora_agent.validation import no_such

BUNDLED = "tora-nano"


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file on the hub that a name stands for; `why` says why this one, where the name left a choice."""

    repo: str
    file: str
    why: str = ""

    @property
    def local(self) -> Path | None:
        """Where it is on this machine, if it is."""
        return cached(self.repo, self.file)

    def fetch(self) -> Path:
        """The file on this machine, fetched where it isn't; raises as `hub.fetch` does."""
        return fetch(self.repo, self.file)


def find_model(name: str, config: LlamaCppConfig = LlamaCppConfig()) -> Path:
    """The GGUF file that `name` stands for, fetched from the hub where it must be.

    Raises:
        UserError: no such file or name, the hub cannot be reached, or the model is too large for this machine.
    """
    found = locate(name, config)
    check_room(found, config)
    return found if isinstance(found, Path) else found.fetch()


def check_room(found: Path | HubFile, config: LlamaCppConfig) -> None:
    """See that a file of the catalogue fits before it is fetched.

    Raises:
        UserError: it is too large for this machine.
    """
    if isinstance(found, Path) or found.local:
        return  # loading it says more exactly whether it fits
    if asked := known(found.repo, found.file):
        _check_fits(asked, config)


def load_model(path: Path, config: LlamaCppConfig) -> LlamaCpp:
    """Load a GGUF file; blocks for as long as that takes.

    Raises:
        UserError: as `LlamaCpp.load` does, and at once where a file of the catalogue is too large for this machine.
    """
    asked = next((model for model in catalogue() if model.file == path.name), None)
    if asked:
        _check_fits(replace(asked, shape=read_header(path).shape), config)
    return LlamaCpp.load(path, config)


def _check_fits(model: HubModel, config: LlamaCppConfig) -> None:
    memory = Memory.here(config)
    if not memory.holds(model.shape, config):
        raise too_large(model, config, memory)


def locate(name: str, config: LlamaCppConfig = LlamaCppConfig()) -> Path | HubFile:
    """The file here or on the hub that `name` stands for; nothing is fetched.

    `name` is a path, `tora-nano`, a name of the catalogue (`tora-code-13b-v1.0.Q4_K_M`, or without the
    quantisation for the best that fits), or `hf:OWNER/REPO/FILE.gguf`.

    Raises:
        UserError: no such file or name, or no quantisation fits.
    """
    if name == BUNDLED:
        return bundled()
    if name.startswith("hf:"):
        owner, repo, *file = [*name[3:].split("/", 2), "", ""][:3]
        if not (owner and repo and file[0].endswith(".gguf")):
            raise UserError(f"the model {name} does not have the form hf:OWNER/REPO/FILE.gguf, or hf:OWNER/REPO")
        if f"{owner}/{repo}" in split_files().values():
            _refuse_split(file[0].removesuffix(".gguf"))
        return HubFile(f"{owner}/{repo}", file[0])
    if _is_path(name):
        return Path(name)
    _refuse_split(name)
    return _named(name, config)


def names_checkpoint(name: str) -> bool:
    """Whether `name` stands for a checkpoint in Hugging Face's layout: a folder of one, or `hf:OWNER/REPO`."""
    if name.startswith("hf:"):
        return name.count("/") == 1
    return name != BUNDLED and _true_of(Path(name), is_checkpoint)


def find_checkpoint(name: str, revision: str | None = None) -> Path:
    """The folder of the checkpoint that `name` stands for, fetched from the hub where it must be.

    Raises:
        UserError: there is no such folder or repository, or the hub cannot be reached.
    """
    return locate_checkpoint(name) or fetch_checkpoint(name[3:], revision)


def locate_checkpoint(name: str) -> Path | None:
    """The folder here that `name` stands for, None for a repository on the hub; nothing is fetched.

    Raises:
        UserError: there is no such folder.
    """
    if name.startswith("hf:"):
        return None
    if not _true_of(Path(name), Path.is_dir):
        raise UserError(f"there is no folder {name}: a checkpoint is a folder with config.json, or hf:OWNER/REPO")
    return Path(name)


def _refuse_split(name: str) -> None:
    """Refuse a model that the hub has only in parts."""
    for split, repo in split_files().items():
        if name.lower() == split.lower():
            raise UserError(
                f"{split} is on the hub in parts only: fetch {split}.gguf-split-a and -b from {repo}, join them with"
                f" cat {split}.gguf-split-* > {split}.gguf, and pass that file's path as --model"
            )


def _named(name: str, config: LlamaCppConfig) -> HubFile:
    """What a name of the catalogue stands for."""
    if name.lower() in families():
        return _best(name.lower(), config)
    names = {model.name.lower(): model for model in catalogue()}
    if name.lower() in names:
        model = names[name.lower()]
        return HubFile(model.repo, model.file)
    for served in server_models():
        if name.lower() == served.name.lower():
            raise UserError(
                f"{name} runs on a server ({served.command}): then pass --base-url and --model {served.repo};"
                f" or in this process, with PyTorch: --model hf:{served.repo}"
            )
    otherwise = "`tora-agent models list` shows the names; a path ends in .gguf"
    raise no_such("model", name, [BUNDLED, *names, *families()], otherwise)


@functools.cache  # what is free changes when the model is loaded
def _best(family: str, config: LlamaCppConfig) -> HubFile:
    """The file of a family that this process takes."""
    model, why = best(families()[family], config, Memory.here(config))
    return HubFile(model.repo, model.file, f"{model.name} is {why}")


def _is_path(name: str) -> bool:
    """Whether `name` is a file; one that ends like a model must be."""
    found = _true_of(Path(name), Path.is_file)
    if name.endswith(".gguf") and not found:
        raise UserError(f"there is no model file {name}")
    return found


def _true_of(path: Path, test: Callable[[Path], bool]) -> bool:
    """What a test says of a path; false for one that cannot be."""
    try:
        return test(path)
    except (OSError, ValueError):  # longer than a name may be, or with a NUL
        return False


def bundled() -> Path:
    """The small model inside the package."""
    return Path(str(resources.files("tora_agent.models") / f"{BUNDLED}.gguf"))
