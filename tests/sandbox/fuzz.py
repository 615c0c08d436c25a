"""Fuzz the sandbox with mutated attacks and benign programs, for a while.

    python tests/sandbox/fuzz.py [--minutes 1] [--seed 0]

Each mutant runs twice. In the whole sandbox it must end in time, by one of the known statuses, and leave parent and
zygote alive. Under the policy alone, in a fork of this process, it must not come to hold what opens a door: a real
module, a frame, code, the real `open`, `eval` and their like. What fails is printed as a program, and the exit code
is 1.
"""

import argparse
import ast
import asyncio
import builtins
import io
import os
import random
import signal
import socket
import sys
import time
import types
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from tora_agent.sandbox import Limits, Sandbox
from tora_agent.sandbox.confine import confine
from tora_agent.sandbox.guards import Guards
from tora_agent.sandbox.libraries import guard_libraries
from tora_agent.sandbox.limits import WALLS
from tora_agent.sandbox.modules import STANDARD
from tora_agent.sandbox.program import Interpreter
from tora_agent.sandbox.warm import warm_up

HERE = Path(__file__).parent
SECONDS = 2.0
MEMORY_MB = 256
STATUSES = {"ok", "error", "timeout", "memory", "refused", "killed"}
DOORS = (builtins.open, eval, exec, compile, builtins.__import__, getattr, globals, io.FileIO, types.FunctionType)
DOOR_TYPES = (types.FrameType, types.CodeType, types.TracebackType)
HELD_SECONDS, NOTHING, FOUND = 2, 0, 77
WRAPPERS = (
    "exec({!r})",
    "eval({!r})",
    "import sympy\nsympy.sympify({!r})",
    "import sympy\nsympy.lambdify([], {!r})()",
    "import numpy\nnumpy.vectorize(exec)([{!r}])",
    "class A:\n    def __del__(self):\n        exec({!r})\nA()",
    "try:\n    exec({!r})\nfinally:\n    kept = locals()",
)


def seeds() -> list[ast.Module]:
    attacks = yaml.safe_load((HERE / "attacks.yaml").read_text(encoding="utf-8"))
    benign = yaml.safe_load((HERE / "benign.yaml").read_text(encoding="utf-8"))
    texts = [code for codes in attacks.values() for code in codes] + [case["code"] for case in benign]
    return [ast.parse(text) for text in texts]


class Mutator:
    """Makes new programs of the seeds' parts: statements, expressions, names, attributes and texts."""

    def __init__(self, trees: list[ast.Module], chance: random.Random) -> None:
        self._trees, self._chance = trees, chance
        nodes = [node for tree in trees for node in ast.walk(tree)]
        self._expressions = [node for node in nodes if isinstance(node, ast.expr)]
        self._names = sorted({node.id for node in nodes if isinstance(node, ast.Name)})
        self._attributes = sorted({node.attr for node in nodes if isinstance(node, ast.Attribute)})
        self._texts = sorted(
            {node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) is str}
        )

    def program(self) -> str:
        """One mutant."""
        while True:
            tree = self._copy(self._chance.choice(self._trees))
            for _ in range(self._chance.randint(1, 4)):
                self._mutate(tree)
            try:
                text = ast.unparse(ast.fix_missing_locations(tree))
            except (ValueError, TypeError, AttributeError, RecursionError):
                continue
            return self._chance.choice(WRAPPERS).format(text) if self._chance.random() < 0.2 else text

    def _copy(self, tree: ast.Module) -> ast.Module:
        return ast.parse(ast.unparse(tree))

    def _mutate(self, tree: ast.Module) -> None:
        chance = self._chance
        if chance.random() < 0.3:
            donor = self._copy(chance.choice(self._trees)).body
            place = chance.randint(0, len(tree.body))
            tree.body[place:place] = donor if chance.random() < 0.5 else [chance.choice(donor)]
            return
        node = chance.choice(list(ast.walk(tree)))
        if isinstance(node, ast.Name):
            node.id = chance.choice(self._names)
        elif isinstance(node, ast.Attribute):
            node.attr = chance.choice(self._attributes)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = chance.choice(self._texts)
        elif isinstance(node, ast.Call) and node.args:
            node.args[chance.randrange(len(node.args))] = self._expression()
        elif isinstance(node, ast.Expr | ast.Assign | ast.Return | ast.keyword):
            node.value = self._expression()

    def _expression(self) -> ast.expr:
        return deepcopy(self._chance.choice(self._expressions))  # a later mutation must not reach the seeds


def held(guards: Guards, code: str) -> bool:
    """Whether the program, under the policy alone, comes to hold a door."""
    ours, theirs = socket.socketpair()
    if (process := os.fork()) == 0:
        try:
            os.setpgid(0, 0)
            signal.alarm(HELD_SECONDS)
            confine(MEMORY_MB, HELD_SECONDS, WALLS)  # what gets past the policy does no harm
            interpreter = Interpreter(guards, theirs)
            main = sys.modules["__main__"]
            interpreter.run(code, False, 0)
            os._exit(FOUND if holds_door(vars(main)) else NOTHING)
        finally:
            os._exit(NOTHING)
    with ours, theirs:
        _, status = os.waitpid(process, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == FOUND


def holds_door(namespace: dict[str, Any]) -> bool:
    outer = [value for name, value in namespace.items() if name != "__builtins__"]
    for value in (*outer, *(inner for holder in outer for inner in inside(holder))):
        real_module = type(value) is types.ModuleType and value.__spec__  # a façade has none
        if real_module or type(value) in DOOR_TYPES or any(value is door for door in DOORS):
            return True
    return False


def inside(value: object) -> Iterator[object]:
    """What a container or a program's object holds."""
    if type(value) is dict:
        yield from list(value.values())[:1000]
    elif type(value) in (list, tuple, set):
        yield from list(value)[:1000]
    elif type(value).__module__ == "__main__":
        yield from getattr(value, "__dict__", {}).values()


async def fuzz(mutator: Mutator, guards: Guards, until: float) -> int:
    tried = failures = 0
    async with Sandbox(Limits(seconds=SECONDS, memory_mb=MEMORY_MB)) as sandbox, sandbox.session() as session:
        while time.monotonic() < until:
            code = mutator.program()
            tried += 1
            execution = await session.run(code)
            wrong = execution.status not in STATUSES or execution.seconds > 10 * SECONDS
            if wrong or held(guards, code) or (await session.run("print(1)")).stdout != "1\n":
                failures += 1
                print(
                    f"== {'sandbox' if wrong else 'policy'}: {execution.status}, {execution.error}\n{code}\n",
                    flush=True,
                )
    print(f"{tried} mutants, {failures} failures")
    return failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    guards = guard_libraries()
    guards.modules.preload((*sorted(STANDARD), "numpy", "mpmath", "sympy"))
    warm_up()
    mutator = Mutator(seeds(), random.Random(options.seed))
    sys.exit(asyncio.run(fuzz(mutator, guards, time.monotonic() + 60 * options.minutes)) > 0)


if __name__ == "__main__":
    main()
