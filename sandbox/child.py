"""The life of one child: it waits for a start, confines itself, works off its channel and ends."""

import importlib
import mmap
import os
import signal
import socket
from typing import Any, NoReturn

from tora_agent.sandbox import channel as frames
from tora_agent.sandbox import entropy, kernel
from tora_agent.sandbox.confine import confine
from tora_agent.sandbox.guards import Guards
from tora_agent.sandbox.late import LateModules
from tora_agent.sandbox.program import Interpreter, error_text

CHANNEL_DESCRIPTOR = 3


def live(
    channel: int, memory: int, parent: int, inherited: list[str], guards: Guards | None, late: LateModules
) -> None:
    """Serve the channel until its other end closes or its one program is done, then end the process.

    `channel` and `memory`, where output goes, are descriptors; `parent` is the zygote as the child sees it, `inherited`
    names the walls that stand around the zygote.
    """
    try:
        kernel.die_with_parent(parent)
        os.setpgid(0, 0)
        os.nice(19)  # a model that decodes goes first
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        printed = mmap.mmap(memory, os.fstat(memory).st_size)
        os.dup2(channel, CHANNEL_DESCRIPTOR)
        os.closerange(CHANNEL_DESCRIPTOR + 1, 4096)  # the memory stays
        _serve(socket.socket(fileno=CHANNEL_DESCRIPTOR), memoryview(printed), inherited, guards, late)
    finally:
        os._exit(0)


def _serve(
    channel: socket.socket, printed: memoryview, inherited: list[str], guards: Guards | None, late: LateModules
) -> None:
    entropy.begin_forked()
    interpreter = Interpreter(guards, printed)
    if (start := frames.receive(channel)) is None:
        return
    walls = inherited + confine(start["memory_mb"], start["cpu_seconds"], start["walls"])
    frames.send(channel, frames.WALLS, frames.encode(walls))
    if not set(start["required"]) <= set(walls):
        return
    while (job := frames.receive(channel)) is not None:
        if "function" in job:
            payload = _call(job["function"], job["arguments"])
        else:
            late.ask(lambda module: _ask(channel, module))
            payload = frames.encode(interpreter.run(job["code"], job["echo"]))
            if not job["notebook"]:
                interpreter.finish(job["code"])
        frames.send(channel, frames.END, payload)
        if "code" in job and not job["notebook"]:
            return


def _ask(channel: socket.socket, module: str) -> NoReturn:
    """End this process, for one that has the module."""
    frames.send(channel, frames.END, frames.encode({"status": "late", "error": module}))
    os._exit(0)


def _call(function: str, arguments: list[Any]) -> bytes:
    try:
        return frames.encode({"value": trusted(function)(*arguments)})
    except BaseException as failure:
        return frames.encode({"error": error_text(failure)})


def trusted(function: str) -> Any:
    """The function named "package.module:function"."""
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)
