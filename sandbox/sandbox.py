"""The sandbox as its users see it: sessions that run programs, and calls of trusted functions on untrusted text."""

import asyncio
import contextlib
import functools
import json
import logging
import signal
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any, Self, cast

from tora_agent.sandbox import channel as frames
from tora_agent.sandbox.limits import (
    LATE,
    REQUIRED_WALLS,
    WALLS,
    Execution,
    Limits,
    Mode,
    SandboxUnavailable,
    Status,
    WallMissing,
)
from tora_agent.sandbox.zygote_link import Child, ZygoteLink

JSON = Any
_NOTEBOOK_SECONDS = 3600.0  # of CPU time in the whole life of a notebook
_PATIENCE = 20  # times its limit: as long as a program lasts at most that waits for a CPU
_STATUSES = ("ok", "error", "memory", "refused")


class CallFailed(Exception):
    """The trusted function raised, or its process died; the message says which."""


class Sandbox:
    """Runs untrusted programs in forked, limited processes; one zygote, started on first use.

    Usable from one event loop. On Windows it is not available yet.
    """

    def __init__(
        self,
        limits: Limits = Limits(),  # noqa: B008  frozen
        *,
        concurrency: int = 2,
        policy: bool = True,
        walls: Sequence[str] = WALLS,
    ) -> None:
        """At most `concurrency` programs run at once; others wait.

        Without the policy, or with fewer of the kernel's walls, what is left can be tried alone: nothing else is a
        reason to leave one out.
        """
        if concurrency < 1:
            raise ValueError("concurrency must be at least 1")
        self.limits = limits
        self._policy = policy
        self._walls = walls
        self._slots = asyncio.Semaphore(concurrency)
        self._starting = asyncio.Lock()
        self._link: ZygoteLink | None = None

    async def __aenter__(self) -> Self:
        """Start the zygote in the background: it warms up while a model writes its first program."""
        self._warming = asyncio.create_task(self._warm())
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._warming.cancel()
        await asyncio.wait([self._warming])
        await self.close()

    async def _warm(self) -> None:
        with contextlib.suppress(SandboxUnavailable):  # the first program will say so
            await self.link()

    @contextlib.asynccontextmanager
    async def session(self, mode: Mode = "stateless") -> AsyncIterator["Session"]:
        """A session; leaving the context kills what still runs in it."""
        session = Session(self, mode)
        try:
            yield session
        finally:
            session.reset()

    async def call(self, function: str, *arguments: JSON, seconds: float, walls: Sequence[str] | None = None) -> JSON:
        """What the trusted function, named "package.module:function", returns for the arguments, as JSON.

        Its module is loaded outside the walls, so it imports at its top what it needs. `walls` names the kernel's
        walls to put up (None: the sandbox's).

        Raises:
            TimeoutError: it took longer than `seconds`.
            CallFailed: it raised, or its process died.
            SandboxUnavailable: no process could be started.
        """
        async with self._slots:
            link = await self.link()
            child = link.fork([function])
            try:
                async with _time_limit(seconds, child):
                    start = self.confinement(seconds, walls)
                    job = {"function": function, "arguments": arguments}
                    return _returned(await _exchange(child, start, job, bytearray(), 0))
            finally:
                link.end(child)

    async def close(self) -> None:
        """End the zygote and every program; a later run starts a new one."""
        if self._link:
            link, self._link = self._link, None
            await link.close()

    async def link(self) -> ZygoteLink:
        """The live zygote, started where there is none or the last one died."""
        async with self._starting:
            if self._link and not self._link.alive:
                await self.close()
            if not self._link:
                self._link = await ZygoteLink.start(self._policy, "namespaces" in self._walls)
            return self._link

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for one of the places in which programs run."""
        async with self._slots:
            yield

    async def fork(self, code: str) -> tuple[ZygoteLink, Child]:
        """A fresh child for a session whose first program is `code`."""
        link = await self.link()
        return link, link.fork([package for package in LATE if package in code])

    def confinement(self, seconds: float, walls: Sequence[str] | None = None) -> dict[str, Any]:
        """The message that starts a child: its limits, its walls, and those without which it must end."""
        return {
            "memory_mb": self.limits.memory_mb,
            "cpu_seconds": int(seconds) + 2,
            "walls": list(self._walls if walls is None else walls),
            "required": REQUIRED_WALLS if self.limits.require_walls else (),
        }


class Session:
    """Programs one after the other: each in a fresh process (stateless), or all in one that keeps its state."""

    def __init__(self, sandbox: Sandbox, mode: Mode) -> None:
        self._sandbox = sandbox
        self._mode = mode
        self._running: tuple[ZygoteLink, Child] | None = None

    async def run(self, code: str, seconds: float | None = None) -> Execution:
        """Run one program, in at most `seconds` (the sandbox's limit by default); what comes of it is a value.

        Raises:
            SandboxUnavailable: no process could be started.
        """
        limits = self._sandbox.limits
        limit = limits.seconds if seconds is None else replace(limits, seconds=seconds).seconds
        fresh = self._running is None
        async with self._sandbox.slot():
            try:
                return await self._run(code, limit)
            except WallMissing:
                raise
            except SandboxUnavailable:  # the zygote died: once more, unless a notebook's state went with it
                self.reset()
                if not fresh:
                    raise
                return await self._run(code, limit)

    def reset(self) -> None:
        """Forget the state and kill what still runs."""
        if self._running:
            link, child = self._running
            self._running = None
            link.end(child)

    async def _run(self, code: str, seconds: float) -> Execution:
        self._running = self._running or await self._sandbox.fork(code)
        child = self._running[1]
        notebook = self._mode == "notebook"
        stdout = bytearray()
        limit = self._sandbox.limits.output_bytes
        start = self._sandbox.confinement(_NOTEBOOK_SECONDS if notebook else seconds)
        job = {"code": code, "notebook": notebook, "output_bytes": limit}
        kept = False
        began = time.perf_counter()
        try:
            async with _time_limit(seconds, child):
                end = await _exchange(child, start, job, stdout, limit)
            kept = notebook and end is not None
            if end is None:
                end = _death(await child.ended, seconds)
        except TimeoutError:
            end = {"status": "timeout", "error": f"the program ran for more than {seconds:g} s"}
        finally:
            if not kept:
                self.reset()
        return _execution(end, stdout, limit, time.perf_counter() - began)


@contextlib.asynccontextmanager
async def _time_limit(seconds: float, child: Child) -> AsyncIterator[None]:
    """Raise TimeoutError after `seconds`, without those that the child waited for a CPU: another may be busy there."""
    loop = asyncio.get_running_loop()
    began, waited_before = loop.time(), child.waited()
    timer: asyncio.TimerHandle

    def check() -> None:
        nonlocal timer
        waited = min(child.waited() - waited_before, (_PATIENCE - 1) * seconds)
        if (end := began + seconds + waited) > loop.time():
            timer = loop.call_at(end, check)
        else:
            limit.reschedule(loop.time())

    async with asyncio.timeout(None) as limit:
        timer = loop.call_later(seconds, check)
        try:
            yield
        finally:
            timer.cancel()


async def _exchange(
    child: Child, start: dict[str, Any], job: JSON, stdout: bytearray, limit: int
) -> dict[str, Any] | None:
    """Send the job and gather output until its end frame, which is the value; None where the child died first.

    A fresh child is started before; it says which walls it has put up before it looks at the job.

    Raises:
        WallMissing: a required wall is not among them.
    """
    loop = asyncio.get_running_loop()
    received = bytearray()
    message = frames.frame(frames.JOB, job)
    if child.walls is None:
        message = frames.frame(frames.START, start) + message
    try:
        await loop.sock_sendall(child.channel, message)
        while True:
            while frame := frames.take_frame(received):
                kind, content = frame
                if (kind == frames.WALLS) is not (child.walls is None):
                    raise frames.BrokenChannel
                if kind == frames.END:
                    return _checked_end(content)
                if kind == frames.OUTPUT:
                    stdout += content[: limit + 1 - len(stdout)]
                else:
                    child.walls = frozenset(json.loads(content))
                    _check_walls(child.walls, start["walls"], start["required"])
            piece = await loop.sock_recv(child.channel, 1 << 16)
            if not piece:
                return None
            received += piece
    except (ConnectionResetError, BrokenPipeError):
        return None
    except frames.BrokenChannel:
        return {"status": "killed", "error": "the program broke its channel"}


def _check_walls(up: frozenset[str], wanted: Sequence[str], required: Sequence[str]) -> None:
    if absent := [wall for wall in required if wall not in up]:
        raise WallMissing(
            f"no program was run, since this system has no wall of the kind {' or '.join(absent)} and "
            "require_walls is set: `tora-agent doctor` tells what each wall needs"
        )
    if absent := [wall for wall in REQUIRED_WALLS if wall in wanted and wall not in up]:
        _warn_of(tuple(absent))


@functools.cache  # once is enough
def _warn_of(absent: tuple[str, ...]) -> None:
    logging.getLogger(__name__).warning(
        "programs run without a wall of the kind %s, which this system lacks: see docs/sandbox.md", " and ".join(absent)
    )


def _checked_end(content: bytes) -> dict[str, Any]:
    try:
        end = json.loads(content)
    except (ValueError, RecursionError):
        end = None
    if not isinstance(end, dict):
        raise frames.BrokenChannel
    return end


def _returned(end: dict[str, Any] | None) -> JSON:
    if end is None:
        raise CallFailed("the process died")
    if "value" not in end:
        raise CallFailed(str(end.get("error")))
    return end["value"]


def _death(code: int, seconds: float) -> dict[str, Any]:
    """What a child's exit without an end frame means."""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"status": "killed", "error": "the system ended the program, which used too much time or memory"}
    if code < 0:
        return {"status": "killed", "error": f"the program crashed: {signal.strsignal(-code)}"}
    return {"status": "killed", "error": "the program ended its process"}


def _execution(end: dict[str, Any], stdout: bytearray, limit: int, seconds: float) -> Execution:
    status, error = end.get("status"), end.get("error")
    if status not in (*_STATUSES, "timeout", "killed") or (status == "ok") is not (error is None):
        status, error = "killed", "the program broke its channel"
    return Execution(
        status=cast(Status, status),
        stdout=bytes(stdout[:limit]).decode(errors="replace" if len(stdout) <= limit else "ignore"),
        error=None if error is None else str(error).encode(errors="replace").decode(),
        truncated=len(stdout) > limit,
        seconds=seconds,
    )


def run_program(code: str, limits: Limits = Limits(), mode: Mode = "stateless") -> Execution:  # noqa: B008
    """Run one program in a sandbox of its own; not from inside a running event loop.

    Raises:
        SandboxUnavailable: no process could be started.
    """

    async def run() -> Execution:
        async with Sandbox(limits) as sandbox, sandbox.session(mode) as session:
            return await session.run(code)

    return asyncio.run(run())
