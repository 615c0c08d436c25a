"""One untrusted program, in the child: compiled, run, and what came of it put in a few words."""

import ast
import builtins
import contextlib
import gc
import io
import re
import sys
import traceback
from types import CodeType, ModuleType
from typing import Any, BinaryIO, cast

from tora_agent.sandbox import recursion
from tora_agent.sandbox.display import display_text
from tora_agent.sandbox.guards import Guards
from tora_agent.sandbox.limits import Status
from tora_agent.sandbox.output import Output
from tora_agent.sandbox.policy import NotAllowed, check_tree, parse

LONGEST_ERROR = 10_000  # characters
_RESERVE_BYTES = 8 << 20  # several of the pieces in which Python takes memory


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

    def __init__(self, guards: Guards | None, printed: memoryview) -> None:
        """What is printed goes to that memory. Without guards there is no policy: the program is plain Python."""
        self._printed = printed
        self._guards = guards
        main = ModuleType("__main__")
        self._namespace = vars(main)
        self._namespace["__builtins__"] = guards.builtins if guards else builtins
        for name in ("__loader__", "__spec__", "__package__"):
            del self._namespace[name]
        sys.modules["__main__"] = main

    def run(self, code: str, echo: bool) -> dict[str, Any]:
        """Run one program; with `echo`, the value of a last expression is printed."""
        self._open_streams()
        if self._guards:
            self._guards.in_force = True
        status, error = self._outcome(code, echo)
        return {"status": status, "error": error}

    def finish(self, code: str) -> None:
        """What CPython does at its exit: the program's objects are deleted, if that shows."""
        if "__del__" not in code:
            return
        with contextlib.suppress(BaseException):
            for name in sorted(self._namespace, key=lambda name: name[:1] != "_"):
                if name != "__builtins__":
                    self._namespace[name] = None
            gc.collect()
            sys.stdout.flush()

    def _open_streams(self) -> None:
        buffer = cast(BinaryIO, Output(self._printed))
        stdout = io.TextIOWrapper(buffer, "utf-8", newline="\n", write_through=True)
        sys.stdout = sys.__stdout__ = stdout  # type: ignore[misc]
        # no file even here: from an object of its class a program would have what opens files
        sys.stderr = sys.__stderr__ = io.TextIOWrapper(io.BufferedWriter(Nowhere()), "utf-8")  # type: ignore[misc]
        sys.stdin = sys.__stdin__ = io.StringIO()  # type: ignore[misc,assignment]

    def _outcome(self, code: str, echo: bool) -> tuple[Status, str | None]:
        outcome: tuple[Status, str | None] = "ok", None
        reserve = _reserve()
        try:
            self._execute(code, echo)
        except BaseException as failure:
            del reserve
            outcome = _verdict(failure)
        with contextlib.suppress(BaseException):  # where the program has put what gathers before it prints
            sys.stdout.flush()
        return outcome

    def _execute(self, code: str, echo: bool) -> None:
        recursion.start_here()
        code = code.removeprefix("\ufeff")  # a byte order mark, as at the beginning of a file
        body, last = recursion.with_room(lambda: self._compiled(code, echo), code, "exec")
        exec(body, self._namespace)
        if last and (value := eval(last, self._namespace)) is not None:
            print(display_text(value))

    def _compiled(self, code: str, echo: bool) -> tuple[CodeType, CodeType | None]:
        """The program, and its last expression if that is to be shown."""
        tree = parse(code)
        assert isinstance(tree, ast.Module)
        last = tree.body[-1] if tree.body else None
        if not echo or not isinstance(last, ast.Expr) or _is_quiet(code, last):
            return self._compile(tree, "exec"), None
        tree.body.pop()
        return self._compile(tree, "exec"), self._compile(ast.Expression(last.value), "eval")

    def _compile(self, tree: ast.Module | ast.Expression, mode: str) -> CodeType:
        checked = check_tree(tree) if self._guards else tree
        return compile(checked, "<program>", mode, dont_inherit=True)


def _reserve() -> bytearray | None:
    """Memory to tell of a program's end with, where it has used up what there was; None where it had before."""
    with contextlib.suppress(MemoryError):
        return bytearray(_RESERVE_BYTES)
    return None


def _verdict(failure: BaseException) -> tuple[Status, str | None]:
    """What a program ended with."""
    status: Status = "memory" if issubclass(type(failure), MemoryError) else "error"
    try:
        match failure:
            case NotAllowed():
                return "refused", f"NotAllowed: {failure}{_line(failure)}"
            case SystemExit(code=None):
                return "ok", None
            case SystemExit(code=int(code)) if not int.__bool__(code):
                return "ok", None
        return status, error_text(failure)
    except BaseException:  # no room is left, or the exception is of the program's own making
        return status, "MemoryError" if status == "memory" else "an exception of which nothing can be told"


def _is_quiet(code: str, last: ast.Expr) -> bool:
    """Whether a semicolon follows the last expression, as notebooks have it."""
    line = re.split(r"\r\n|[\r\n]", code)[cast(int, last.end_lineno) - 1]
    return line.encode(errors="surrogatepass")[last.end_col_offset :].lstrip().startswith(b";")


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
