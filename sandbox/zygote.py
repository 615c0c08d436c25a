"""The zygote: a process with the libraries loaded and warm that forks one child per session, and reaps it.

Run by `zygote_link`; it alone starts, kills and waits for children, so a process id is never one that was reused.
"""

import contextlib
import gc
import json
import os
import re
import resource
import selectors
import signal
import socket
import sys
from collections import deque
from typing import Any

from tora_agent.sandbox import entropy, kernel
from tora_agent.sandbox.child import live, trusted
from tora_agent.sandbox.guards import Guards
from tora_agent.sandbox.late import LateModules
from tora_agent.sandbox.libraries import REPLACEMENTS, guard_late, guard_libraries
from tora_agent.sandbox.limits import LATE
from tora_agent.sandbox.modules import STANDARD, Modules
from tora_agent.sandbox.warm import warm_up

# Of sympy, what math does not need, what warns that it is obsolete, and what loads other packages: each page that the
# zygote holds makes every fork dearer.
LEFT_OUT = re.compile(
    r"\.(tests|benchmarks|physics\.(?!units)\w+|sampling|codegen|categories|trace|compatibility|\w+_doc|lark"
    r"|pytorch|tensorflow|aesaracode|theanocode|llvmjitcode)\b"
)
STACK_BYTES = 128 << 20


def main(control: int, programs: bool, policy: bool, namespaces: bool) -> None:
    """Load, warm, then serve the control socket until the parent closes it.

    Children run programs, or trusted functions alone, for which less is loaded; under the policy or not, in namespaces
    of their own or not, where the kernel lets us make them.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_STACK, (STACK_BYTES if hard < 0 else min(STACK_BYTES, hard), hard))
    guards = guard_libraries() if policy else Guards(REPLACEMENTS)
    entropy.fix()
    if programs:
        guards.modules.preload((*sorted(STANDARD), "numpy", "mpmath", "sympy"))
        guards.modules.preload_parts("sympy", LEFT_OUT)
        warm_up()
    with contextlib.suppress(OSError):  # then the child will say which wall is missing
        kernel.call_filter()
    _settle()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the parent listens to complaints only until now
    # separate only now: root without its powers may not be able to read another user's libraries
    Zygote(socket.socket(fileno=control), guards.modules, guards if policy else None, namespaces).serve()


def _settle() -> None:
    """Start all that is random; keep the garbage collector away from what all children share, and make that cheap."""
    entropy.begin()
    gc.collect()
    gc.set_threshold(20_000, 20, 20)
    gc.freeze()
    kernel.gather_memory()


class Zygote:
    """The loop and its children."""

    def __init__(self, control: socket.socket, modules: Modules, guards: Guards | None, namespaces: bool) -> None:
        self._control = control
        self._modules = modules
        self._guards = guards
        self._descriptors: deque[int] = deque()
        self._received = b""
        self._children: dict[int, int] = {}  # process id by request id
        self._loaded: set[str] = set()
        self._late = LateModules()
        self._wakeup, wakeup_end = socket.socketpair()
        self._wakeup.setblocking(False)
        wakeup_end.setblocking(False)
        self._wakeup_end = wakeup_end
        signal.set_wakeup_fd(wakeup_end.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._holder: int | None = None  # of the children's PID namespace
        if namespaces:
            with contextlib.suppress(OSError):
                self._holder = kernel.separate()

    def serve(self) -> None:
        """Answer until the control socket closes, then end every child."""
        self._say({"ready": True})
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._wakeup, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if self._wakeup in ready:
                    self._reap()
                if self._control in ready and not self._receive():
                    break
        self._end()

    def _end(self) -> None:
        """Kill every child and wait for it: nobody else may be there to do so."""
        for identifier in list(self._children):
            self._kill(identifier)
        if self._holder is not None:
            os.kill(self._holder, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.wait()

    def _receive(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._control, 65536, 64)
        self._descriptors.extend(descriptors)
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            request = json.loads(line)
            if "kill" in request:
                self._kill(request["kill"])
            else:
                self._start(request)
        return bool(data)

    def _start(self, request: dict[str, Any]) -> None:
        channel, memory = self._descriptors.popleft(), self._descriptors.popleft()
        try:
            for name in request["load"]:
                self._load(name)
            parent, inherited = (os.getpid(), []) if self._holder is None else (0, ["namespaces"])
            process = os.fork()
        except Exception as failure:  # a broken grader module, no process to be had
            self._say({"ended": request["start"], "failure": f"{type(failure).__name__}: {failure}"})
        else:
            if process == 0:
                live(channel, memory, parent, inherited, self._guards, self._late)
            self._children[request["start"]] = process
            self._say({"started": request["start"], "process": process})
        os.close(channel)
        os.close(memory)

    def _load(self, name: str) -> None:
        """Import what children will need: a trusted function's module, or one that few programs need."""
        if name in self._loaded:
            return
        if ":" in name:
            trusted(name)
        elif name in LATE:
            self._modules.preload_late(name)
        else:  # a program came to it, or claims to
            self._late.load(name)
        if self._guards:
            guard_late(self._guards)
        self._loaded.add(name)
        _settle()

    def _kill(self, identifier: int) -> None:
        """End a child and all it started; it is not reaped yet, so the id is still its own."""
        if (process := self._children.get(identifier)) is None:
            return
        for kill in (os.killpg, os.kill):  # the group is the child's own only once it runs
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(process, signal.SIGKILL)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wakeup.recv(4096)
        identifiers = {process: identifier for identifier, process in self._children.items()}
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if ended[0] == self._holder:  # all that were in the namespace are gone, and nothing can be forked
                    sys.exit(1)
                if (identifier := identifiers.get(ended[0])) is None:  # a child's child, by clone's CLONE_PARENT
                    continue
                del self._children[identifier]
                self._say({"ended": identifier, "code": os.waitstatus_to_exitcode(ended[1])})

    def _say(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the loop notices
            self._control.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    sys.exit("this module is started by tora_agent.sandbox")
