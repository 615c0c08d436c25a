"""The floor of an engine: the batches that it computed, given to bare llama_decode with no Python work between."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tora_agent.engines.llama_cpp.config import LlamaCppConfig
from tora_agent.engines.llama_cpp.context import Context
from tora_agent.engines.llama_cpp.model import Model
from tora_agent.engines.llama_cpp.native import library

Step = tuple[str, tuple[Any, ...]]  # a method of the context, and what it was given


class RecordingContext(Context):
    """A context that remembers what it was told to do."""

    def __init__(self, path: Path, model: Model, config: LlamaCppConfig, memory: int) -> None:
        super().__init__(path, model, config, memory)
        self.steps: list[Step] = []

    def decode(self) -> bool:
        batch = self.batch
        self.steps.append(("decode", (batch._tokens, batch._positions, batch._slots, batch._outputs)))
        return super().decode()

    def copy(self, source: int, target: int, start: int, end: int) -> None:
        self.steps.append(("copy", (source, target, start, end)))
        super().copy(source, target, start, end)

    def truncate(self, slot: int, length: int) -> bool:
        self.steps.append(("truncate", (slot, length)))
        return super().truncate(slot, length)


def replay(context: Context, steps: Sequence[Step]) -> float:
    """The seconds that bare llama_decode takes for recorded steps."""
    api, seconds = library(), 0.0
    for name, arguments in steps:
        if name != "decode":
            getattr(context, name)(*arguments)
            continue
        batch = context.batch
        batch._tokens, batch._positions, batch._slots, batch._outputs = arguments
        struct = batch.take()
        began = time.perf_counter()
        api.llama_decode(context.handle, struct)
        api.llama_synchronize(context.handle)
        seconds += time.perf_counter() - began
    return seconds


def read_prompt(context: Context, tokens: list[int], n_batch: int) -> float:
    """The seconds that bare llama_decode takes to read a prompt."""
    steps: list[Step] = []
    for start in range(0, len(tokens), n_batch):
        piece = tokens[start : start + n_batch]
        positions = list(range(start, start + len(piece)))
        last = positions[-1] == len(tokens) - 1
        steps.append(("decode", (piece, positions, [0] * len(piece), [0] * (len(piece) - 1) + [int(last)])))
    return replay(context, steps)
