"""Which walls stand, found out by running against them in a child that has only the wall in question."""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from tora_agent.sandbox.limits import Limits
from tora_agent.sandbox.sandbox import Sandbox

# What is tried against each wall; a wall is up when every attempt fails.
ATTEMPTS = {
    "environment": ("see_environment",),
    "descriptors": ("read_descriptors",),
    "limits": ("take_memory",),
    "namespaces": ("see_network", "see_parent"),
    "capabilities": ("change_root",),
    "landlock": ("read_file", "write_file"),
    "seccomp": ("read_file", "open_socket", "start_process", "start_program", "signal_parent"),
}
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Wall:
    """One wall of the sandbox: whether it held when it was tried, and what was tried or got through."""

    name: str
    up: bool
    detail: str


def walls() -> list[Wall]:
    """Try every wall in a child of its own; not from inside a running event loop.

    Raises:
        SandboxUnavailable: no process could be started.
    """
    return asyncio.run(_walls())


async def _walls() -> list[Wall]:
    function = f"{__name__}:broken_through"
    async with Sandbox(Limits(memory_mb=256)) as sandbox:
        found = []
        for wall, attempts in ATTEMPTS.items():
            through = await sandbox.call(function, list(attempts), seconds=_SECONDS, walls=[wall])
            tried = ", ".join(attempts).replace("_", " ")
            through_text = ", ".join(through).replace("_", " ")
            found.append(Wall(wall, not through, f"not held back: {through_text}" if through else f"tried: {tried}"))
        return found


def broken_through(attempts: list[str]) -> list[str]:
    """In the child: the attempts that succeeded."""
    return [name for name in attempts if _succeeds(_ATTEMPTS[name])]


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        return attempt() is not False
    except (OSError, MemoryError):
        return False


def _see_environment() -> bool:
    harmless = ("PYTHON", "OPENBLAS", "OMP_", "MKL_", "VECLIB_", "LC_", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "__CF")
    return any(not name.startswith(harmless) for name in os.environ)


def _read_descriptors() -> bool:
    return any(_is_open(descriptor) for descriptor in range(4, 256))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError as failure:
        return failure.errno != errno.EBADF
    return True


def _see_network() -> bool:
    return any(name != "lo" for _, name in socket.if_nameindex())


def _start_process() -> None:
    if os.fork() == 0:
        os._exit(0)


def _write_file() -> None:
    os.close(os.open(f"/tmp/tora-agent-probe-{os.getpid()}", os.O_CREAT | os.O_EXCL | os.O_WRONLY))


_ATTEMPTS: dict[str, Callable[[], object]] = {
    "see_environment": _see_environment,
    "read_descriptors": _read_descriptors,
    "take_memory": lambda: bytearray(512 << 20),
    "read_file": lambda: os.open("/dev/zero", os.O_RDONLY),
    "write_file": _write_file,
    "open_socket": socket.socket,
    "start_process": _start_process,
    "start_program": lambda: os.execv("/bin/true", ["true"]),
    "see_network": _see_network,
    "see_parent": lambda: os.getppid() != 0,
    "change_root": lambda: os.chroot("/"),
    "signal_parent": lambda: os.kill(os.getppid(), 0),
}
