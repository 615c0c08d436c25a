"""The paper's table: its columns, its means, and a row of our own."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

import pytest

from command_line import Done
from tora_agent.eval.suite import SUITES, load_suite
from tora_agent.eval.tasks import load_task


def test_the_published_means_are_the_papers() -> None:
    suite = load_suite("tora-10")
    assert len(suite.tasks) == 10 and all(load_task(task).title for task in suite.tasks)
    averages = [round(fmean(row), 1) for row in suite.published.values()]
    assert averages == pytest.approx([62.4, 66.5, 65.9, 71.3, 74.8, 76.9, 86.4, 53.1], abs=0.1)


def test_a_column_is_the_mean_of_its_tasks() -> None:
    suite = load_suite("tora-10")
    accuracies = dict.fromkeys(suite.tasks, 0.5) | {"singleeq": 1.0, "addsub": 0.0, "multiarith": 1.0}
    assert suite.row(accuracies) == [50.0] * 6 + [62.5]


@pytest.mark.slow
def test_the_ten_tasks_run_and_make_one_table(cli: Callable[..., Done], shared: Path) -> None:
    arguments = ["--dataset", SUITES[0], "--data-dir", str(shared / "data"), "--limit", "1", "--max-tokens", "60"]
    done = cli("eval", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [len(report["row"]), len(report["tasks"])] == [7, 10]
    assert {task["n"] for task in report["tasks"].values()} == {1}
    table = cli("eval", *arguments, "--resume").stdout
    assert "ToRA-Code-34B" in table and "AVG" in table
    assert re.search(r"verdicts that differ( +\d+){7}\s*\n", table) and len(report["differing"]) == 7
