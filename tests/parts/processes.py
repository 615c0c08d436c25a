"""What the operating system says of processes."""

import time
from collections.abc import Callable
from pathlib import Path

import psutil

PATIENCE = 240.0  # seconds, on a busy machine


def children(process: int) -> list[int]:
    """The process's children, zombies included."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def wait_until(holds: Callable[[], object], complaint: str) -> None:
    """Look again and again, for as long as a busy machine may take."""
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, complaint
        time.sleep(0.1)


def wait_for_children(process: int, count: int) -> None:
    """Until so many processes run below the process."""
    found = psutil.Process(process)
    wait_until(lambda: len(found.children(recursive=True)) >= count, "the processes did not start")


def wait_until_idle(process: int) -> None:
    """Until nothing below the process computes any more."""
    found = psutil.Process(process)
    wait_until(lambda: not any(map(_computes, found.children(recursive=True))), "something still computes")


def _computes(process: psutil.Process) -> bool:
    try:
        return process.cpu_percent(0.5) > 20
    except psutil.NoSuchProcess:
        return False
