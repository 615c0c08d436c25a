"""`tora-agent exec`: programs in the sandbox."""

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

_MOST_SESSIONS = 64
_HELD = 256  # lines for each worker: those behind a slow program are worked on meanwhile

if TYPE_CHECKING:
    from tora_agent.sandbox import Limits, Sandbox, Session


def execute(
    file: Annotated[str | None, typer.Argument(help="A Python program; - reads it from standard input.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Answer lines of JSON on standard input, until it ends.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Lines whose programs run at once (default: one for each CPU).")
    ] = None,
    echo: Annotated[
        bool, typer.Option(help="Print a last expression's value in the sessions of --jsonl, as a notebook does.")
    ] = True,
    timeout: Annotated[float, typer.Option(help="Seconds that a program may take.")] = 5.0,
    memory_mb: Annotated[int, typer.Option(help="Memory that a program may take, in MiB.")] = 1024,
    require_walls: Annotated[
        bool, typer.Option("--require-walls", help="Refuse to run where the kernel lacks Landlock or seccomp.")
    ] = False,
) -> None:
    """Run a program in the sandbox.

    Its output goes to standard output, its error to standard error; exits with 1 if it fails. With --jsonl each line
    {"code": ..., "timeout": ..., "session": ...} is answered by one line {"stdout": ..., "error": ..., "status": ...,
    "truncated": ..., "seconds": ...}; "timeout" and "session" may be left out. Lines with the same session share
    their variables, as in a notebook, and run one after the other; the 64 most recently used sessions are kept.
    Answers come in the order of the lines.
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
        asyncio.run(_answer_lines(limits, workers or os.cpu_count() or 1, echo))
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


async def _answer_lines(limits: "Limits", workers: int, echo: bool) -> None:
    from tora_agent.cli.lines import answer_lines
    from tora_agent.sandbox import Sandbox

    empty = {"stdout": "", "status": "invalid", "truncated": False, "seconds": 0.0}
    async with Sandbox(limits, concurrency=workers) as sandbox:
        await answer_lines(_Desk(sandbox, echo).answer, empty, _HELD * workers)


class _Desk:
    """Runs requests, and keeps the sessions that they name: the most recently used ones."""

    def __init__(self, sandbox: "Sandbox", echo: bool) -> None:
        self._sandbox = sandbox
        self._echo = echo
        self._sessions: dict[str, Session] = {}

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one request's program."""
        from dataclasses import asdict

        from tora_agent.cli.lines import text_field
        from tora_agent.errors import UserError

        code = text_field(request, "code")
        name = None if request.get("session") is None else text_field(request, "session")
        seconds = _seconds(request)
        try:
            if name is None:
                async with self._sandbox.session() as session:
                    return asdict(await session.run(code, seconds))
            session, given_up = self._session(name)
            try:
                return asdict(await session.run(code, seconds))
            finally:
                if given_up:
                    await given_up.finish()
        except ValueError as error:
            raise UserError(f"the field timeout: {error}") from error

    def _session(self, name: str) -> tuple["Session", "Session | None"]:
        """The session of that name, and the one that makes room for it."""
        from tora_agent.sandbox import Session

        session = self._sessions.pop(name, None) or Session(self._sandbox, "notebook", self._echo)
        self._sessions[name] = session
        full = len(self._sessions) > _MOST_SESSIONS
        return session, self._sessions.pop(next(iter(self._sessions))) if full else None


def _seconds(request: dict[str, Any]) -> float | None:
    from tora_agent.errors import UserError

    seconds = request.get("timeout")
    if seconds is not None and (isinstance(seconds, bool) or not isinstance(seconds, int | float)):
        raise UserError(f"the field timeout must be a number of seconds, and is {seconds!r}")
    return seconds
