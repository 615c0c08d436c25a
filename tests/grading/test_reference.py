"""The `tora` grader against a transcription of the published rules (`bench/reference.py`), on all that is recorded.

Of the 17,496 pairs every tenth is compared, or every one with TORA_AGENT_EVERY=1.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tora_agent.bench import reference
from tora_agent.eval.grading import Grader, grade_text
from tora_agent.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERY = int(os.environ.get("TORA_AGENT_EVERY", "10"))
SECONDS = 10.0  # more than the reference gives itself, since this machine may be busy


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def recorded(shared: Path) -> Iterator[tuple[str, str]]:
    """Recorded outputs with their gold answers, and MATH's answers with themselves and their neighbours."""
    for record in read(shared / "trajectories/tora-code-34b-v1.0.gsm8k.jsonl"):
        yield record["code"][0], str(record["gt"])
    for record in read(shared / "trajectories/mathcoder-l-7b.math.correct.jsonl"):
        yield record["completion"], record["ground_truth"]["answer"]
    solutions = [record["solution"] for record in read(shared / "data/math/test.jsonl")]
    for solution in solutions:
        yield solution, solution
    for one, next_one in pairwise(solutions):
        yield one, next_one
        yield next_one, one


async def by_reference(sandbox: Sandbox, pred: str, gold: str) -> bool:
    stated = [reference.stated(text) if "boxed" in text or "```" in text else text for text in (pred, gold)]
    pair = [reference.spelled(reference.spelled(text)) for text in stated]
    try:
        return bool(await sandbox.call("tora_agent.bench.reference:equal", *pair, seconds=SECONDS, calls=100))
    except TimeoutError:
        return False


@pytest.mark.slow
async def test_every_verdict_is_that_of_the_reference(grader: Grader, shared: Path) -> None:
    pairs = list(recorded(shared))
    assert len(pairs) == 17_496
    differing = {}
    async with Sandbox(programs=False) as sandbox:
        await sandbox.call("tora_agent.bench.reference:equal", "x+1", "1+x", seconds=60)

        async def compare(pairs: list[tuple[str, str]]) -> None:
            for pred, gold in pairs:
                expected = await by_reference(sandbox, pred, gold)
                verdict = await grade_text(grader, pred, gold)
                assert verdict.correct is not None, verdict.reason
                if verdict.correct is not expected:
                    differing[grader.spelled(pred, gold)] = verdict

        await asyncio.gather(*(compare(pairs[start :: 2 * EVERY]) for start in (0, EVERY)))
    assert differing == {}
