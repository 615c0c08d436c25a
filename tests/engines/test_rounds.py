"""Random rounds of opening, generating, cancelling and closing: no crash, nothing lost, nothing kept."""

import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS = """
import asyncio, random, sys
from pathlib import Path
from tora_agent.engines.base import ContextFull, EngineError, Sampling
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig

chance = random.Random(0)

async def trajectory(engine):
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
            await generator.aclose()
            await sequence.append(chance.choice(["", "\\n```output\\n7\\n```\\n"]))

async def round(path):
    config = LlamaCppConfig(
        n_ctx=256, slots=chance.choice([1, 2, 4]), threads=1, n_batch=chance.choice([4, 16, 512])
    )
    engine = LlamaCpp.load(path, config)
    tasks = [asyncio.create_task(trajectory(engine)) for _ in range(chance.randint(1, 8))]
    end = chance.choice(["finish", "cancel", "close", "forget"])
    if end != "finish":
        await asyncio.sleep(chance.random() / 20)
    if end == "cancel":
        for task in tasks:
            task.cancel()
    if end in ("finish", "cancel"):
        await asyncio.wait(tasks)
        assert await engine.cells() == 0
    if end != "forget":
        await asyncio.gather(engine.close(), engine.close())
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    allowed = (ContextFull, EngineError, asyncio.CancelledError, type(None))
    assert all(isinstance(outcome, allowed) for outcome in outcomes), outcomes

for number in range(int(sys.argv[2])):
    asyncio.run(round(Path(sys.argv[1])))
print("done")
"""


@pytest.mark.slow
def test_two_hundred_random_rounds(nano: Path) -> None:
    command = [sys.executable, "-X", "faulthandler", "-c", ROUNDS, str(nano), "200"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
