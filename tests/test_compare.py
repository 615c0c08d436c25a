"""Two runs compared, a run graded anew, and a run exported for ToRA's own evaluation."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import Run, report
from tora_agent.agent import Step, Trajectory
from tora_agent.config import Experiment
from tora_agent.engines.base import Completion
from tora_agent.errors import UserError
from tora_agent.eval.comparison import compare_runs
from tora_agent.eval.grading import Verdict
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.store import Result, Store
from tora_agent.eval.tasks import Problem

ASKED = Experiment().as_json()


def outcome(number: int, answer: str, sample: int = 0, gold: str = "0.5") -> Outcome:
    """A finished sample whose stored verdicts are all wrong, whatever its answer."""
    text = f"so \\boxed{{{answer}}}"
    trajectory = Trajectory("q", "<q>", (Step(Completion(text, "stop", 10, 5, 1.0)),), answer, "answered")
    problem = Problem(str(number), f"question {number}", gold, {"level": str(number % 2)})
    return Outcome(problem, sample, trajectory, Verdict(False, "test", ""), Verdict(False, "test", ""), sample)


def filled(store: Store, name: str, right: str) -> int:
    """A run whose problem i is right where `right` has an x at i, and left out where it has a space."""
    run = store.new_run(name, ASKED, len(right))
    for number, mark in enumerate(right):
        verdict = Verdict(mark == "x", "test", "")
        if mark != " ":
            made = outcome(number, "1" if mark == "x" else "2")
            store.add(run, Outcome(made.problem, 0, made.trajectory, verdict, verdict, 0))
    return run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs" / "tora-agent.sqlite")


def test_a_comparison_counts_flips_and_tests_them(store: Store) -> None:
    one, other = filled(store, "a", "xx--------x"), filled(store, "b", "x-xxxxxxxx ")
    found = compare_runs(store.results(one), store.results(other))
    whole = found.all
    assert (whole.n, whole.first, whole.second, whole.gained, whole.lost) == (10, 2, 9, 8, 1)
    assert whole.p_value == pytest.approx(2 * (1 + 9) / 2**9)  # both tails of 9 fair coins with at most one head
    assert whole.change == pytest.approx(0.7) and 0 < whole.interval[0] < 0.7 < whole.interval[1] <= 1
    assert [(flip.problem, flip.change) for flip in found.flips][:2] == [("1", "lost"), ("2", "gained")]
    assert {name: difference.n for name, difference in found.groups["level"].items()} == {"0": 5, "1": 5}
    assert found.left_out == 1


def test_questions_make_the_pairs_and_ids_tell_repeated_ones_apart(store: Store) -> None:
    def run(name: str, *problems: tuple[str, str, bool]) -> list[Result]:
        number = store.new_run(name, ASKED, len(problems))
        for identifier, question, right in problems:
            verdict, trajectory = Verdict(right, "test", ""), outcome(0, "1").trajectory
            store.add(number, Outcome(Problem(identifier, question, "1"), 0, trajectory, verdict, verdict, 0))
        return store.results(number)

    file = run("a", ("test/7.json", "How  much?", False), ("0", "Twice?", False), ("1", "Twice?", True))
    task = run("b", ("12", "How much?", True), ("1", "Twice?", False), ("2", "Twice?", False))
    found = compare_runs(file, task)
    assert [(flip.problem, flip.second_problem, flip.change) for flip in found.flips] == [
        ("test/7.json", "12", "gained"),
        ("1", "1", "lost"),
    ]
    assert (found.all.n, found.left_out) == (2, 2)


def test_runs_over_different_problems_are_refused(store: Store) -> None:
    one, other = filled(store, "a", "xx  "), filled(store, "b", "  xx")
    with pytest.raises(UserError, match="no problem in common"):
        compare_runs(store.results(one), store.results(other))


def test_the_commands_refuse_runs_without_a_common_problem_and_newer_stores(
    cli: Run, store: Store, tmp_path: Path
) -> None:
    filled(store, "a", "xx  "), filled(store, "b", "  xx")
    done = cli("compare", "1", "2")
    assert done.returncode == 2 and "no problem in common" in done.stderr
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    for command in ("compare 1 2", "runs list", "regrade 1", "runs export 1"):
        done = cli(*command.split())
        assert (done.returncode, done.stdout) == (2, "") and "is of a newer tora-agent" in done.stderr


def test_the_commands_on_a_store(cli: Run, store: Store, tmp_path: Path) -> None:
    run = store.new_run("a", ASKED, 3)
    for sample, answer in enumerate(["\\frac{1}{2}", "50", "0.5"]):
        store.add(run, outcome(0, answer, sample))
    filled(store, "b", "x")
    again = report(cli("regrade", "1", "--json"))
    with store.lock("a"):
        busy = cli("regrade", "1")
    assert busy.returncode == 2 and "another process is evaluating the same run" in busy.stderr
    after = [change["after"] for change in again["changed"]]
    assert after == [
        {"tora": True, "strict": True, "vote": 0},
        {"tora": True, "strict": False, "vote": 1},  # the paper's rules forgive a factor of 100
        {"tora": True, "strict": True, "vote": 0},
    ]
    assert report(cli("regrade", "1", "--json"))["changed"] == []
    with sqlite3.connect(store.path) as connection:  # the same votes by another name
        connection.execute("UPDATE results SET vote = 2 WHERE run_id = 1 AND vote = 0")
    assert report(cli("regrade", "1", "--json"))["changed"] == []
    assert [result.vote for result in store.results(run)] == [0, 1, 0]
    assert report(cli("compare", "1", "2", "--json"))["all"]["n"] == 1
    shown = cli("compare", "1", "2")
    assert (shown.returncode, shown.stderr) == (0, "")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.stdout.splitlines()]
    assert ["all", "1", "1", "1", "0", "0", "+0.0%", "-100.0% to +100.0%", "1"] in rows
    line = report(cli("runs", "export", "1", "--format", "tora"))
    assert (line["idx"], line["gt"], line["pred"]) == (0, "0.5", ["\\frac{1}{2}", "50", "0.5"])
    assert len(line["code"]) == 3 and line["level"] == "0"
    missing = cli("compare", "1", "9")
    assert missing.returncode == 2 and "there is no run 9" in missing.stderr
    with sqlite3.connect(tmp_path / "runs" / "tora-agent.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM results").fetchone() == (4,)


@pytest.mark.parametrize(("early_stop", "known"), [(False, [1, 2, 3]), (True, [1, 2])])
def test_pass_at_k_ends_with_the_samples_drawn_in_any_case(
    cli: Run, store: Store, early_stop: bool, known: list[int]
) -> None:
    run = store.new_run("a", ASKED | {"samples": 3, "early_stop": early_stop}, 3)
    for sample in range(3):
        store.add(run, outcome(0, "0.5", sample))
    assert [point["k"] for point in report(cli("runs", "show", "1", "--json"))["passes"]] == known


def test_votes_are_counted_anew(cli: Run, store: Store) -> None:
    run = store.new_run("a", ASKED, 3)
    for sample, answer in enumerate(["0.5", "50", "50"]):
        made = outcome(0, answer, sample)
        store.add(run, replace(made, tora=Verdict(True, "test", ""), strict=Verdict(answer == "0.5", "test", "")))
    before = store.results(run)
    strict = report(cli("revote", "1", "--json"))
    assert strict["changed"] == [{"problem": "0", "before": "0.5", "after": "50"}]
    assert (strict["samples"], strict["strict"]["correct"], strict["stored"]["strict"]["correct"]) == (3, 0, 1)
    assert report(cli("revote", "1", "--grader", "tora", "--json"))["changed"] == []  # 50 is 0.5 to the paper's rules
    assert report(cli("revote", "1", "--samples", "2", "--json"))["changed"] == []  # a tie goes to the first
    assert "problem 0: '0.5' became '50'" in cli("revote", "1").stdout
    assert store.results(run) == before
