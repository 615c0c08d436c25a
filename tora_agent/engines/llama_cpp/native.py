"""llama.cpp as a library: loaded on first use, silent, its short calls made without giving up the GIL."""

import ctypes
import functools
import os
from collections import deque
from collections.abc import Callable
from typing import Any

from tora_agent.errors import UserError

_ERROR_LEVEL = 4  # GGML_LOG_LEVEL_ERROR
_GPU = 1  # GGML_BACKEND_DEVICE_TYPE_GPU
_SPINS = "10000"  # some tenths of a millisecond: longer than one thread waits for the others within a step

_errors: deque[str] = deque(maxlen=20)


@functools.cache
def library() -> Any:
    """The llama_cpp package, with llama.cpp's log turned into what `last_error` gives.

    Raises:
        UserError: it is not installed, or its shared library does not load.
    """
    # GCC's OpenMP lets idle threads spin for milliseconds; the programs in the sandbox need that time
    os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
    try:
        import llama_cpp
    except ImportError as error:
        raise UserError(
            "running a GGUF model needs llama-cpp-python: install it with pip install 'tora-agent[llama]'"
        ) from error
    except (OSError, RuntimeError) as error:
        raise UserError(f"llama-cpp-python is installed but does not load ({error}): reinstall it") from error
    llama_cpp.llama_log_set(_log_callback(llama_cpp), None)
    return llama_cpp


@functools.cache
def _log_callback(llama_cpp: Any) -> Any:
    """The C callback that keeps error lines; cached, because llama.cpp holds on to it for ever."""

    def log(level: int, text: bytes, _: object) -> None:
        if level == _ERROR_LEVEL:
            _errors.append(text.decode(errors="replace").strip())

    return llama_cpp.llama_log_callback(log)


def last_error() -> str:
    """What llama.cpp said of its latest failure, without the names of its functions; forgets it."""
    lines = list(_errors)
    _errors.clear()
    named = [line for line in lines if "error loading model: " in line]
    line = (named or lines or ["no reason given"])[-1]
    return line.rpartition("error loading model: ")[2] if named else line.partition(": ")[2] or line


@functools.cache
def short_call(name: str) -> Callable[..., Any]:
    """The C function of that name, for calls of microseconds: it keeps the GIL.

    An ordinary ctypes call gives the GIL up, and gets it back only when the event loop's thread lets go of
    it, which may take milliseconds.
    """
    original = getattr(library(), name)
    function = getattr(_short_calls(), name)
    function.argtypes, function.restype = original.argtypes, original.restype
    return function  # type: ignore[no-any-return]


@functools.cache
def _short_calls() -> ctypes.PyDLL:
    return ctypes.PyDLL(None, handle=library().llama_cpp._lib._handle)


def gpu_support() -> bool:
    """Whether llama.cpp was built with a GPU backend.

    Raises:
        UserError: llama-cpp-python is missing.
    """
    return bool(library().llama_supports_gpu_offload())


def build_info() -> str:
    """The version of llama-cpp-python and the processor features that llama.cpp was built for.

    Raises:
        UserError: llama-cpp-python is missing.
    """
    features = library().llama_print_system_info().decode().strip(" |")
    return f"llama-cpp-python {library().__version__}: {features}"


def gpu_memory() -> int:
    """The free bytes of all GPUs that this build of llama.cpp can use; 0 where there is none.

    Raises:
        UserError: llama-cpp-python is missing.
    """
    if not gpu_support():
        return 0
    ggml = library()._ggml.libggml
    ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    ggml.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
    ggml.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    ggml.ggml_backend_dev_memory.restype = None
    free, total, whole = ctypes.c_size_t(), ctypes.c_size_t(), 0
    for index in range(ggml.ggml_backend_dev_count()):
        device = ggml.ggml_backend_dev_get(index)
        if ggml.ggml_backend_dev_type(device) == _GPU:
            ggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
            whole += free.value
    return whole
