"""Who may work now, who waits, and who is turned away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self


class Busy(Exception):
    """As many wait as may; `retry_after` is a guess in seconds of when it is worth trying again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("the server is busy and its queue is full: try again later")
        self.retry_after = retry_after


class Gate:
    """`slots` pieces of work run at the same time and `queue` wait, in the order in which they came."""

    def __init__(self, slots: int, queue: int) -> None:
        self.slots = slots
        self._queue = queue
        self._inside = 0
        self.running = 0
        self._seconds = 1.0  # of one piece of work, lately
        self._turn = asyncio.Semaphore(slots)

    @property
    def waiting(self) -> int:
        """How many wait for a slot."""
        return self._inside - self.running

    def enter(self, count: int = 1) -> "Places":
        """Places for so many pieces of work; the caller leaves them as a context manager.

        An idle gate lets in any number.

        Raises:
            Busy: the queue has not that many places left.
        """
        if self._inside and self._inside + count > self.slots + self._queue:
            raise Busy(max(1, round(self._seconds * (self.waiting + 1) / self.slots)))
        self._inside += count
        return Places(self, count)

    def leave(self, count: int) -> None:
        """Give places back."""
        self._inside -= count

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a slot; the context holds it."""
        async with self._turn:
            began = asyncio.get_running_loop().time()
            self.running += 1
            try:
                yield
            finally:
                self.running -= 1
                self._seconds += 0.2 * (asyncio.get_running_loop().time() - began - self._seconds)


class Places:
    """Places at a gate, until they are left."""

    def __init__(self, gate: Gate, count: int) -> None:
        self._gate = gate
        self._count = count

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gate.leave(self._count)
        self._count = 0
