"""Slots and cache follow from memory; a cache far too small makes sequences wait, and changes nothing else."""

import asyncio
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from cached_cells import cells
from tora_agent.agent import Budget
from tora_agent.engines.base import Completion, ContextFull, Sampling
from tora_agent.engines.batching.cache import Cache
from tora_agent.engines.batching.generation import Track
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig
from tora_agent.engines.llama_cpp.memory import MOST_CHOSEN, allowed_memory, find_room
from tora_agent.engines.llama_cpp.model import Model
from tora_agent.errors import UserError
from tora_agent.eval.grading import Grader
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.runner import Plan, Solver, evaluate
from tora_agent.eval.tasks import Problem
from tora_agent.prompt import load_prompt
from tora_agent.sandbox import Sandbox

WEIGHING = """
import asyncio, json, sys
from pathlib import Path
from tora_agent.engines.base import Sampling
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig, memory, model
from tora_agent.models import bundled

def status(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(field))

async def fill(path, config):
    engine = LlamaCpp.load(path, config)
    async with engine.sequence("a b c d e f g " * 140, Sampling()) as sequence:
        *_, completion = [item async for item in sequence.generate((), 2)]
    await engine.close()
    return completion.prompt_tokens

defaults = model.load_parameters
def in_memory_alone():  # not mapped: the system takes a mapped file's pages back when it needs them
    parameters = defaults()
    parameters.load_mode = 0
    return parameters
model.load_parameters = in_memory_alone

config = LlamaCppConfig(n_ctx=1024, slots=1, threads=1, n_batch=64)
asyncio.run(fill(bundled(), config))
before = status("VmRSS")
read = asyncio.run(fill(Path(sys.argv[1]), config))
taken = status("VmHWM") - before
loaded = model.Model(Path(sys.argv[1]), 0)
print(json.dumps({"read": read, "taken": taken, "computed": memory._shape(Path(sys.argv[1]), loaded).bytes(config)}))
"""
CONFIG = LlamaCppConfig(n_ctx=512, threads=1, n_batch=64)
MIB = 1 << 20


def smallest(model: Path, config: LlamaCppConfig) -> int:
    """The MiB that the engine asks for when it is given too little."""
    with pytest.raises(UserError, match=r"needs \d+ MiB of memory and may use 1: .*--memory \d+") as refusal:
        LlamaCpp.load(model, replace(config, memory_mb=1))
    found = re.search(r"needs (\d+) MiB", str(refusal.value))
    assert found
    return int(found[1])


async def solve(engine: LlamaCpp, name: str, amount: int, rounds: int = 2) -> str:
    """A problem's text in several turns, with an output between them."""
    prompt = f"<|user|>\n{name} has {amount} apples. Mary gives him 7 more. How many apples now?\n<|assistant|>\n"
    texts = []
    async with engine.sequence(prompt, Sampling()) as sequence:
        for _ in range(rounds):
            async for item in sequence.generate(("</s>", "```output"), 60):
                if isinstance(item, Completion):
                    texts.append(item.text)
            await asyncio.sleep(0)
            await sequence.append(f"\n```output\n{amount + 7}\n```\n")
    return "\n".join(texts)


async def test_the_number_in_the_refusal_would_do(nano: Path) -> None:
    needed = smallest(nano, CONFIG)
    engine = LlamaCpp.load(nano, replace(CONFIG, memory_mb=needed))
    assert "```python" in await solve(engine, "Tom", 12)
    await engine.close()
    with pytest.raises(UserError, match=f"needs {needed} MiB of memory and may use {needed - 1}"):
        LlamaCpp.load(nano, replace(CONFIG, memory_mb=needed - 1))


def test_more_memory_gives_more_slots_up_to_a_number(nano: Path) -> None:
    needed = smallest(nano, CONFIG)
    model = Model(nano, n_gpu_layers=0)
    rooms = [find_room(nano, model, CONFIG, memory * MIB) for memory in (needed, needed + 4, needed + 20, 1024)]
    named = find_room(nano, model, replace(CONFIG, slots=40), 1024 * MIB)
    model.free()
    slots, cells = [room.slots for room in rooms], [room.cells for room in rooms]
    assert slots == sorted(slots) and slots[0] < slots[-1] == MOST_CHOSEN
    assert cells == sorted(cells) and cells[0] >= CONFIG.n_ctx
    assert (named.slots, named.cells) == (40, 40 * CONFIG.n_ctx)


def test_each_gets_a_cache_of_its_own_where_whole_contexts_fit_and_shares_one_else(nano: Path) -> None:
    model = Model(nano, n_gpu_layers=0)
    config = replace(CONFIG, n_ctx=300)
    roomy, tight = (find_room(nano, model, config, memory * MIB) for memory in (1024, smallest(nano, config) + 4))
    model.free()
    assert roomy.apart and roomy.cells == MOST_CHOSEN * 512  # llama.cpp makes such caches in steps of 256 tokens
    assert not tight.apart and tight.slots > 1 and config.n_ctx <= tight.cells < tight.slots * config.n_ctx


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say what a process takes")
def test_a_real_load_takes_what_was_computed(tmp_path: Path) -> None:
    pytest.importorskip("gguf", reason="no package to write a model with: pip install 'tora-agent[llama]'")
    from tora_agent.bench.random_model import SHAPES, write_random_model

    write_random_model(tmp_path / "random.gguf", SHAPES["100m"], "Q4_K_M")
    command = [sys.executable, "-c", WEIGHING, str(tmp_path / "random.gguf")]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert found["read"] > 900
    assert found["taken"] == pytest.approx(found["computed"], rel=0.1)


def test_what_is_free_is_less_than_what_there_is() -> None:
    assert 0 < allowed_memory(CONFIG) < os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert allowed_memory(replace(CONFIG, memory_mb=3)) == 3 * MIB


async def test_a_cache_far_too_small_gives_the_same_greedy_texts(nano: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evict, in_use = Cache.evict, []

    def counted(cache: Cache, running: Collection[Track]) -> Track | None:
        evicted = evict(cache, running)
        in_use.append(evicted in cache._held.values())
        return evicted

    monkeypatch.setattr(Cache, "evict", counted)
    needed = smallest(nano, CONFIG)
    problems = [(name, amount) for name in ("Tom", "Peter", "The old man next door") for amount in range(11, 41, 3)]
    texts, evictions = [], []
    for memory_mb in (needed, 512):
        engine = LlamaCpp.load(nano, replace(CONFIG, slots=16, memory_mb=memory_mb))
        in_use.clear()
        texts.append(await asyncio.gather(*(solve(engine, name, amount, rounds=4) for name, amount in problems)))
        evictions.append(sum(in_use))
        assert await cells(engine) == 0
        await engine.close()
    small, large = texts
    assert evictions[0] > 10 and evictions[1] == 0
    # rounding differs with the batch, and may turn a token
    assert sum(one == other for one, other in zip(small, large, strict=True)) >= len(problems) - 1


async def test_two_sequences_that_only_fit_one_after_the_other(nano: Path) -> None:
    """Each grows to almost all of the cache, so that they can't be there together."""
    engine = LlamaCpp.load(nano, replace(CONFIG, slots=2, memory_mb=smallest(nano, CONFIG)))

    async def fill(text: str) -> int:
        async with engine.sequence(text * 40, Sampling()) as sequence:
            written = 0
            while True:
                async for item in sequence.generate((), 50):
                    if isinstance(item, Completion):
                        written += item.completion_tokens
                await sequence.append(text * 8)

    outcomes = await asyncio.gather(fill("a = 1\n"), fill("b + 2\n"), return_exceptions=True)
    assert all(isinstance(outcome, ContextFull) for outcome in outcomes), outcomes
    assert await cells(engine) == 0
    await engine.close()


async def test_cancelling_at_any_time_frees_the_cells(nano: Path) -> None:
    chance = random.Random(1)
    engine = LlamaCpp.load(nano, replace(CONFIG, slots=4, memory_mb=smallest(nano, CONFIG)))
    for _ in range(20):
        tasks = [asyncio.create_task(solve(engine, "Tom", chance.randint(1, 999))) for _ in range(6)]
        for task in chance.sample(tasks, 6):
            await asyncio.sleep(chance.random() ** 4 / 5)  # most within the first turn
            task.cancel()
        await asyncio.wait(tasks)
        assert await cells(engine) == 0
    assert "```python" in await solve(engine, "Tom", 12)
    await engine.close()


@pytest.mark.slow
async def test_a_thousand_samples_through_eight_slots(nano: Path) -> None:
    chance = random.Random(2)
    questions = [f"Problem {number}: " + "one more " * chance.randint(0, 60) for number in range(250)]
    problems = [Problem(str(number), question, "1") for number, question in enumerate(questions)]
    engine = LlamaCpp.load(nano, replace(CONFIG, slots=8, memory_mb=smallest(nano, CONFIG) + 4))
    kept: list[Outcome] = []
    async with Sandbox() as sandbox:
        parts = engine, sandbox, load_prompt("tora"), Grader(sandbox), Grader(sandbox, "strict")
        solver = Solver(*parts, Sampling(temperature=1), Budget(rounds=2, max_tokens=16))
        await evaluate(problems, solver, Plan(samples=4, concurrency=8), kept.append)
    assert await cells(engine) == 0
    await engine.close()
    pairs = [(outcome.problem.id, outcome.sample) for outcome in kept]
    assert sorted(pairs) == sorted((problem.id, sample) for problem in problems for sample in range(4))
    assert all(outcome.trajectory.question == outcome.problem.question for outcome in kept)
