"""Which walls stand, found out by running against them in a child that has only the wall in question."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tora_agent.sandbox.limits import Limits
from tora_agent.sandbox.sandbox import Sandbox

_SECONDS = 10.0
_IPC_CREATE, _IPC_REMOVE, _MOUNT_DETACH = 0o1600, 0, 2


@dataclass(frozen=True, slots=True)
class Wall:
    """One wall of the sandbox: whether it held when it was tried, and what was tried or got through."""

    name: str
    up: bool
    detail: str


@dataclass(frozen=True, slots=True)
class _Trial:
    """What is tried against a wall, and with which of the kernel's; the wall is up when every attempt fails."""

    attempts: tuple[str, ...]
    walls: tuple[str, ...]


def walls() -> list[Wall]:
    """Try every wall in a child of its own; not from inside a running event loop.

    Raises:
        SandboxUnavailable: no process could be started.
    """
    return asyncio.run(_walls())


def _trials(queue: int) -> dict[str, _Trial]:
    """By wall. Root may lift its limits while it has its powers, and start processes beyond the limit in any case."""
    limits = "take_memory", "grow_file", "open_many_files", "lift_time_limit", "dump_core"
    namespaces = "see_network", "see_parent", "mount_for_others"
    return {
        "environment": _Trial(("see_environment",), ()),
        "descriptors": _Trial(("read_descriptors",), ()),
        "limits": _Trial((*limits, "start_process") if os.getuid() else limits, ("capabilities",)),
        "namespaces": _Trial((*namespaces, "reach_queue") if queue else namespaces, ("namespaces",)),
        "capabilities": _Trial(("change_root", "open_raw_socket", "raise_priority", "name_host"), ("capabilities",)),
        "no_new_privs": _Trial(("gain_privileges",), ("capabilities",)),
        "landlock": _Trial(("read_file", "write_file"), ("landlock",)),
        "landlock, TCP": _Trial(("connect", "listen"), ("landlock",)),
        "seccomp": _Trial(
            ("read_file", "open_socket", "start_process", "start_program", "signal_parent"), ("seccomp",)
        ),
    }


async def _walls() -> list[Wall]:
    import tempfile

    with _queue() as queue, tempfile.TemporaryDirectory(prefix="tora-agent-") as folder:
        async with Sandbox(Limits(memory_mb=256)) as sandbox:
            await sandbox.link()  # raises where programs cannot run at all
            trials = _trials(queue).items()
            return [_wall(name, trial, await _through(sandbox, trial, queue, folder)) for name, trial in trials]


async def _through(sandbox: Sandbox, trial: _Trial, queue: int, folder: str) -> list[str]:
    """The attempts that succeeded."""
    function = "tora_agent.sandbox.attempts:broken_through"
    attempts = list(trial.attempts)
    through: list[str] = await sandbox.call(function, attempts, queue, folder, seconds=_SECONDS, walls=trial.walls)
    return [*through, *_mounted(folder)]


def _mounted(folder: str) -> Iterator[str]:
    """The attempt to mount something on the folder, if it reached this process; it is undone."""
    if Path(folder).is_mount():
        from tora_agent.sandbox import kernel

        kernel.libc().umount2(os.fsencode(folder), _MOUNT_DETACH)
        yield "mount_for_others"


def _wall(name: str, trial: _Trial, through: list[str]) -> Wall:
    words = ", ".join(through or trial.attempts).replace("_", " ")
    return Wall(name, not through, f"not held back: {words}" if through else f"tried: {words}")


@contextlib.contextmanager
def _queue() -> Iterator[int]:
    """The key of a System V queue of this process; 0 where the system has none to give."""
    import secrets

    from tora_agent.sandbox import kernel

    key = secrets.randbelow(2**31 - 2) + 1
    queue = kernel.libc().msgget(key, _IPC_CREATE) if sys.platform == "linux" else -1
    try:
        yield key if queue >= 0 else 0
    finally:
        if queue >= 0:
            kernel.libc().msgctl(queue, _IPC_REMOVE, None)
