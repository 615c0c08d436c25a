"""A checkpoint as transformers loads it: its weights, its tokenizer, why it can't be loaded."""

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

from tora_agent.engines.transformers.checkpoint import weight_files
from tora_agent.engines.transformers.config import Dtype, TransformersConfig
from tora_agent.engines.transformers.memory import free_on
from tora_agent.engines.transformers.vocabulary import Vocabulary
from tora_agent.errors import UserError

_DTYPES: dict[Dtype, torch.dtype] = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
_LOCAL = {"local_files_only": True, "trust_remote_code": False}


def load_model(folder: Path, config: TransformersConfig) -> PreTrainedModel:
    """Load a checkpoint's weights; a quantised one is loaded as its own quantization_config says.

    Raises:
        UserError: it is no whole checkpoint of a text generator, a library that its quantisation needs is missing, it
            was trained for less context, or memory does not suffice.
    """
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    weights = weight_files(folder)
    settings = _loaded(folder, AutoConfig)
    _check_context(folder, settings, config.n_ctx)
    devices = _devices(config.device)
    _check_memory(folder, sum(path.stat().st_size for path in weights), settings, config.dtype, devices)
    model, found = _loaded(
        folder,
        AutoModelForCausalLM,
        dtype=_DTYPES.get(config.dtype, "auto"),
        device_map=_device_map(config.device, devices),
        attn_implementation="sdpa",
        output_loading_info=True,
    )
    if found["missing_keys"]:
        raise UserError(f"{folder} lacks weights of its model, such as {sorted(found['missing_keys'])[0]}")
    return model


def load_vocabulary(folder: Path, model: PreTrainedModel) -> Vocabulary:
    """Load a checkpoint's tokenizer.

    Raises:
        UserError: there is none, or one of a kind that is not known here.
    """
    tokenizer = _loaded(folder, AutoTokenizer)
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise UserError(f"the tokenizer of {folder} is none of the `tokenizers` library: it needs a tokenizer.json")
    ends = model.generation_config.eos_token_id if model.generation_config else None
    several = ends if isinstance(ends, list) else [ends]
    return Vocabulary(backend, {end for end in (*several, tokenizer.eos_token_id) if end is not None}, folder)


def _loaded(folder: Path, kind: Any, **options: object) -> Any:
    try:
        with redirect_stdout(sys.stderr):  # there gptqmodel prints what it does
            return kind.from_pretrained(folder, **_LOCAL, **options)
    except ImportError as error:
        raise UserError(f"{folder} needs a library that is not installed: {_first_line(error)}") from error
    except Exception as error:  # transformers and those below raise whatever they like
        what = "has no tokenizer that can be read" if kind is AutoTokenizer else "cannot be loaded"
        raise UserError(f"{folder} {what}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else repr(error)


def _check_context(folder: Path, settings: Any, n_ctx: int) -> None:
    trained = getattr(settings.get_text_config(decoder=True), "max_position_embeddings", n_ctx)
    if n_ctx > trained:
        raise UserError(f"n_ctx is {n_ctx}, but {folder} was trained for {trained}: set it to at most that")


def _devices(name: str) -> list[torch.device]:
    """The devices that a name stands for.

    Raises:
        UserError: PyTorch has none of that name here.
    """
    if name == "auto":
        return [torch.device("cuda", number) for number in range(torch.cuda.device_count())] or [torch.device("cpu")]
    try:
        torch.empty(1, device=name)
        return [torch.device(name)]
    except (RuntimeError, AssertionError) as error:  # CUDA's absence is an assertion
        raise UserError(f"PyTorch finds no device {name} here: say auto, cpu, or one that it finds") from error


def _device_map(name: str, devices: list[torch.device]) -> Any:
    """Where accelerate puts the layers; the CPU needs no accelerate."""
    if devices[0].type == "cpu":
        return None
    return "auto" if name == "auto" else {"": devices[0]}


def _check_memory(folder: Path, stored: int, settings: Any, dtype: Dtype, devices: list[torch.device]) -> None:
    """Refuse weights for which there is no room, before they fill the memory; `stored` is their files' size."""
    needed = stored
    if dtype != "auto" and not hasattr(settings, "quantization_config"):
        needed = stored * _DTYPES[dtype].itemsize // (settings.dtype or torch.float32).itemsize
    there = sum(map(free_on, devices))
    if needed > there:
        raise UserError(
            f"{folder} needs {needed / 1e9:.1f} GB of memory for its weights, and {there / 1e9:.1f} may be used here:"
            " choose a smaller or a quantised model"
        )
