"""Models whose layers keep a state of the whole text, which can only be dropped as a whole."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from cached_cells import cells
from tora_agent.engines.base import Completion, Sampling
from tora_agent.engines.batching import CachedSequence
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig, Shape, read_header
from tora_agent.engines.llama_cpp.memory import find_room
from tora_agent.engines.llama_cpp.model import Model
from tora_agent.errors import UserError

CONFIG = LlamaCppConfig(n_ctx=256, slots=4, threads=1)
LAYERS = {"mamba": ["mamba", "mamba"], "jamba": ["mamba", "attention", "mamba"]}
STATE = 4 * (3 * 128 + 128 * 16)  # bytes in a layer: of the convolution, and of what follows
GREEDY = Sampling()


@pytest.fixture(scope="module", params=LAYERS)
def model_path(request: pytest.FixtureRequest, nano: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("gguf", reason="the gguf package, which writes the model, is not installed")
    from recurrent_model import write_model

    path = tmp_path_factory.mktemp("models") / f"{request.param}.gguf"
    write_model(path, request.param, LAYERS[request.param], nano)
    return path


async def complete(sequence: CachedSequence, max_tokens: int, *stop: str) -> Completion:
    items = [item async for item in sequence.generate(stop, max_tokens)]
    assert isinstance(items[-1], Completion)
    return items[-1]


async def written(engine: LlamaCpp, prompt: str) -> list[str]:
    """Two turns with an output between them."""
    async with engine.sequence(prompt, GREEDY) as sequence:
        first = await complete(sequence, 12)
        await sequence.append(" 19 ")
        return [first.text, (await complete(sequence, 12)).text]


async def test_sequences_beside_each_other_write_what_they_write_alone(model_path: Path) -> None:
    engine = LlamaCpp.load(model_path, CONFIG)
    prompts = [f"Tom has {number} apples." for number in range(8)]
    alone = [await written(engine, prompt) for prompt in prompts]
    together = await asyncio.gather(*(written(engine, prompt) for prompt in prompts))
    assert await cells(engine) == 0
    await engine.close()
    assert sum(one == other for one, other in zip(alone, together, strict=True)) >= 7  # rounding may turn a token


async def test_after_a_stop_string_the_state_is_that_of_the_kept_text(model_path: Path) -> None:
    engine = LlamaCpp.load(model_path, CONFIG)
    same, read = [], 0
    async with engine.sequence("Tom has", GREEDY) as sequence:
        whole = (await complete(sequence, 40)).text
    for start in range(3, len(whole) - 8, 7):
        async with engine.sequence("Tom has", GREEDY) as sequence:
            first = await complete(sequence, 40, whole[start : start + 6])
            await sequence.append(whole[len(first.text) : start + 6])
            second = await complete(sequence, 10)
            tokens = sequence._track.tokens[: -second.completion_tokens]
        async with engine.sequence("Tom has", GREEDY) as fresh:
            fresh._track.tokens[:] = tokens
            same.append((await complete(fresh, 10)).text == second.text)
        read = max(read, second.prompt_tokens)
    await engine.close()
    assert read > 12  # a state that went too far was computed anew
    assert sum(same) >= 0.9 * len(same) > 9


def test_the_header_tells_what_the_layers_take(model_path: Path) -> None:
    shape = read_header(model_path).shape
    layers = LAYERS[model_path.stem]
    attending = layers.count("attention")
    assert (shape.layers, shape.kv_heads, shape.state) == (attending, 2 * attending, STATE * 2)
    assert shape.cell_bytes() == attending * 2 * 2 * (16 + 16)  # keys and values of two heads, in two bytes each


def test_the_states_of_all_slots_count(model_path: Path) -> None:
    model, shape = Model(model_path, n_gpu_layers=0), read_header(model_path).shape
    needed = shape.bytes(CONFIG, states=4)
    assert find_room(model_path, model, CONFIG, needed).slots == 4
    with pytest.raises(UserError, match="needs"):
        find_room(model_path, model, CONFIG, needed - 1)
    assert find_room(model_path, model, replace(CONFIG, slots=None), needed).slots <= 4
    model.free()


def test_a_model_without_attention_takes_no_cells() -> None:
    shape = Shape(weights=1, layers=0, heads=0, kv_heads=0, width=64, vocabulary=10, state=7)
    assert shape.bytes(replace(CONFIG, n_ctx=2)) == shape.bytes(replace(CONFIG, n_ctx=100_000))
