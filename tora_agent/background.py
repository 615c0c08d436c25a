"""An event loop beside the caller's."""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, Self, TypeVar

T = TypeVar("T")


class Background:
    """An event loop in a thread of its own: parts that belong to one loop serve sync and async callers anywhere."""

    def __init__(self, owner: str) -> None:
        """Start the thread; `owner` is what the user knows, for messages."""
        self._owner = owner
        self._loop = asyncio.new_event_loop()
        self._works: set[asyncio.Task[Any]] = set()
        self._closed = False
        self._door = threading.Lock()  # no work comes in once it is closed
        self._thread = threading.Thread(target=self._loop.run_forever, name="tora-agent", daemon=True)
        self._thread.start()

    @property
    def closed(self) -> bool:
        """Whether it takes no more work."""
        return self._closed

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns, for sync callers.

        Raises:
            RuntimeError: it is closed, or closes before the work has ended.
        """
        future = self._submit(work)
        try:
            return future.result()
        except CancelledError:
            raise self._refusal() from None
        except BaseException:
            future.cancel()  # Ctrl-C while waiting: the work ends too
            raise

    async def result(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns, for async callers; cancelling ends it.

        Raises:
            RuntimeError: it is closed, or closes before the work has ended.
        """
        future = self._submit(work)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if self._closed and not _cancelled():
                raise self._refusal() from None
            raise

    def close(self, last: Coroutine[Any, Any, None]) -> None:
        """Cancel what is at work, do a last work, then end the thread; a second call does nothing."""
        with self._door:
            closed, self._closed = self._closed, True
        if closed:
            last.close()
            return
        try:
            asyncio.run_coroutine_threadsafe(self._end(last), self._loop).result()
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        with self._door:
            if not self._closed:
                return asyncio.run_coroutine_threadsafe(self._do(work), self._loop)
        work.close()
        raise self._refusal()

    async def _do(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.current_task()
        assert task
        self._works.add(task)
        try:
            return await work
        finally:
            self._works.discard(task)

    async def _end(self, last: Coroutine[Any, Any, None]) -> None:
        works = list(self._works)
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
        await last

    def _refusal(self) -> RuntimeError:
        return RuntimeError(f"this {self._owner} is closed")


class Closing(ABC):
    """What `with` closes at its end."""

    @abstractmethod
    def close(self) -> None:
        """Give back what it holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _cancelled() -> bool:
    """Whether it is the running task that someone cancels."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
