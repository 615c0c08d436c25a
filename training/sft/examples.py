"""Trajectories as tokens, each with a mark that says whether the model learns to write it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tora_agent.errors import UserError
from tora_agent.prompt import Prompt
from tora_agent.protocol import STOP_OUTPUT, output_block, segments
from tora_agent.validation import read_objects

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

CHUNK = 2000  # rows that are tokenized together


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a corpus."""

    family: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Examples:
    """Trajectories end to end in flat arrays: example i is `tokens[starts[i]:starts[i + 1]]`.

    `learned` marks the tokens that carry loss; `families` gives each example's index into `names`.
    """

    tokens: NDArray[np.int32]
    learned: NDArray[np.bool_]
    starts: NDArray[np.int64]
    families: NDArray[np.int32]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.families)


def read_corpus(path: Path) -> Iterator[Row]:
    """The rows of a corpus file.

    Raises:
        UserError: the file cannot be read, or a line is not a row of a corpus.
    """
    for where, row in read_objects(path):
        values = [row.get(key) for key in ("family", "question", "text")]
        if not all(isinstance(value, str) for value in values):
            raise UserError(f"{where}: not a row of a corpus: it needs the texts family, question and text")
        yield Row(*values)  # type: ignore[arg-type]  # each is a str


def is_held_out(row: Row, one_in: int) -> bool:
    """Whether a row is kept from training: decided by its question alone, so it holds for every corpus."""
    return crc32(row.question.encode()) % one_in == 0


def lay_out(row: Row, prompt: Prompt) -> tuple[str, list[tuple[int, int]]]:
    """A row as the model sees it whole, and the spans of characters that it learns to write.

    Those are its own segments, each with the header that hands over to the tool; the question and what the
    tool printed are not.
    """
    text = prompt.fill(row.question)
    spans = []
    for written, output in segments(row.text):
        start = len(text)
        text += written
        if output is None:
            spans.append((start, len(text)))
        else:
            spans.append((start, len(text) + len("\n" + STOP_OUTPUT)))
            text += output_block(output)
    return text, spans


def encode(rows: Iterable[Row], prompt: Prompt, tokenizer: "PreTrainedTokenizerBase", max_tokens: int) -> Examples:
    """Turn rows into examples, each closed by the end-of-text token; those over `max_tokens` are left out."""
    pieces: list[tuple[NDArray[np.int32], NDArray[np.bool_]]] = []
    families: list[int] = []
    names: dict[str, int] = {}
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        for row, (tokens, learned) in zip(chunk, _tokenized(chunk, prompt, tokenizer), strict=True):
            if len(tokens) <= max_tokens:
                pieces.append((tokens, learned))
                families.append(names.setdefault(row.family, len(names)))
    return Examples(
        np.concatenate([np.zeros(0, np.int32), *(tokens for tokens, _ in pieces)]),
        np.concatenate([np.zeros(0, np.bool_), *(learned for _, learned in pieces)]),
        np.cumsum([0, *(len(tokens) for tokens, _ in pieces)], dtype=np.int64),
        np.array(families, np.int32),
        tuple(names),
    )


def _tokenized(
    chunk: list[Row], prompt: Prompt, tokenizer: "PreTrainedTokenizerBase"
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.bool_]]]:
    laid_out = [lay_out(row, prompt) for row in chunk]
    encoded = tokenizer([text for text, _ in laid_out], return_offsets_mapping=True)
    for (text, spans), ids, offsets in zip(laid_out, encoded["input_ids"], encoded["offset_mapping"], strict=True):
        written = np.zeros(len(text) + 1, np.bool_)
        for start, end in spans:
            written[start:end] = True
        starts = np.array(offsets, np.int64).reshape(-1, 2)[:, 0]
        yield (
            np.array([*ids, tokenizer.eos_token_id], np.int32),
            np.append(written[starts], True),
        )
