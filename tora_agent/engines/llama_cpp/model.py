"""A GGUF file as llama.cpp loads it: its weights, what it says of itself, why it can't be loaded."""

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tora_agent.engines.base import EngineError
from tora_agent.engines.llama_cpp.native import last_error, library
from tora_agent.errors import UserError

_MAGIC = b"GGUF"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a model file says of itself.

    Attributes:
        parameters: the number of weights.
        quantisation: how they are stored, in llama.cpp's words, such as "Q4_K - Medium".
        size: of the weights, in bytes.
        trained_context: tokens of context that it was trained with.
    """

    name: str
    architecture: str
    parameters: int
    quantisation: str
    size: int
    trained_context: int

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.architecture}, {self.parameters / 1e6:,.0f}M parameters,"
            f" {self.quantisation}, {self.size / 1e6:,.0f} MB, context {self.trained_context:,}"
        )


class Model:
    """The loaded weights and their vocabulary; `handle` is llama.cpp's pointer, None once they were given back."""

    def __init__(self, path: Path, n_gpu_layers: int) -> None:
        """Load the file.

        Raises:
            UserError: it is missing, broken, or no text generator that llama.cpp knows.
        """
        check_file(path)
        api = library()
        parameters = load_parameters()
        parameters.n_gpu_layers = n_gpu_layers
        parameters.kv_overrides = _no_hidden_space(api)
        last_error()
        self.handle: Any = api.llama_model_load_from_file(os.fsencode(path), parameters)
        if not self.handle:
            raise UserError(f"{path} cannot be loaded: llama.cpp says: {last_error()}")
        self._in_use = threading.Lock()
        if api.llama_model_has_encoder(self.handle) or not api.llama_model_has_decoder(self.handle):
            self.free()
            raise UserError(f"{path} is no model that writes text token by token: choose a decoder-only one")
        self.info = self._describe(path)

    def metadata(self, key: str) -> str | None:
        """A value from the file's header, as text; None when it is not there. Values are cut at 255 bytes."""
        buffer = ctypes.create_string_buffer(256)
        length = library().llama_model_meta_val_str(self.handle, key.encode(), buffer, len(buffer))
        return None if length < 0 else buffer.value.decode(errors="replace")

    @contextmanager
    def vocabulary(self) -> Iterator[Any]:
        """llama.cpp's pointer to the vocabulary, for any thread; the model is not freed before the context is left.

        Raises:
            EngineError: it was freed before.
        """
        with self._in_use:
            if not self.handle:
                raise EngineError("the model was given back: its engine is closed")
            yield library().llama_model_get_vocab(self.handle)

    def free(self) -> None:
        """Give the weights back; no context of the model may be alive."""
        with self._in_use:
            library().llama_model_free(self.handle)
            self.handle = None

    def _describe(self, path: Path) -> ModelInfo:
        api = library()
        return ModelInfo(
            name=path.stem,
            architecture=self.metadata("general.architecture") or "unknown",
            parameters=api.llama_model_n_params(self.handle),
            quantisation=api.llama_ftype_name(api.llama_model_ftype(self.handle)).decode(),
            size=api.llama_model_size(self.handle),
            trained_context=api.llama_model_n_ctx_train(self.handle),
        )


def load_parameters() -> Any:
    """llama.cpp's defaults for loading a model, without what crashes on this machine."""
    api = library()
    parameters = api.llama_model_default_params()
    # built by GCC before 14 (its bug 114098), llama.cpp's AMX code crashes, and it lives in these buffers
    parameters.use_extra_bufts = b"AMX_INT8 = 1" not in api.llama_print_system_info()
    return parameters


def check_file(path: Path) -> None:
    """Refuse, before llama.cpp sees it, what is no GGUF file."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except FileNotFoundError as error:
        raise UserError(f"there is no model file {path}: check the path, or download it first") from error
    except OSError as error:
        raise UserError(f"the model file {path} cannot be read: {error.strerror}") from error
    if magic != _MAGIC:
        raise UserError(f"{path} is not a GGUF file (it does not begin with GGUF): convert the model first")


def _no_hidden_space(api: Any) -> Any:
    """Overrides by which a SentencePiece vocabulary adds no space to any text: `Tokenizer` decides."""
    overrides = (api.llama_model_kv_override * 2)()
    overrides[0].tag = api.LLAMA_KV_OVERRIDE_TYPE_BOOL
    overrides[0].key = b"tokenizer.ggml.add_space_prefix"
    overrides[0].value.val_bool = False
    return overrides  # the second, with an empty key, ends the list
