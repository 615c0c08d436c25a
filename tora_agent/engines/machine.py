"""How much memory this machine has for a model."""

import math
import os
from pathlib import Path

_KEPT_FREE = 0.2  # of the memory, for the programs in the sandbox and for everybody else
# of both versions: a container's limit, what is used of it, and by which name the statistics know the cached files
_CGROUPS = (
    ("memory.max", "memory.current", "memory.stat", "inactive_file"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat", "total_inactive_file"),
)


def free_memory() -> int:
    """How many bytes an engine may use now: four fifths of what is free, here or in the container."""
    return int((1 - _KEPT_FREE) * min(_free_on_machine(), _free_in_cgroup()))


def _free_on_machine() -> int:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):  # not Linux, which alone can tell
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _free_in_cgroup() -> float:
    """What a container's limit leaves; infinite where there is none."""
    limit, used = _cgroup()
    return limit - used


def _cgroup() -> tuple[float, int]:
    """A container's limit, and what is used of it besides files that the kernel gives up when memory is asked for.

    The limit is infinite where there is none.
    """
    for *files, cached in _CGROUPS:
        try:
            limit, usage, statistics = (Path("/sys/fs/cgroup", file).read_text().strip() for file in files)
        except OSError:
            continue
        given_back = dict(line.split() for line in statistics.splitlines()).get(cached, 0)
        return math.inf if limit == "max" else int(limit), int(usage) - int(given_back)
    return math.inf, 0
