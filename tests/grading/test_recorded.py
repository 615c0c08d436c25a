"""The paper's own figures, from recorded outputs and the benchmarks' answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tora_agent.eval.grading import Grader, grade_text, prepare_gold
from tora_agent.protocol import extract_answer, normalise

pytestmark = pytest.mark.asyncio(loop_scope="module")


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def test_gsm8k_outputs_of_tora_code_34b_score_as_published(grader: Grader, shared: Path) -> None:
    records = read(shared / "trajectories/tora-code-34b-v1.0.gsm8k.jsonl")
    verdicts = {r["idx"]: await grade_text(grader, r["code"][0], r["gt"], "gsm8k") for r in records}
    assert sum(bool(verdict.correct) for verdict in verdicts.values()) == 1064
    by_percentage = [idx for idx, verdict in verdicts.items() if verdict.correct and "100" in verdict.reason]
    assert by_percentage == [191, 806]


async def test_extracted_answers_are_the_recorded_ones(shared: Path) -> None:
    records = read(shared / "trajectories/tora-code-34b-v1.0.gsm8k.jsonl")
    differences = [r["idx"] for r in records if normalise(extract_answer(r["code"][0])) != r["pred"][0]]
    assert len(records) == 1319
    assert differences == []


async def test_math_answers_equal_themselves(grader: Grader, shared: Path) -> None:
    golds = [prepare_gold("math", record["solution"]) for record in read(shared / "data/math/test.jsonl")]
    unequal = [gold for gold in golds if not (await grader.grade(gold, gold)).correct]
    assert len(golds) == 5000
    assert unequal == [r"\mbox{Saturday}"]  # the reference deletes an \mbox with all that is in it


@pytest.mark.slow
async def test_math_answers_of_mathcoder_score_as_by_the_reference(grader: Grader, shared: Path) -> None:
    records = read(shared / "trajectories/mathcoder-l-7b.math.correct.jsonl")
    pairs = [(record["completion"], record["ground_truth"]["answer"]) for record in records]
    right = [bool((await grader.grade(*pair)).correct) for pair in pairs]
    assert (sum(right), len(right)) == (1143, 1179)
