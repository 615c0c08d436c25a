"""What runs on the cluster's nodes: a solver of its own, opened from the experiment's settings."""

import os
import platform
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass

from tora_agent.errors import UserError
from tora_agent.eval.outcome import Attempt
from tora_agent.eval.runner import Solver
from tora_agent.eval.tasks import Problem

OpenSolver = Callable[[], AbstractAsyncContextManager[tuple[Solver, int]]]


@dataclass(frozen=True, slots=True)
class Assignment:
    """How a worker comes to its solver.

    Attributes:
        open_solver: opens it, and says how many problems it takes at once.
        versions: what the numbers rest on, as the worker's node has it.
        expected: the same as the driver has it.
        environment: variables that the engine reads, such as a server's key.
    """

    open_solver: OpenSolver
    versions: Callable[[], dict[str, str]]
    expected: Mapping[str, str]
    environment: Mapping[str, str]


class Worker:
    """A Ray actor; what it opened ends with its process."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()

    async def open(self, assignment: Assignment) -> int:
        """Get ready; how many problems are worked on at once.

        Raises:
            UserError: this node lacks a file or a package, or has other versions than the driver.
        """
        os.environ.update(assignment.environment)
        try:
            _compare(assignment.versions(), assignment.expected)
            self._solver, slots = await self._stack.enter_async_context(assignment.open_solver())
        except (UserError, ModuleNotFoundError) as error:
            reason = f"{error.name} is not installed" if isinstance(error, ModuleNotFoundError) else error
            raise UserError(f"on the node {platform.node()}: {reason}") from None
        return slots

    async def attempt(self, problem: Problem, sample: int) -> Attempt:
        """One sample of a problem, solved and graded."""
        return await self._solver.attempt(problem, sample)


def _compare(here: Mapping[str, str], expected: Mapping[str, str]) -> None:
    """Refuse to give other numbers than the driver's machine would."""
    for name, version in expected.items():
        if here[name] == version:
            continue
        if name == "source":
            raise UserError("the file of the model or the recordings differs from the driver's: copy the same one here")
        raise UserError(f"{name} {here[name]} is installed, and {version} where the run was started: install the same")
