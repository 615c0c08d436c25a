"""Results on a real SQLite file, and the numbers made of them."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tora_agent.agent import Step, Trajectory
from tora_agent.config import Experiment
from tora_agent.engines.base import Completion
from tora_agent.errors import UserError
from tora_agent.eval.grading import Verdict
from tora_agent.eval.metrics import score, summarise
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.store import Store
from tora_agent.eval.tasks import Problem
from tora_agent.sandbox import Execution, Status

ASKED = Experiment().as_json()
RIGHT, WRONG, UNSCORED = (Verdict(value, "test", "") for value in (True, False, None))


def trajectory(answer: str = "1", status: Status = "ok") -> Trajectory:
    execution = Execution(status, "1\n", None if status == "ok" else "failed", False, 0.5)
    steps = (Step(Completion("```python\nprint(1)\n```", "stop", 10, 5, 1.0), "print(1)", execution, "\n"),)
    return Trajectory("q", "<q>", steps, answer, "answered" if answer else "no_answer")


def problem(number: int, level: str = "1") -> Problem:
    return Problem(str(number), f"question {number}", "1", {"level": level})


def outcome(number: int, verdict: Verdict, sample: int = 0, level: str = "1", **ended: Any) -> Outcome:
    return Outcome(problem(number, level), sample, trajectory(**ended), verdict, verdict, sample)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "deep" / "runs.sqlite")


def test_a_run_goes_on_by_its_identity(store: Store) -> None:
    run = store.new_run("same", ASKED, 2)
    store.add(run, outcome(0, RIGHT))
    waiting = store.unfinished("same")
    assert waiting and (waiting.id, waiting.finished, waiting.total, waiting.correct) == (run, 1, 2, 1)
    assert (store.newest("same"), store.newest("other")) == (run, None)
    store.add(run, outcome(1, WRONG))
    assert [(r.problem_id, r.correct) for r in store.results(run)] == [("0", True), ("1", False)]


def test_a_problem_is_stored_once(store: Store) -> None:
    run = store.new_run("a", ASKED, 1)
    store.add(run, outcome(0, RIGHT))
    with pytest.raises(Exception, match="UNIQUE"):
        store.add(run, outcome(0, RIGHT))
    store.add(run, outcome(0, WRONG, sample=1))
    assert [(r.problem_id, r.sample, r.correct) for r in store.results(run)] == [("0", 0, True), ("0", 1, False)]


def test_a_lone_surrogate_loses_no_trajectory(store: Store) -> None:
    run = store.new_run("a", ASKED, 1)
    store.add(run, outcome(0, RIGHT, answer="1\ud800"))
    assert [result.answer for result in store.results(run)] == ["1?"]


def test_two_evaluations_of_one_identity_exclude_each_other(store: Store) -> None:
    with store.lock("a"), store.lock("b"), pytest.raises(UserError, match="another process"), store.lock("a"):
        pytest.fail("the lock was given twice")
    with store.lock("a"):
        assert store.path.exists()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    Store(tmp_path / "new.sqlite").close()
    with sqlite3.connect(tmp_path / "new.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UserError, match="of a newer tora-agent"):
        Store(tmp_path / "new.sqlite")


def test_a_foreign_file_stays_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.sqlite") as connection:
        connection.execute("CREATE TABLE mine (x)")
    with pytest.raises(UserError, match="another program's SQLite file"):
        Store(tmp_path / "other.sqlite")
    with sqlite3.connect(tmp_path / "other.sqlite") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]


def test_a_strange_name_is_a_name(tmp_path: Path) -> None:
    Store(tmp_path / "a?x=1.sqlite").close()
    assert (tmp_path / "a?x=1.sqlite").is_file()
    with pytest.raises(UserError, match="there is no store"):
        Store(tmp_path / "gone.sqlite", new=False)


def test_an_unknown_run_is_named(store: Store) -> None:
    with pytest.raises(UserError, match="there is no run 7"):
        list(store.records(7))


def test_a_run_at_work_is_not_deleted(store: Store) -> None:
    run, other = store.new_run("a", ASKED, 1), store.new_run("b", ASKED, 1)
    for each in (run, other):
        store.add(each, outcome(0, RIGHT))
    with store.lock("a"), pytest.raises(UserError, match="another process"):
        store.delete(run)
    assert len(store.results(run)) == 1
    with store.lock("b"), pytest.raises(UserError, match="another process"):
        store.delete(run, other)
    assert len(store.results(run)) == len(store.results(other)) == 1
    store.delete(run)
    with pytest.raises(UserError, match=f"there is no run {run} "):
        store.results(run)
    assert [left.id for left in store.runs()] == [other] and len(store.results(other)) == 1


def test_the_summary_adds_up(store: Store) -> None:
    run = store.new_run("a", ASKED, 4)
    store.add(run, outcome(0, RIGHT, level="1"))
    store.add(run, outcome(1, WRONG, level="2", status="error"))
    store.add(run, outcome(2, RIGHT, level="2", status="timeout"))
    store.add(run, outcome(3, UNSCORED, level="2", answer="", status="refused"))
    summary = summarise(store.results(run))
    assert (summary.score.n, summary.score.correct, summary.unscored) == (3, 2, 1)
    assert {level: (s.correct, s.n) for level, s in summary.groups["level"].items()} == {"1": (1, 1), "2": (1, 2)}
    assert (summary.tool_errors, summary.timeouts, summary.refused, summary.empty_answers) == (1, 1, 1, 1)
    assert (summary.programs, summary.prompt_tokens, summary.completion_tokens, summary.seconds) == (4, 40, 20, 6.0)
    assert summary.stops == {"answered": 3, "no_answer": 1}
    assert summary.failures == {"tool error": 1}


def test_the_interval_is_wilsons() -> None:
    # 8 of 10: Wilson's interval from its formula, z = 1.959964
    assert score([True] * 8 + [False] * 2).interval == pytest.approx((0.490162, 0.943318), abs=1e-6)
    assert (score([]).n, score([]).interval) == (0, (0.0, 1.0))


def test_pages_tell_a_run_from_the_one_that_has_its_number_next(store: Store) -> None:
    library = pytest.importorskip("tora_agent.serve.library").Library(store.path)
    seen = []
    for verdict in (RIGHT, WRONG):
        run = store.new_run("a", ASKED, 1)
        store.add(run, outcome(0, verdict))
        seen.append((run, library.summary(library.run(run)).score.correct, library.entries()[0].score.correct))
        store.delete(run)
    assert seen == [(1, 1, 1), (1, 0, 0)]
