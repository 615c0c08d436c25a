"""What all samples share: opened once in an event loop, and closed as the loop ends.

inspect_ai tells no solver or scorer when the last sample is through, but its event loop ends with the evaluation, and
cancels the tasks that are left: such a task holds each shared part.
"""

import asyncio
from collections.abc import Callable, Hashable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Held:
    ready: "asyncio.Future[Any]"
    holder: "asyncio.Task[None]"  # a task lives only as long as somebody knows it


_HELD: dict[asyncio.AbstractEventLoop, dict[Hashable, _Held]] = {}


async def held(key: Hashable, open_part: Callable[[], AbstractAsyncContextManager[T]]) -> T:
    """The part of this key in the running event loop, opened by whoever asks first; its failure is everybody's."""
    loop = asyncio.get_running_loop()
    parts = _HELD.setdefault(loop, {})
    if key not in parts:
        ready = loop.create_future()
        parts[key] = _Held(ready, loop.create_task(_hold(open_part(), ready)))
    part: T = await asyncio.shield(parts[key].ready)
    return part


async def _hold(context: AbstractAsyncContextManager[T], ready: "asyncio.Future[T]") -> None:
    try:
        async with context as part:
            ready.set_result(part)
            await asyncio.Event().wait()  # until the loop ends
    except asyncio.CancelledError:
        _HELD.pop(asyncio.get_running_loop(), None)
        raise
    except Exception as failure:
        if ready.done():
            raise
        ready.set_exception(failure)
