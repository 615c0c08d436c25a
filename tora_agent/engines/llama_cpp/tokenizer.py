"""Text to tokens and back, byte for byte."""

import ctypes
from typing import Any

from tora_agent.engines.llama_cpp.model import Model
from tora_agent.engines.llama_cpp.native import library, short_call


class Tokenizer:
    """A model's vocabulary. Text never becomes a control token: a question cannot inject one."""

    def __init__(self, model: Model) -> None:
        api = library()
        self._vocabulary: Any = api.llama_model_get_vocab(model.handle)
        self.size: int = api.llama_vocab_n_tokens(self._vocabulary)
        self.pieces = _Pieces(self._vocabulary)
        adds_bos = api.llama_vocab_get_add_bos(self._vocabulary)
        self._opening = [api.llama_vocab_bos(self._vocabulary)] if adds_bos else []
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
        count = library().llama_tokenize(self._vocabulary, data, len(data), tokens, len(tokens), False, False)
        return list(tokens[:count])

    def detokenise(self, tokens: list[int]) -> bytes:
        """The bytes of these tokens; control tokens have none."""
        return b"".join(self.pieces[token] or b"" for token in tokens)

    def _is_marker(self, token: int) -> bool:
        api = library()
        markers = api.LLAMA_TOKEN_ATTR_CONTROL | api.LLAMA_TOKEN_ATTR_USER_DEFINED
        return bool(api.llama_vocab_get_attr(self._vocabulary, token) & markers)


class _Pieces(dict[int, bytes | None]):
    """The bytes of each token, looked up once; None for a token that ends the generation."""

    def __init__(self, vocabulary: Any) -> None:
        self._vocabulary = vocabulary

    def __missing__(self, token: int) -> bytes | None:
        ends = short_call("llama_vocab_is_eog")(self._vocabulary, token)
        self[token] = piece = None if ends else self._read(token, 32)
        return piece

    def _read(self, token: int, size: int) -> bytes:
        buffer = ctypes.create_string_buffer(size)
        length = short_call("llama_token_to_piece")(self._vocabulary, token, buffer, size, 0, False)
        return buffer.raw[:length] if length >= 0 else self._read(token, -length)


def _adds_space(model: Model) -> bool:
    """Whether the model's own tokenizer puts a space before a text; SentencePiece's (`llama`) mostly does."""
    stated = model.metadata("tokenizer.ggml.add_space_prefix")
    return stated == "true" if stated else model.metadata("tokenizer.ggml.model") == "llama"
