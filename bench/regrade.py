"""Grading stored trajectories again, beside executing them: the same commands as a user's, in one run.

    python bench/regrade.py [--limit N] [--data ../shared]

The trajectories are those of ToRA-Code-34B on GSM8k. Figures count on an idle machine only.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-c", "from tora_agent.cli import main; main()"]


def seconds_of(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([*COMMAND, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=1319)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1].parent / "shared")
    options = parser.parse_args()
    recorded = options.data / "trajectories" / "tora-code-34b-v1.0.gsm8k.jsonl"
    with tempfile.TemporaryDirectory() as folder:
        store = ("--store", f"{folder}/runs.sqlite")
        replay = ("--engine", "replay", "--trajectories", str(recorded), "--limit", str(options.limit))
        executing = seconds_of("eval", "--dataset", "gsm8k", "--data-dir", str(options.data / "data"), *replay, *store)
        grading = seconds_of("regrade", "1", *store)
    print(f"{options.limit} trajectories: executing {executing:.1f} s, regrade {grading:.1f} s")
    print(f"regrade takes {grading / executing:.3f} of the time (target: 0.2 at most)")


if __name__ == "__main__":
    main()
