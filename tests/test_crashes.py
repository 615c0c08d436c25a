"""Evaluations that are killed, run out of disk, or share a store: what has ended stays, and nothing is there twice.

TORA_AGENT_ROUNDS says how often runs are killed.
"""

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from command_line import COMMAND, Done, Run

KILLS = int(os.environ.get("TORA_AGENT_ROUNDS", "4"))
VOTED = ["eval", "--dataset", "sample", "--limit", "6", "--samples", "3", "--temperature", "0.7", "--max-tokens", "60"]
VOTED += ["--concurrency", "1", "--json", "--resume", "--store"]


def stored(store: Path, columns: str = "problem_id, sample, text, answer, correct, vote") -> dict[tuple[str, int], Any]:
    """What is stored of each sample; a sample that is there twice is an error."""
    if not store.exists():
        return {}
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return {}
        rows = connection.execute(f"SELECT {columns} FROM results").fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = {row[:2]: row[2:] for row in rows}
    assert len(found) == len(rows)
    return found


def scores(done: Done) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    return {key: report[key] for key in ("run", "n", "correct", "strict", "majority", "passes", "stops", "programs")}


@pytest.mark.slow
def test_runs_killed_at_random_moments_end_like_one_that_was_not(cli: Run, tmp_path: Path) -> None:
    began = time.monotonic()
    whole = scores(cli(*VOTED, "whole.sqlite"))
    seconds = time.monotonic() - began
    expected = stored(tmp_path / "whole.sqlite")
    assert len(expected) == 18
    kills, runs, store = 0, 0, tmp_path / "0.sqlite"
    while kills < KILLS:
        before = stored(store)
        process = subprocess.Popen([*COMMAND, *VOTED, store.name], cwd=tmp_path, stdout=-3, stderr=-3)
        try:
            process.wait(random.uniform(0, seconds))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            kills += 1
        finished = process.wait() == 0
        after = stored(store)
        assert before.items() <= after.items() <= expected.items()
        if finished or kills == KILLS:
            assert scores(cli(*VOTED, store.name)) == whole
            assert stored(store) == expected
            runs += 1
            store = tmp_path / f"{runs}.sqlite"


def benchmark(folder: Path, count: int, length: int) -> list[str]:
    """The arguments of an evaluation over recordings of so many characters, all of them right."""
    lines = [{"question": f"number {n}?", "answer": n} for n in range(count)]
    texts = [{"question": line["question"], "text": "x" * length + f"\\boxed{{{line['answer']}}}"} for line in lines]
    for name, records in (("task.jsonl", lines), ("recorded.jsonl", texts)):
        (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records))
    return ["eval", "--task", "task.jsonl", "--engine", "replay", "--trajectories", "recorded.jsonl", "--json"]


def test_a_full_disk_costs_nothing_that_was_stored(cli: Run, tmp_path: Path) -> None:
    arguments = [*benchmark(tmp_path, 30, 20_000), "--concurrency", "2"]
    limit = (400_000, resource.RLIM_INFINITY)
    full = subprocess.run(
        [*COMMAND, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    last = full.stderr.strip().splitlines()[-1]
    assert full.returncode == 2 and "Traceback" not in full.stderr
    assert "cannot be written" in last and "all that was written before is kept" in last
    kept = stored(tmp_path / "runs" / "tora-agent.sqlite")
    assert 5 < len(kept) < 30
    report = json.loads(cli(*arguments, "--resume").stdout)
    assert (report["run"], report["n"], report["correct"]) == (1, 30, 30)
    assert kept.items() <= stored(tmp_path / "runs" / "tora-agent.sqlite").items()


def test_processes_share_a_new_store(cli: Run, tmp_path: Path) -> None:
    arguments = benchmark(tmp_path, 40, 10)
    with ThreadPoolExecutor() as threads:
        limits = range(37, 41)
        runs = list(threads.map(lambda limit: scores(cli(*arguments, "--limit", str(limit))), limits))
    assert sorted(run["run"] for run in runs) == [1, 2, 3, 4]
    assert [run["correct"] for run in runs] == list(limits)
    assert len(stored(tmp_path / "runs" / "tora-agent.sqlite", "run_id, problem_id")) == sum(limits)


def test_a_damaged_store_is_one_sentence(cli: Run, tmp_path: Path) -> None:
    assert cli(*benchmark(tmp_path, 40, 4000)).returncode == 0
    store = tmp_path / "runs" / "tora-agent.sqlite"
    content = bytearray(store.read_bytes())
    content[30_000:90_000] = b"\xff" * 60_000
    store.write_bytes(content)
    for command in ("runs export 1", "compare 1 1", "regrade 1", "revote 1"):
        done = cli(*command.split())
        assert done.returncode == 2 and "cannot be used" in done.stderr and "Traceback" not in done.stderr, command
