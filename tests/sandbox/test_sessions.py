"""Sessions: state that is kept or not, and processes that end when they should."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import children
from tora_agent.sandbox import Sandbox, SandboxUnavailable
from tora_agent.sandbox.display import display_text

shared = pytest.mark.asyncio(loop_scope="module")  # the fixture's loop
on_linux = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")


def newest_child() -> int:
    return children(os.getpid())[-1]


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def programs(zygote: int) -> list[int]:
    """Its children that have started a program: they alone have confined themselves."""
    return [child for child in children(zygote) if "Seccomp:\t2" in Path(f"/proc/{child}/status").read_text()]


def is_process(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  the kernel sends no event
            await asyncio.sleep(0.01)


@shared
async def test_stateless_programs_share_nothing(sandbox):
    async with sandbox.session() as session:
        await session.run("x = 1")
        assert (await session.run("print(x)")).error == "NameError: name 'x' is not defined"


@shared
async def test_a_notebook_keeps_its_state_and_echoes(sandbox):
    async with sandbox.session("notebook") as session:
        assert (await session.run("import math\ndef f(n): return math.sqrt(n)")).stdout == ""
        assert (await session.run("y = f(16); 1 / 0")).error == "ZeroDivisionError: division by zero"
        assert (await session.run("print('printed')\ny")).stdout == "printed\n4.0\n"
        assert [(await session.run(f"y{end}")).stdout for end in (";", "; # quiet", " ;  ")] == ["", "", ""]
        assert [(await session.run(f"y{end}")).stdout for end in (" # ;", "\n# ;")] == ["4.0\n", "4.0\n"]
        assert (await session.run("(y,\n 'é;')  ;")).stdout == ""
        assert (await session.run("None")).stdout == ""
    async with sandbox.session("notebook", echo=False) as session:
        async with session.fork() as other:
            assert [(await kept.run("x = 1\nx")).stdout for kept in (session, other)] == ["", ""]
        assert (await session.run("print(x)")).stdout == "1\n"


@shared
async def test_a_notebook_starts_afresh_after_a_time_out(sandbox):
    async with sandbox.session("notebook") as session:
        await session.run("x = 1")
        assert (await session.run("while True: pass", seconds=0.2)).status == "timeout"
        assert (await session.run("x")).error == "NameError: name 'x' is not defined"


@shared
async def test_notebooks_do_not_see_each_other(sandbox):
    async with sandbox.session("notebook") as one, sandbox.session("notebook") as other:
        await one.run("import sympy; sympy.mine = x = 1")
        assert (await other.run("x")).status == "error"
        assert (await other.run("import sympy; sympy.mine")).status == "error"


@shared
async def test_no_more_programs_run_at_once_than_allowed():
    async with Sandbox(concurrency=1) as sandbox, sandbox.session() as one, sandbox.session() as other:
        slow, quick = await asyncio.gather(one.run("while True: pass", seconds=0.5), other.run("print(1)"))
        assert (slow.status, quick.stdout) == ("timeout", "1\n")


@shared
@pytest.mark.parametrize("mode", ["stateless", "notebook"])
async def test_programs_of_one_session_run_in_turn(mode):
    async with Sandbox(concurrency=4) as sandbox, sandbox.session(mode) as session:
        programs = [f"import time\ntime.sleep(0.05)\nprint({number})" for number in range(5)]
        tasks = [asyncio.create_task(session.run(program)) for program in programs]
        await asyncio.sleep(0)
        tasks[2].cancel()  # while it waits for its turn
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(found.pop(2), asyncio.CancelledError)
        assert [execution.stdout for execution in found] == ["0\n", "1\n", "3\n", "4\n"]


@shared
@on_linux
async def test_cancelled_and_abandoned_programs_leave_nothing(sandbox):
    async with sandbox.session() as session:
        await session.run("pass")
        zygote, descriptors = newest_child(), open_descriptors()
        for _ in range(20):
            task = asyncio.create_task(session.run("while True: pass"))
            await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with sandbox.session("notebook") as notebook:
            await notebook.run("x = 1")
        await until(lambda: not programs(zygote))
        assert open_descriptors() <= descriptors
        assert (await session.run("print('right')")).stdout == "right\n"


def test_a_loop_can_end_at_any_moment_of_a_start():
    program = """
import asyncio
from tora_agent.sandbox import Sandbox

async def leave(moments):
    task = asyncio.create_task(Sandbox().link())
    for _ in range(moments):
        await asyncio.sleep(0)

for moments in range(6):
    asyncio.run(leave(moments))
"""
    subprocess.run([sys.executable, "-c", program], timeout=60, check=True)


@shared
async def test_a_reset_ends_what_runs(sandbox):
    async with sandbox.session("notebook") as session:
        await session.run("x = 1")
        running = asyncio.create_task(session.run("while True: pass", seconds=600))
        await asyncio.sleep(0.2)
        session.reset()
        assert (await running).status == "killed"
        assert (await session.run("x")).error == "NameError: name 'x' is not defined"


@shared
@on_linux
async def test_closing_ends_every_process():
    sandbox, before = Sandbox(), children(os.getpid())
    async with sandbox.session("notebook") as session:
        await session.run("x = 1")
        running = asyncio.create_task(session.run("while True: pass"))
        await asyncio.sleep(0.1)
        zygote = newest_child()
        inside = children(zygote)
        call = asyncio.create_task(sandbox.call("time:sleep", 60, seconds=60))
        await asyncio.sleep(0.1)
        await sandbox.close()
        for lost in (running, call):
            with pytest.raises(SandboxUnavailable):
                await lost
    assert children(os.getpid()) == before and not is_process(zygote)
    await until(lambda: not any(map(is_process, inside)))


@shared
@on_linux
async def test_a_killed_zygote_is_replaced_unnoticed_but_in_the_log(sandbox, caplog):
    async with sandbox.session() as session:
        await session.run("pass")
        zygote = newest_child()
        ready = children(zygote)
        os.kill(zygote, 9)
        await until(lambda: not any(map(is_process, ready)))  # one could answer before it dies, too
        assert (await session.run("print('right')")).stdout == "right\n"
        program = asyncio.create_task(session.run("import time; time.sleep(1); print('again')"))
        await asyncio.sleep(0.2)
        os.kill(newest_child(), 9)
        assert (await program).stdout == "again\n"
    call = asyncio.create_task(sandbox.call("time:sleep", 1, seconds=5))
    await asyncio.sleep(0.2)
    os.kill(newest_child(), 9)
    assert await call is None
    assert caplog.messages == ["the sandbox's process died (exit code -9): a new one takes its place"] * 3


@shared
async def test_a_forked_session_goes_on_from_the_state_and_shares_nothing(sandbox):
    async with sandbox.session("notebook") as one:
        await one.run("import random; x = [random.random()]; n = 1")
        await one.run("n += 1; undefined")
        async with one.fork() as other:
            await one.run("x.append(2)")
            await other.run("x.append(3)")
            shown = (await one.run("print(n, x[1])")).stdout, (await other.run("print(n, x[1])")).stdout
            assert shown == ("2 2\n", "2 3\n")
            assert (await one.run("x[0]")).stdout == (await other.run("x[0]")).stdout


@shared
async def test_whatever_a_program_draws_it_draws_again(sandbox):
    program = """
import random, numpy as np, sympy
from sympy.core.random import rng
generators = np.random.default_rng(), np.random.Generator(np.random.PCG64()), np.random.RandomState()
drawn = [g.random() if hasattr(g, "integers") else g.rand() for g in generators]
random.seed(); np.random.seed()
drawn += [random.random(), np.random.rand(), random.Random().random(), random.Random(None).random(), rng.random()]
class Mine(random.Random): pass
drawn += [Mine().random(), int(np.random.SeedSequence().entropy), hash("a"), hash((1.5, "b")), list({"a", "b", "c"})]
print(len({*map(str, drawn)}) == len(drawn), drawn)
"""
    async with sandbox.session() as session, sandbox.session("notebook") as notebook, notebook.fork() as other:
        shown = [(await each.run(program)).stdout for each in (session, session, notebook, other)]
        assert shown[0].startswith("True [") and len(set(shown)) == 1
        more = "print(np.random.default_rng().random(), random.Random().random(), random.random(), np.random.rand())"
        async with notebook.fork() as forked:
            assert (await forked.run(more)).stdout == (await notebook.run(more)).stdout


@shared
@on_linux
async def test_a_notebook_outlives_its_process():
    async with Sandbox(idle_sessions=1) as sandbox, sandbox.session("notebook") as one:
        await one.run("x = 1")
        zygote = newest_child()
        async with sandbox.session("notebook") as other:
            await other.run("x = 2")
            await until(lambda: len(programs(zygote)) == 1)
            assert (await one.run("x")).stdout == "1\n"
            os.kill(zygote, 9)
            assert ((await one.run("x")).stdout, (await other.run("x")).stdout) == ("1\n", "2\n")


@shared
@on_linux
async def test_an_idle_notebook_keeps_its_state_but_no_process():
    async with Sandbox(idle_seconds=0.05) as sandbox, sandbox.session("notebook") as session:
        await session.run("x = 1")
        zygote = newest_child()
        await until(lambda: not programs(zygote))
        assert (await session.run("x")).stdout == "1\n"
        session.reset()
        assert (await session.run("x")).status == "error"


@shared
async def test_a_notebook_may_come_to_a_late_package(sandbox):
    pytest.importorskip("scipy")
    async with sandbox.session("notebook") as session:
        await session.run("x = 0")
        assert (await session.run("from scipy.stats import norm\nprint(norm.cdf(x))")).stdout == "0.5\n"


@shared
@on_linux
async def test_a_ready_child_that_was_killed_is_passed_over(sandbox):
    async with sandbox.session() as session:
        await session.run("pass")
        zygote = newest_child()
        _, *waiting = (child for child in children(zygote) if child not in programs(zygote))  # first, the namespace's
        for child in waiting:
            os.kill(child, 9)
        assert (await session.run("print('right')")).stdout == "right\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1, 2], "[1, 2]"),
        (["a" * 40, "b" * 40], "['" + "a" * 40 + "',\n '" + "b" * 40 + "']"),
        (([1] * 30, 2), "([" + "1,\n  " * 29 + "1],\n 2)"),
        ({"k" * 40: ["v" * 40]}, "{'" + "k" * 40 + "': ['" + "v" * 40 + "']}"),
        ((1,), "(1,)"),
        ({3, 1, 2}, "{1, 2, 3}"),
        (frozenset(), "frozenset()"),
        (int, "int"),
        (list(range(1001)), None),
    ],
)
def test_values_are_laid_out_as_in_a_notebook(value, text):
    shown = display_text(value)
    assert shown == text or (text is None and shown.endswith("999,\n ...]"))


@pytest.fixture
def busy_cpus() -> Iterator[None]:
    """Neighbours that keep every CPU busy, as a model does, and go before a program."""
    busy = "import os; os.nice(15)\nwhile True: pass"
    neighbours = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(os.cpu_count() or 1)]
    yield
    for neighbour in neighbours:
        neighbour.kill()
        neighbour.wait()


@on_linux
@pytest.mark.slow
async def test_waiting_for_a_cpu_does_not_count(busy_cpus: None) -> None:
    program = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass\nprint('done')"
    async with Sandbox() as sandbox, sandbox.session() as session:
        assert (await session.run(program, seconds=1)).stdout == "done\n"
        assert (await session.run("while True: pass", seconds=0.2)).status == "timeout"
