"""Sessions: programs one after the other, and what passes between the parent and the child that runs them."""

import asyncio
import functools
import json
import logging
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from types import NoneType
from typing import TYPE_CHECKING, Any, Self, cast, get_args

from tora_agent.sandbox import channel as frames
from tora_agent.sandbox.limits import (
    LATE,
    MOST_SECONDS,
    REQUIRED_WALLS,
    WALLS,
    Execution,
    Mode,
    SandboxUnavailable,
    Status,
    WallMissing,
)
from tora_agent.sandbox.zygote_link import START_SECONDS, Child, ZygoteLink

if TYPE_CHECKING:
    from tora_agent.sandbox.sandbox import Sandbox

JSON = Any
_STATUSES = ("ok", "error", "memory", "refused")
_GLANCE = 0.05  # seconds in which a program that has a CPU is seen to use it
_PATIENCE = 20  # times its limit: as long as a program lasts at most that waits for a CPU
_MOST_LATE = 30  # modules that are loaded for one program, which is run again for each
_MODULE = re.compile(r"[A-Za-z_][\w.]{0,99}", re.ASCII)
ATTEMPTS = 3  # at a program or a call, where it is the sandbox that fails
_LONGEST_ERROR = 20_000  # characters; the child cuts before, unless a program has taken its place


class Session:
    """Programs one after the other: each in a fresh process (stateless), or all in one that keeps its state.

    A notebook prints the value of a last expression, unless `echo` is off. Programs reach nothing outside, so that one
    whose process was lost is rebuilt by running its programs again. Programs that are given to one session at the same
    time run in turn.
    """

    def __init__(self, sandbox: "Sandbox", mode: Mode, echo: bool = True) -> None:
        if mode not in get_args(Mode):
            raise ValueError(f"there is no mode {mode!r}: a session is {' or '.join(get_args(Mode))}")
        self._sandbox = sandbox
        self._mode = mode
        self._echo = echo and mode == "notebook"
        self._turn = asyncio.Lock()
        self._running: tuple[ZygoteLink, Child] | None = None
        self._past: list[tuple[str, float]] = []  # what a notebook has run, and the seconds that each might take
        self._resets = 0
        self._late: set[str] = set()  # the modules that its programs need and few others do

    async def run(self, code: str, seconds: float | None = None) -> Execution:
        """Run one program, in at most `seconds` (the sandbox's limit by default); what comes of it is a value.

        Raises:
            TypeError: the program is no text.
            SandboxBusy: it waited for its turn for as long as the sandbox allows.
            SandboxUnavailable: no process could be started, or a notebook's state could not be rebuilt.
        """
        if not isinstance(code, str):
            raise TypeError(f"a program is a str, not {type(code).__name__}")
        limits = self._sandbox.limits
        limit = limits.seconds if seconds is None else replace(limits, seconds=seconds).seconds
        self._late |= {package for package in LATE if package in code}
        resets = self._resets
        async with self._turn, self._sandbox.slot():
            for _ in range(ATTEMPTS - 1):
                try:
                    return await self._run(code, limit, resets)
                except WallMissing:
                    raise
                except SandboxUnavailable:  # the zygote died, or the child before it saw its program
                    self.rest()
                    if self._sandbox.closed:
                        raise
            return await self._run(code, limit, resets)

    def fork(self) -> "Session":
        """A session that goes on from this one's state; from there on the two share nothing."""
        other = Session(self._sandbox, self._mode, self._echo)
        other._past, other._late = list(self._past), set(self._late)
        return other

    def reset(self) -> None:
        """Forget the state; kill what still runs, and what waits for its turn."""
        self._resets += 1
        self._forget()

    async def finish(self) -> None:
        """Forget the state once the programs that were given before have run."""
        async with self._turn:
            self._forget()

    def _forget(self) -> None:
        self._past.clear()
        self.rest()

    def rest(self) -> None:
        """End the process; the next program finds a notebook's state rebuilt."""
        self._sandbox.wake(self)
        if self._running:
            link, child = self._running
            self._running = None
            link.end(child)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.reset()

    async def _run(self, code: str, seconds: float, resets: int) -> Execution:
        """Run one program that was given after so many resets."""
        self._sandbox.wake(self)
        for _ in range(_MOST_LATE):
            if self._resets > resets:
                return _execution({"status": "killed", "error": "the session was reset"}, b"", False, 0.0)
            try:
                return await self._run_once(code, seconds)
            except _Wanted as wanted:
                self._late.add(wanted.module)
        return _execution({}, b"", False, 0.0)

    async def _run_once(self, code: str, seconds: float) -> Execution:
        if self._running and not self._running[1].loaded >= self._late:
            self.rest()
        if not self._running:
            await self._rebuild()
        execution = await self._step(code, seconds)
        if self._running:
            self._past.append((code, seconds))
            self._sandbox.settle(self)
        else:
            self._past.clear()
        return execution

    async def _rebuild(self) -> None:
        for code, seconds in self._past:
            await self._step(code, 2 * seconds)
            if not self._running:
                raise SandboxUnavailable("the state of a session could not be rebuilt: its programs end otherwise now")

    async def _step(self, code: str, seconds: float) -> Execution:
        """Run one program in the process that there is, or in a new one; afterwards a notebook's may still be there.

        Raises:
            _Wanted: it came to a module that is to be loaded first.
        """
        sandbox, notebook = self._sandbox, self._mode == "notebook"
        child = await self._process()
        start = sandbox.confinement(MOST_SECONDS if notebook else seconds)  # a notebook's are those of its whole life
        kept = False
        try:
            async with Timer(child, seconds) as timer:
                job = {"code": code, "notebook": notebook, "echo": self._echo}
                end = await exchange(child, start, job, timer)
                kept = notebook and end is not None and end.get("status") in _STATUSES
                if end is None:  # it may have closed its channel and live on
                    end = _death(await asyncio.shield(child.ended))
        except TimeoutError:
            end = {"status": "timeout", "error": f"the program ran for more than {seconds:g} s"}
        finally:
            printed, more = child.printed.read()
            if not kept:
                self.rest()
        check_started(child)
        _check_modules(end, self._late)
        return _execution(end, printed, more, asyncio.get_running_loop().time() - timer.began)

    async def _process(self) -> Child:
        """The process that there is, or a new one.

        Raises:
            SandboxUnavailable: the session was reset before there was one.
        """
        if not self._running:
            resets = self._resets
            link, child = await self._sandbox.child(sorted(self._late))
            if self._resets > resets:
                link.end(child)
                raise SandboxUnavailable("the session was reset")
            self._running = link, child
        return self._running[1]


class Timer:
    """A program's time: from when its process is ready, without what it waits for a CPU that others keep busy.

    The context raises TimeoutError when the time is over.
    """

    def __init__(self, child: Child, seconds: float) -> None:
        self._child = child
        self._seconds = seconds
        self._timeout = asyncio.timeout(START_SECONDS)
        self._check_at: asyncio.TimerHandle | None = None
        self._glimpse = b""
        self.began = asyncio.get_running_loop().time()

    def start(self) -> None:
        """From now on."""
        loop = asyncio.get_running_loop()
        self.began, self._waited = loop.time(), self._child.waited()
        self._timeout.reschedule(self.began + _PATIENCE * self._seconds)
        self._check_at = loop.call_later(self._seconds, self._check)

    def _check(self) -> None:
        loop = asyncio.get_running_loop()
        before, self._glimpse = self._glimpse, self._child.glimpse()
        end = self.began + self._seconds + self._child.waited() - self._waited
        if end > loop.time():
            self._check_at = loop.call_at(end, self._check)
        elif self._glimpse and before in (b"", self._glimpse):  # a wait is told of only when it is over
            self._check_at = loop.call_later(_GLANCE, self._check)
        else:
            self._timeout.reschedule(loop.time())

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(self, *exception: Any) -> None:
        if self._check_at:
            self._check_at.cancel()
        await self._timeout.__aexit__(*exception)


async def exchange(child: Child, start: dict[str, Any], job: JSON, timer: Timer) -> dict[str, Any] | None:
    """Send the job and wait for its end frame, which is the value; None where the child died first.

    A fresh child is started before; it says which walls it has put up before it looks at the job.

    Raises:
        WallMissing: a required wall is not among them.
    """
    loop = asyncio.get_running_loop()
    received = bytearray()
    child.printed.clear()
    child.listening = True
    message = frames.frame(frames.JOB, job)
    if child.walls is None:
        message = frames.frame(frames.START, start) + message
    else:
        timer.start()
    try:
        await loop.sock_sendall(child.channel, message)
        while True:
            while frame := frames.take_frame(received):
                kind, content = frame
                if (kind == frames.WALLS) is not (child.walls is None):
                    raise frames.BrokenChannel
                if kind == frames.END:
                    return _checked_end(content)
                child.walls = frozenset(json.loads(content))
                _check_walls(child.walls, start["walls"], start["required"])
                timer.start()
            piece = await loop.sock_recv(child.channel, 1 << 16)
            await asyncio.sleep(0)  # a flood must not keep the loop from timers and other sessions
            if not piece:
                return None
            received += piece
    except OSError:  # it died, or the session was reset
        return None
    except frames.BrokenChannel:
        return {"status": "killed", "error": "the program broke its channel"}
    finally:
        child.listening = False


class _Wanted(Exception):
    """A program needs a module that its process cannot load."""

    def __init__(self, module: str) -> None:
        super().__init__(module)
        self.module = module


def _check_modules(end: dict[str, Any], loaded: set[str]) -> None:
    module = end.get("error")
    if end.get("status") == "late" and isinstance(module, str) and _MODULE.fullmatch(module) and module not in loaded:
        raise _Wanted(module)


def check_started(child: Child) -> None:
    """Raise SandboxUnavailable if a child was lost before it could look at its job."""
    if child.walls is None:
        raise SandboxUnavailable("the process for a program ended, or hung, before it was ready")


def _check_walls(up: frozenset[str], wanted: Sequence[str], required: Sequence[str]) -> None:
    if absent := [wall for wall in required if wall not in up]:
        raise WallMissing(
            f"no program was run, since this system has no wall of the kind {' or '.join(absent)} and "
            "require_walls is set: `tora-agent doctor` tells what each wall needs"
        )
    expected = WALLS if sys.platform == "linux" else REQUIRED_WALLS  # no other system has the kinds that remain
    if absent := [wall for wall in expected if wall in wanted and wall not in up]:
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


def _death(code: int) -> dict[str, Any]:
    """What a child's exit without an end frame means."""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"status": "killed", "error": "the system ended the program, which used too much time or memory"}
    if code < 0:
        return {"status": "killed", "error": f"the program crashed: {signal.strsignal(-code)}"}
    return {"status": "killed", "error": "the program ended its process"}


def _execution(end: dict[str, Any], printed: bytes, more: bool, seconds: float) -> Execution:
    status, error = end.get("status"), end.get("error")
    if status not in (*_STATUSES, "timeout", "killed") or not isinstance(error, NoneType if status == "ok" else str):
        status, error = "killed", "the program broke its channel"
    return Execution(
        status=cast(Status, status),
        stdout=printed.decode(errors="ignore" if more else "replace"),
        error=error and error[:_LONGEST_ERROR].encode(errors="replace").decode(),
        truncated=more,
        seconds=seconds,
    )
