"""Who may use which of a context's sequence numbers."""

import asyncio
import threading
from collections import deque
from concurrent.futures import Future

from tora_agent.engines.base import EngineError


class Slots:
    """The free sequence numbers, given out in the order of asking; for any thread and event loop."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._free = deque(range(count))  # the longest free first: its cache is the least likely to be of use
        self._waiting: deque[tuple[Future[int], asyncio.AbstractEventLoop]] = deque()
        self._lock = threading.RLock()  # reentrant, as the scheduler's
        self._closed: str | None = None

    async def take(self) -> int:
        """A free slot, as soon as there is one.

        Raises:
            EngineError: the engine is closed, or is while this waits.
        """
        with self._lock:
            if self._closed:
                raise EngineError(self._closed)
            if self._free:
                return self._choose()
            future: Future[int] = Future()
            self._waiting.append((future, asyncio.get_running_loop()))
        try:
            return await asyncio.wrap_future(future)
        except BaseException:  # cancelled; or its loop was closed, and it is collected
            if not future.cancel() and not future.exception():  # it was just being given
                self.give(future.result())
            raise

    def _choose(self) -> int:
        """One beside a slot in use, for llama.cpp computes neighbours together; else the longest free."""
        used = set(range(self._count)).difference(self._free)
        slot = next((slot for slot in self._free if used & {slot - 1, slot + 1}), self._free[0])
        self._free.remove(slot)
        return slot

    def give(self, slot: int) -> None:
        """Give a slot back, to the next that waits."""
        with self._lock:
            while self._waiting:
                future, loop = self._waiting.popleft()
                if not loop.is_closed() and future.set_running_or_notify_cancel():
                    future.set_result(slot)
                    return
            self._free.append(slot)

    def close(self, reason: str) -> None:
        """Let everybody that waits, now or later, fail."""
        with self._lock:
            self._closed = reason
            while self._waiting:
                future, _ = self._waiting.popleft()
                if future.set_running_or_notify_cancel():
                    future.set_exception(EngineError(reason))
