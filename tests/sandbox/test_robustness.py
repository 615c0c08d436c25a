"""Many sessions, and deaths at random moments: nothing is left behind, and the next program is right.

TORA_AGENT_ROUNDS says how many times over; the figures of docs/sandbox.md are from 1000 (10,000 sessions).
"""

import asyncio
import os
import random
import resource
from pathlib import Path

import pytest

from processes import children
from tora_agent.sandbox import Limits, Sandbox, SandboxUnavailable

ROUNDS = int(os.environ.get("TORA_AGENT_ROUNDS", "16"))
AT_ONCE = 8
CHANCE = random.Random(0)
GROWTH = 4 << 20  # bytes that a process may have gained for other reasons
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc"),
]


def zygote() -> int:
    return children(os.getpid())[-1]


def descriptors(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def memory(process: int) -> tuple[int, int]:
    """Bytes of address space, and of those what is resident."""
    space, resident, *_ = map(int, Path(f"/proc/{process}/statm").read_text().split())
    return space * resource.getpagesize(), resident * resource.getpagesize()


def resident(process: int) -> int:
    return memory(process)[1]


async def settled(process: int, waiting: int, held: int) -> None:
    """Wait until the process has no more than its waiting children, and no more than so many descriptors."""
    async with asyncio.timeout(60):
        while len(children(process)) > waiting or descriptors(process) > held:  # noqa: ASYNC110  no event is sent
            await asyncio.sleep(0.05)


async def many(sandbox: Sandbox, one, count: int) -> None:
    """`count` times the coroutine function, in as many sessions at once as programs may run."""
    waiting = iter(range(count))

    async def worker() -> None:
        async with sandbox.session() as session:
            for number in waiting:
                await one(session, number)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def timed_out(session, number) -> None:
    execution = await session.run(f"print({number})\nwhile True: pass", seconds=CHANCE.uniform(0.3, 0.6))
    assert execution.status == "timeout"


async def killed(session, number) -> None:
    """Abandoned at some moment, or its process killed from outside at that moment."""
    task = asyncio.create_task(session.run("while True: pass", seconds=60))
    await asyncio.sleep(CHANCE.uniform(0, 0.05))
    running = children(zygote())[1:]
    if number % 2 and running:
        os.kill(CHANCE.choice(running), 9)
    else:
        task.cancel()
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.wait([task])


@pytest.mark.parametrize("one", [timed_out, killed])
async def test_deaths_leave_nothing_behind(one):
    async with Sandbox(concurrency=AT_ONCE) as sandbox, sandbox.session() as session:
        await many(sandbox, lambda session, number: session.run("pass"), AT_ONCE)
        process = zygote()
        waiting, ours, its = len(children(process)), descriptors(os.getpid()), descriptors(process)
        await many(sandbox, one, ROUNDS)
        await settled(process, waiting, its)
        assert (await session.run("print('right')")).stdout == "right\n"
        assert zygote() == process
        await settled(process, waiting, its)
        assert descriptors(os.getpid()) <= ours


async def test_sessions_leave_no_memory_behind():
    async def right(session, number) -> None:
        assert (await session.run(f"print({number})")).stdout == f"{number}\n"

    async with Sandbox(concurrency=AT_ONCE) as sandbox:
        await many(sandbox, right, 3 * ROUNDS)
        before = resident(os.getpid()), resident(zygote())
        await many(sandbox, right, 10 * ROUNDS)
        after = resident(os.getpid()), resident(zygote())
    assert [late - early for early, late in zip(before, after, strict=True) if late - early > GROWTH] == []


async def test_more_sessions_than_places_wait_their_turn():
    async with Sandbox(concurrency=1) as sandbox:
        sessions = [sandbox.session() for _ in range(20)]
        entered = [await session.__aenter__() for session in sessions]
        found = await asyncio.gather(*(session.run("print(1)") for session in entered))
    assert {(execution.status, execution.stdout) for execution in found} == {("ok", "1\n")}


@pytest.mark.skipif(os.getuid() == 0, reason="root may start processes beyond the limit")
async def test_a_system_without_room_for_processes_is_named():
    async with Sandbox() as sandbox, sandbox.session() as session:
        await session.run("pass")
        resource.prlimit(zygote(), resource.RLIMIT_NPROC, (0, 0))
        with pytest.raises(SandboxUnavailable, match="no process for a program: BlockingIOError"):
            for _ in range(5):  # after those that wait already
                await session.run("pass")


async def test_the_memory_limit_needs_no_proc():
    async with Sandbox(Limits(memory_mb=256)) as sandbox:
        probed = await sandbox.call("tora_agent.sandbox.confine:probed_address_space", seconds=60, walls=[])
        told = memory(zygote())[0]
    assert abs(probed - told) < 32 << 20
