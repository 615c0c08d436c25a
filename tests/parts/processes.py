"""What the operating system says of processes."""

import time
from pathlib import Path

import psutil

_PATIENCE = 120.0  # seconds


def children(process: int) -> list[int]:
    """The process's children, zombies included."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def wait_for_children(process: int, count: int) -> None:
    """Until so many processes run below the process."""
    ends = time.monotonic() + _PATIENCE
    while len(psutil.Process(process).children(recursive=True)) < count:
        assert time.monotonic() < ends, "the processes did not start"
        time.sleep(0.05)


def wait_until_idle(process: int) -> None:
    """Until nothing below the process computes any more."""
    ends = time.monotonic() + _PATIENCE
    while any(_computes(each) for each in psutil.Process(process).children(recursive=True)):
        assert time.monotonic() < ends, "something still computes"


def _computes(process: psutil.Process) -> bool:
    try:
        return process.cpu_percent(0.5) > 20
    except psutil.NoSuchProcess:
        return False
