"""A Ray cluster on this machine beside the plain executor: the same recordings, their programs executed again.

    python bench/cluster.py [--limit 1000] [--repeats 3] [--data ../shared]

First ToRA-Code-34B's programs on GSM8k, which take CPU time: the plain executor, then one worker with all CPUs (what
Ray costs), then 1, 2 and 4 workers with a program at once each. Then programs that only sleep, with the same numbers of
workers: what the number alone does, on however few CPUs. A rate counts from the first stored result to the last, so
that starting is apart. Figures count on an idle machine only.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

COMMAND = [sys.executable, "-c", "from tora_agent.cli import main; main()"]
SLEEPERS = 64
SLEEP = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of the whole command, and results per second from the first to the last."""

    seconds: float
    rate: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1].parent / "shared")
    options = parser.parse_args()
    recorded = options.data / "trajectories" / "tora-code-34b-v1.0.gsm8k.jsonl"
    gsm8k = ["--dataset", "gsm8k", "--data-dir", str(options.data / "data"), "--trajectories", str(recorded)]
    gsm8k += ["--limit", str(options.limit)]
    cpus = os.cpu_count() or 1
    # by turns, so that what else the machine does falls on both
    pairs = [(timed(gsm8k), timed([*gsm8k, *ray(1, cpus)])) for _ in range(options.repeats)]
    plain, one = [middle([pair[side] for pair in pairs]) for side in (0, 1)]
    print(f"plain: {shown(plain)}")
    print(f"1 worker with {cpus} CPUs: {shown(one)}; time of a problem {plain.rate / one.rate - 1:+.1%}", flush=True)
    compare_workers("GSM8k", gsm8k, options.repeats)
    with tempfile.TemporaryDirectory() as folder:
        compare_workers(f"programs that sleep {SLEEP} s", sleepers(Path(folder)), options.repeats)


def compare_workers(name: str, arguments: list[str], repeats: int) -> None:
    """Print the rates of 1, 2 and 4 workers."""
    first = 0.0
    for workers in (1, 2, 4):
        portion = min(1.0, (os.cpu_count() or 1) / workers)
        found = middle([timed([*arguments, *ray(workers, portion)]) for _ in range(repeats)])
        first = first or found.rate
        print(f"{name}, {workers} workers: {shown(found)}, {found.rate / first:.2f} of one's rate", flush=True)


def ray(workers: int, cpus: float) -> list[str]:
    return ["--executor", "ray", "--workers", str(workers), "--set", f"ray.cpus={cpus:g}"]


def sleepers(folder: Path) -> list[str]:
    """The arguments of a replay of programs that take time and nothing else."""
    program = f"```python\nimport time\ntime.sleep({SLEEP})\nprint(1)\n```\n```output\n1\n```\n\\boxed{{1}}"
    problems = [{"question": f"number {n}?", "answer": 1} for n in range(SLEEPERS)]
    for name, extra in (("task.jsonl", {}), ("recorded.jsonl", {"text": program})):
        (folder / name).write_text("".join(json.dumps(problem | extra) + "\n" for problem in problems))
    return ["--task", str(folder / "task.jsonl"), "--trajectories", str(folder / "recorded.jsonl")]


def timed(arguments: list[str]) -> Timing:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "runs.sqlite"
        command = [*COMMAND, "eval", "--engine", "replay", *arguments, "--store", str(store), "--json"]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
        with sqlite3.connect(store) as connection:
            first, last, count = connection.execute(
                "SELECT min(finished), max(finished), count(*) FROM results"
            ).fetchone()
    span = datetime.fromisoformat(last) - datetime.fromisoformat(first)
    return Timing(seconds, (count - 1) / span.total_seconds())


def middle(timings: list[Timing]) -> Timing:
    """The medians of both figures."""
    return Timing(median(timing.seconds for timing in timings), median(timing.rate for timing in timings))


def shown(timing: Timing) -> str:
    return f"{timing.rate:.1f} problems a second, {timing.seconds:.1f} s with starting and ending"


if __name__ == "__main__":
    main()
