"""Random rounds of opening, generating, cancelling and closing from several threads: no crash, nothing lost or kept."""

import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS = """
import asyncio, random, sys, threading
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from tora_agent.engines.base import ContextFull, EngineError, Sampling
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig

async def trajectory(engine, chance):
    with suppress(ContextFull, EngineError):
        await turns(engine, chance)

async def turns(engine, chance):
    prompt = "<|user|>\\n" + "What is 3 + 4? " * chance.randint(1, 20) + "\\n<|assistant|>\\n"
    sampling = Sampling(temperature=chance.choice([0, 1]), repetition_penalty=1.1, seed=chance.randint(0, 99))
    async with engine.sequence(prompt, sampling) as sequence:
        for _ in range(chance.randint(1, 3)):
            generator = sequence.generate(["</s>", "```output"], chance.randint(1, 60))
            left = chance.choice([1, 5, 1000])
            async for _ in generator:
                left -= 1
                if not left:
                    break
            if left <= 0 and chance.random() < 0.2:
                return  # leaves it as it is
            await generator.aclose()
            await sequence.append(chance.choice(["", "\\n```output\\n7\\n```\\n"]))

async def trajectories(engine, chance):
    tasks = [asyncio.create_task(trajectory(engine, chance)) for _ in range(chance.randint(1, 5))]
    end = chance.choice(["finish", "cancel", "forget"])
    if end != "finish":
        await asyncio.sleep(chance.random() / 20)
    if end == "cancel":
        for task in tasks:
            task.cancel()
    if end != "forget":  # else the loop cancels them when it ends
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        wrong.extend(outcome for outcome in outcomes if isinstance(outcome, Exception))

async def all_is_free(engine):
    assert await cells(engine) == 0
    async with asyncio.timeout(60), AsyncExitStack() as stack:
        for _ in range(engine.slots):
            await stack.enter_async_context(engine.sequence("The ", Sampling()))

def round(path, number):
    chance = random.Random(number)
    config = LlamaCppConfig(
        n_ctx=256, slots=chance.choice([1, 2, 4]), threads=1, n_batch=chance.choice([4, 16, 512])
    )
    engine = LlamaCpp.load(path, config)
    threads = [
        threading.Thread(target=lambda: asyncio.run(trajectories(engine, random.Random(chance.random()))))
        for _ in range(chance.randint(1, 3))
    ]
    for thread in threads:
        thread.start()
    if closes := chance.random() < 0.5:
        threads[0].join(chance.random() / 10)
        asyncio.run(engine.close())
    for thread in threads:
        thread.join()
    if not closes:
        asyncio.run(all_is_free(engine))
    if chance.random() < 0.5:
        asyncio.run(engine.close())

sys.path.append(sys.argv[3])
from cached_cells import cells
wrong = []
for number in range(int(sys.argv[2])):
    round(Path(sys.argv[1]), number)
    assert not wrong, (number, wrong)
print("done")
"""
PARTS = Path(__file__).parents[1] / "parts"


@pytest.mark.slow
def test_two_hundred_random_rounds(nano: Path) -> None:
    command = [sys.executable, "-X", "faulthandler", "-c", ROUNDS, str(nano), "200", str(PARTS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
