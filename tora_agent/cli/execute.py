"""`tora-agent exec`: programs in the sandbox."""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tora_agent.sandbox import Limits, Sandbox, Session


def execute(
    file: Annotated[str | None, typer.Argument(help="A Python program; - reads it from standard input.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Answer lines of JSON on standard input, until it ends.")
    ] = False,
    timeout: Annotated[float, typer.Option(help="Seconds that a program may take.")] = 5.0,
    memory_mb: Annotated[int, typer.Option(help="Memory that a program may take, in MiB.")] = 1024,
) -> None:
    """Run a program in the sandbox.

    Its output goes to standard output, its error to standard error; exits with 1 if it fails. With --jsonl each line
    {"code": ..., "timeout": ..., "session": ...} is answered by one line {"stdout": ..., "error": ..., "status": ...,
    "truncated": ..., "seconds": ...}; "timeout" and "session" may be left out. Lines with the same session share
    their variables, as in a notebook.
    """
    from tora_agent.errors import UserError
    from tora_agent.sandbox import Limits, run_program

    if jsonl == (file is not None):
        raise UserError("give either a program's FILE (or -) or --jsonl")
    try:
        limits = Limits(seconds=timeout, memory_mb=memory_mb)
    except ValueError as error:
        raise UserError(str(error)) from error
    if file is None:
        _answer_lines(limits)
        return
    execution = run_program(_read(file), limits)
    sys.stdout.write(execution.stdout)
    sys.stdout.flush()
    if execution.error is not None:
        print(execution.error, file=sys.stderr)
        raise typer.Exit(1)


def _read(file: str) -> str:
    from tora_agent.errors import UserError

    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"the program {file} cannot be read: {error}") from error


def _answer_lines(limits: "Limits") -> None:
    from tora_agent.cli.lines import answer_lines
    from tora_agent.sandbox import Sandbox

    with asyncio.Runner() as runner:
        desk = _Desk(Sandbox(limits))
        try:
            answer_lines(lambda request: runner.run(desk.answer(request)), sys.stdin)
        finally:
            runner.run(desk.close())


class _Desk:
    """Runs requests, and keeps the sessions that they name."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._stack = AsyncExitStack()
        self._sessions: dict[str, Session] = {}

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one request's program."""
        from dataclasses import asdict

        from tora_agent.cli.lines import text_field

        code, seconds = text_field(request, "code"), _seconds(request)
        if request.get("session") is None:
            async with self._sandbox.session() as session:
                return asdict(await session.run(code, seconds))
        name = text_field(request, "session")
        if name not in self._sessions:
            opened = self._sandbox.session("notebook")
            self._sessions[name] = await self._stack.enter_async_context(opened)
        return asdict(await self._sessions[name].run(code, seconds))

    async def close(self) -> None:
        """End the sessions and the sandbox."""
        await self._stack.aclose()
        await self._sandbox.close()


def _seconds(request: dict[str, Any]) -> float | None:
    from tora_agent.errors import UserError

    seconds = request.get("timeout")
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        raise UserError(f"the field timeout must be a number of seconds above 0, and is {seconds!r}")
    return float(seconds)
