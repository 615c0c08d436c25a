"""`tora-agent eval` as a user runs it: scores, resumption after a kill, recordings."""

import itertools
import json
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from command_line import COMMAND, Run, report


def block(program: str, output: str) -> str:
    return f"```python\n{program}\n```\n```output\n{output}\n```\n"


@pytest.fixture
def recorded(tmp_path: Path) -> list[str]:
    """A small benchmark in GSM8k's layout with recorded trajectories: 3 of 4 right, one output different from now."""
    texts = {
        "one and one?": block("print(1 + 1)", "2") + r"$\boxed{2}$",
        "two and two?": block("print(2 + 2)", "four") + r"$\boxed{4}$",
        "three and three?": block("print(3 + 4)", "7") + r"$\boxed{7}$",
        "four and four?": block("import os", "ok") + block("print(8)", "8") + r"$\boxed{8}$",
    }
    answers = ["2", "4", "6", "8"]
    folder = tmp_path / "data" / "gsm8k"
    folder.mkdir(parents=True)
    problems = [{"question": q, "answer": f"so\n#### {a}"} for q, a in zip(texts, answers, strict=True)]
    (folder / "test.jsonl").write_text("".join(json.dumps(problem) + "\n" for problem in problems))
    recordings = [{"question": question, "code": [text]} for question, text in texts.items()]
    (tmp_path / "recorded.jsonl").write_text("".join(json.dumps(line) + "\n" for line in recordings))
    replay = ["--engine", "replay", "--trajectories", "recorded.jsonl"]
    return ["eval", "--dataset", "gsm8k", "--data-dir", "data", *replay]


def test_a_recording_is_executed_again_and_scored(cli: Run, recorded: list[str]) -> None:
    scored = report(cli(*recorded, "--json"))
    assert (scored["accuracy"], scored["n"], scored["correct"]) == (0.75, 4, 3)
    assert scored["interval"][0] < 0.75 < scored["interval"][1]
    assert (scored["programs"], scored["empty_answers"], scored["refused"]) == (5, 0, 1)
    first, second = scored["differences"]
    assert (first["problem"], first["turn"], first["recorded"], first["fresh"]) == ("1", 0, "four", "4")
    assert (second["problem"], second["turn"], second["recorded"]) == ("3", 0, "ok")


def test_the_table_shows_the_same(cli: Run, recorded: list[str]) -> None:
    shown = " ".join(cli(*recorded).stdout.split())
    for part in (
        "75.0%",
        "trajectories with a refused program",
        "outputs that differ from the recording: 2",
        "recorded 'four', now '4'",
    ):
        assert part in shown


def test_limit_and_config_and_set(cli: Run, recorded: list[str], tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "engine: replay\ntrajectories: recorded.jsonl\ndataset: {name: gsm8k, dir: data, limit: 3}\n"
    )
    scored = report(cli("eval", "--config", "mine.yaml", "--set", "dataset.limit=2", "--json"))
    assert (scored["n"], scored["correct"]) == (2, 2)


def test_an_export_can_be_replayed(cli: Run, recorded: list[str], tmp_path: Path) -> None:
    report(cli(*recorded, "--json"))
    exported = cli("runs", "export", "1").stdout
    assert len(exported.splitlines()) == 4 and "run_id" in json.loads(exported.splitlines()[0])
    (tmp_path / "recorded.jsonl").write_text(exported)
    again = report(cli(*recorded, "--json"))
    assert (again["correct"], again["differences"], again["run"]) == (3, [], 2)
    assert "4 of 4" in cli("runs", "list").stdout


def test_a_finished_run_resumed_changes_nothing(cli: Run, recorded: list[str]) -> None:
    first = report(cli(*recorded, "--json"))
    assert report(cli(*recorded, "--json", "--resume")) == first


@pytest.mark.slow
def test_a_killed_run_goes_on(cli: Run, tmp_path: Path) -> None:
    arguments = ["eval", "--dataset", "sample", "--limit", "24", "--max-tokens", "200", "--json"]
    store = tmp_path / "killed.sqlite"
    kept: list[dict[str, str]] = [{}]
    for _ in range(3):
        process = subprocess.Popen(
            [*COMMAND, *arguments, "--store", store.name, "--resume"],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_rows(process, store, len(kept[-1]) + 3)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept.append(texts(store))
    assert len(kept[-1]) < 24
    resumed = report(cli(*arguments, "--store", store.name, "--resume"))
    kept.append(texts(store))
    for before, after in itertools.pairwise(kept):
        assert before.items() < after.items()
    assert (resumed["n"], rows(store), resumed["run"]) == (24, 24, 1)
    assert sum(resumed["stops"].values()) == 24


@pytest.mark.slow
def test_sixteen_slots_score_as_one(cli: Run, tmp_path: Path) -> None:
    scores, found = [], []
    for slots in ("1", "16"):
        arguments = ["--dataset", "sample", "--max-tokens", "200", "--concurrency", slots]
        scores.append(report(cli("eval", *arguments, "--store", f"{slots}.sqlite", "--json")))
        found.append(texts(tmp_path / f"{slots}.sqlite"))
    one, sixteen = found
    # rounding differs with the batch, and may turn a token
    different = sum(sixteen[problem] != text for problem, text in one.items())
    assert different <= 4 and len(one) == len(sixteen) == 80
    assert abs(scores[0]["correct"] - scores[1]["correct"]) <= different


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_finished_and_a_second_eval_waits_its_turn(cli: Run, tmp_path: Path) -> None:
    many = ["--limit", "40", "--samples", "50", "--temperature", "0.7"]  # it must not end by itself
    arguments = ["eval", "--dataset", "sample", *many, "--store", "s.sqlite"]
    process = subprocess.Popen([*COMMAND, *arguments], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    wait_for_rows(process, tmp_path / "s.sqlite", 2)
    second = cli(*arguments, "--resume")
    assert (second.returncode, second.stdout) == (2, "")
    assert "another process is evaluating the same run" in second.stderr and "Traceback" not in second.stderr
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert f"stopped; {rows(tmp_path / 's.sqlite')} of 2000" in errors and "--resume" in errors
    assert "Traceback" not in errors


def texts(store: Path) -> dict[str, str]:
    """The text of each problem that is stored."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        return dict(connection.execute("SELECT problem_id, text FROM results"))


def rows(store: Path) -> int:
    if not store.exists():
        return 0
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM results").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def wait_for_rows(process: "subprocess.Popen[Any]", store: Path, count: int) -> None:
    deadline = time.monotonic() + 120
    while rows(store) < count:
        assert process.poll() is None and time.monotonic() < deadline, "the evaluation made no progress"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--dataset", "gsm9k"], "gsm8k"),
        (["--dataset", "gsm8k"], "--data-dir"),
        (["--dataset", "gsm8k", "--data-dir", "empty"], "empty"),
        (["--engine", "replay"], "--trajectories FILE"),
        (["--engine", "replay", "--trajectories", "gone.jsonl"], "gone.jsonl"),
        (["--limit", "0"], "limit must be at least 1"),
        (["--config", "gone.yaml"], "gone.yaml cannot be read"),
        (["--store", "text.txt"], "text.txt cannot be used"),
        (["--store", "."], "the store . cannot be used: it is a folder"),
        (["--store", "text.txt/below.sqlite"], "cannot be used"),
        (["--prompt", "mine.md"], "mine.md cannot be read"),
        (["--task", "unknown.yaml"], "unknown.yaml: unknown key hubs; did you mean hub?"),
        (["--task", "missing.yaml"], "text.jsonl, line 1 has no column solution: there are q, answer"),
        (["--store", "newer.sqlite"], "newer.sqlite is of a newer tora-agent"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(
    cli: Run, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.txt").write_text("not a store, " * 100)
    (tmp_path / "text.jsonl").write_text('{"q": "How many?", "answer": 1}\n')
    (tmp_path / "unknown.yaml").write_text("title: t\nquestion: '{q}'\nanswer: a\nhubs: []\n")
    (tmp_path / "missing.yaml").write_text("title: t\nlocal: text.jsonl\nquestion: '{q}'\nanswer: solution\n")
    with sqlite3.connect(tmp_path / "newer.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    done = cli("eval", *arguments)
    assert (done.returncode, done.stdout) == (2, ""), done
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("tora-agent: ") and sentence in last and "Traceback" not in done.stderr


def test_a_bad_line_of_data_is_named(cli: Run, recorded: list[str], tmp_path: Path) -> None:
    with (tmp_path / "data" / "gsm8k" / "test.jsonl").open("a") as file:
        file.write('{"question": "five?", "answer": \n')
    done = cli(*recorded)
    assert done.returncode == 2 and "test.jsonl" in done.stderr and "line 5" in done.stderr


def test_a_gold_answer_that_cannot_be_read_is_listed_once_and_compared_as_text(cli: Run, tmp_path: Path) -> None:
    golds = {"a": "\\frac{}{", "b": "\\frac{}{", "c": "\\frac{}{", "d": "4"}
    texts = {"a": "\\boxed{5}", "b": "\\boxed{6}", "c": "The answer is \\frac{}{", "d": "\\boxed{4}"}
    (tmp_path / "t.yaml").write_text("title: t\nlocal: d.jsonl\nquestion: '{question}'\nanswer: gold\n")
    for name, column, rows in (("d.jsonl", "gold", golds), ("r.jsonl", "text", texts)):
        lines = [json.dumps({"question": question, column: value}) for question, value in rows.items()]
        (tmp_path / name).write_text("\n".join(lines))
    arguments = ["eval", "--task", "t.yaml", "--engine", "replay", "--trajectories", "r.jsonl"]
    scored = report(cli(*arguments, "--json"))
    assert (scored["correct"], scored["strict"]["correct"], scored["unread_golds"]) == (2, 2, ["\\frac{}{"])
    shown = cli(*arguments, "--resume").stdout
    assert "gold answers that cannot be read, and were compared as text: \\frac{}{" in shown


@pytest.mark.slow
def test_tora_code_34b_scores_what_the_paper_says(cli: Run, shared: Path) -> None:
    scored = report(
        cli(
            *("eval", "--dataset", "gsm8k", "--data-dir", str(shared / "data"), "--engine", "replay", "--json"),
            *("--trajectories", str(shared / "trajectories" / "tora-code-34b-v1.0.gsm8k.jsonl")),
        )
    )
    assert (scored["n"], scored["correct"], round(scored["accuracy"], 3)) == (1319, 1064, 0.807)
    assert scored["refused"] == 0 and scored["unscored"] == 0
