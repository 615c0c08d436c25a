"""Why a trajectory failed: one kind each, the nearest cause that its record shows."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal, get_args

from tora_agent.eval.store import Result
from tora_agent.protocol import states_answer

FailureKind = Literal[
    "no box", "tool error", "time-out", "refused construct", "call limit", "wrong answer", "graders differ"
]
FAILURE_KINDS: tuple[FailureKind, ...] = get_args(FailureKind)

PROGRAM_FAILURES: dict[str, FailureKind] = {
    "error": "tool error",
    "memory": "tool error",
    "killed": "tool error",
    "timeout": "time-out",
    "refused": "refused construct",
}


def failure_kind(result: Result) -> FailureKind | None:
    """The kind of failure, or None where both graders find the answer right, or there is no verdict.

    Of a wrong trajectory, how its last program ended comes first: what the model wrote after a failed program is a
    guess. One that was still running programs at the limit of rounds is "call limit", one that states no answer "no
    box"; "wrong answer" is what remains.
    """
    if result.correct is None:
        return None
    if result.strict is not None and result.strict != result.correct:
        return "graders differ"
    if result.correct:
        return None
    if result.statuses and result.statuses[-1] in PROGRAM_FAILURES:
        return PROGRAM_FAILURES[result.statuses[-1]]
    if result.stop == "round_limit":
        return "call limit"
    return "wrong answer" if states_answer(result.text) else "no box"


def count_failures(results: Iterable[Result]) -> dict[str, int]:
    """How many trajectories failed in each way, for the kinds that occur."""
    counts = Counter(failure_kind(result) for result in results)
    return {kind: counts[kind] for kind in FAILURE_KINDS if counts[kind]}
