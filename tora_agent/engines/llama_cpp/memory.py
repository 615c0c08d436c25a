"""How many trajectories run at once: what the model and the memory that there is allow."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tora_agent.engines.llama_cpp.config import LlamaCppConfig
from tora_agent.engines.llama_cpp.model import Model
from tora_agent.engines.llama_cpp.native import gpu_memory, library
from tora_agent.engines.machine import free_memory
from tora_agent.errors import UserError

MOST_CHOSEN = 16  # slots where the user names no number; more gain little on a CPU
PROGRAM_BYTES = 250_000_000  # what Python, the sandbox's processes and llama.cpp itself take beside the model, measured
_USABLE_OF_GPU = 0.9  # the rest is for what is computed between the layers
_MIB = 1 << 20
_PADDING = 256  # of whose multiples llama.cpp makes the cache of a single sequence


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides how much memory a model takes: `weights` in bytes, and the numbers of its architecture.

    `layers` counts those that attend: a recurrent model has none, a hybrid some. The lengths are those of one head's
    key and value; 0 is the width shared out among the heads. `state` is what recurrent layers keep of a whole text, in
    bytes.
    """

    weights: int
    layers: int
    heads: int
    kv_heads: int
    width: int
    vocabulary: int
    key_length: int = 0
    value_length: int = 0
    state: int = 0

    def fixed_bytes(self, n_batch: int) -> int:
        """The weights, and the logits and states of a whole batch."""
        return self.weights + 4 * n_batch * (self.vocabulary + 2 * self.width)

    def cell_bytes(self) -> int:
        """What one more token in the cache takes: half-precision keys and values."""
        each = self.width // self.heads if self.heads else 0
        widths = (self.key_length or each) + (self.value_length or each)
        return 2 * self.layers * self.kv_heads * widths

    def attention_bytes(self, n_batch: int) -> int:
        """What a whole batch's attention to one more token takes."""
        return 4 * n_batch * (self.heads + 1) if self.layers else 0

    def bytes(self, config: LlamaCppConfig, states: int = 1) -> int:
        """What the model takes with one whole context, and the states of so many sequences."""
        cell = self.cell_bytes() + self.attention_bytes(config.n_batch)
        return self.fixed_bytes(config.n_batch) + cell * config.n_ctx + states * self.state


@dataclass(frozen=True, slots=True)
class Room:
    """What one context is made for: `slots` sequences at once, `cells` tokens in the cache for all of them.

    Where they are `apart`, each has a cache of its own with as many cells as any other's.
    """

    slots: int
    cells: int
    apart: bool


def find_room(path: Path, model: Model, config: LlamaCppConfig, memory: int) -> Room:
    """The room that a model has in `memory` bytes, its weights included.

    On a CPU each sequence gets a cache of its own where whole contexts fit: a token's attention goes over all cells of
    its cache. Else they share one; of a number of slots that nobody named, half a context is counted for each, which
    few trajectories exceed.

    Raises:
        UserError: it does not suffice for one context.
    """
    shape = _shape(path, model)
    slots = config.slots or min(MOST_CHOSEN, config.n_batch)
    if shape.state and not config.slots:
        slots = max(1, min(slots, 1 + (memory - shape.bytes(config)) // shape.state))
    if memory < shape.bytes(config, slots):
        needed = math.ceil(shape.bytes(config, slots) / _MIB)
        raise UserError(
            f"{path} with n_ctx {config.n_ctx} needs {needed:,} MiB of memory and may use {memory // _MIB:,}: choose"
            f" a smaller n_ctx or quantisation, or allow it more (--memory {needed})"
        )
    free = memory - shape.fixed_bytes(config.n_batch) - slots * shape.state
    cell, attention = shape.cell_bytes(), shape.attention_bytes(config.n_batch)
    whole = math.ceil(config.n_ctx / _PADDING) * _PADDING
    if not shape.layers or (not offloads(config) and (slots * cell + attention) * whole <= free):
        return Room(slots, slots * whole, apart=True)
    fitting = free // (cell + attention)
    if config.slots:
        return Room(slots, min(fitting, slots * config.n_ctx), apart=False)
    slots = min(slots, 2 * fitting // config.n_ctx)
    return Room(slots, max(config.n_ctx, slots * config.n_ctx // 2), apart=False)


def offloads(config: LlamaCppConfig) -> bool:
    """Whether layers go to a GPU."""
    return bool(config.n_gpu_layers and library().llama_supports_gpu_offload())


def allowed_memory(config: LlamaCppConfig) -> int:
    """How many bytes an engine may use: what the user says, or nine tenths of the GPUs' free ones, or `free_memory`."""
    match memory_kind(config):
        case "--memory":
            return (config.memory_mb or 0) * _MIB
        case "GPU":
            return int(_USABLE_OF_GPU * gpu_memory())
        case "RAM":
            return free_memory()


def memory_kind(config: LlamaCppConfig) -> Literal["--memory", "GPU", "RAM"]:
    """Whose bytes an engine may use: the user says how many, or all layers go to GPUs, or they don't."""
    if config.memory_mb:
        return "--memory"
    return "GPU" if config.n_gpu_layers == -1 and gpu_memory() else "RAM"


def make_shape(numbers: Callable[[str], list[int]], weights: int, vocabulary: int) -> Shape:
    """The shape of a model whose header says `numbers` under a key: one for each layer, one for all, or none."""

    def number(key: str) -> int:
        return max(numbers(key), default=0)

    layers, width = number("block_count"), number("embedding_length")
    told = numbers("attention.head_count_kv") or numbers("attention.head_count")
    key_heads = told if len(told) == layers else [max(told, default=0)] * layers
    attending = sum(map(bool, key_heads))
    inner, size = number("ssm.inner_size"), number("ssm.state_size")
    # what llama.cpp keeps of Mamba's convolution and state, of RWKV's, and of LFM2's
    kept = max(0, number("ssm.conv_kernel") - 1) * (inner + 2 * number("ssm.group_count") * size) + inner * size
    kept += width * (number("wkv.head_size") + number("token_shift_count") + max(0, number("shortconv.l_cache") - 1))
    return Shape(
        weights=weights,
        layers=attending,
        heads=number("attention.head_count"),
        kv_heads=max(key_heads, default=0),
        width=width,
        vocabulary=vocabulary,
        key_length=number("attention.key_length"),
        value_length=number("attention.value_length"),
        state=4 * kept * (layers - attending if 0 in key_heads else layers),
    )


def _shape(path: Path, model: Model) -> Shape:
    """The shape of a loaded model."""

    def numbers(key: str) -> list[int]:
        value = model.metadata(f"{model.info.architecture}.{key}")
        return [int(value)] if value else []

    heads, key_heads = numbers("attention.head_count"), numbers("attention.head_count_kv")
    if not heads or (heads[0] and not key_heads):  # another number in each layer, which llama.cpp does not tell
        from tora_agent.engines.llama_cpp.header import read_header

        return read_header(path).shape
    with model.vocabulary() as vocabulary:
        return make_shape(numbers, model.info.size, library().llama_vocab_n_tokens(vocabulary))
