"""Keep an engine busy with problems, grade what comes out, and store each result as it ends."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tora_agent.agent import Budget, Trajectory, run, to_end
from tora_agent.engines.base import Engine, Sampling
from tora_agent.errors import UserError
from tora_agent.eval.grading import Grader, Verdict
from tora_agent.eval.tasks import Problem
from tora_agent.prompt import Prompt
from tora_agent.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Solver:
    """The parts that turn a problem into a graded trajectory."""

    engine: Engine
    sandbox: Sandbox
    prompt: Prompt
    grader: Grader
    sampling: Sampling
    budget: Budget

    async def solve(self, problem: Problem) -> tuple[Trajectory, Verdict]:
        """Solve and grade one problem."""
        if not problem.question.strip():
            raise UserError(f"problem {problem.id} has an empty question")
        events = run(problem.question, self.engine, self.sandbox, self.prompt, self.sampling, self.budget)
        trajectory = await to_end(events)
        return trajectory, await self.grader.grade(trajectory.answer, problem.answer)


async def evaluate(
    problems: Iterable[Problem],
    solver: Solver,
    concurrency: int,
    keep: Callable[[Problem, Trajectory, Verdict], None],
) -> None:
    """Solve all problems, `concurrency` at a time, and hand each to `keep` as soon as it has ended.

    The first failure ends the others and is raised alone; what was kept stays kept.
    """
    queue = iter(problems)
    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(concurrency):
                workers.create_task(_work(queue, solver, keep))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _work(queue: Iterator[Problem], solver: Solver, keep: Callable[[Problem, Trajectory, Verdict], None]) -> None:
    for problem in queue:
        keep(problem, *await solver.solve(problem))
