"""The life of one child: confined, it works off its channel and ends; it never returns to the zygote's loop."""

import importlib
import os
import signal
import socket
from typing import Any

from tora_agent.sandbox import channel as frames
from tora_agent.sandbox import kernel
from tora_agent.sandbox.confine import confine
from tora_agent.sandbox.guards import Guards, seed
from tora_agent.sandbox.program import Interpreter, error_text

CHANNEL_DESCRIPTOR = 3


def live(descriptor: int, request: dict[str, Any], guards: Guards) -> None:
    """Serve the channel until its other end closes or its one job is done, then end the process."""
    try:
        kernel.die_with_parent(request["parent"])
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(descriptor, CHANNEL_DESCRIPTOR)
        os.closerange(CHANNEL_DESCRIPTOR + 1, 4096)
        channel = socket.socket(fileno=CHANNEL_DESCRIPTOR)
        confine(request["memory_mb"], request["cpu_seconds"], request["walls"])
        if request["mode"] == "call":
            _call(channel, request["function"])
        else:
            _run(channel, request["mode"] == "notebook", guards)
    finally:
        os._exit(0)


def _run(channel: socket.socket, notebook: bool, guards: Guards) -> None:
    seed()  # here, since the standard module takes a fresh seed after a fork
    interpreter = Interpreter(guards, channel)
    while (job := frames.receive_job(channel)) is not None:
        end = interpreter.run(job["code"], notebook, job["output_bytes"])
        frames.send(channel, frames.END, frames.encode(end))
        if not notebook:
            return


def _call(channel: socket.socket, function: str) -> None:
    arguments = frames.receive_job(channel)
    try:
        end = {"value": trusted(function)(*arguments)}
        payload = frames.encode(end)
    except BaseException as failure:
        payload = frames.encode({"error": error_text(failure)})
    frames.send(channel, frames.END, payload)


def trusted(function: str) -> Any:
    """The function named "package.module:function"."""
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)
