"""The kernel's walls: namespaces around the zygote; no capabilities, Landlock and a seccomp filter around each child.

Each holds alone, needs no privilege, and raises OSError where the kernel lacks it. See namespaces(7),
capabilities(7), landlock(7), seccomp(2).
"""

import contextlib
import ctypes
import functools
import mmap
import os
import platform
import signal
import struct
import sys
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SECCOMP_MODE_FILTER = 2
NEW_NAMESPACES = 0x10000000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x00020000  # user, PID, network, IPC, mount
CAPABILITY_VERSION = 0x20080522
LANDLOCK_CREATE_RULESET, LANDLOCK_RESTRICT_SELF = 444, 446  # the same on every architecture
LANDLOCK_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # rights on files, by the ABI that brought them
LANDLOCK_NETWORK = 0b11  # bind and connect over TCP, from ABI 4
LANDLOCK_SCOPES = 0b11  # abstract sockets and signals, from ABI 6

# What a program needs that computes and talks to its channel: memory, time, random bytes, an end.
_ALLOWED = {
    "x86_64": {
        "read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "munmap": 11, "brk": 12, "rt_sigaction": 13,
        "rt_sigprocmask": 14, "rt_sigreturn": 15, "sched_yield": 24, "mremap": 25, "madvise": 28, "nanosleep": 35,
        "getpid": 39, "sendto": 44, "recvfrom": 45, "exit": 60, "gettimeofday": 96, "getrusage": 98, "times": 100,
        "sigaltstack": 131, "gettid": 186, "time": 201, "futex": 202, "restart_syscall": 219, "clock_gettime": 228,
        "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231, "getrandom": 318,
    },
    "aarch64": {
        "close": 57, "lseek": 62, "read": 63, "write": 64, "fstat": 80, "exit": 93, "exit_group": 94, "futex": 98,
        "nanosleep": 101, "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115, "sched_yield": 124,
        "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139,
        "times": 153, "getrusage": 165, "gettimeofday": 169, "getpid": 172, "gettid": 178, "sendto": 206,
        "recvfrom": 207, "brk": 214, "munmap": 215, "mremap": 216, "madvise": 233, "getrandom": 278,
    },
}  # fmt: skip
_NOT_EXECUTABLE = {"x86_64": {"mmap": 9, "mprotect": 10}, "aarch64": {"mmap": 222, "mprotect": 226}}
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_PROT_EXEC = 4

_MADV_COLLAPSE = 25
_HUGE_PAGE = 2 << 20  # bytes

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06  # classic BPF
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # the latter: EPERM
_NUMBER, _ARCHITECTURE, _THIRD_ARGUMENT = 0, 4, 32  # offsets in struct seccomp_data


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the process that forked it ends.

    `parent` is that process as seen from this one: 0 from a PID namespace that it is not in itself.
    """
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, 9)
        if os.getppid() != parent:
            os._exit(0)


def separate() -> int:
    """Give this process namespaces of its own, and its children a PID namespace; the id of the latter's first process.

    That process holds the PID namespace open: when it ends, or this one does, the kernel kills all that are in it.
    """
    _libc_call("unshare", NEW_NAMESPACES)
    if (process := os.fork()) == 0:
        try:
            _hold_open()
        finally:
            os._exit(0)
    return process


def _hold_open() -> None:
    die_with_parent(0)
    os.closerange(0, 4096)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # orphans of the namespace come here: the kernel reaps them
    while True:
        signal.pause()


def forbid_dumps() -> None:
    """Leave no core behind, nor have a program of the system's take it, which no limit on its size would stop."""
    _prctl(PR_SET_DUMPABLE, 0)


def drop_capabilities() -> None:
    """Keep none of root's powers, nor those of a user namespace's owner."""
    _forbid_privileges()
    _libc_call("capset", struct.pack("=Ii", CAPABILITY_VERSION, 0), bytes(24))


def _forbid_privileges() -> None:
    """No program started from here gains privileges by set-user-id files; the walls require it."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def forbid_files() -> None:
    """Landlock: no file may be opened, made or removed; no TCP; no signals or abstract sockets to the outside."""
    _forbid_privileges()
    version = _landlock(LANDLOCK_CREATE_RULESET, None, 0, 1)
    rights = (1 << max(count for abi, count in LANDLOCK_RIGHTS.items() if abi <= version)) - 1
    words = [rights]
    if version >= 4:
        words.append(LANDLOCK_NETWORK)
    if version >= 6:
        words.append(LANDLOCK_SCOPES)
    attributes = struct.pack(f"={len(words)}Q", *words)
    ruleset = _landlock(LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    _landlock(LANDLOCK_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def forbid_calls() -> None:
    """Seccomp: every system call outside the list fails with EPERM, as does executable memory."""
    _forbid_privileges()
    take_filter(call_filter())


def take_filter(steps: bytes) -> None:
    """Have the kernel ask this seccomp program about every system call."""
    program = ctypes.create_string_buffer(steps)
    length = (len(program) - 1) // 8
    header = struct.pack("@HP", length, ctypes.addressof(program))
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header)


@functools.cache
def call_filter() -> bytes:
    """Seccomp's program: made once, for all children.

    Raises:
        OSError: the calls of this machine's architecture are not known here.
    """
    machine = platform.machine()
    if machine not in _ALLOWED:
        raise OSError(f"no list of system calls for {machine}")
    allowed, conditional = sorted(_ALLOWED[machine].values()), sorted(_NOT_EXECUTABLE[machine].values())
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, _AUDIT_ARCH[machine]), (_RETURN, 0, 0, _REFUSE)]
    steps.append((_LOAD, 0, 0, _NUMBER))
    for number in allowed:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for number in conditional:
        check = [(_LOAD, 0, 0, _THIRD_ARGUMENT), (_ANY_BIT, 1, 0, _PROT_EXEC), (_RETURN, 0, 0, _ALLOW)]
        steps += [(_EQUAL, 0, 4, number), *check, (_RETURN, 0, 0, _REFUSE)]
    steps.append((_RETURN, 0, 0, _REFUSE))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


@functools.cache
def libc() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


def gather_memory() -> None:
    """Put this process's memory into huge pages, where the kernel can (Linux 6.1): forks copy a 512th of the entries.

    See madvise(2), MADV_COLLAPSE.
    """
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/maps").read_text().splitlines():
            addresses, access, *_ = line.split()
            start, end = (int(address, 16) for address in addresses.split("-"))
            if access == "rw-p":
                for address in range(-(-start // _HUGE_PAGE) * _HUGE_PAGE, end - _HUGE_PAGE + 1, _HUGE_PAGE):
                    libc().madvise(ctypes.c_void_p(address), ctypes.c_size_t(_HUGE_PAGE), _MADV_COLLAPSE)


def overwrite(address: int, data: bytes) -> None:
    """Write over constants of this process, which it may only read."""
    page = mmap.PAGESIZE
    start = address // page * page
    area = ctypes.c_void_p(start), ctypes.c_size_t(address + len(data) - start)
    _checked(libc().mprotect(*area, mmap.PROT_READ | mmap.PROT_WRITE))
    ctypes.memmove(address, data, len(data))
    _checked(libc().mprotect(*area, mmap.PROT_READ))


def _libc_call(name: str, *arguments: int | bytes) -> int:
    if sys.platform != "linux":
        raise OSError("only Linux has it")
    return _checked(getattr(libc(), name)(*arguments))


def _prctl(option: int, *arguments: int | bytes) -> None:
    if sys.platform != "linux":
        raise OSError("only Linux has it")
    padded = [*arguments, *[0] * (4 - len(arguments))]
    words = [value if isinstance(value, bytes) else ctypes.c_ulong(value) for value in padded]
    _checked(libc().prctl(option, *words))


def _landlock(call: int, *arguments: int | bytes | None) -> int:
    if sys.platform != "linux":
        raise OSError("only Linux has it")
    words = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _checked(libc().syscall(ctypes.c_long(call), *words))


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
