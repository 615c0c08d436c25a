"""The sandbox without an event loop, and beside one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from tora_agent.sandbox import Limits, Sandbox, SandboxBusy, SyncSandbox, run_program


def test_sessions_are_kept_forked_and_reset():
    with SyncSandbox() as sandbox, sandbox.session("notebook") as session:
        session.run("x = 6")
        with session.fork() as sample:
            assert (sample.run("x += 1; x").stdout, session.run("x * 7").stdout) == ("7\n", "42\n")
        session.reset()
        assert session.run("x").error == "NameError: name 'x' is not defined"
        with sandbox.session("notebook", echo=False) as silent:
            assert (silent.run("x = 1\nx").stdout, silent.run("print(x)").stdout) == ("", "1\n")


def test_threads_share_a_sandbox_but_no_state():
    def count(start: int) -> list[str]:
        with sandbox.session("notebook") as session:
            session.run(f"n = {start}")
            return [session.run("n += 1; n", seconds=60).stdout for _ in range(5)]

    with SyncSandbox(Sandbox(Limits(seconds=60), concurrency=4)) as sandbox, ThreadPoolExecutor(4) as threads:
        found = list(threads.map(count, range(0, 80, 10)))
    assert found == [[f"{start + step}\n" for step in range(1, 6)] for start in range(0, 80, 10)]


async def test_it_works_where_an_event_loop_runs():
    assert asyncio.get_running_loop().is_running()
    assert run_program("1 + 1", mode="notebook").stdout == "2\n"
    with SyncSandbox() as sandbox, sandbox.session() as session:
        assert session.run("print(2)").stdout == "2\n"


def test_a_closed_sandbox_says_so_and_closes_twice():
    with SyncSandbox() as sandbox:
        session = sandbox.session()
    sandbox.close()
    session.close()
    with pytest.raises(RuntimeError, match="this sandbox is closed"):
        session.run("print(1)")


def test_a_wait_for_a_place_has_its_limit():
    with pytest.raises(ValueError, match="wait_seconds"):
        Sandbox(wait_seconds=-1)
    sandbox = Sandbox(concurrency=1, wait_seconds=0.2)
    with SyncSandbox(sandbox) as front, front.session() as one, front.session() as other, ThreadPoolExecutor(1) as busy:
        slow = busy.submit(one.run, "while True: pass", 2)
        while not sandbox._slots.locked():
            assert not slow.done()
        with pytest.raises(SandboxBusy, match=r"no place .* within 0\.2 s: 1 run already"):
            other.run("print(1)")
        assert slow.result().status == "timeout"
        assert other.run("print(1)").stdout == "1\n"
