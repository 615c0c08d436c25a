"""An event loop beside the caller's."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Background:
    """An event loop in a thread of its own: parts that belong to one loop serve sync and async callers anywhere."""

    def __init__(self, owner: str) -> None:
        """Start the thread; `owner` is what the user knows, for messages."""
        self._owner = owner
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tora-agent", daemon=True)
        self._thread.start()

    @property
    def closed(self) -> bool:
        """Whether it takes no more work."""
        return self._loop.is_closed()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns, for sync callers.

        Raises:
            RuntimeError: it is closed.
        """
        future = self._submit(work)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # Ctrl-C while waiting: the work ends too
            raise

    async def result(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns, for async callers; cancelling ends it.

        Raises:
            RuntimeError: it is closed.
        """
        return await asyncio.wrap_future(self._submit(work))

    def close(self, last: Coroutine[Any, Any, None]) -> None:
        """Do a last work, then end the thread; a second call does nothing."""
        if self.closed:
            last.close()
            return
        self.wait(last)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        if self.closed:
            work.close()
            raise RuntimeError(f"this {self._owner} is closed")
        return asyncio.run_coroutine_threadsafe(work, self._loop)
