"""A beginning that several sequences have in common is computed once: the tokens that were computed are counted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cached_cells import cells
from tora_agent.engines.base import Completion, Sampling
from tora_agent.engines.batching.slots import Slots
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig
from tora_agent.engines.llama_cpp.context import Context
from tora_agent.engines.llama_cpp.tokenizer import Tokenizer

DEMONSTRATIONS = "".join(
    f"Question: A box holds {n} pens. How many pens do {n + 1} boxes hold?\n\nSolution: {n * (n + 1)}\n---\n"
    for n in range(2, 12)
)
PROBLEMS = [f"Question: Tom has {n} apples and eats {n - 3}. What is left?\n\nSolution:" for n in range(11, 27)]
FEW_SHOT = [DEMONSTRATIONS + problem for problem in PROBLEMS]
STEP = 64  # tokens: the demonstrations take several steps


CONFIG = LlamaCppConfig(n_ctx=1024, slots=4, threads=1, n_batch=STEP)


@pytest.fixture
async def fresh(nano: Path) -> AsyncIterator[LlamaCpp]:
    engine = LlamaCpp.load(nano, CONFIG)
    yield engine
    await engine.close()


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is copied in caches from now on."""
    made, copy = [], Context.copy
    monkeypatch.setattr(Context, "copy", lambda *arguments: made.append(arguments) or copy(*arguments))
    return made


async def completed(engine: LlamaCpp, prompt: str, sampling: Sampling = Sampling()) -> Completion:
    async with engine.sequence(prompt, sampling) as sequence:
        items = [item async for item in sequence.generate(("---",), 12)]
    assert isinstance(items[-1], Completion)
    return items[-1]


def distinct(texts: list[list[int]]) -> int:
    """How many tokens there are to compute when each beginning that texts have in common is computed once."""
    return len({tuple(text[:length]) for text in texts for length in range(1, len(text) + 1)})


async def test_in_a_cache_for_all_a_few_shot_prompt_is_computed_once_for_problems_one_after_another(
    nano: Path, tokenizer: Tokenizer, copies: list[Any]
) -> None:
    engine = LlamaCpp.load(nano, replace(CONFIG, memory_mb=38))
    completions = [await completed(engine, prompt) for prompt in FEW_SHOT]
    await engine.close()
    computed = sum(completion.prompt_tokens for completion in completions)
    assert computed == distinct([tokenizer.prompt(prompt) for prompt in FEW_SHOT])
    assert len(copies) > engine.slots


async def test_a_cache_of_ones_own_is_copied_once_for_problems_one_after_another(
    fresh: LlamaCpp, tokenizer: Tokenizer, copies: list[Any]
) -> None:
    """A problem that shares a few tokens more with another's slot than with its own computes those itself."""
    completions = [await completed(fresh, prompt) for prompt in FEW_SHOT]
    computed = sum(completion.prompt_tokens for completion in completions)
    least = distinct([tokenizer.prompt(prompt) for prompt in FEW_SHOT])
    assert least < computed < least + 16 * len(FEW_SHOT)
    assert len(copies) == fresh.slots - 1


async def test_a_few_shot_prompt_is_computed_once_for_problems_at_the_same_time(
    fresh: LlamaCpp, tokenizer: Tokenizer
) -> None:
    completions = await asyncio.gather(*(completed(fresh, prompt) for prompt in FEW_SHOT))
    computed = sum(completion.prompt_tokens for completion in completions)
    texts = [tokenizer.prompt(prompt) for prompt in FEW_SHOT]
    # those that begin together also compute the few tokens that their problems have in common
    assert computed <= distinct(texts) + (fresh.slots - 1) * max(map(len, map(tokenizer.prompt, PROBLEMS)))
    assert max(map(len, texts)) > 4 * STEP


async def test_shared_prompts_give_the_texts_of_prompts_read_alone(nano: Path, fresh: LlamaCpp) -> None:
    together = await asyncio.gather(*(completed(fresh, prompt) for prompt in FEW_SHOT))
    alone = []
    for prompt in FEW_SHOT[:4]:
        engine = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=1024, threads=1))
        alone.append((await completed(engine, prompt)).text)
        await engine.close()
    # rounding differs with the batch, and may turn a token
    assert sum(one == other.text for one, other in zip(alone, together[:4], strict=True)) >= 3


@pytest.mark.parametrize("slots", [1, 4, 16])
async def test_the_samples_of_a_problem_share_its_whole_prompt(nano: Path, tokenizer: Tokenizer, slots: int) -> None:
    engine = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=1024, slots=slots, threads=1))
    samples = [Sampling(temperature=3, seed=seed) for seed in range(16)]
    completions = await asyncio.gather(*(completed(engine, FEW_SHOT[0], sampling) for sampling in samples))
    await engine.close()
    # the last token of the prompt is each sample's own: the logits of its first token come from it
    assert sum(completion.prompt_tokens for completion in completions) == len(tokenizer.prompt(FEW_SHOT[0])) + 15
    assert len({completion.text for completion in completions}) > 4


async def test_a_beginning_is_copied_once_for_each_that_shares_it(nano: Path, copies: list[Any]) -> None:
    engine = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=1024, slots=8, threads=1, n_batch=STEP))
    await asyncio.gather(*(completed(engine, FEW_SHOT[0], Sampling(temperature=3, seed=seed)) for seed in range(8)))
    await engine.close()
    assert len(copies) == 7


async def test_sequences_take_slots_beside_each_other() -> None:
    slots = Slots(8)
    assert [await slots.take() for _ in range(3)] == [0, 1, 2]
    slots.give(0)
    assert await slots.take() == 3
    for slot in (1, 2, 3):
        slots.give(slot)
    assert await slots.take() == 4  # the longest free, where nobody is


async def test_two_prompts_in_turn_are_each_computed_once(fresh: LlamaCpp, tokenizer: Tokenizer) -> None:
    prompts = [DEMONSTRATIONS + PROBLEMS[0], "x = 1\n" * 100]
    for prompt in prompts:
        assert (await completed(fresh, prompt)).prompt_tokens == len(tokenizer.prompt(prompt))
    for prompt in prompts * 4:
        assert (await completed(fresh, prompt)).prompt_tokens == 1


async def test_a_cancelled_reader_leaves_what_waits_for_it_to_read_on(fresh: LlamaCpp) -> None:
    tasks = [asyncio.create_task(completed(fresh, prompt)) for prompt in FEW_SHOT[:4]]
    await asyncio.sleep(0.01)
    tasks[0].cancel()
    completions = await asyncio.gather(*tasks[1:])
    assert all(completion.completion_tokens for completion in completions)
    assert await cells(fresh) == 0
