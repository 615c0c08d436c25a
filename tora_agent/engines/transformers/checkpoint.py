"""A folder in Hugging Face's layout: which of its files make the model."""

import json
from dataclasses import dataclass
from pathlib import Path

from tora_agent.errors import UserError

_INDICES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
_WHOLE = ("model.safetensors", "pytorch_model.bin")
WEIGHTS = ("model*.safetensors", "pytorch_model*.bin")  # in pieces or whole, the preferred format first
SETTINGS = ("*.json", "*.model", "*.txt", "*.jinja")  # of the model and its tokenizer


@dataclass(frozen=True, slots=True)
class Settings:
    """What a checkpoint says of itself.

    Attributes:
        quantisation: the method (AWQ, GPTQ), or else the type of the weights.
        weights: in bytes, as they are stored.
    """

    architecture: str
    quantisation: str
    trained_context: int | None
    weights: int


def read_settings(folder: Path) -> Settings:
    """Read what a folder's config.json says, and weigh its files.

    Raises:
        UserError: it is no such folder, or files of it are missing or no JSON.
    """
    weights = sum(path.stat().st_size for path in weight_files(folder))
    try:
        tree = json.loads((folder / "config.json").read_text())
        tree |= tree.get("text_config", {})  # of a model that sees as well as reads
        method = tree.get("quantization_config", {}).get("quant_method", "").upper()
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise UserError(f"{folder / 'config.json'} is no checkpoint's: fetch it again") from error
    dtype = tree.get("dtype") or tree.get("torch_dtype") or "unknown"
    return Settings(tree.get("model_type", "unknown"), method or dtype, tree.get("max_position_embeddings"), weights)


def is_checkpoint(folder: Path) -> bool:
    """Whether a path is such a folder."""
    return (folder / "config.json").is_file()


def checkpoint_files(folder: Path) -> list[Path]:
    """The weights, and beside them all settings, in the order of their names.

    Raises:
        UserError: it is no such folder, or files of it are missing.
    """
    settings = {path for pattern in SETTINGS for path in folder.glob(pattern)}
    return sorted({*weight_files(folder), *settings})


def weight_files(folder: Path) -> list[Path]:
    """The files with the weights, those that transformers prefers.

    Raises:
        UserError: it is no such folder, or files of it are missing.
    """
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}: a checkpoint is a folder with config.json and weights")
    if not is_checkpoint(folder):
        raise UserError(f"{folder} is no checkpoint: it has no config.json")
    for whole, index in zip(_WHOLE, _INDICES, strict=True):
        if (folder / whole).is_file():
            return [folder / whole]
        if (folder / index).is_file():
            return _listed(folder, index)
    raise UserError(f"{folder} has no weights: it needs {_WHOLE[0]}, or {_INDICES[0]} and the files that this lists")


def _listed(folder: Path, index: str) -> list[Path]:
    try:
        names = set(json.loads((folder / index).read_text())["weight_map"].values())
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise UserError(f"{folder / index} is no list of weights: fetch it again") from error
    missing = sorted(name for name in names if not (folder / name).is_file())
    if missing:
        raise UserError(
            f"{folder} lacks {len(missing)} of {len(names)} files of weights ({missing[0]}): fetch it again"
        )
    return sorted(folder / name for name in names)
