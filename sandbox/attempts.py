"""What a process may try against the walls around it, without harm where a wall is missing."""

import errno
import os
import resource
import socket
import struct
from collections.abc import Callable
from pathlib import Path

from tora_agent.sandbox import kernel

_ALLOW_ALL = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)
_BEYOND = 64  # descriptors, more than a program may open
_NOWHERE = ("127.0.0.1", 9)  # the port `discard`, where nobody listens


def broken_through(attempts: list[str], queue: int = 0, folder: str = "") -> list[str]:
    """The attempts that succeeded; `queue` is the key of a System V queue and `folder` a folder, both of the parent's.

    Whether what is mounted on the folder is mounted for the parent, too, only the parent can tell.
    """
    met: dict[str, Callable[[], object]] = {
        "reach_queue": lambda: kernel.libc().msgget(queue, 0) >= 0,
        "mount_for_others": lambda: _mount(folder),
    }
    return [name for name in attempts if _succeeds((_ATTEMPTS | met)[name])]


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        return attempt() is not False
    except (OSError, MemoryError, ValueError):
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


def _grow_file() -> None:
    import tempfile

    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(b"x")


def _open_many_files() -> None:
    opened: list[int] = []
    try:
        while len(opened) < _BEYOND:
            opened.append(os.dup(0))
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _lift_time_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_CPU, (hard + 1, hard + 1))


def _dump_core() -> bool:
    try:
        process = os.fork()
    except OSError:  # an ordinary user's process, which may start none, and has only itself to crash
        return resource.getrlimit(resource.RLIMIT_CORE) != (0, 0)
    if process == 0:
        os.abort()
    return os.WCOREDUMP(os.waitpid(process, 0)[1])


def _mount(folder: str) -> bool:
    kernel.libc().mount(b"none", os.fsencode(folder), b"tmpfs", 0, None)
    return False


def _see_network() -> bool:
    return any(name != "lo" for _, name in socket.if_nameindex())


def _gain_privileges() -> bool:
    try:  # a process without powers is allowed a filter of calls once it has forgone to gain any: see seccomp(2)
        kernel.take_filter(_ALLOW_ALL)
    except OSError:
        return True
    return False


def _connect() -> bool:
    with socket.socket() as ours:
        return ours.connect_ex(_NOWHERE) != errno.EACCES  # any other failure is the network's


def _listen() -> None:
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))


def _start_process() -> None:
    if (process := os.fork()) == 0:
        os._exit(0)
    os.waitpid(process, 0)


def _write_file() -> None:
    path = Path(f"/tmp/tora-agent-probe-{os.getpid()}")
    path.touch(exist_ok=False)
    path.unlink()


_ATTEMPTS: dict[str, Callable[[], object]] = {
    "see_environment": _see_environment,
    "read_descriptors": _read_descriptors,
    "take_memory": lambda: bytearray(512 << 20),
    "grow_file": _grow_file,
    "open_many_files": _open_many_files,
    "lift_time_limit": _lift_time_limit,
    "dump_core": _dump_core,
    "see_network": _see_network,
    "see_parent": lambda: os.getppid() != 0,
    "change_root": lambda: os.chroot("/"),
    "open_raw_socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    "raise_priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, 0),
    "name_host": lambda: socket.sethostname(socket.gethostname()),
    "gain_privileges": _gain_privileges,
    "read_file": lambda: os.open("/dev/zero", os.O_RDONLY),
    "write_file": _write_file,
    "connect": _connect,
    "listen": _listen,
    "open_socket": socket.socket,
    "start_process": _start_process,
    "start_program": lambda: os.execv("/bin/true", ["true"]),
    "signal_parent": lambda: os.kill(os.getppid(), 0),
}
