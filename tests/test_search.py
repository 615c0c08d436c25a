"""Trajectories are found in the store by what the page and the reports say of them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tora_agent.agent import Step, Trajectory
from tora_agent.config import Experiment
from tora_agent.engines.base import Completion
from tora_agent.eval.failures import FAILURE_KINDS, failure_kind
from tora_agent.eval.grading import Verdict
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.search import Search, group_values, search
from tora_agent.eval.store import Store
from tora_agent.eval.tasks import Problem
from tora_agent.sandbox import Execution, Status

RIGHT, WRONG = Verdict(True, "test", ""), Verdict(False, "test", "")
BOX = "so $\\boxed{3}$"


def outcome(number: int, *statuses: Status, text: str = BOX, stop: str = "answered") -> Outcome:
    """A wrong trajectory whose programs ended so."""
    said = Completion(text, "eos", 1, 1, 1.0)
    steps = [Step(said, "print(3)", Execution(status, "", None, False, 0.5)) for status in statuses]
    problem = Problem(str(number), "one and one?", "2", {"level": str(number % 2)})
    trajectory = Trajectory("q", "<q>", (*steps, Step(said, None, None)), "3", stop)
    return Outcome(problem, 0, trajectory, WRONG, WRONG, 0)


OUTCOMES = {
    "no box": outcome(0, "ok", text="well"),
    "tool error": outcome(1, "ok", "memory"),
    "time-out": outcome(2, "timeout"),
    "refused construct": outcome(3, "error", "refused"),
    "call limit": outcome(4, "ok", stop="round_limit"),
    "wrong answer": outcome(5, "error", "timeout", "ok"),
    "graders differ": replace(outcome(6), strict=RIGHT),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.sqlite")
    run = store.new_run("one", Experiment().as_json(), 8)
    for each in OUTCOMES.values():
        store.add(run, each)
    store.add(run, replace(outcome(7), tora=RIGHT, strict=RIGHT))
    yield store
    store.close()


@pytest.mark.parametrize("kind", FAILURE_KINDS)
def test_each_kind_of_failure_finds_its_own(store: Store, kind: str) -> None:
    found = search(store, 1, Search(failure=kind))
    assert [each.result.problem_id for each in found] == [OUTCOMES[kind].problem.id]
    assert failure_kind(found[0].result) == kind


def test_filters_hold_together(store: Store) -> None:
    def found(**wanted: object) -> list[str]:
        return [each.result.problem_id for each in search(store, 1, Search(**wanted))]

    assert found(program="timeout") == ["2", "5"]
    assert found(program="timeout", failure="wrong answer") == ["5"]
    assert found(failure="time-out", text="ONE and") == ["2"] and not found(failure="time-out", text="absent")
    assert found(failure="call limit", group=("level", "0")) == ["4"]
    assert not found(failure="call limit", group=("level", "1"))
    assert found(verdict="right") == ["7"]
    assert [each.id for each in search(store, 1, Search(), after=3, limit=2)] == [4, 5]
    assert group_values(store, 1) == [("level", "0"), ("level", "1")]


def test_the_ends_of_programs_are_read_in_order(store: Store) -> None:
    results = {result.problem_id: result for result in store.results(1)}
    assert (results["5"].statuses, results["5"].program_seconds) == (("error", "timeout", "ok"), 1.5)
    assert (results["6"].statuses, results["6"].program_seconds) == ((), 0)
