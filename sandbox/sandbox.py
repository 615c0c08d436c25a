"""The sandbox as its users see it: sessions that run programs, and calls of trusted functions on untrusted text."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Sequence
from typing import Any, Self

from tora_agent.sandbox.limits import REQUIRED_WALLS, WALLS, Limits, Mode, SandboxBusy, SandboxUnavailable
from tora_agent.sandbox.session import ATTEMPTS, JSON, Session, Timer, check_started, exchange
from tora_agent.sandbox.zygote_link import Child, ZygoteLink

_LOG = logging.getLogger(__name__)
_Kind = tuple[str, tuple[str, ...] | None]  # of calls: the function, and the walls if they are not the sandbox's


class CallFailed(Exception):
    """The trusted function raised; the message says what."""


class CallDied(CallFailed):
    """The trusted function's process died of what it was given."""


class Sandbox:
    """Runs untrusted programs in forked, limited processes; one zygote, started on first use.

    Usable from one event loop. On Windows it is not available yet.
    """

    def __init__(
        self,
        limits: Limits = Limits(),  # noqa: B008  frozen
        *,
        concurrency: int = 2,
        wait_seconds: float | None = None,
        idle_sessions: int = 64,
        idle_seconds: float = 600.0,
        programs: bool = True,
        policy: bool = True,
        walls: Sequence[str] = WALLS,
    ) -> None:
        """At most `concurrency` programs run at once; others wait, for `wait_seconds` at most (None: without an end).

        Of the notebooks between two programs, `idle_sessions` keep their processes, each for `idle_seconds`; those of
        the others are ended, and rebuilt when they are needed.

        Without `programs` there are calls of trusted functions alone, for which it starts sooner.

        Without the policy, or with fewer of the kernel's walls, what is left can be tried alone: nothing else is a
        reason to leave one out.
        """
        if concurrency < 1:
            raise ValueError("concurrency must be at least 1")
        if wait_seconds is not None and not wait_seconds >= 0:
            raise ValueError("wait_seconds must be at least 0")
        if unknown := [wall for wall in walls if wall not in WALLS]:
            raise ValueError(f"there is no wall {unknown[0]!r}: the kernel's are {', '.join(WALLS)}")
        self.limits = limits
        self._programs = programs
        self._policy = policy
        self._walls = walls
        self._ready = min(concurrency, os.cpu_count() or 1) if programs else 0  # children that wait for programs
        self._idle_sessions, self._idle_seconds = idle_sessions, idle_seconds
        self._idle: dict[Session, asyncio.TimerHandle] = {}  # the one that has waited longest first
        self._concurrency, self._wait_seconds = concurrency, wait_seconds
        self._slots = asyncio.Semaphore(concurrency)
        self._starting = asyncio.Lock()
        self._link: ZygoteLink | None = None
        self._callers: dict[_Kind, list[tuple[Child, int]]] = {}  # they wait for further calls

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
    async def session(self, mode: Mode = "stateless", echo: bool = True) -> AsyncIterator["Session"]:
        """A session; leaving the context kills what still runs in it. Without `echo` a notebook prints no last values.

        Raises:
            ValueError: the sandbox was made for calls alone.
        """
        if not self._programs:
            raise ValueError("this sandbox was made without programs")
        async with Session(self, mode, echo) as session:
            yield session

    async def call(
        self,
        function: str,
        *arguments: JSON,
        seconds: float,
        walls: Sequence[str] | None = None,
        calls: int = 1,
    ) -> JSON:
        """What the trusted function, named "package.module:function", returns for the arguments, as JSON.

        Its module is loaded outside the walls, so it imports at its top what it needs. `walls` names the kernel's
        walls to put up (None: the sandbox's). A process serves so many `calls` of a function that all return in time.

        Raises:
            TimeoutError: it took longer than `seconds`.
            CallFailed: it raised.
            CallDied: its process died.
            SandboxBusy: it waited for its turn for as long as the sandbox allows.
            SandboxUnavailable: no process could be started.
        """
        kind = function, None if walls is None else tuple(walls)
        job = {"function": function, "arguments": arguments}
        async with self.slot():
            for _ in range(ATTEMPTS - 1):
                link = await self.link()
                try:
                    return await self._call(link, kind, job, seconds, calls)
                except SandboxUnavailable:
                    if link.alive or self.closed:
                        raise
            return await self._call(await self.link(), kind, job, seconds, calls)

    async def _call(self, link: ZygoteLink, kind: _Kind, job: JSON, seconds: float, calls: int) -> JSON:
        child, served = self._caller(link, kind)
        end = None
        try:
            async with Timer(child, seconds) as timer:
                end = await exchange(child, self.confinement(seconds * calls, kind[1]), job, timer)
                if end is None:  # its end says why, where it was the sandbox that failed
                    await asyncio.shield(child.ended)
                check_started(child)
                return _returned(end)
        except TimeoutError:
            check_started(child)
            raise
        finally:
            if end and "value" in end and served + 1 < calls:
                self._callers.setdefault(kind, []).append((child, served + 1))
            else:
                link.end(child)

    def _caller(self, link: ZygoteLink, kind: _Kind) -> tuple[Child, int]:
        """A process for calls of this kind, and how many it has served: one that waits for more, or a fresh one."""
        waiting = self._callers.get(kind, [])
        while waiting:
            caller = waiting.pop()
            if not caller[0].ended.done():
                return caller
        return link.take([kind[0]]), 0

    async def close(self) -> None:
        """End the zygote and every program; a later run starts a new one."""
        for timer in self._idle.values():
            timer.cancel()
        self._idle.clear()
        self._callers.clear()
        if self._link:
            link, self._link = self._link, None
            await link.close()

    @property
    def closed(self) -> bool:
        """Whether there is no zygote, nor will be before it is asked for again."""
        return self._link is None and not self._starting.locked()

    async def link(self) -> ZygoteLink:
        """The live zygote, started where there is none or the last one died."""
        async with self._starting:
            if (link := self._link) and not link.alive:
                await self.close()
                _LOG.warning("the sandbox's process died (exit code %s): a new one takes its place", link.exit_code)
            if not self._link:
                kind = self._programs, self._policy, "namespaces" in self._walls
                self._link = await ZygoteLink.start(self.limits.output_bytes, *kind)
                self._link.fill(self._ready)
            return self._link

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for one of the places in which programs run; who leaves it has the next child forked, ahead of need.

        Raises:
            SandboxBusy: none came free in time.
        """
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise SandboxBusy(
                f"no place for a program came free within {self._wait_seconds:g} s: {self._concurrency} run already"
            ) from None
        try:
            yield
        finally:
            self._slots.release()
            if self._link:
                self._link.fill(self._ready)

    async def child(self, load: Sequence[str]) -> tuple[ZygoteLink, Child]:
        """A fresh child, forked once the zygote has loaded what is named."""
        link = await self.link()
        return link, link.take(load)

    def settle(self, session: Session) -> None:
        """The session waits for its next program."""
        self._idle[session] = asyncio.get_running_loop().call_later(self._idle_seconds, session.rest)
        if len(self._idle) > self._idle_sessions:
            next(iter(self._idle)).rest()

    def wake(self, session: Session) -> None:
        """The session waits no longer."""
        if timer := self._idle.pop(session, None):
            timer.cancel()

    def confinement(self, seconds: float, walls: Sequence[str] | None = None) -> dict[str, Any]:
        """The message that starts a child: its limits, its walls, and those without which it must end."""
        return {
            "memory_mb": self.limits.memory_mb,
            "cpu_seconds": int(seconds) + 2,
            "walls": list(self._walls if walls is None else walls),
            "required": REQUIRED_WALLS if self.limits.require_walls else (),
        }


def _returned(end: dict[str, Any] | None) -> JSON:
    if end is None:
        raise CallDied("the process died")
    if "value" not in end:
        raise CallFailed(str(end.get("error")))
    return end["value"]
