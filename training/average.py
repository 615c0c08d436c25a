"""The mean of several models' weights: a model soup (arXiv 2203.05482, section 2, uniform soup)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tora_agent.errors import UserError
from tora_agent.training.export import load

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def average(folders: Sequence[Path], output: Path) -> None:
    """Write the model whose every weight is the mean of that weight in the models given, in Hugging Face's layout.

    It makes sense for models that were trained from the same one, with the tokenizer that they share.

    Raises:
        UserError: fewer than two folders, one holds no model that `export` takes, they differ in shape or tokenizer,
            `output` is there already, or it cannot be written.
    """
    if len(folders) < 2:
        raise UserError("a mean needs two models at least: name their folders, and then the one to write")
    if output.exists():
        raise UserError(f"{output} is there already: name a folder that is not")
    model, tokenizer = load(folders[0])
    sums = model.state_dict()
    for folder in folders[1:]:
        other = load(folder)
        if _kind(*other) != _kind(model, tokenizer):
            raise UserError(f"{folders[0]} and {folder} have no mean: their shapes or their tokenizers differ")
        for name, weight in other[0].state_dict().items():
            sums[name] = sums[name] + weight
    model.load_state_dict({name: weight / len(folders) for name, weight in sums.items()})
    try:
        model.save_pretrained(output)
        tokenizer.save_pretrained(output)
    except OSError as error:
        raise UserError(f"the model {output} cannot be written: {error.strerror or error}") from error


def _kind(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> tuple[object, object]:
    """What models must share to have a mean: the shape of every weight, and the tokens."""
    return {name: weight.shape for name, weight in model.state_dict().items()}, tokenizer.get_vocab()
