"""How close the llama_cpp engine comes to its floor: the same batches, given to bare llama_decode.

    python bench/engine_floor.py [MODEL.gguf] [--slots 1,8,16] [--problems 64] [--threads 1]

Each problem is a small ToRA trajectory: a generation, an output, a second generation. The floor computes exactly
the batches that the engine computed, with no sampling, text or scheduling between them.
"""

import argparse
import asyncio
import time
from importlib import resources
from pathlib import Path
from statistics import median
from typing import Any

from tora_agent.engines.base import Completion, Sampling
from tora_agent.engines.llama_cpp.config import LlamaCppConfig
from tora_agent.engines.llama_cpp.context import Context
from tora_agent.engines.llama_cpp.engine import LlamaCpp
from tora_agent.engines.llama_cpp.memory import allowed_memory
from tora_agent.engines.llama_cpp.model import Model
from tora_agent.engines.llama_cpp.native import library

PROMPT = "<|user|>\nTom has {n} apples. Mary gives him 7 more. How many apples does Tom have now?\n<|assistant|>\n"
STOP = ("</s>", "```output")
MAX_TOKENS = 128
REPEATS = 3

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


async def solve(engine: LlamaCpp, number: int) -> int:
    """One trajectory; returns the number of tokens that the model wrote."""
    tokens = 0
    async with engine.sequence(PROMPT.format(n=number), Sampling()) as sequence:
        for appended in ("", f"\n```output\n{number + 7}\n```\n"):
            await sequence.append(appended)
            async for item in sequence.generate(STOP, MAX_TOKENS):
                if isinstance(item, Completion):
                    tokens += item.completion_tokens
    return tokens


async def run_engine(context: Context, model: Model, config: LlamaCppConfig, problems: int) -> tuple[int, float]:
    """The tokens that the model wrote, and the seconds, for all problems at once."""
    engine = LlamaCpp(model, context, config)
    began = time.perf_counter()
    written = sum(await asyncio.gather(*(solve(engine, number) for number in range(10, 10 + problems))))
    seconds = time.perf_counter() - began
    await engine.close()
    return written, seconds


def run_floor(context: Context, steps: list[Step]) -> float:
    """The seconds that bare llama_decode takes for the recorded steps."""
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
    context.free()
    return seconds


def compare(path: Path, config: LlamaCppConfig, problems: int) -> str:
    """One line of the table, from the median of the repeats."""
    memory = allowed_memory(config)
    model = Model(path, config.n_gpu_layers)
    recorder = RecordingContext(path, model, config, memory)
    written, _ = asyncio.run(run_engine(recorder, model, config, problems))
    engine, floor = [], []
    for _ in range(REPEATS):
        model = Model(path, config.n_gpu_layers)
        engine.append(asyncio.run(run_engine(Context(path, model, config, memory), model, config, problems))[1])
        model = Model(path, config.n_gpu_layers)
        floor.append(run_floor(Context(path, model, config, memory), recorder.steps))
    ratio = median(floor) / median(engine)
    decodes = sum(name == "decode" for name, _ in recorder.steps)
    return (
        f"{config.slots:5} {decodes:7} {written:7} {written / median(engine):10.0f}"
        f" {written / median(floor):10.0f} {ratio:6.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shipped = Path(str(resources.files("tora_agent.models") / "tora-nano.gguf"))
    parser.add_argument("model", nargs="?", type=Path, default=shipped)
    parser.add_argument("--slots", default="1,8,16")
    parser.add_argument("--problems", type=int, default=64)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    print("slots   steps  tokens engine t/s  floor t/s  ratio")
    for slots in map(int, arguments.slots.split(",")):
        config = LlamaCppConfig(n_ctx=512, slots=slots, threads=arguments.threads)
        print(compare(arguments.model, config, arguments.problems), flush=True)


if __name__ == "__main__":
    main()
