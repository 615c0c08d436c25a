"""One llama.cpp context: the KV cache of all sequences, and the batch that is computed in it."""

import ctypes
import os
from pathlib import Path
from typing import Any

from tora_agent.engines.base import EngineError
from tora_agent.engines.llama_cpp.config import LlamaCppConfig
from tora_agent.engines.llama_cpp.memory import Room, find_room, offloads
from tora_agent.engines.llama_cpp.model import Model
from tora_agent.engines.llama_cpp.native import last_error, library, short_call
from tora_agent.errors import UserError

_NO_ROOM = 1  # what llama_decode returns when too few cells of the cache are free; nothing has changed then
_LEAST_COPIED = 4  # tokens: llama.cpp copies a whole cache, which takes about as long as to compute so many
_SMALL = 50_000_000  # weights; below it, threads cost more in waiting for each other than they save


class Context:
    """The cache and the batch; after its creation for one thread only.

    `handle` is llama.cpp's pointer, `slots` the number of sequences, `shares` whether one may use what another
    has in the cache, and `least_copied` how many tokens that must save.
    """

    def __init__(self, path: Path, model: Model, config: LlamaCppConfig, memory: int) -> None:
        """Allocate a cache for as many sequences as `memory` bytes, the weights included, allow.

        Raises:
            UserError: the model was not trained for such a context, or memory doesn't suffice.
        """
        _check(path, model, config)
        room = find_room(path, model, config, memory)
        self.slots = room.slots
        self._apart = room.apart
        api = library()
        last_error()
        self.handle: Any = api.llama_init_from_model(model.handle, _parameters(config, room, model.info.parameters))
        if not self.handle:
            raise UserError(
                f"a cache for {room.cells} tokens of {path} cannot be had: use fewer slots, less memory"
                f" or a smaller n_ctx (llama.cpp says: {last_error()})"
            )
        self._model = model
        self._memory = api.llama_get_memory(self.handle)
        self._decode = api.llama_decode
        self._synchronize = api.llama_synchronize
        self._remove = short_call("llama_memory_seq_rm")
        self._copy = short_call("llama_memory_seq_cp")
        # a recurrent state holds a whole text: no beginning of it can be had
        self.shares = not (api.llama_model_is_recurrent(model.handle) or api.llama_model_is_hybrid(model.handle))
        self.least_copied = _LEAST_COPIED if room.apart else 1  # in a cache for all, a copy costs nothing
        self.batch = Batch(config.n_batch)

    def decode(self) -> bool:
        """Compute what was added to `batch` since the last call; False where the cache has no room for it.

        Raises:
            EngineError: llama.cpp failed; what the cache holds of these sequences is then unknown.
        """
        code: int = self._decode(self.handle, self.batch.take())
        self._synchronize(self.handle)  # a GPU computes on; whoever reads the logits first would wait with the GIL
        if code not in (0, _NO_ROOM):
            raise EngineError(f"llama.cpp could not compute a batch (code {code}): {last_error()}")
        return code == 0

    def truncate(self, slot: int, length: int) -> bool:
        """Drop what the cache holds of a sequence from position `length` on.

        False where the model's kind of cache can only drop a sequence as a whole: then that is done.
        """
        if self._remove(self._memory, slot, length, -1):
            return True
        self._remove(self._memory, slot, -1, -1)
        return False

    def copy(self, source: int, target: int, start: int, end: int) -> None:
        """Let a sequence share what another has in the cache from position `start` to before `end`; needs `shares`."""
        if self._apart:  # llama.cpp copies the whole cache of a sequence, before the next batch
            self._copy(self._memory, source, target, -1, -1)
            self._remove(self._memory, target, end, -1)
        else:
            self._copy(self._memory, source, target, start, end)

    def free(self) -> None:
        """Give back the cache, and the model with it."""
        library().llama_free(self.handle)
        self._model.free()


class Batch:
    """The tokens of the next call of llama.cpp, in arrays of our own: each is filled in one assignment."""

    def __init__(self, size: int) -> None:
        self._token_array = (ctypes.c_int32 * size)()
        self._position_array = (ctypes.c_int32 * size)()
        self._slot_array = (ctypes.c_int32 * size)()
        self._output_array = (ctypes.c_int8 * size)()
        self._struct = self._make_struct(size)
        self._clear()

    def add(self, slot: int, position: int, tokens: list[int], output: bool) -> int:
        """Put tokens of a sequence in, the first at `position`; `output` asks for the logits of the last.

        Returns the index of the last, which names its logits after `Context.decode`.
        """
        count = len(tokens)
        self._tokens += tokens
        self._positions += range(position, position + count)
        self._slots += [slot] * count
        self._outputs += [0] * (count - 1)
        self._outputs.append(output)
        return len(self._tokens) - 1

    def take(self) -> Any:
        """The batch as llama.cpp's struct; it is empty again for the next call."""
        count = len(self._tokens)
        self._token_array[:count] = self._tokens
        self._position_array[:count] = self._positions
        self._slot_array[:count] = self._slots
        self._output_array[:count] = self._outputs
        self._struct.n_tokens = count
        self._clear()
        return self._struct

    def _clear(self) -> None:
        self._tokens: list[ctypes.c_int32 | int] = []
        self._positions: list[ctypes.c_int32 | int] = []
        self._slots: list[ctypes.c_int32 | int] = []
        self._outputs: list[ctypes.c_int8 | int] = []

    def _make_struct(self, size: int) -> Any:
        pointer = ctypes.POINTER(ctypes.c_int32)
        start, width = ctypes.addressof(self._slot_array), ctypes.sizeof(ctypes.c_int32)
        slot_pointers = [ctypes.cast(start + index * width, pointer) for index in range(size)]
        return library().llama_batch(
            token=self._token_array,
            pos=self._position_array,
            n_seq_id=(ctypes.c_int32 * size)(*[1] * size),
            seq_id=(pointer * size)(*slot_pointers),
            logits=self._output_array,
        )


def _check(path: Path, model: Model, config: LlamaCppConfig) -> None:
    trained = model.info.trained_context
    if config.n_ctx > trained:
        raise UserError(f"n_ctx is {config.n_ctx}, but {path} was trained for {trained}: set it to at most that")


def _parameters(config: LlamaCppConfig, room: Room, weights: int) -> Any:
    api = library()
    parameters = api.llama_context_default_params()
    threads = thread_count(config, weights)
    parameters.n_ctx = room.cells
    parameters.n_seq_max = room.slots
    parameters.n_batch = config.n_batch
    parameters.n_ubatch = config.n_batch
    parameters.n_threads = threads
    parameters.n_threads_batch = threads
    parameters.kv_unified = not room.apart
    if not offloads(config):
        # on a CPU it sums in half precision, so that a text depends on what else is in the cache
        parameters.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_DISABLED
    return parameters


def thread_count(config: LlamaCppConfig, weights: int) -> int:
    """How many threads compute a model of so many weights."""
    return config.threads or (1 if weights < _SMALL else _usable_cpus())


def _usable_cpus() -> int:
    allotted = os.environ.get("OMP_NUM_THREADS", "")  # as a cluster sets it
    if allotted.isdecimal() and int(allotted):
        return int(allotted)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
