"""The sandbox's cost, each figure beside that to which it is compared, in one run on one core.

    taskset -c 0 python bench/sandbox.py [--programs 500] [--sessions 300] [--data ../shared/trajectories]

Figures count on an idle machine only. Each pair is measured in turns, so that both meet the same machine; medians
over the turns. `bench/sandbox_corpora.py` counts refusals and equal outputs on the same programs.
"""

import argparse
import asyncio
import contextlib
import io
import json
import os
import signal
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tora_agent.sandbox import Limits, Sandbox, Session
from tora_agent.sandbox.warm import warm_up

SECONDS = 5
TURNS = 3
FRESH_PROCESSES = 5
TRIVIAL = "print(1)"
SOLVE = "from sympy import *\nx = symbols('x')\nprint(solve(x**2 - 5*x + 6, x))"
LOOP = """
count = 0
for a in range(1, {n}):
    for b in range(a, {n}):
        c = a * a + b * b
        if c % 7 == 3 and (a + b) % 2:
            count += 1
print(count)
"""
BRUTE_FORCE = LOOP.format(n=1500)


def programs(path: Path, count: int) -> list[str]:
    """MathCoder's programs, the cells of a problem as one."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines()[:count]:
        turns = json.loads(line)["debug_result"]
        found.append("\n".join(turn["content"].replace("\r\n", "\n") for turn in turns if turn["role"] == "code"))
    return found


async def seconds_of(work: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


async def session_costs(session: Session, count: int, pause: float) -> list[float]:
    """Seconds of a trivial program from the call to its result, with a pause before each."""
    costs = []
    for _ in range(count):
        await asyncio.sleep(pause)
        costs.append(await seconds_of(lambda: session.run(TRIVIAL)))
    return costs


async def sandboxed(session: Session, codes: Sequence[str]) -> None:
    for code in codes:
        await session.run(code)


async def without_isolation(codes: Sequence[str]) -> None:
    """The limit: `exec` in a fork of this process, warm as the zygote is, with nothing but an alarm around."""
    if (process := os.fork()) == 0:
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        for code in codes:
            signal.alarm(SECONDS)
            with contextlib.suppress(BaseException), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(code, "<program>", "exec"), {"__name__": "__main__"})
            signal.alarm(0)
        os._exit(0)
    await asyncio.to_thread(os.waitpid, process, 0)


async def fresh_processes(codes: Sequence[str]) -> None:
    for code in codes:
        command = [sys.executable, "-c", code]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
        await process.wait()


async def in_turns(one: Callable[[], Awaitable[object]], other: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """The median seconds of each."""
    pairs = [(await seconds_of(one), await seconds_of(other)) for _ in range(TURNS)]
    return statistics.median(first for first, _ in pairs), statistics.median(second for _, second in pairs)


def report(what: str, figure: float, unit: str, target: str) -> None:
    print(f"{what:<68} {figure:8.2f} {unit:<4} (target: {target})", flush=True)


async def measure(sessions: int, codes: list[str]) -> None:
    async with Sandbox(Limits(seconds=SECONDS), concurrency=1) as sandbox, sandbox.session() as session:
        await session.run(SOLVE)
        for pause, name in ((0.0, "back to back"), (0.02, "with pauses of 20 ms")):
            costs = await session_costs(session, sessions, pause)
            report(f"cost of a session, {name}, median", 1000 * statistics.median(costs), "ms", "5 at most")
        ours, limit = await in_turns(
            lambda: sandboxed(session, [BRUTE_FORCE]), lambda: without_isolation([BRUTE_FORCE])
        )
        report("a brute-force loop: time against plain CPython", ours / limit, "x", "1.2 at most")
        few = [SOLVE] * FRESH_PROCESSES
        ours, fresh = await in_turns(lambda: sandboxed(session, few), lambda: fresh_processes(few))
        report("against a fresh process per program that imports sympy", fresh / ours, "x", "10 at least")
        if codes:
            ours, limit = await in_turns(lambda: sandboxed(session, codes), lambda: without_isolation(codes))
            report(f"programs/s on {len(codes)} of MathCoder's", len(codes) / ours, "/s", "none: see the ratio")
            report("programs/s against exec without isolation", limit / ours, "x", "0.75 at least")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=500, help="of the 2,493")
    parser.add_argument("--sessions", type=int, default=300)
    default = Path(__file__).parents[1].parent / "shared" / "trajectories"
    parser.add_argument("--data", type=Path, default=default)
    options = parser.parse_args()
    file = options.data / "mathcoder-l-7b.math.correct.jsonl"
    codes = programs(file, options.programs) if file.exists() else []
    if not codes:
        print(f"no programs at {file}: the ratios that need them are left out")
    warm_up()
    asyncio.run(measure(options.sessions, codes))


if __name__ == "__main__":
    main()
