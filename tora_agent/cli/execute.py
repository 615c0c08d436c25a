"""`tora-agent exec`: programs in the sandbox."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

_MOST_SESSIONS = 64

if TYPE_CHECKING:
    from tora_agent.sandbox import Limits, Sandbox, Session


def execute(
    file: Annotated[str | None, typer.Argument(help="A Python program; - reads it from standard input.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Answer lines of JSON on standard input, until it ends.")
    ] = False,
    timeout: Annotated[float, typer.Option(help="Seconds that a program may take.")] = 5.0,
    memory_mb: Annotated[int, typer.Option(help="Memory that a program may take, in MiB.")] = 1024,
    require_walls: Annotated[
        bool, typer.Option("--require-walls", help="Refuse to run where the kernel lacks a wall.")
    ] = False,
) -> None:
    """Run a program in the sandbox.

    Its output goes to standard output, its error to standard error; exits with 1 if it fails. With --jsonl each line
    {"code": ..., "timeout": ..., "session": ...} is answered by one line {"stdout": ..., "error": ..., "status": ...,
    "truncated": ..., "seconds": ...}; "timeout" and "session" may be left out. Lines with the same session share
    their variables, as in a notebook; the 64 most recently used sessions are kept.
    """
    from tora_agent.errors import UserError
    from tora_agent.sandbox import Limits, run_program

    if jsonl == (file is not None):
        raise UserError("give either a program's FILE (or -) or --jsonl")
    try:
        limits = Limits(seconds=timeout, memory_mb=memory_mb, require_walls=require_walls)
    except ValueError as error:
        raise UserError(str(error)) from error
    if file is None:
        _answer_lines(limits)
        return
    execution = run_program(_read(file), limits)
    sys.stdout.write(execution.stdout)
    sys.stdout.flush()
    if execution.truncated:
        print(f"(only the first {limits.output_bytes:,} bytes of output are kept)", file=sys.stderr)
    if execution.error is not None:
        print(execution.error, file=sys.stderr)
        raise typer.Exit(1)


def _read(file: str) -> str:
    from tora_agent.cli.lines import read_text
    from tora_agent.errors import UserError

    if file == "-":
        return read_text()
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"the program {file} cannot be read: {error}") from error


def _answer_lines(limits: "Limits") -> None:
    from tora_agent.cli.lines import answer_lines
    from tora_agent.sandbox import Sandbox

    with asyncio.Runner() as runner:
        desk = _Desk(Sandbox(limits))
        try:
            empty = {"stdout": "", "status": "invalid", "truncated": False, "seconds": 0.0}
            answer_lines(lambda request: runner.run(desk.answer(request)), empty)
        finally:
            runner.run(desk.close())


class _Desk:
    """Runs requests, and keeps the sessions that they name: the most recently used ones."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._sessions: dict[str, Session] = {}

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one request's program."""
        from dataclasses import asdict

        from tora_agent.cli.lines import text_field
        from tora_agent.errors import UserError

        code = text_field(request, "code")
        session = self._session(None if request.get("session") is None else text_field(request, "session"))
        try:
            return asdict(await session.run(code, _seconds(request)))
        except ValueError as error:
            raise UserError(f"the field timeout: {error}") from error

    def _session(self, name: str | None) -> "Session":
        from tora_agent.sandbox import Session

        if name is None:
            return Session(self._sandbox, "stateless")
        session = self._sessions.pop(name, None) or Session(self._sandbox, "notebook")
        self._sessions[name] = session
        if len(self._sessions) > _MOST_SESSIONS:
            self._sessions.pop(next(iter(self._sessions))).reset()
        return session

    async def close(self) -> None:
        """End the sandbox, and with it the sessions."""
        await self._sandbox.close()


def _seconds(request: dict[str, Any]) -> float | None:
    from tora_agent.errors import UserError

    seconds = request.get("timeout")
    if seconds is not None and (isinstance(seconds, bool) or not isinstance(seconds, int | float)):
        raise UserError(f"the field timeout must be a number of seconds, and is {seconds!r}")
    return seconds
