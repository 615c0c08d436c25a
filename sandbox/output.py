"""What a program prints, in memory that its process shares with the parent.

So it is kept whatever ends the program, and printing calls on neither the system nor the parent.
"""

import io
import mmap
import os
import struct
import sys
from collections.abc import Callable
from typing import Any

_LENGTH = struct.Struct("=Q")  # at the beginning: the bytes printed so far, also those for which there was no room


def shared_memory(room: int) -> int:
    """A descriptor of memory without a name for so many bytes of output; on Linux nobody can change its size.

    Raises:
        OSError: the system has none.
    """
    if sys.platform == "linux":
        descriptor = os.memfd_create("output", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    else:
        import _posixshmem
        import secrets

        name = f"/{secrets.token_hex(14)}"
        descriptor = _posixshmem.shm_open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode=0o600)
        _posixshmem.shm_unlink(name)
    os.ftruncate(descriptor, _LENGTH.size + room)
    if sys.platform == "linux":
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return descriptor


class Printed:
    """The parent's side, for the programs of one child."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, os.fstat(descriptor).st_size)

    def clear(self) -> None:
        """Nothing is printed yet."""
        self._memory[: _LENGTH.size] = bytes(_LENGTH.size)

    def read(self) -> tuple[bytes, bool]:
        """What was printed, and whether more was than there is room for; nothing once it is closed."""
        if self._memory.closed:
            return b"", False
        (length,) = _LENGTH.unpack_from(self._memory)
        room = len(self._memory) - _LENGTH.size
        return self._memory[_LENGTH.size : _LENGTH.size + min(length, room)], length > room

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()


class Output(io.BufferedIOBase):
    """The child's side, as the buffer under standard output."""

    def __init__(self, memory: memoryview) -> None:
        self.write = _writer(memory)  # type: ignore[method-assign]

    def writable(self) -> bool:
        """Yes."""
        return True


def _writer(memory: memoryview) -> Callable[[Any], int]:
    """`write`: what there is no room for is counted and dropped, though the program is told that it was written."""
    length, content = memory[: _LENGTH.size].cast("Q"), memory[_LENGTH.size :]
    room, printed = len(content), 0

    def write(data: Any) -> int:
        nonlocal printed
        if type(data) is not bytes:
            data = bytes(memoryview(data))
        start, printed = printed, printed + len(data)
        if printed <= room:
            content[start:printed] = data
        elif start < room:
            content[start:] = data[: room - start]
        length[0] = printed
        return len(data)

    return write
