"""Run the two recorded corpora in the sandbox; compare with plain Python, and with what was recorded.

    python bench/sandbox_corpora.py [--data ../shared/trajectories]

ToRA's programs run one by one in fresh processes, MathCoder's as notebooks; each once more without policy and walls, as
this CPython runs it with the same packages, in such a process. Every difference is listed, those from the
record under their cause; the last line of each part counts the programs that our policy refused.
"""

import argparse
import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

from tora_agent.sandbox import Execution, Limits, Mode, Sandbox

FENCE = re.compile(r"```python\n(.*?)```\s*(?:```output\n(.*?)\n```|$)", re.DOTALL)
COLOUR = re.compile(r"\x1b?\[[\d;]+m|\x1b")
NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?|-?\d+")
NUMPY_SCALAR = re.compile(r"np\.\w+\(([^()]*)\)")
ERROR = re.compile(r"^\s*(?:\S+\.)?(\w+(?:Error|Exception|Interrupt|Timeout)\w*)\b", re.MULTILINE)
NOTHING = "Done"
LIMITS = Limits(seconds=20)


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    code: str
    recorded: str


@dataclass(frozen=True, slots=True)
class Difference:
    cell: Cell
    execution: Execution
    cause: str


def tora(path: Path) -> Iterator[list[Cell]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        problem = json.loads(line)
        for block in list(FENCE.finditer(problem["code"][0]))[-1:]:
            yield [Cell(f"problem {problem['idx']}", block[1], block[2] or "")]


def mathcoder(path: Path) -> Iterator[list[Cell]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        problem = json.loads(line)
        turns = problem["debug_result"]
        yield [
            Cell(f"{problem['id']} cell {number}", turn["content"].replace("\r\n", "\n"), result["content"])
            for number, (turn, result) in enumerate(pairwise(turns))
            if turn["role"] == "code" and result["role"] == "execution"
        ]


def shown(execution: Execution) -> str:
    """As ToRA shows a result: what was printed, or the last line of the traceback."""
    if execution.error is not None:
        return execution.error.rpartition("\n")[2]
    return execution.stdout.strip() or NOTHING


def plain(text: str) -> str:
    """Without colours, white space at the ends of lines, and what IPython says of itself."""
    lines = COLOUR.sub("", text).strip().splitlines()
    return "\n".join(line.rstrip() for line in lines if "history saving thread" not in line)


def cause(cell: Cell, execution: Execution) -> str | None:
    """Why the fresh output differs from the recorded one; None where it does not."""
    recorded, fresh = plain(cell.recorded).replace("<empty_execution>", NOTHING), plain(execution.stdout)
    if recorded == plain(shown(execution)) or (execution.error is None and recorded == fresh):
        return None
    if execution.status == "refused":
        return "REFUSED by policy"
    errors = ERROR.findall(recorded)
    if execution.status == "error":
        kind = ERROR.findall(execution.error or "")
        return "same type of error" if errors and kind and errors[-1] == kind[-1] else "error now"
    if execution.status != "ok":
        return "time-out in both" if "Timeout" in recorded or "time" in recorded.lower() else f"{execution.status} now"
    if errors:
        return f"no {errors[-1]} now"
    if numbers(recorded) == numbers(fresh):
        return "floats or numpy's repr"
    return "other output"


def numbers(text: str) -> tuple[str, list[str]]:
    """The text with its numbers rounded to 9 digits and numpy's wrapping of scalars taken off."""
    bare = NUMPY_SCALAR.sub(r"\1", text)
    return "".join(NUMBER.sub("#", bare).split()), [f"{float(number):.9g}" for number in NUMBER.findall(bare)]


async def reproduce(name: str, problems: list[list[Cell]], mode: Mode) -> None:
    total = sum(map(len, problems))
    start = time.perf_counter()
    executions = await executed(problems, mode, Sandbox(LIMITS))
    seconds = time.perf_counter() - start
    report_plain(name, executions, await executed(problems, mode, Sandbox(LIMITS, policy=False, walls=())))
    found = [Difference(cell, execution, cause(cell, execution) or "") for cell, execution in executions]
    report(name, total, [difference for difference in found if difference.cause], seconds)


async def executed(problems: list[list[Cell]], mode: Mode, sandbox: Sandbox) -> list[tuple[Cell, Execution]]:
    """Every cell with its execution, in order."""

    two = asyncio.Semaphore(2)  # notebooks that are open keep a process each

    async def one(cells: list[Cell]) -> list[tuple[Cell, Execution]]:
        async with two, sandbox.session(mode) as session:
            return [(cell, await session.run(cell.code)) for cell in cells]

    async with sandbox:
        return list(chain.from_iterable(await asyncio.gather(*(one(cells) for cells in problems))))


def report_plain(name: str, ours: list[tuple[Cell, Execution]], plains: list[tuple[Cell, Execution]]) -> None:
    pairs = [(cell, execution, other) for (cell, execution), (_, other) in zip(ours, plains, strict=True)]
    unlike = [pair for pair in pairs if (pair[1].stdout, pair[1].error) != (pair[2].stdout, pair[2].error)]
    print(f"== {name}: {len(pairs) - len(unlike)} of {len(pairs)} print the same as in plain Python")
    for cell, execution, other in unlike:
        print(f"   {cell.name}: {shown(other)[-90:]!r} -> {shown(execution)[-90:]!r}")


def report(name: str, total: int, differences: list[Difference], seconds: float) -> None:
    by_cause: dict[str, list[Difference]] = defaultdict(list)
    for difference in differences:
        by_cause[difference.cause].append(difference)
    print(f"== {name}: {total - len(differences)} of {total} reproduced exactly, {total / seconds:.0f} programs/s")
    for found, group in sorted(by_cause.items(), key=lambda item: -len(item[1])):
        print(f"-- {found}: {len(group)}")
        for difference in sorted(group, key=lambda difference: difference.cell.name):
            recorded = plain(difference.cell.recorded).rpartition("\n")[2]
            print(f"   {difference.cell.name}: {recorded[-90:]!r} -> {shown(difference.execution)[-90:]!r}")
    print(f"== {name}: {len(by_cause['REFUSED by policy'])} refused by policy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).parents[1].parent / "shared" / "trajectories"
    parser.add_argument("--data", type=Path, default=default)
    data = parser.parse_args().data
    asyncio.run(reproduce("tora-code-34b gsm8k", list(tora(data / "tora-code-34b-v1.0.gsm8k.jsonl")), "stateless"))
    file = data / "mathcoder-l-7b.math.correct.jsonl"
    asyncio.run(reproduce("mathcoder-l-7b math", list(mathcoder(file)), "notebook"))


if __name__ == "__main__":
    main()
