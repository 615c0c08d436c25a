"""Generators, sequences, event loops, threads and engines that end while somebody still counts on them."""

import asyncio
import gc
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from cached_cells import cells
from tora_agent.engines.base import Completion, EngineError, Sampling
from tora_agent.engines.batching import CachedSequence
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig

APPLES = "<|user|>\nTom has 12 apples. Mary gives him 7 more. How many?\n<|assistant|>\n"
GREEDY = Sampling()
PATIENCE = 60  # seconds, after which something waits for ever


async def completed(sequence: CachedSequence, max_tokens: int = 40) -> Completion:
    async with asyncio.timeout(PATIENCE):
        items = [item async for item in sequence.generate((), max_tokens)]
    assert isinstance(items[-1], Completion)
    return items[-1]


async def solved(engine: LlamaCpp) -> str:
    async with asyncio.timeout(PATIENCE), engine.sequence(APPLES, GREEDY) as sequence:
        return (await completed(sequence)).text


async def test_a_generator_that_nobody_closes_leaves_the_next_generation_alone(engine: LlamaCpp) -> None:
    async with engine.sequence(APPLES, GREEDY) as sequence:
        first = sequence.generate((), 5)
        async for item in first:
            if isinstance(item, Completion):
                break
        second = sequence.generate((), 40)
        pieces = [await anext(second)]
        await first.aclose()
        async with asyncio.timeout(PATIENCE):
            pieces += [piece async for piece in second]
    assert isinstance(pieces[-1], Completion)


async def test_leaving_a_sequence_ends_the_task_that_reads_from_it(engine: LlamaCpp) -> None:
    begun = asyncio.Event()

    async def read(sequence: CachedSequence) -> None:
        async for _ in sequence.generate((), 400):
            begun.set()

    async with engine.sequence(APPLES, GREEDY) as sequence:
        reader = asyncio.create_task(read(sequence))
        await begun.wait()
    with pytest.raises(RuntimeError, match="this sequence was left"):
        await asyncio.wait_for(reader, PATIENCE)
    assert await cells(engine) == 0


async def test_a_generation_that_never_began_takes_nothing_back(nano: Path) -> None:
    """It was asked of a sequence that had been left, whose prompt stays in the cache."""
    engine = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=512, slots=1, threads=1))
    async with engine.sequence(APPLES, GREEDY) as sequence:
        await completed(sequence)
    asking = asyncio.ensure_future(completed(sequence))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert await cells(engine) == 0
    async with engine.sequence(APPLES, GREEDY) as sequence:
        assert (await completed(sequence)).prompt_tokens == 1
    await engine.close()


class HeldSampler:
    """Writes one token again and again; from the second on it waits until it is let go, and then fails if it shall."""

    def __init__(self, token: int, failure: Exception | None = None) -> None:
        self.waits, self.may_go = threading.Event(), threading.Event()
        self._token, self._failure, self._picks = token, failure, 0

    def begin(self, tokens: Iterable[int]) -> None:
        """Nothing to prepare."""

    def pick(self, context: Any, index: int) -> int:
        self._picks += 1
        if self._picks > 1:
            self.waits.set()
            self.may_go.wait()
            if self._failure:
                raise self._failure
        return self._token


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_where_the_engines_thread_dies_everybody_who_waits_for_it_is_told(nano: Path) -> None:
    engine = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=512, slots=2, threads=1))
    sampler = HeldSampler(token=300, failure=MemoryError())

    async def fail() -> None:
        async with engine.sequence_with(APPLES, sampler) as sequence:
            await completed(sequence)

    async with engine.sequence(APPLES, GREEDY) as other:
        failing = asyncio.create_task(fail())
        await asyncio.to_thread(sampler.waits.wait)
        asked = [cells(engine), completed(other), solved(engine), cells(engine)]
        tasks = [failing, *map(asyncio.ensure_future, asked)]
        await asyncio.sleep(0)  # they ask, and wait for the thread
        sampler.may_go.set()
        outcomes = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), PATIENCE)
    assert all(isinstance(outcome, EngineError) for outcome in outcomes), outcomes
    assert {str(outcome) for outcome in outcomes} == {"the engine's thread failed: MemoryError()"}
    with pytest.raises(EngineError, match="the engine's thread failed"):
        await solved(engine)
    await engine.close()


def test_the_slot_of_a_sequence_comes_back_when_its_loop_was_closed_in_mid_generation(nano: Path) -> None:
    engine = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=512, slots=1, threads=1))

    sampler = HeldSampler(token=300)

    async def begin() -> Any:
        opened = engine.sequence_with(APPLES, sampler)
        generator = (await opened.__aenter__()).generate((), 400)
        await anext(generator)
        return opened, generator

    loop = asyncio.new_event_loop()
    held = loop.run_until_complete(begin())
    loop.close()
    sampler.may_go.set()
    assert asyncio.run(solved(engine))
    del held
    gc.collect()  # what is left of the sequence gives nothing back a second time
    assert asyncio.run(solved(engine))
    asyncio.run(engine.close())


def test_the_slot_of_a_sequence_comes_back_when_its_loop_was_closed_between_generations(nano: Path) -> None:
    engine = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=512, slots=1, threads=1))
    loop = asyncio.new_event_loop()
    opened = engine.sequence(APPLES, GREEDY)
    loop.run_until_complete(opened.__aenter__())
    loop.close()
    del opened
    gc.collect()
    assert asyncio.run(solved(engine))
    asyncio.run(engine.close())


def test_a_tokenizer_says_that_its_engine_is_closed(nano: Path) -> None:
    engine = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=512, slots=1, threads=1))
    tokens = engine.tokenizer.prompt(APPLES)
    asyncio.run(engine.close())
    for use in (lambda: engine.tokenizer.prompt(APPLES), lambda: engine.tokenizer.detokenise(tokens)):
        with pytest.raises(EngineError, match="its engine is closed"):
            use()


@pytest.mark.parametrize("task", ["held", "collected", "given a slot"])
def test_a_task_whose_loop_was_closed_while_it_waited_takes_no_slot(nano: Path, task: str) -> None:
    engine = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=512, slots=1, threads=1))
    first, second = asyncio.new_event_loop(), asyncio.new_event_loop()
    holder = engine.sequence(APPLES, GREEDY)
    first.run_until_complete(holder.__aenter__())
    waiting = second.create_task(solved(engine))
    second.run_until_complete(asyncio.sleep(0.1))
    if task == "given a slot":  # which it never hears of
        first.run_until_complete(holder.__aexit__(None, None, None))
        engine._scheduler.ask(int).result()  # after the engine's thread gave it
    second.close()
    if task != "held":
        del waiting
        gc.collect()
    if task != "given a slot":
        first.run_until_complete(holder.__aexit__(None, None, None))
    first.close()
    assert asyncio.run(solved(engine))
    asyncio.run(engine.close())
