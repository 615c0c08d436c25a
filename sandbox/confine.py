"""Everything that confines a child, put up by the child itself before it sees any untrusted text."""

import contextlib
import mmap
import os
import resource
import sys
from collections.abc import Callable, Sequence

from tora_agent.sandbox import kernel

DESCRIPTORS = 16
# In this order: the calls that put up the others are none of those that seccomp allows.
KERNEL_WALLS: dict[str, Callable[[], None]] = {
    "capabilities": kernel.drop_capabilities,
    "landlock": kernel.forbid_files,
    "seccomp": kernel.forbid_calls,
}


def confine(memory_mb: int, cpu_seconds: int, walls: Sequence[str]) -> list[str]:
    """Set the limits and put up the named kernel walls; those that stand."""
    set_limits(memory_mb, cpu_seconds)
    with contextlib.suppress(OSError):  # only Linux has it
        kernel.forbid_dumps()
    return [wall for wall in KERNEL_WALLS if wall in walls and _stands(KERNEL_WALLS[wall])]


def _stands(put_up: Callable[[], None]) -> bool:
    try:
        put_up()
    except OSError:
        return False
    return True


def set_limits(memory_mb: int, cpu_seconds: int) -> None:
    """Set the resource limits; memory counts from what the interpreter and its libraries take already."""
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_NPROC: 0,
    }
    if (size := _address_space()) is not None:
        limits[resource.RLIMIT_AS] = size + (memory_mb << 20)
    for kind, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):  # a stricter limit is in force
            resource.setrlimit(kind, (limit, limit))


def _address_space() -> int | None:
    """Bytes of address space in use; None where the system does not say."""
    try:
        descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return probed_address_space() if sys.platform == "linux" else None
    try:
        return int(os.read(descriptor, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(descriptor)


def probed_address_space() -> int:
    """The same without /proc: the least limit, to a MiB, under which one more page is to be had."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    too_little, enough = 0, hard if hard > 0 else 1 << 47
    while enough - too_little > 1 << 20:
        middle = (too_little + enough) // 2
        resource.setrlimit(resource.RLIMIT_AS, (middle, hard))
        try:
            mmap.mmap(-1, resource.getpagesize()).close()
            enough = middle
        except OSError:
            too_little = middle
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return enough
