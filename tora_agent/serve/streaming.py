"""Answers that grow, and work that ends when nobody waits for it any more."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from tora_agent.serve.gate import Places

T = TypeVar("T")

PING = ": still here\n\n"  # a comment, which readers of server-sent events leave out


class Gone(Exception):
    """The client has closed its connection."""


class EventStream(StreamingResponse):
    """Server-sent events. When the client goes, their generator is closed and the places are left."""

    def __init__(self, events: AsyncGenerator[str, None], places: Places) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the latter: nginx passes each on at once
        super().__init__(events, media_type="text/event-stream", headers=headers)
        self._events = events
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events until they end or the client goes."""
        with self._places:
            async with aclosing(self._events):
                await super().__call__(scope, receive, send)


def message(data: dict[str, Any]) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(data)}\n\n"


async def while_connected(request: Request, work: Awaitable[T]) -> T:
    """What `work` returns; it is cancelled when the client goes.

    Raises:
        Gone: the client went first.
    """
    task = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait([task, leaving], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise Gone
    finally:
        task.cancel()
        leaving.cancel()
        await asyncio.wait([task, leaving])


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
