"""What the llama.cpp engine reaches: of bare llama_decode, and against the high-level class one problem at a time."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, TypeVar
from unittest.mock import patch

from tora_agent.agent import run
from tora_agent.bench.floor import RecordingContext, Step, read_prompt, replay
from tora_agent.bench.forced import STOP, Forced, ForcedSampler, follow, least_read
from tora_agent.engines.batching import CachedSequence
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig
from tora_agent.engines.llama_cpp.context import Context, thread_count
from tora_agent.engines.llama_cpp.memory import allowed_memory, find_room
from tora_agent.engines.llama_cpp.model import Model, load_parameters
from tora_agent.engines.llama_cpp.native import library
from tora_agent.engines.llama_cpp.tokenizer import Tokenizer
from tora_agent.errors import UserError
from tora_agent.prompt import Prompt
from tora_agent.sandbox import Sandbox

_REPEATS = 5
_BUSY_PROGRAMS = 2


@dataclass(frozen=True, slots=True)
class Rates:
    """Tokens per second at one size of batch, of the engine and of bare llama_decode for the same batches."""

    batch: int
    prefill: float
    prefill_floor: float
    decode: float
    decode_floor: float


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole evaluation of forced trajectories, without running their programs.

    `read` counts the tokens computed to read prompts and outputs, `least_read` those that have to be. The
    sequential way is llama-cpp-python's `create_completion`, the text sent anew in each turn.
    """

    problems: int
    slots: int
    written: int
    read: int
    least_read: int
    seconds: float
    sequential_seconds: float


Returned = TypeVar("Returned")
Phases = tuple[float, float]  # seconds of reading the prompts, and of writing


def check_sizes(path: Path, config: LlamaCppConfig, work: Sequence[Forced], tokens: int) -> None:
    """Refuse trajectories that outgrow the context, as they are or when `tokens` tokens follow their prompts.

    Raises:
        UserError: some do, or the memory does not suffice; the sentence says how much would do.
    """
    memory = allowed_memory(config)
    model = Model(path, n_gpu_layers=0)
    find_room(path, model, config, memory)
    cutter = Tokenizer(model)
    longest = 0
    for forced in work:
        texts = [part for turn in forced.turns for part in turn]
        written = sum(len(cutter.continuation(text.encode())) for text in texts)
        longest = max(longest, len(cutter.prompt(forced.prompt)) + max(written, 1 + tokens))
    model.free()
    if longest > config.n_ctx:
        raise UserError(
            f"the longest trajectory, or its prompt and {tokens} tokens, takes {longest} tokens, and the context has"
            f" {config.n_ctx}: raise --n-ctx, or choose fewer --tokens or a shorter --prompt"
        )


def rates(path: Path, config: LlamaCppConfig, work: Sequence[Forced], tokens: int) -> Rates:
    """Measure one size of batch, `config.slots`; each sequence writes `tokens` tokens after its prompt."""
    slots = config.slots or 1
    prompts = list(islice(cycle(work), slots))
    recorder, model = _context(RecordingContext, path, config)
    read, boundary = asyncio.run(_recorded(recorder, model, config, prompts, tokens))
    engine, floor = [], []
    for _ in range(_REPEATS):
        context, model = _context(Context, path, config)
        engine.append(asyncio.run(_phases(LlamaCpp(model, context, config), prompts, tokens)))
        context, _ = _context(Context, path, config)
        floor.append(_floor(context, recorder.steps, boundary))
        context.free()
    (reading, writing), (floor_reading, floor_writing) = _middle(engine), _middle(floor)
    return Rates(slots, read / reading, read / floor_reading, slots * tokens / writing, slots * tokens / floor_writing)


async def busy_ratio(path: Path, config: LlamaCppConfig, work: Sequence[Forced], tokens: int) -> float:
    """The rate of decoding while the sandbox runs two programs that never end, over that without them."""
    prompts = list(islice(cycle(work), config.slots or 1))
    idle, busy = [], []
    async with Sandbox(concurrency=_BUSY_PROGRAMS) as sandbox:
        await sandbox.link()
        for _ in range(_REPEATS):
            idle.append((await _phases(LlamaCpp.load(path, config), prompts, tokens))[1])
            async with _busy_programs(sandbox):
                busy.append((await _phases(LlamaCpp.load(path, config), prompts, tokens))[1])
    return median(idle) / median(busy)


@asynccontextmanager
async def _busy_programs(sandbox: Sandbox) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(sandbox.session()) for _ in range(_BUSY_PROGRAMS)]
        programs = [asyncio.create_task(session.run("while True: pass", seconds=3600)) for session in sessions]
        try:
            yield
        finally:
            for program in programs:
                program.cancel()
            await asyncio.wait(programs)


async def first_text_ratio(path: Path, config: LlamaCppConfig, work: Sequence[Forced], prompt: Prompt) -> float:
    """The time to the first text of a solved question, over that in which bare llama_decode reads the same prompt."""
    solved, bare = [], []
    async with Sandbox(concurrency=1) as sandbox:
        await sandbox.link()
        for forced in islice(cycle(work), _REPEATS):
            engine = LlamaCpp.load(path, config)
            tokens = engine.tokenizer.prompt(forced.prompt)
            began = time.perf_counter()
            async with aclosing(run(forced.question, engine, sandbox, prompt)) as events:
                await anext(events)
                solved.append(time.perf_counter() - began)
            await engine.close()
            context, _ = _context(Context, path, config)
            bare.append(_in_a_thread(partial(read_prompt, context, tokens, config.n_batch)))
            context.free()
    return median(one / other for one, other in zip(solved, bare, strict=True))


async def whole(path: Path, config: LlamaCppConfig, work: Sequence[Forced]) -> Whole:
    """Work off all trajectories with the scheduler, then one after the other with the high-level class."""
    engine = LlamaCpp.load(path, config)
    began = time.perf_counter()
    tokens = await asyncio.gather(*(follow(engine, forced) for forced in work))
    seconds = time.perf_counter() - began
    least = least_read(engine, work)
    await engine.close()
    read, written = sum(one.read for one in tokens), sum(one.written for one in tokens)
    return Whole(len(work), engine.slots, written, read, least, seconds, _sequential(path, config, work))


def _context(kind: type[Any], path: Path, config: LlamaCppConfig) -> tuple[Any, Model]:
    memory = allowed_memory(config)
    model = Model(path, config.n_gpu_layers)
    return kind(path, model, config, memory), model


def _floor(context: Context, steps: Sequence[Step], boundary: int) -> Phases:
    """The seconds of the steps before `boundary`, and of the rest."""
    return _in_a_thread(lambda: (replay(context, steps[:boundary]), replay(context, steps[boundary:])))


def _in_a_thread(work: Callable[[], Returned]) -> Returned:
    """Do something in a thread of its own, as the engine does.

    OpenMP keeps a team for each thread that lives, and with a team in the main thread as well it would take the CPUs
    for overcommitted, and hardly spin in the engine's.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def _middle(phases: Sequence[Phases]) -> Phases:
    return median(reading for reading, _ in phases), median(writing for _, writing in phases)


async def _recorded(
    recorder: RecordingContext, model: Model, config: LlamaCppConfig, prompts: Sequence[Forced], tokens: int
) -> tuple[int, int]:
    """Run both phases once: how many tokens were read, and the number of steps that took."""
    boundaries: list[int] = []
    await _phases(LlamaCpp(model, recorder, config), prompts, tokens, lambda: boundaries.append(len(recorder.steps)))
    reading = recorder.steps[: boundaries[0]]
    return sum(len(arguments[0]) for name, arguments in reading if name == "decode"), boundaries[0]


async def _phases(
    engine: LlamaCpp, prompts: Sequence[Forced], tokens: int, between: Callable[[], None] = lambda: None
) -> Phases:
    """Read all prompts, each up to its first new token, then write `tokens` more in each sequence."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.close)
        samplers = [ForcedSampler(engine.tokenizer.size, engine.config.n_ctx) for _ in prompts]
        sequences = [
            await stack.enter_async_context(engine.sequence_with(forced.prompt, sampler))
            for forced, sampler in zip(prompts, samplers, strict=True)
        ]
        for forced, sampler in zip(prompts, samplers, strict=True):
            sampler.force(cycle(engine.tokenizer.continuation(forced.turns[0][0].encode())))
        began = time.perf_counter()
        await asyncio.gather(*(_write(sequence, 1) for sequence in sequences))
        read = time.perf_counter()
        between()
        await asyncio.gather(*(_write(sequence, tokens) for sequence in sequences))
        return read - began, time.perf_counter() - read


async def _write(sequence: CachedSequence, tokens: int) -> None:
    async for _ in sequence.generate((), tokens):
        pass


def _sequential(path: Path, config: LlamaCppConfig, work: Sequence[Forced]) -> float:
    """The seconds that the high-level class takes for the same trajectories."""
    api = library()
    model = Model(path, config.n_gpu_layers)
    threads = thread_count(config, model.info.parameters)
    model.free()
    parameters = load_parameters()
    # the class takes no such parameters, and would crash where they differ from the defaults
    with patch.object(api.llama_cpp, "llama_model_default_params", lambda: parameters):
        llama = api.Llama(
            str(path),
            n_ctx=config.n_ctx,
            n_batch=config.n_batch,
            n_threads=threads,
            n_threads_batch=threads,
            n_gpu_layers=config.n_gpu_layers,
            verbose=False,
        )
    began = time.perf_counter()
    for forced in work:
        text = forced.prompt
        for written, output in forced.turns:
            tokens = llama.tokenize(written.encode(), add_bos=False)
            reply = llama.create_completion(
                text, max_tokens=len(tokens), temperature=0, stop=list(STOP), logits_processor=_forcing(api, tokens)
            )
            text += reply["choices"][0]["text"].rstrip() + output
    seconds = time.perf_counter() - began
    llama.close()
    return seconds


def _forcing(api: Any, tokens: list[int]) -> Any:
    left = iter(tokens)

    def force(_: Any, scores: Any) -> Any:
        scores[next(left, 0)] = 1e9
        return scores

    return api.LogitsProcessorList([force])
