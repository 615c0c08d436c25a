"""The tokenizer of a model that starts from nothing: byte-level BPE with single digits."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tora_agent.errors import UserError
from tora_agent.protocol import END_OF_TEXT

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerBase

LLAMA_CPP_NAME = "smollm"  # llama.cpp's name for this pre-tokenizer: single digits, then GPT-2's words


def train_tokenizer(texts: Iterable[str], size: int) -> "PreTrainedTokenizerBase":
    """Learn `size` tokens from texts; `</s>` is the only special one.

    Words never join with a line break, so a text cut at a line's end, as the tool loop cuts it, has the same
    tokens as the whole.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    bpe = _cutting(Tokenizer(models.BPE()))
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(texts, trainer)
    return _wrapped(bpe)


def read_tokenizer(file: Path) -> "PreTrainedTokenizerBase":
    """The tokenizer inside a GGUF file that `tora-agent train export` wrote.

    Raises:
        UserError: the file cannot be read, or its tokenizer is not one of `train_tokenizer`.
    """
    import gguf
    from tokenizers import AddedToken, Tokenizer, models

    try:
        fields = gguf.GGUFReader(file).fields
    except (OSError, ValueError) as error:
        raise UserError(f"{file} cannot be read as a GGUF file: {error}") from error
    kind = fields.get("tokenizer.ggml.pre")
    if kind is None or kind.contents() != LLAMA_CPP_NAME:
        raise UserError(
            f"{file} has a tokenizer of another kind: only a model that `train export` wrote goes on from GGUF"
        )
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(pair.split(" ")) for pair in fields["tokenizer.ggml.merges"].contents()]
    bpe = _cutting(Tokenizer(models.BPE(vocab={token: place for place, token in enumerate(tokens)}, merges=merges)))
    bpe.add_special_tokens([AddedToken(END_OF_TEXT, special=True, normalized=False)])
    return _wrapped(bpe)


def _cutting(bpe: "Tokenizer") -> "Tokenizer":
    """Let a tokenizer cut texts before it joins bytes: single digits, then words."""
    from tokenizers import decoders, pre_tokenizers

    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    bpe.decoder = decoders.ByteLevel()
    return bpe


def _wrapped(bpe: "Tokenizer") -> "PreTrainedTokenizerBase":
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=bpe, eos_token=END_OF_TEXT, pad_token=END_OF_TEXT, clean_up_tokenization_spaces=False
    )


def is_ours(tokenizer: "PreTrainedTokenizerBase") -> bool:
    """Whether a tokenizer cuts texts as those of `train_tokenizer` do."""
    cutting = backend(tokenizer).get("pre_tokenizer") or {}
    parts = [(part["type"], part.get("individual_digits")) for part in cutting.get("pretokenizers", [])]
    return parts == [("Digits", True), ("ByteLevel", None)]


def backend(tokenizer: "PreTrainedTokenizerBase") -> dict[str, Any]:
    """A tokenizer as the `tokenizers` package writes it; empty for one that it does not know."""
    inner = getattr(tokenizer, "backend_tokenizer", None)
    return json.loads(inner.to_str()) if inner else {}
