"""Running a corpus's programs: many in one execution, each as a function of its own."""

import asyncio
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from tora_agent.protocol import result_text
from tora_agent.sandbox import Limits, Sandbox, Session

Execute = Callable[[Sequence[str]], Awaitable[list[str | None]]]
"""Runs programs and gives what the model would read of each, or None where one failed."""

WORKERS = 2
LIMITS = Limits(seconds=120.0, output_bytes=4_000_000)  # of one execution, which holds a whole batch
END = "\x1e"  # the record separator: no program prints it
FAILED = "\x15"

_FOOTER = f"""
for program in PROGRAMS:
    try:
        program()
    except Exception:
        print({FAILED!r})
    print({END!r})
"""


@asynccontextmanager
async def in_sandbox() -> AsyncIterator[Execute]:
    """Open a sandbox whose `Execute` shares a batch among its workers.

    Raises:
        SandboxUnavailable: the sandbox could not start.
    """
    async with Sandbox(limits=LIMITS, concurrency=WORKERS) as sandbox:

        async def run_share(programs: Sequence[str]) -> list[str | None]:
            async with sandbox.session() as session:
                return await run_together(session, programs)

        async def execute(programs: Sequence[str]) -> list[str | None]:
            size = -(-len(programs) // WORKERS) or 1
            shares = [programs[start : start + size] for start in range(0, len(programs), size)]
            return [result for share in await asyncio.gather(*map(run_share, shares)) for result in share]

        yield execute


async def run_together(session: Session, programs: Sequence[str]) -> list[str | None]:
    """Run programs as one; where that fails as a whole, halve the batch until the culprit stands alone."""
    execution = await session.run(joined(programs))
    if execution.status == "ok" and not execution.truncated:
        found = results(execution.stdout)
        if len(found) == len(programs):  # fewer where one left early, and the others with it
            return found
    if len(programs) == 1:
        return [None]
    middle = len(programs) // 2
    return await run_together(session, programs[:middle]) + await run_together(session, programs[middle:])


def joined(programs: Sequence[str]) -> str:
    """One program that runs many, each in its own scope: a name that one of them lacks is an error there."""
    functions = [
        f"def program_{position}():\n{textwrap.indent(program, '    ')}\n" for position, program in enumerate(programs)
    ]
    names = ", ".join(f"program_{position}" for position in range(len(functions)))
    return "\n".join(functions) + _FOOTER.replace("PROGRAMS", f"[{names}]")


def results(stdout: str) -> list[str | None]:
    """What each program of a joined one printed, as the model reads it; None for one that failed."""
    return [
        None if FAILED in printed else result_text(printed, None, timed_out=False)
        for printed in stdout.split(f"{END}\n")[:-1]
    ]
