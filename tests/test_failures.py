"""Every trajectory that failed has one kind of failure: the nearest cause in its record."""

from dataclasses import replace

import pytest

from tora_agent.eval.failures import FAILURE_KINDS, count_failures, failure_kind
from tora_agent.eval.store import Result

WRONG = Result(
    problem_id="0",
    sample=0,
    question="one and one?",
    gold="2",
    groups={},
    text="so $\\boxed{3}$",
    answer="3",
    stop="answered",
    correct=False,
    rule="numbers",
    strict=False,
    strict_rule="numbers",
    vote=0,
    statuses=("ok",),
    prompt_tokens=1,
    completion_tokens=1,
    seconds=1.0,
    program_seconds=0.5,
)
CASES = [
    (replace(WRONG, correct=True, strict=True), None),
    (replace(WRONG, correct=True, strict=True, statuses=("timeout",)), None),
    (replace(WRONG, correct=None, strict=None), None),
    (replace(WRONG, correct=True, strict=None), None),
    (WRONG, "wrong answer"),
    (replace(WRONG, statuses=()), "wrong answer"),
    (replace(WRONG, statuses=("error", "timeout", "ok")), "wrong answer"),  # it recovered
    (replace(WRONG, text="The answer is 3."), "wrong answer"),
    (replace(WRONG, text="```output\n3\n```\n"), "no box"),
    (replace(WRONG, text="three, or 4", stop="token_limit"), "no box"),
    (replace(WRONG, statuses=("ok", "error")), "tool error"),
    (replace(WRONG, statuses=("memory",)), "tool error"),
    (replace(WRONG, statuses=("killed",)), "tool error"),
    (replace(WRONG, statuses=("timeout",), text="no idea"), "time-out"),
    (replace(WRONG, statuses=("refused",)), "refused construct"),
    (replace(WRONG, statuses=("ok", "ok"), stop="round_limit", text="3"), "call limit"),
    (replace(WRONG, statuses=("ok", "timeout"), stop="round_limit", text="3"), "time-out"),
    (replace(WRONG, correct=True), "graders differ"),
    (replace(WRONG, strict=True, statuses=("error",)), "graders differ"),
]


@pytest.mark.parametrize(("result", "kind"), CASES)
def test_a_trajectory_has_one_kind(result: Result, kind: str | None) -> None:
    assert failure_kind(result) == kind


def test_the_counts_keep_the_order_of_the_kinds() -> None:
    counts = count_failures(result for result, _ in CASES)
    assert tuple(counts) == FAILURE_KINDS
    assert sum(counts.values()) == sum(kind is not None for _, kind in CASES)
