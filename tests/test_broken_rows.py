"""A row of the store that is broken costs itself alone, and is named: by every command that reads it."""

import sqlite3
from pathlib import Path

import pytest

from command_line import Run, report
from tora_agent.agent import Step, Trajectory
from tora_agent.config import Experiment
from tora_agent.engines.base import Completion
from tora_agent.eval.grading import Verdict
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.search import Search, chosen_verdicts, group_values, search
from tora_agent.eval.store import Store
from tora_agent.eval.tasks import Problem
from tora_agent.sandbox import Execution

READERS = ("runs show 1", "regrade 1", "report 1", "runs export 1", "runs export 1 --format tora", "compare 1 2")
FAULTS = {
    "groups": ["'{bad'", "'[1]'", "5"],
    "steps": ["'{bad'", "5", "'[\"a\"]'"],
    "seconds": ["'long'"],
    "text": ["X'ff'", "CAST(X'ff' AS TEXT)"],
    "correct": ["'perhaps'"],
}


def outcome(number: int) -> Outcome:
    execution = Execution("ok", "1\n", None, False, 0.5)
    steps = (Step(Completion("so \\boxed{1}", "stop", 10, 5, 1.0), "print(1)", execution, "\n"),)
    verdict = Verdict(True, "test", "")
    problem = Problem(str(number), f"question {number}", "1", {"level": "3"})
    return Outcome(problem, 0, Trajectory("q", "<q>", steps, "1", "answered"), verdict, verdict, 0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two runs of three problems."""
    store = Store(tmp_path / "runs" / "tora-agent.sqlite")
    for name in ("a", "b"):
        run = store.new_run(name, Experiment().as_json(), 3)
        for number in range(3):
            store.add(run, outcome(number))
    return store


def corrupt(file: Path, statement: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(statement)


@pytest.mark.parametrize("command", READERS)
def test_every_command_leaves_a_broken_result_out_and_names_it(cli: Run, store: Store, command: str) -> None:
    corrupt(store.path, "UPDATE results SET groups = '{bad' WHERE id = 2")
    done = cli(*command.split())
    assert done.returncode == 0 and "Traceback" not in done.stderr
    assert done.stderr.count("row 2 of the table results is broken and is left out (groups: Invalid JSON") == 1


@pytest.mark.parametrize(("column", "value"), [(name, value) for name, values in FAULTS.items() for value in values])
def test_whatever_is_broken_costs_its_row_alone(
    store: Store, caplog: pytest.LogCaptureFixture, column: str, value: str
) -> None:
    corrupt(store.path, f"UPDATE results SET {column} = {value} WHERE id = 2")
    assert [record["problem_id"] for record in store.records(1)] == ["0", "2"]
    results = [result.problem_id for result in store.results(1)]
    assert results in (["0", "2"], ["0", "1", "2"])  # of the steps they need the ends of the programs only
    (line,) = caplog.messages
    assert f"row 2 of the table results is broken and is left out ({column}" in line
    assert len(store.results(2)) == 3
    assert [each.id for each in search(store, 1, Search(group=("level", "3")))][::2] in ([1], [1, 3])
    assert ("level", "3") in group_values(store, 1) and chosen_verdicts(store, 1)[0] is True


def test_a_broken_result_is_done_again(cli: Run, tmp_path: Path) -> None:
    arguments = ("eval", "--limit", "3", "--max-tokens", "20", "--resume", "--json")
    first = report(cli(*arguments))
    corrupt(tmp_path / "runs" / "tora-agent.sqlite", "UPDATE results SET steps = '{bad' WHERE id = 2")
    again = cli(*arguments)
    kept = ("run", "n", "correct", "completion_tokens")
    assert [report(again)[key] for key in kept] == [first[key] for key in kept]
    assert "row 2 of the table results" in again.stderr
    assert "nothing to do" in cli(*arguments).stderr


@pytest.mark.parametrize("value", ["'{bad'", "'{}'", "'7'"])
def test_a_broken_run_is_left_out_and_can_be_deleted(cli: Run, store: Store, value: str) -> None:
    corrupt(store.path, f"UPDATE runs SET experiment = {value} WHERE id = 1")
    listed = cli("runs", "list")
    assert listed.returncode == 0 and "3 of 3" in listed.stdout
    assert listed.stderr.count("\n") == 1 and "row 1 of the table runs is broken and is left out" in listed.stderr
    shown = cli("runs", "show", "1")
    assert (shown.returncode, shown.stdout) == (2, "") and "`tora-agent runs delete 1` takes it out" in shown.stderr
    assert cli("runs", "delete", "1", "2", "--yes").returncode == 0
    assert cli("runs", "list").stderr == ""
