"""The parent's side of the zygote: starts it, asks it for children, hears of their ends."""

import asyncio
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tora_agent.sandbox.limits import SandboxUnavailable
from tora_agent.sandbox.output import Printed, shared_memory

START_SECONDS = 120.0
# What the interpreter and its libraries may need to be found at all; nothing else of the environment is inherited.
INHERITED = "LD_LIBRARY_PATH DYLD_LIBRARY_PATH PYTHONHOME PYTHONPATH OPENBLAS_CORETYPE OPENBLAS_L2_SIZE"
SINGLE_THREADED = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(slots=True)
class Child:
    """A forked child: the parent's end of its channel, its output, and its exit code once it has ended."""

    identifier: int
    channel: socket.socket
    printed: Printed
    ended: "asyncio.Future[int]"
    loaded: frozenset[str]  # what the zygote had loaded for it, beyond what all children have
    process: int | None = None  # its id, known once it was forked
    walls: frozenset[str] | None = None  # those it put up, known once it has started
    listening: bool = False  # whether somebody waits for what it sends

    def close(self) -> None:
        """Let go of the channel and the output; who listens hears that it is over."""
        self.printed.close()
        if self.listening:
            self.channel.shutdown(socket.SHUT_RDWR)
            self.ended.get_loop().call_soon(self.channel.close)
        else:
            self.channel.close()

    def waited(self) -> float:
        """Seconds in which it could have run and no CPU was free for it; 0 where the system does not tell."""
        try:
            return int(Path(f"/proc/{self.process}/schedstat").read_bytes().split()[1]) / 1e9
        except OSError:
            return 0.0

    def glimpse(self) -> bytes:
        """What the system tells of a process that could run: the same until a CPU takes it up; b"" where it sleeps."""
        try:
            state = Path(f"/proc/{self.process}/stat").read_bytes().rpartition(b") ")[2][:1]
            return Path(f"/proc/{self.process}/schedstat").read_bytes() if state == b"R" else b""
        except OSError:
            return b""


class ZygoteLink:
    """One running zygote."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, output_bytes: int) -> None:
        self._process = process
        self._control = control
        self._output_bytes = output_bytes
        self._received = b""
        self._children: dict[int, Child] = {}
        self._started = 0
        self._waiting: deque[Child] = deque()  # forked ahead of need
        self._loaded: set[str] = set()
        self._doomed: deque[Child] = deque()
        self.alive = True
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_reader(control, self._hear)

    @classmethod
    async def start(cls, output_bytes: int, programs: bool, policy: bool, namespaces: bool) -> "ZygoteLink":
        """Start a zygote and wait until it is warm; its children have room for so many bytes of output.

        The other arguments are those of `tora_agent.sandbox.zygote.main`.

        Raises:
            SandboxUnavailable: it could not be started.
        """
        if not hasattr(os, "fork"):
            raise SandboxUnavailable("programs cannot run on this system yet: the sandbox needs os.fork (Linux, macOS)")
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs:
                process = _spawn(theirs.fileno(), programs, policy, namespaces)
            link = cls(process, ours, output_bytes)
        except OSError as failure:
            ours.close()
            raise SandboxUnavailable(f"the sandbox's process did not start: {failure}") from failure
        try:
            await asyncio.wait_for(asyncio.shield(link._ready), START_SECONDS)
        except BaseException as failure:
            complaint = await link.close()
            if isinstance(failure, SandboxUnavailable | TimeoutError):
                reason = complaint or str(failure) or f"no answer within {START_SECONDS:g} s"
                raise SandboxUnavailable(f"the sandbox's process did not start: {reason}") from None
            raise
        return link

    def take(self, load: Sequence[str] = ()) -> Child:
        """A child for which the zygote has loaded what is named; its channel can be written to at once.

        Raises:
            SandboxUnavailable: the zygote does not take requests.
        """
        if load := [name for name in load if name not in self._loaded]:
            self._loaded.update(load)
            self._dismiss()  # they were forked before
        while self._waiting:
            child = self._waiting.popleft()
            if not child.ended.done():
                return child
            child.close()  # something else has ended it
        return self._fork(load)

    def fill(self, count: int) -> None:
        """Have `count` children wait for programs; where that fails, the program that needs one will tell."""
        with contextlib.suppress(SandboxUnavailable):
            while self.alive and len(self._waiting) < count:
                self._waiting.append(self._fork())

    def _dismiss(self) -> None:
        while self._waiting:
            self.end(self._waiting.popleft())

    def _fork(self, load: Sequence[str] = ()) -> Child:
        self._started += 1
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            try:
                memory = shared_memory(self._output_bytes)
                theirs.callback(os.close, memory)
                printed = ours.enter_context(contextlib.closing(Printed(memory)))
                channel, end = map(ours.enter_context, socket.socketpair())
                self._say({"start": self._started, "load": list(load)}, [end.fileno(), memory])
            except OSError as failure:
                raise SandboxUnavailable(f"the sandbox's process does not answer: {failure}") from failure
            end.close()
            channel.setblocking(False)
            ours.pop_all()
        ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        child = Child(self._started, channel, printed, ended, frozenset(self._loaded))
        self._children[child.identifier] = child
        return child

    def end(self, child: Child) -> None:
        """Close the channel and kill the child, if it still runs; at once, without waiting."""
        child.close()
        if self.alive and not child.ended.done():
            self._doomed.append(child)
            self._kill_doomed()

    def _kill_doomed(self) -> None:
        """Order the deaths that are due; those for which there is no room wait until the zygote is heard again."""
        while self._doomed:
            try:
                self._say({"kill": self._doomed[0].identifier})
            except BlockingIOError:
                return
            except OSError:  # it takes no orders any more: end it, and with it its children
                logging.getLogger(__name__).warning("the sandbox's process takes no orders any more, and is killed")
                self._process.kill()
                return
            self._doomed.popleft()

    @property
    def exit_code(self) -> int | None:
        """The zygote's, once it has been closed; below 0, the signal that ended it."""
        return self._process.returncode

    async def close(self) -> str:
        """End the zygote and its children; the last line of what it complained about."""
        self._lose()
        if self._process.returncode is None and self._ready.done() is False:
            self._process.kill()
        _, complaint = await asyncio.to_thread(self._process.communicate)
        return complaint.decode(errors="replace").strip().rpartition("\n")[2]

    def _say(self, message: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        socket.send_fds(self._control, [json.dumps(message).encode() + b"\n"], descriptors)

    def _hear(self) -> None:
        try:
            data = self._control.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
            return
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            self._take(json.loads(line))
        self._kill_doomed()

    def _take(self, message: dict[str, Any]) -> None:
        if "ready" in message:
            if not self._ready.done():
                self._ready.set_result(None)
        elif "started" in message:
            self._children[message["started"]].process = message["process"]
        elif (child := self._children.pop(message["ended"], None)) and not child.ended.done():
            if "failure" in message:
                _fail(child.ended, SandboxUnavailable(f"no process for a program: {message['failure']}"))
            else:
                child.ended.set_result(message["code"])

    def _lose(self) -> None:
        """The zygote is gone, or soon will be: it ends when the socket closes."""
        if not self.alive:
            return
        self.alive = False
        self._dismiss()
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        _fail(self._ready, SandboxUnavailable("it ended"))
        for child in self._children.values():
            _fail(child.ended, SandboxUnavailable("the sandbox's process has ended"))
        self._children.clear()


def _fail(future: "asyncio.Future[Any]", failure: Exception) -> None:
    if not future.done():
        future.set_exception(failure)
        future.exception()  # nobody may be waiting for it


def _spawn(control: int, *arguments: bool) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in INHERITED.split() if name in os.environ}
    environment |= dict.fromkeys(SINGLE_THREADED, "1") | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {"LC_ALL": "C.UTF-8"}
    # not asyncio's: in CPython 3.11 a start that is cancelled while its pipes are connected never returns
    return subprocess.Popen(
        [sys.executable, "-P", "-c", f"from tora_agent.sandbox.zygote import main; main{(control, *arguments)}"],
        env=environment,
        pass_fds=(control,),
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
