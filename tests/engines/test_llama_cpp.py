"""The llama.cpp engine on the model that ships: text, cache, concurrency, cancellation."""

import asyncio
from collections.abc import Sequence as Strings
from pathlib import Path
from typing import Any

import pytest

from cached_cells import cells
from tora_agent.engines.base import Completion, ContextFull, EngineError, Sampling
from tora_agent.engines.batching import CachedSequence
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig
from tora_agent.engines.llama_cpp.context import Context
from tora_agent.engines.llama_cpp.model import Model
from tora_agent.engines.llama_cpp.sampler import Sampler
from tora_agent.engines.llama_cpp.tokenizer import Tokenizer

PROMPT = "<|user|>\n{}\n<|assistant|>\n"
APPLES = PROMPT.format("Tom has 12 apples. Mary gives him 7 more. How many apples does Tom have now?")
VAGUE = "The "
STOP = ("</s>", "```output")
OUTPUT = "\n```output\n19\n```\n"
GREEDY = Sampling()


async def complete(
    sequence: CachedSequence, stop: Strings[str] = STOP, max_tokens: int = 200
) -> tuple[list[str], Completion]:
    """The pieces and the completion of one generation."""
    *pieces, completion = [item async for item in sequence.generate(stop, max_tokens)]
    assert isinstance(completion, Completion)
    return [piece for piece in pieces if isinstance(piece, str)], completion


async def completed(engine: LlamaCpp, prompt: str, sampling: Sampling = GREEDY, max_tokens: int = 200) -> str:
    async with engine.sequence(prompt, sampling) as sequence:
        return (await complete(sequence, max_tokens=max_tokens))[1].text


def long_text(tokenizer: Tokenizer, tokens: int) -> str:
    """A text of about so many tokens."""
    return "12 " * (tokens * 10 // len(tokenizer.continuation(b"12 " * 10)))


async def test_a_trajectory_in_two_turns(engine: LlamaCpp) -> None:
    async with engine.sequence(APPLES, GREEDY) as sequence:
        pieces, first = await complete(sequence)
        assert "".join(pieces) == first.text
        assert "```python" in first.text and first.text.endswith("```")
        assert first.finish == "stop"
        await sequence.append(OUTPUT)
        pieces, second = await complete(sequence)
        assert "".join(pieces) == second.text
        assert "\\boxed{" in second.text
        assert second.finish == "eos"


async def test_the_output_alone_is_read_in_the_second_turn(nano: Path, tokenizer: Tokenizer) -> None:
    fresh = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=512, slots=1, threads=1))
    async with fresh.sequence(APPLES, GREEDY) as sequence:
        _, first = await complete(sequence)
        await sequence.append(OUTPUT)
        _, second = await complete(sequence)
    await fresh.close()
    assert first.prompt_tokens == len(tokenizer.prompt(APPLES))
    assert second.prompt_tokens == len(tokenizer.continuation(OUTPUT.encode()))


async def test_a_generation_can_be_cut_and_goes_on_as_if_it_had_not_been(engine: LlamaCpp) -> None:
    whole = await completed(engine, APPLES)
    async with engine.sequence(APPLES, GREEDY) as sequence:
        text = ""
        for _ in range(3):
            _, part = await complete(sequence, max_tokens=5)
            assert part.finish == "length"
            assert part.completion_tokens == 5
            text += part.text
    assert whole.startswith(text)


class BegunSampler(Sampler):
    """Writes what it was told to, and then what the model finds likeliest."""

    def __init__(self, engine: LlamaCpp, begun: str) -> None:
        super().__init__(GREEDY, engine.tokenizer.size, engine.config.n_ctx)
        self.begun = iter(engine.tokenizer.continuation(begun.encode()))

    def pick(self, context: Any, index: int) -> int:
        picked = super().pick(context, index)
        return next(self.begun, picked)


@pytest.mark.parametrize("memory_mb", [None, 16], ids=["a cache for each", "one for all"])
async def test_after_a_stop_string_at_any_place_the_text_and_the_cache_are_exact(nano: Path, memory_mb: int) -> None:
    """The cut sequence goes on as a fresh one with the same tokens, also where it ended inside a token."""
    engine = LlamaCpp.load(nano, LlamaCppConfig(512, slots=2, memory_mb=memory_mb, threads=1, n_batch=64))
    written = "Für 7 €\n gibt 2 🙂🙃:\n```python\nkaufe = 7 // 2\nprint(kaufe)\n```"
    same = []
    for start in range(2, len(written), 2):
        stop = written[start : start + 1 + start // 2 % 6]
        kept = written[: written.index(stop)].rstrip()
        sampler = BegunSampler(engine, written)
        async with engine.sequence_with(APPLES, sampler) as sequence:
            _, first = await complete(sequence, [stop])
            track = sequence._track
            assert (first.text, first.finish) == (kept, "stop")
            assert engine.tokenizer.detokenise(track.tokens) + track.remainder == (APPLES + kept).encode()
            assert await cells(engine) == track.cached >= len(track.tokens) - 1
            sampler.begun = iter(())
            await sequence.append(OUTPUT)
            _, second = await complete(sequence, max_tokens=6)
            asked = (APPLES + kept + OUTPUT).encode()
            starts = (track.tokens[:length] for length in range(len(track.tokens) + 1))
            tokens = next(start for start in starts if engine.tokenizer.detokenise(start) == asked)
        async with engine.sequence(APPLES, GREEDY) as fresh:
            fresh._track.tokens[:] = tokens
            _, third = await complete(fresh, max_tokens=6)
        same.append(second.text == third.text)
    await engine.close()
    assert sum(same) >= 0.9 * len(same)  # rounding differs with the batch, and may turn a token


async def test_the_text_of_a_question_holds_no_control_tokens(tokenizer: Tokenizer) -> None:
    tokens = tokenizer.prompt("<|endoftext|></s>")
    assert len(tokens) > 2
    assert tokenizer.detokenise(tokens) == b"<|endoftext|></s>"


async def test_a_seed_gives_the_same_text_whatever_else_runs(nano: Path, engine: LlamaCpp) -> None:
    samplings = [Sampling(temperature=1.5, top_p=0.95, top_k=50, min_p=0.001, seed=seed) for seed in range(8)]
    runs = []
    for _ in range(2):
        fresh = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=512, slots=4, threads=1))
        runs.append([await completed(fresh, VAGUE, sampling, 30) for sampling in samplings])
        await fresh.close()
    alone, again = runs
    assert alone == again
    assert len(set(alone)) > 4
    together = await asyncio.gather(*(completed(engine, VAGUE, sampling, 30) for sampling in samplings))
    # rounding differs with the size of the batch, and may turn a token
    assert sum(a == b for a, b in zip(alone, together, strict=True)) >= 4


async def test_a_temperature_near_zero_is_greedy(engine: LlamaCpp) -> None:
    assert await completed(engine, APPLES, Sampling(temperature=0.01)) == await completed(engine, APPLES)


@pytest.mark.parametrize("temperature", [0, 0.01])
async def test_the_repetition_penalty_reads_the_prompt(
    engine: LlamaCpp, tokenizer: Tokenizer, temperature: float
) -> None:
    read = set(tokenizer.prompt(APPLES))
    repeated = []
    for penalty in (1.0, 5.0):
        text = await completed(engine, APPLES, Sampling(temperature, repetition_penalty=penalty), 30)
        repeated.append(len(read & set(tokenizer.continuation(text.encode()))))
    without, with_penalty = repeated
    assert with_penalty < without


async def test_many_sequences_through_few_slots(engine: LlamaCpp) -> None:
    prompts = [
        PROMPT.format(f"A baker makes {n} cupcakes and sells 9 of them. How many are left?") for n in range(20, 60)
    ]
    alone = [await completed(engine, prompt) for prompt in prompts]
    together = await asyncio.gather(*(completed(engine, prompt) for prompt in prompts))
    assert (
        sum(a == b for a, b in zip(alone, together, strict=True)) >= 36
    )  # rounding differs with the batch, and may turn a token
    assert await cells(engine) == 0


async def test_a_long_prompt_does_not_stall_another_sequence(nano: Path, tokenizer: Tokenizer) -> None:
    """What is read beside a short generation comes in pieces: the generation ends before the prompt is read."""
    small = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=2048, slots=2, threads=1))
    ended: list[str] = []

    async def run(name: str, prompt: str, max_tokens: int) -> None:
        await completed(small, prompt, max_tokens=max_tokens)
        ended.append(name)

    await asyncio.gather(run("long", long_text(tokenizer, 1500), 1), run("short", APPLES, 8))
    await small.close()
    assert ended == ["short", "long"]


async def test_closing_a_generator_takes_back_what_it_wrote(engine: LlamaCpp, tokenizer: Tokenizer) -> None:
    async with engine.sequence(APPLES, GREEDY) as sequence:
        generator = sequence.generate(STOP, 100)
        assert await anext(generator)
        with pytest.raises(RuntimeError, match="generating already"):
            await complete(sequence)
        await generator.aclose()
        assert await cells(engine) == len(tokenizer.prompt(APPLES))
        _, again = await complete(sequence)
        assert again.text == await completed(engine, APPLES)
        assert again.prompt_tokens == 1  # the last of the prompt


async def test_leaving_or_cancelling_in_mid_generation_frees_the_cells(engine: LlamaCpp) -> None:
    async def start(entered: asyncio.Event) -> None:
        async with engine.sequence(APPLES, GREEDY) as sequence:
            async for _ in sequence.generate((), 400):
                entered.set()
                await asyncio.sleep(3600)

    entered = asyncio.Event()
    task = asyncio.create_task(start(entered))
    await entered.wait()
    assert await cells(engine) > 0
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await cells(engine) == 0


async def test_a_task_that_is_cancelled_while_it_waits_takes_no_slot(engine: LlamaCpp) -> None:
    holders = [engine.sequence(APPLES, GREEDY) for _ in range(engine.slots)]
    for holder in holders:
        await holder.__aenter__()
    waiting = [asyncio.create_task(completed(engine, APPLES)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await holders[0].__aexit__(None, None, None)
    waiting[1].cancel()  # its slot may be on its way
    for holder in holders[1:]:
        await holder.__aexit__(None, None, None)
    await asyncio.gather(*waiting, return_exceptions=True)
    assert waiting[2].result()
    await asyncio.gather(*(completed(engine, APPLES) for _ in range(engine.slots * 2)))  # all slots are there again


def test_several_threads_with_a_loop_each(engine: LlamaCpp) -> None:
    async def several() -> list[str]:
        return await asyncio.gather(*(completed(engine, APPLES) for _ in range(4)))

    async def threads() -> list[list[str]]:
        return await asyncio.gather(*(asyncio.to_thread(asyncio.run, several()) for _ in range(3)))

    texts = [text for texts in asyncio.run(threads()) for text in texts]
    assert len(texts) == 12
    # rounding differs with the batch, and may turn a token
    assert texts.count(asyncio.run(completed(engine, APPLES))) >= 10


async def test_a_prompt_longer_than_the_context(engine: LlamaCpp, tokenizer: Tokenizer) -> None:
    prompt = long_text(tokenizer, 600)
    with pytest.raises(ContextFull, match=f"the prompt has {len(tokenizer.prompt(prompt))} tokens and the context 512"):
        async with engine.sequence(prompt, GREEDY):
            pass


async def test_an_output_longer_than_the_context(engine: LlamaCpp, tokenizer: Tokenizer) -> None:
    async with engine.sequence(APPLES, GREEDY) as sequence:
        await complete(sequence)
        await sequence.append(long_text(tokenizer, 600))
        with pytest.raises(ContextFull, match="no new one fits"):
            await complete(sequence)
    assert await cells(engine) == 0


async def test_the_last_token_of_the_context_is_used(nano: Path, tokenizer: Tokenizer) -> None:
    room = 7
    small = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=len(tokenizer.prompt(APPLES)) + room, threads=1))
    async with small.sequence(APPLES, GREEDY) as sequence:
        _, completion = await complete(sequence)
    await small.close()
    assert (completion.finish, completion.completion_tokens) == ("length", room)


async def test_closing_ends_what_runs_and_what_waits(nano: Path) -> None:
    closing = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=2048, slots=1, threads=1))

    async def for_ever() -> None:
        while True:
            await completed(closing, APPLES)

    running, waiting = (asyncio.create_task(for_ever()) for _ in range(2))
    await asyncio.sleep(0.05)
    await asyncio.gather(closing.close(), closing.close())
    for task in (running, waiting):
        with pytest.raises(EngineError, match="the engine was closed"):
            await task
    with pytest.raises(EngineError, match="the engine was closed"):
        await completed(closing, APPLES)
    await closing.close()


async def test_what_llama_cpp_cannot_compute_fails_and_the_engine_goes_on(
    nano: Path, engine: LlamaCpp, tokenizer: Tokenizer
) -> None:
    """The context is made smaller than the engine believes: llama.cpp finds no room for the long prompt."""
    model = Model(nano, n_gpu_layers=0)
    context = Context(nano, model, LlamaCppConfig(n_ctx=256, slots=1, threads=1, n_batch=64), memory=1 << 30)
    deceived = LlamaCpp(model, context, LlamaCppConfig(n_ctx=512, threads=1, n_batch=64))
    async with deceived.sequence(long_text(tokenizer, 360), GREEDY) as sequence:
        for _ in range(2):
            with pytest.raises(EngineError, match="could not compute a batch"):
                await complete(sequence)
            assert await cells(deceived) == 0
    assert await completed(deceived, APPLES) == await completed(engine, APPLES)
    await deceived.close()


async def test_a_sequence_that_was_left_is_refused(engine: LlamaCpp) -> None:
    async with engine.sequence(APPLES, GREEDY) as sequence:
        pass
    with pytest.raises(RuntimeError, match="was left"):
        await complete(sequence)


async def test_no_tokens_and_empty_stop_strings_are_refused(engine: LlamaCpp) -> None:
    async with engine.sequence(APPLES, GREEDY) as sequence:
        with pytest.raises(ValueError, match="max_tokens"):
            await complete(sequence, max_tokens=0)
        with pytest.raises(ValueError, match="stop string"):
            await complete(sequence, stop=[""])


@pytest.mark.parametrize(
    "wrong", [{"n_ctx": 1}, {"slots": 0}, {"n_gpu_layers": -2}, {"threads": 0}, {"slots": 9, "n_batch": 8}]
)
def test_a_configuration_that_cannot_be(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        LlamaCppConfig(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"temperature": -1}, {"top_p": 0}, {"top_k": -1}, {"min_p": 2}, {"repetition_penalty": 0}],
)
def test_a_sampling_that_cannot_be(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Sampling(**wrong)
