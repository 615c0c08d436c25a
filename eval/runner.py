"""Keep an engine busy with problems, grade what comes out, and store each result as it ends."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from tora_agent.agent import Budget, Trajectory, run, to_end
from tora_agent.engines.base import Engine, Sampling
from tora_agent.errors import UserError
from tora_agent.eval.grading import Grader, Verdict
from tora_agent.eval.tasks import Problem
from tora_agent.prompt import Prompt
from tora_agent.sandbox import Sandbox

Job = TypeVar("Job")


@dataclass(frozen=True, slots=True)
class Solver:
    """The parts that turn a problem into a graded trajectory."""

    engine: Engine
    sandbox: Sandbox
    prompt: Prompt
    grader: Grader
    sampling: Sampling
    budget: Budget

    async def solve(self, problem: Problem, begun: str = "") -> tuple[Trajectory, Verdict]:
        """Solve and grade one problem; `begun` is the start of its trajectory, from which the model goes on."""
        if not problem.question.strip():
            raise UserError(f"problem {problem.id} has an empty question")
        events = run(problem.question, self.engine, self.sandbox, self.prompt, self.sampling, self.budget, begun)
        trajectory = await to_end(events)
        return trajectory, await self.grader.grade(trajectory.answer, problem.answer)


async def evaluate(
    problems: Iterable[Job],
    solve: Callable[[Job], Awaitable[tuple[Trajectory, Verdict]]],
    concurrency: int,
    keep: Callable[[Job, Trajectory, Verdict], None],
) -> None:
    """Solve all problems, `concurrency` at a time, and hand each to `keep` as soon as it has ended.

    The first failure ends the others and is raised alone; what was kept stays kept.
    """
    queue = iter(problems)

    async def work() -> None:
        for problem in queue:
            keep(problem, *await solve(problem))

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(concurrency):
                workers.create_task(work())
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
