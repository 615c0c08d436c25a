"""One untrusted program, in the child: compiled, run, and what came of it put in a few words."""

import ast
import builtins
import io
import socket
import sys
import traceback
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any, cast

from tora_agent.sandbox import channel as frames
from tora_agent.sandbox import recursion
from tora_agent.sandbox.display import display_text
from tora_agent.sandbox.guards import Guards
from tora_agent.sandbox.limits import Status
from tora_agent.sandbox.policy import NotAllowed, check_tree, parse

LONGEST_ERROR = 10_000  # characters
PIECE = 1 << 16  # bytes of output in one frame


class Output(io.RawIOBase):
    """Standard output as frames; beyond the limit it is dropped, but for a byte that tells of more."""

    def __init__(self, channel: socket.socket, limit: int) -> None:
        # no attribute of its own: a program that turned this into an object of its own class would have the channel
        self._send: Callable[[bytes], None] = lambda piece: frames.send(channel, frames.OUTPUT, piece)
        self._room = limit + 1

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Send a piece of what there is room for; beyond that the program is told that all was written."""
        if not (piece := bytes(data[: min(self._room, PIECE)])):
            return len(data)
        self._send(piece)
        self._room -= len(piece)
        return len(piece)


class Nowhere(io.RawIOBase):
    """Standard error: nobody reads it."""

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """All of it."""
        return len(data)


class Interpreter:
    """A program's namespace and streams; in a notebook they live from program to program."""

    def __init__(self, guards: Guards | None, channel: socket.socket) -> None:
        """Without guards there is no policy: the program is plain Python."""
        self._channel = channel
        self._guards = guards
        main = ModuleType("__main__")
        self._namespace = vars(main)
        self._namespace["__builtins__"] = guards.builtins if guards else builtins
        for name in ("__loader__", "__spec__", "__package__"):
            del self._namespace[name]
        sys.modules["__main__"] = main

    def run(self, code: str, echo: bool, output_bytes: int) -> dict[str, Any]:
        """Run one program; with `echo`, the value of a last expression is printed."""
        self._open_streams(Output(self._channel, output_bytes))
        if self._guards:
            self._guards.in_force = True
        status, error = self._outcome(code, echo)
        return {"status": status, "error": error}

    def _open_streams(self, output: Output) -> None:
        stdout = io.TextIOWrapper(io.BufferedWriter(output), "utf-8", newline="\n", line_buffering=True)
        sys.stdout = sys.__stdout__ = stdout  # type: ignore[misc]
        # no file even here: from an object of its class a program would have what opens files
        sys.stderr = sys.__stderr__ = io.TextIOWrapper(io.BufferedWriter(Nowhere()), "utf-8")  # type: ignore[misc]
        sys.stdin = sys.__stdin__ = io.StringIO()  # type: ignore[misc,assignment]

    def _outcome(self, code: str, echo: bool) -> tuple[Status, str | None]:
        status: Status = "ok"
        error = None
        stdout = sys.stdout
        try:
            self._execute(code, echo)
        except SystemExit as exit:
            if exit.code not in (None, 0):
                status, error = "error", error_text(exit)
        except MemoryError as failure:
            status, error = "memory", error_text(failure)
        except NotAllowed as refusal:
            status, error = "refused", f"NotAllowed: {refusal}{_line(refusal)}"
        except BaseException as failure:
            status, error = "error", error_text(failure)
        if not stdout.closed:
            stdout.flush()
        return status, error

    def _execute(self, code: str, echo: bool) -> None:
        recursion.start_here()
        body, last = recursion.with_room(lambda: self._compiled(code, echo), code, "exec")
        exec(body, self._namespace)
        if last is None:
            return
        value = eval(last, self._namespace)
        if value is not None and not code.rstrip().endswith(";"):
            print(display_text(value))

    def _compiled(self, code: str, echo: bool) -> tuple[CodeType, CodeType | None]:
        """The program, and its last expression if that is to be shown."""
        tree = parse(code)
        assert isinstance(tree, ast.Module)
        last = tree.body.pop() if echo and tree.body and isinstance(tree.body[-1], ast.Expr) else None
        body = self._compile(tree, "exec")
        return body, self._compile(ast.Expression(last.value), "eval") if isinstance(last, ast.Expr) else None

    def _compile(self, tree: ast.Module | ast.Expression, mode: str) -> CodeType:
        checked = check_tree(tree) if self._guards else tree
        return cast(CodeType, compile(checked, "<program>", mode, dont_inherit=True))


def error_text(failure: BaseException) -> str:
    """The end of the traceback, as CPython prints it: type and message, without the line of a syntax error."""
    summary = traceback.TracebackException(
        type(failure), failure, failure.__traceback__, limit=0, lookup_lines=False, compact=True
    )
    lines = [line for line in summary.format_exception_only() if not line.startswith("  ")]
    text = "".join(lines).strip()
    if len(text) > LONGEST_ERROR:
        half = LONGEST_ERROR // 2
        return f"{text[:half]}...{text[-half:]}"
    return text


def _line(refusal: BaseException) -> str:
    """Where the program was when a guard refused it; a refusal by the compiler says so itself."""
    steps = traceback.walk_tb(refusal.__traceback__)
    lines = [line for frame, line in steps if frame.f_code.co_filename == "<program>"]
    return f" (line {lines[-1]})" if lines else ""
