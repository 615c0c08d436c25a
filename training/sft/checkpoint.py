"""A run's whole state on disk, so that it goes on as if it had never stopped."""

import json
import pickle
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from tora_agent.errors import UserError
from tora_agent.files import whole

STATE = "checkpoint.pt"
MODEL = "model"


@dataclass(slots=True)
class Counters:
    """How far a run is; `seconds` is time spent training, over all its sittings."""

    steps: int = 0
    tokens: int = 0
    seconds: float = 0.0


def save(
    folder: Path,
    counters: Counters,
    model: PreTrainedModel,
    optimizers: list[torch.optim.Optimizer],
    batches: dict[str, Any],
) -> None:
    """Write the state; a crash in the middle leaves the last one whole.

    Raises:
        UserError: it cannot be written.
    """
    state = {
        "counters": asdict(counters),
        "model": _trained(model),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "batches": batches,
        "random": torch.get_rng_state(),
    }
    with whole(folder / STATE, "checkpoint") as unfinished:
        torch.save(state, unfinished)


def load(
    folder: Path, model: PreTrainedModel, optimizers: list[torch.optim.Optimizer]
) -> tuple[Counters, dict[str, Any]]:
    """Restore model, optimizers and random state; give the counters and the state of the batches.

    Raises:
        UserError: there is no checkpoint, or it is of a model with another shape.
    """
    path = folder / STATE
    if not path.exists():
        raise UserError(f"there is no checkpoint in {folder}: start the run without --resume")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)  # copied to the model's device below
    except (OSError, RuntimeError, ValueError, EOFError, pickle.UnpicklingError) as error:
        raise UserError(f"the checkpoint {path} is broken: start the run afresh in another folder") from error
    try:
        if state["model"].keys() != _trained(model).keys():
            raise ValueError("other parameters")
        model.load_state_dict(state["model"], strict=False)
        for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
    except (RuntimeError, ValueError) as error:
        raise UserError(f"{path} is of a model of another shape, or of other optimizers, than the config's") from error
    torch.set_rng_state(state["random"])
    return Counters(**state["counters"]), state["batches"]


def _trained(model: PreTrainedModel) -> dict[str, torch.Tensor]:
    """The model's state without what is frozen."""
    frozen = {name for name, value in model.named_parameters(remove_duplicate=False) if not value.requires_grad}
    return {name: value for name, value in model.state_dict().items() if name not in frozen}


def save_model(folder: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """Write the model in Hugging Face's layout, which `tora_agent.training.export` and others read."""
    unfinished = folder / f"{MODEL}.unfinished"
    model.save_pretrained(unfinished)
    tokenizer.save_pretrained(unfinished)
    shutil.rmtree(folder / MODEL, ignore_errors=True)
    unfinished.rename(folder / MODEL)


def cut_log(path: Path, steps: int) -> None:
    """Drop the lines of a log, where there is one, that are later than the checkpoint the run goes on from."""
    if not path.exists():
        return
    kept = [line for line in path.read_text().splitlines() if json.loads(line)["steps"] <= steps]
    path.write_text("".join(f"{line}\n" for line in kept))
