"""What commands read from standard input: a text, or lines of JSON that are answered by lines of JSON, in order."""

import asyncio
import contextlib
import json
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import CancelledError
from typing import Any

from tora_agent.errors import UserError
from tora_agent.validation import read_object

Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def read_text() -> str:
    """All of standard input, which must be UTF-8."""
    try:
        return sys.stdin.buffer.read().decode()
    except OSError as error:
        raise UserError(f"standard input cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"standard input is not UTF-8: {error}") from error


async def answer_lines(answer: Answer, empty: dict[str, Any], at_once: int = 1) -> None:
    """Print `answer` of each line of standard input, in order. A bad line is answered with its fault, and others go on.

    So many lines are worked on `at_once`, or wait for those before them to be answered; no more of the input is held.
    The work on a line begins in the order of the lines. `empty` is what the answer to a bad line holds beside its
    `error`.

    Raises:
        UserError: at the end, where lines were bad.
    """
    bad = 0
    room = asyncio.Semaphore(at_once)

    async def one(number: int, line: bytes, before: asyncio.Task[None] | None) -> None:
        nonlocal bad
        try:
            reply = await answer(read_object(line, f"line {number}"))
        except UserError as error:
            reply = empty | {"error": str(error)}
            bad += 1
        if before:
            await before
        await asyncio.to_thread(_print, json.dumps(reply))  # a reader that is slow holds up no program's clock
        room.release()

    before = None
    try:
        async with asyncio.TaskGroup() as lines:
            async for number, line in _lines(room):
                before = lines.create_task(one(number, line, before))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    if bad:
        raise UserError(f"{bad} of the lines could not be read: their answers say why")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _lines(room: asyncio.Semaphore) -> AsyncIterator[tuple[int, bytes]]:
    """Standard input's lines that are not blank, with their numbers; each comes once there is room for it.

    They are read in a thread that nobody waits for: it may never hear of another line.

    Raises:
        UserError: it cannot be read.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Queue[tuple[int, bytes] | OSError | None] = asyncio.Queue()

    async def put(item: tuple[int, bytes] | OSError | None) -> None:
        await room.acquire()
        await found.put(item)

    def read() -> None:
        with contextlib.suppress(RuntimeError, CancelledError):  # the loop has ended
            for item in _read():
                asyncio.run_coroutine_threadsafe(put(item), loop).result()

    threading.Thread(target=read, name="standard input", daemon=True).start()
    while item := await found.get():
        if isinstance(item, OSError):
            raise UserError(f"standard input cannot be read: {item.strerror}") from item
        yield item


def _read() -> Iterator[tuple[int, bytes] | OSError | None]:
    try:
        # a file of its own: that of `sys.stdin` cannot be closed at the end while a thread reads it
        with open(sys.stdin.fileno(), "rb", closefd=False) as file:
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
    except OSError as failure:
        yield failure
    yield None


def text_field(request: dict[str, Any], name: str) -> str:
    """A field that must be there and be text."""
    value = request.get(name)
    if not isinstance(value, str):
        raise UserError(f"the field {name} must be a text, and is {'missing' if value is None else repr(value)}")
    return value
