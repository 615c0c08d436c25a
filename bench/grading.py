"""Verdicts a second: our graders against one process for each symbolic comparison, the reference way.

Both see the same pairs, those of a JSON lines file with `gold` and `pred`, and must give the same verdicts:

    python bench/grading.py pairs.jsonl [--limit N]
"""

import argparse
import asyncio
import json
import multiprocessing
import time
from pathlib import Path
from queue import Empty
from typing import Any

from tora_agent.eval.grading import Grader
from tora_agent.eval.grading.rules import settle
from tora_agent.eval.grading.symbolic import equal
from tora_agent.protocol import normalise
from tora_agent.sandbox import Sandbox

SECONDS = 3.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    lines = [json.loads(line) for line in arguments.pairs.read_text(encoding="utf-8").splitlines()]
    pairs = [(line["pred"], line["gold"]) for line in lines[: arguments.limit]]
    reference, reference_seconds = timed(lambda: [one_process_each(*pair) for pair in pairs])
    ours, seconds = timed(lambda: asyncio.run(graded(pairs)))
    differing = sum(a != b for a, b in zip(reference, ours, strict=True))
    print(f"{len(pairs)} pairs, {differing} verdicts differ")
    print(f"one process each {reference_seconds:.2f} s, ours {seconds:.2f} s: {reference_seconds / seconds:.1f} times")


def timed(work: Any) -> tuple[Any, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


async def graded(pairs: list[tuple[str, str]]) -> list[bool | None]:
    async with Sandbox(concurrency=2) as sandbox:
        grader = Grader(sandbox)
        return [verdict.correct for verdict in await asyncio.gather(*(grader.grade(*pair) for pair in pairs))]


def one_process_each(prediction: str, gold: str) -> bool:
    """The same rules; a fork of this process, with sympy loaded, for each comparison that they don't settle."""
    pair = normalise(prediction), normalise(gold)
    if verdict := settle(*pair):
        return bool(verdict.correct)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=compare_into, args=(queue, *pair))
    process.start()
    try:
        return bool(queue.get(timeout=SECONDS))
    except Empty:
        return False
    finally:
        process.kill()
        process.join()


def compare_into(queue: Any, prediction: str, gold: str) -> None:
    queue.put(equal(prediction, gold)[0])


if __name__ == "__main__":
    main()
