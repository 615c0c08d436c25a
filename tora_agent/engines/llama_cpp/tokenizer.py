"""Text to tokens and back, byte for byte."""

import ctypes
from typing import Any

from tora_agent.engines.llama_cpp.model import Model
from tora_agent.engines.llama_cpp.native import library, short_call


class Tokenizer:
    """A model's vocabulary. Text never becomes a control token: a question cannot inject one.

    Once the model was freed, its methods, and `pieces` it has not looked up before, raise an `EngineError`.
    """

    def __init__(self, model: Model) -> None:
        api = library()
        self._model = model
        with model.vocabulary() as vocabulary:
            self.size: int = api.llama_vocab_n_tokens(vocabulary)
            adds_bos = api.llama_vocab_get_add_bos(vocabulary)
            self._opening = [api.llama_vocab_bos(vocabulary)] if adds_bos else []
        self.pieces = _Pieces(model)
        self._adds_space = _adds_space(model)

    def prompt(self, text: str) -> list[int]:
        """The tokens of a text that begins a sequence, as the model was trained to see it.

        That is after the BOS token where the model has one, and, with most SentencePiece vocabularies, after
        a space, unless the text begins with a token of its own kind, such as a chat marker.
        """
        tokens = self.continuation(text.encode(errors="replace"))
        if tokens and self._adds_space and not self._is_marker(tokens[0]):
            tokens = self.continuation(b" " + text.encode(errors="replace"))
        return self._opening + tokens

    def continuation(self, data: bytes) -> list[int]:
        """The tokens of a text that follows another; their pieces joined are the text again."""
        tokens = (ctypes.c_int32 * len(data))()
        with self._model.vocabulary() as vocabulary:
            count = library().llama_tokenize(vocabulary, data, len(data), tokens, len(tokens), False, False)
        return list(tokens[:count])

    def detokenise(self, tokens: list[int]) -> bytes:
        """The bytes of these tokens; control tokens have none."""
        return b"".join(self.pieces[token] or b"" for token in tokens)

    def _is_marker(self, token: int) -> bool:
        api = library()
        markers = api.LLAMA_TOKEN_ATTR_CONTROL | api.LLAMA_TOKEN_ATTR_USER_DEFINED
        with self._model.vocabulary() as vocabulary:
            return bool(api.llama_vocab_get_attr(vocabulary, token) & markers)


class _Pieces(dict[int, bytes | None]):
    """The bytes of each token, looked up once; None for a token that ends the generation."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def __missing__(self, token: int) -> bytes | None:
        with self._model.vocabulary() as vocabulary:
            ends = short_call("llama_vocab_is_eog")(vocabulary, token)
            self[token] = piece = None if ends else _read(vocabulary, token, 32)
        return piece


def _read(vocabulary: Any, token: int, size: int) -> bytes:
    buffer = ctypes.create_string_buffer(size)
    length = short_call("llama_token_to_piece")(vocabulary, token, buffer, size, 0, False)
    return buffer.raw[:length] if length >= 0 else _read(vocabulary, token, -length)


def _adds_space(model: Model) -> bool:
    """Whether the model's own tokenizer puts a space before a text; SentencePiece's (`llama`) mostly does."""
    stated = model.metadata("tokenizer.ggml.add_space_prefix")
    return stated == "true" if stated else model.metadata("tokenizer.ggml.model") == "llama"
