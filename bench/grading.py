"""Verdicts a second: our grader against one process for each symbolic comparison, the reference way.

Both see the same pairs on two cores, warm, and must give the same verdicts:

    python bench/grading.py [pairs.jsonl] [--limit N]

The pairs are those of a JSON lines file with `gold` and `pred`, or, from ../shared, recorded outputs and each answer of
MATH against the next one; without those that the reference, too, settles as texts or numbers. Figures count on an idle
machine only.
"""

import argparse
import asyncio
import json
import multiprocessing
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from queue import Empty
from typing import Any

from tora_agent.bench import reference
from tora_agent.eval.grading import Grader
from tora_agent.eval.grading.rules import settle_plain
from tora_agent.protocol import extract_answer, normalise
from tora_agent.sandbox import Sandbox

SECONDS = 3.0
CORES = 2
CHEAP = ("numbers", "empty", "equal strings")  # the rules that need no process in the reference
FORK = multiprocessing.get_context("fork")
Pairs = Sequence[tuple[str, str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, help="only so many, evenly spread")
    options = parser.parse_args()
    pairs = read(options.pairs) if options.pairs else recorded(Path(__file__).parents[1].parent / "shared")
    pairs = [pair for pair in pairs if symbolic_only(*pair)]
    if options.limit:
        pairs = pairs[:: max(1, len(pairs) // options.limit)][: options.limit]
    began = time.perf_counter()
    expected = one_process_each(pairs)
    reference_seconds = time.perf_counter() - began
    ours, seconds = asyncio.run(graded(pairs))
    differing = sum(a != b for a, b in zip(expected, ours, strict=True))
    print(f"{len(pairs)} pairs, {differing} verdicts differ")
    print(f"one process each {reference_seconds:.2f} s, ours {seconds:.2f} s: {reference_seconds / seconds:.1f} times")


def read(path: Path) -> Pairs:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(line["pred"], line["gold"]) for line in lines]


def recorded(shared: Path) -> Pairs:
    """The answers of ToRA-Code-34B on GSM8k and of MathCoder-L-7b on MATH, and MATH's own against each other."""
    tora, mathcoder, math = (
        [json.loads(line) for line in (shared / name).read_text(encoding="utf-8").splitlines()]
        for name in (
            "trajectories/tora-code-34b-v1.0.gsm8k.jsonl",
            "trajectories/mathcoder-l-7b.math.correct.jsonl",
            "data/math/test.jsonl",
        )
    )
    pairs = [(extract_answer(record["code"][0]), record["gt"]) for record in tora]
    pairs += [(extract_answer(record["completion"]), record["ground_truth"]["answer"]) for record in mathcoder]
    return pairs + list(pairwise(extract_answer(record["solution"]) for record in math))


async def graded(pairs: Pairs) -> tuple[list[bool | None], float]:
    async with Sandbox(concurrency=CORES) as sandbox:
        grader = Grader(sandbox)
        await grader.grade("x+1", "1+x")
        began = time.perf_counter()
        verdicts = await asyncio.gather(*(grader.grade(*pair) for pair in pairs))
        return [verdict.correct for verdict in verdicts], time.perf_counter() - began


def one_process_each(pairs: Pairs) -> list[bool]:
    """The reference's rules, with a fork of this process, sympy loaded, for each comparison; on all cores."""
    found: Any = FORK.Manager().dict()
    workers = [FORK.Process(target=work_off, args=(pairs, core, found)) for core in range(CORES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [found[number] for number in range(len(pairs))]


def work_off(pairs: Pairs, core: int, found: Any) -> None:
    found.update({number: compared(*pairs[number]) for number in range(core, len(pairs), CORES)})


def symbolic_only(prediction: str, gold: str) -> bool:
    verdict = settle_plain(normalise(prediction), normalise(gold))
    return not verdict or verdict.rule not in CHEAP


def compared(prediction: str, gold: str) -> bool:
    queue = FORK.Queue()
    process = FORK.Process(target=compare_into, args=(queue, prediction, gold))
    process.start()
    try:
        return bool(queue.get(timeout=SECONDS))
    except Empty:
        return False
    finally:
        process.kill()
        process.join()


def compare_into(queue: Any, prediction: str, gold: str) -> None:
    queue.put(reference.equal(*(reference.spelled(reference.spelled(answer)) for answer in (prediction, gold))))


if __name__ == "__main__":
    main()
