"""Text to tokens and back, byte for byte, by a checkpoint's own tokenizer."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tora_agent.errors import UserError
from tora_agent.validation import encodable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_SPACE = "\u2581"  # how SentencePiece writes a space
_BYTE = re.compile("<0x([0-9A-F]{2})>")  # and a byte for which it has no token
_LONE_BYTE = re.compile("([\udc80-\udcff])")


class Vocabulary:
    """A `tokenizers.Tokenizer`'s vocabulary. Text never becomes a control token: a question cannot inject one."""

    def __init__(self, tokenizer: "Tokenizer", ends: Collection[int], folder: Path) -> None:
        """Take a tokenizer and the tokens that end a text; `folder` is for messages.

        Raises:
            UserError: it is of a kind that has not a token for every byte.
        """
        from tokenizers import Tokenizer

        whole = json.loads(tokenizer.to_str())
        self._prompts = Tokenizer.from_str(json.dumps(whole))
        self._continuations = Tokenizer.from_str(json.dumps(_without_added_space(whole)))
        self._prompts.encode_special_tokens = self._continuations.encode_special_tokens = True
        self._opening = _opening(self._prompts)
        pieces = _pieces(self._prompts, _byte_reader(whole["decoder"])) | dict.fromkeys(ends)
        self.pieces = defaultdict(bytes, pieces)  # many a model can write tokens that its tokenizer does not know
        self._bytes = {piece[0]: token for token, piece in pieces.items() if piece and len(piece) == 1}
        if len(self._bytes) < 256:
            raise UserError(
                f"the tokenizer in {folder} has no token for every byte, as byte-level and SentencePiece ones have:"
                " run this model on a server (docs/backends.md)"
            )

    def prompt(self, text: str) -> list[int]:
        """The tokens of a text that begins a sequence, as the model was trained to see it: after BOS, if it has one."""
        return self._opening + self._prompts.encode(encodable(text), add_special_tokens=False).ids

    def continuation(self, data: bytes) -> list[int]:
        """The tokens of a text that follows another; their pieces joined are the text again."""
        tokens: list[int] = []
        for part in _LONE_BYTE.split(data.decode(errors="surrogateescape")):
            if _LONE_BYTE.fullmatch(part):
                tokens.append(self._bytes[ord(part) - 0xDC00])
            elif part:
                tokens += self._continuations.encode(part, add_special_tokens=False).ids
        return tokens


def _without_added_space(part: Any) -> Any:
    """A part of a tokenizer's JSON, changed so that no space is put before a text."""
    if isinstance(part, list):
        return [_without_added_space(each) for each in part if not _adds_space(each)]
    if not isinstance(part, dict):
        return part
    off = {"prepend_scheme": "never", "add_prefix_space": False}
    return {
        key: None
        if _adds_space(value)
        else off[key]
        if key in off and value is not None
        else _without_added_space(value)
        for key, value in part.items()
    }


def _adds_space(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "Prepend"


def _opening(tokenizer: "Tokenizer") -> list[int]:
    """The control tokens that come before a text."""
    text = tokenizer.encode("a")
    first = list(text.special_tokens_mask).index(0)
    return text.ids[:first]


def _pieces(tokenizer: "Tokenizer", read: Callable[[str], bytes]) -> dict[int, bytes | None]:
    """The bytes of each token; control tokens have none, and other added ones stand for themselves."""
    pieces: dict[int, bytes | None] = {token: read(text) for text, token in tokenizer.get_vocab(False).items()}
    for token, added in tokenizer.get_added_tokens_decoder().items():
        pieces[token] = b"" if added.special else added.content.encode()
    return pieces


def _byte_reader(decoder: Any) -> Callable[[str], bytes]:
    """What turns the text of a token in the vocabulary into its bytes, for either of the two usual kinds."""
    if "ByteLevel" in json.dumps(decoder):
        values = _byte_level()
        return lambda text: bytes(values[character] for character in text if character in values)
    return _sentencepiece


def _byte_level() -> dict[str, int]:
    """The byte that each character of a byte-level vocabulary stands for (GPT-2's table).

    Visible Latin-1 characters stand for themselves, and those from 256 on for the other bytes in their order.
    """
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [value for value in range(256) if value not in visible]
    return {chr(value): value for value in visible} | {chr(256 + place): value for place, value in enumerate(hidden)}


def _sentencepiece(text: str) -> bytes:
    byte = _BYTE.fullmatch(text)
    return bytes([int(byte[1], 16)]) if byte else text.replace(_SPACE, " ").encode()
