"""`--track mlflow` with the real client on a real database, as MLflow's own client sees the runs afterwards."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from command_line import COMMAND, Run
from tora_agent.config import Experiment, load_experiment

pytest.importorskip("mlflow", reason="the mlflow client is not installed")
pytest.importorskip("alembic", reason="alembic, which makes MLflow's tables, is not installed")

if TYPE_CHECKING:
    from mlflow import MlflowClient

TRACK = ("--track", "mlflow")


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's tables, which take it seconds to make."""
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("mlflow") / "empty.db"
    MlflowClient(f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> "MlflowClient":
    """The client of the database that MLflow takes by default, here one for each test."""
    from mlflow import MlflowClient

    path = tmp_path / "mlflow.db"
    shutil.copy(empty_database, path)
    return MlflowClient(f"sqlite:///{path}")


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A config of a recording that is right on two of three problems."""
    block = "```python\nprint(1 + 1)\n```\n```output\n2\n```\n"
    texts = {"one and one?": f"{block}$\\boxed{{2}}$", "two and two?": "$\\boxed{4}$", "three and three?": "7"}
    problems = [{"question": text, "answer": answer} for text, answer in zip(texts, "246", strict=True)]
    recordings = [{"question": question, "text": text} for question, text in texts.items()]
    for name, lines in {"mine.jsonl": problems, "recorded.jsonl": recordings}.items():
        (tmp_path / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "mine.yaml").write_text(
        "engine: replay\ntrajectories: recorded.jsonl\ndataset: {name: mine.jsonl}\ntrack: mlflow\n"
    )
    return "mine.yaml"


def logged(store: "MlflowClient", experiment: str = "tora-agent") -> list[Any]:
    """The runs, oldest first."""
    found = store.get_experiment_by_name(experiment)
    return list(store.search_runs([found.experiment_id], order_by=["attributes.start_time ASC"])) if found else []


def text(store: "MlflowClient", run: Any, name: str, folder: Path) -> str:
    return Path(store.download_artifacts(run.info.run_id, name, str(folder))).read_text()


def test_a_run_is_logged_whole(store: "MlflowClient", cli: Run, config: str, tmp_path: Path) -> None:
    done = cli("run", config, "--report", "page.html", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    [run] = logged(store)
    assert (run.info.run_name, run.info.status) == ("mine.jsonl: recorded.jsonl", "FINISHED")
    params = run.data.params
    assert (params["dataset.name"], params["sampling.temperature"], params["prompt"]) == ("mine.jsonl", "0.0", "tora")
    metrics = run.data.metrics
    assert (metrics["tora.accuracy"], metrics["strict.accuracy"]) == (report["accuracy"], report["strict"]["accuracy"])
    assert [metrics["tora.low"], metrics["tora.high"]] == pytest.approx(report["interval"])
    assert (metrics["programs"], metrics["seconds"]) == (1, pytest.approx(report["seconds"]))
    steps = store.get_metric_history(run.info.run_id, "tora.accuracy")
    assert [point.step for point in steps] == [1, 2, 3, 3]  # as it ran, and at its end
    assert {"identity", "source", "sympy", "prompt", "problems"} <= run.data.tags.keys()
    records = [json.loads(line) for line in text(store, run, "results.jsonl", tmp_path).splitlines()]
    assert {record["answer"] for record in records} == {"2", "4", "7"}
    assert "<html" in text(store, run, "page.html", tmp_path / "runs")
    (tmp_path / "again.yaml").write_text(text(store, run, "experiment.yaml", tmp_path))
    again = cli("run", "again.yaml")
    assert "run 1 has finished, nothing to do" in again.stderr and len(logged(store)) == 1


def test_a_run_that_goes_on_is_the_same_one(
    monkeypatch: pytest.MonkeyPatch, store: "MlflowClient", tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "mine")
    cli, config = request.getfixturevalue("cli"), request.getfixturevalue("config")
    assert cli("run", config).returncode == 0
    with sqlite3.connect(tmp_path / "runs" / "tora-agent.sqlite") as connection:
        connection.execute("DELETE FROM results WHERE problem_id = '1'")
    assert cli("run", config, "--set", "output.concurrency=1").returncode == 0
    [run] = logged(store, "mine")
    assert run.info.status == "FINISHED"
    steps = store.get_metric_history(run.info.run_id, "tora.accuracy")
    assert [point.step for point in steps] == [1, 2, 3, 3, 3, 3]
    assert cli("run", config, "--force").returncode == 0
    assert len(logged(store, "mine")) == 2 and not logged(store)


def test_a_sweep_is_a_parent_with_children(store: "MlflowClient", cli: Run, config: str, tmp_path: Path) -> None:
    sweep = ["run", config, "--sweep", "limits.rounds=2,3", "--report", "page.html"]
    for _ in range(2):  # the second time there is nothing to do
        done = cli(*sweep)
        assert done.returncode == 0, done.stderr
    parent, *children = logged(store)
    assert (parent.info.run_name, parent.info.status) == ("limits.rounds", "FINISHED")
    assert [child.info.run_name for child in children] == ["limits.rounds=2", "limits.rounds=3"]
    assert {child.data.tags["mlflow.parentRunId"] for child in children} == {parent.info.run_id}
    assert [child.data.params["limits.rounds"] for child in children] == ["2", "3"]
    assert [artifact.path for artifact in store.list_artifacts(parent.info.run_id)] == ["page.html"]


def test_tracking_is_no_part_of_the_identity() -> None:
    assert load_experiment(None, {"track": "mlflow"}).identity({}) == Experiment().identity({})


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "file:./mlruns", "nothing://there"])
def test_a_server_that_does_not_answer_is_one_sentence_before_any_work(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, tmp_path: Path, address: str
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    done = request.getfixturevalue("cli")("eval", "--dataset", "sample", "--limit", "1", *TRACK)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    assert f"MLflow at {address} cannot be used: " in done.stderr and "MLFLOW_TRACKING_URI" in done.stderr
    assert not (tmp_path / "runs").exists()


@contextmanager
def slow_run(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A tracked run of six problems of a second each, once the first is logged in `mlflow.db`."""
    slow = "```python\nimport time\ntime.sleep(1)\nprint(2)\n```\n```output\n2\n```\n$\\boxed{2}$"
    questions = [f"question {number}?" for number in range(6)]
    for name, fields in {"mine.jsonl": {"answer": "2"}, "recorded.jsonl": {"text": slow}}.items():
        (folder / name).write_text("".join(json.dumps({"question": each, **fields}) + "\n" for each in questions))
    replay = ["--engine", "replay", "--trajectories", "recorded.jsonl", "--concurrency", "1"]
    arguments = ["eval", "--dataset", "mine.jsonl", *replay, "--set", "sandbox.seconds=60", *TRACK, "--json"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with (
        subprocess.Popen([*COMMAND, *arguments], cwd=folder, text=True, env=os.environ, **pipes) as process,
        closing(sqlite3.connect(folder / "mlflow.db", timeout=60)) as database,
    ):
        while not database.execute("SELECT count(*) FROM metrics").fetchone()[0]:
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.05)
        yield process


def test_a_run_that_is_stopped_is_killed_in_mlflow_too(store: "MlflowClient", tmp_path: Path) -> None:
    with slow_run(tmp_path) as process:
        process.send_signal(signal.SIGINT)
        output, complaint = process.communicate(timeout=300)
    assert (process.returncode, output) == (130, ""), complaint
    [run] = logged(store)
    assert (run.info.status, run.data.metrics["tora.accuracy"]) == ("KILLED", 1)


def test_a_run_that_fails_failed_in_mlflow_too(store: "MlflowClient", tmp_path: Path) -> None:
    with slow_run(tmp_path) as process:
        with closing(sqlite3.connect(tmp_path / "runs" / "tora-agent.sqlite", timeout=60)) as ours:
            ours.execute("DROP TABLE results")
        _, complaint = process.communicate(timeout=300)
    assert process.returncode == 2 and "no such table: results" in complaint and "Traceback" not in complaint
    [run] = logged(store)
    assert run.info.status == "FAILED"


def test_a_database_that_dies_costs_the_run_nothing(store: "MlflowClient", tmp_path: Path) -> None:
    with slow_run(tmp_path) as process:
        with closing(sqlite3.connect(tmp_path / "mlflow.db", timeout=60)) as database:
            database.execute("DROP TABLE metrics")
        output, complaint = process.communicate(timeout=300)
    assert process.returncode == 0 and json.loads(output)["correct"] == 6
    notes = [line for line in complaint.splitlines() if line.startswith("note:")]
    assert len(notes) == 1 and "is lost (no such table: metrics); the run goes on without it" in notes[0]
    assert "Traceback" not in complaint
