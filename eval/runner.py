"""Keep an engine busy with samples of problems, grade what comes out, and hand on each as it ends."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tora_agent.agent import Budget, Trajectory, run, to_end
from tora_agent.engines.base import Engine, Sampling
from tora_agent.errors import UserError
from tora_agent.eval.grading import Grader, Verdict
from tora_agent.eval.outcome import Attempt, Outcome
from tora_agent.eval.store import Result
from tora_agent.eval.tasks import Problem
from tora_agent.eval.votes import Ballots, Vote
from tora_agent.prompt import Prompt
from tora_agent.sandbox import Sandbox

Keep = Callable[[Outcome], None]
Job = TypeVar("Job")


class Executor(Protocol):
    """Where samples are done: in this process (`Solver`), or on a cluster."""

    @property
    def strict(self) -> Grader:
        """What finds answers equal, for votes."""
        ...

    async def attempt(self, problem: Problem, sample: int) -> Attempt:
        """One sample of a problem, solved and graded."""
        ...


@dataclass(frozen=True, slots=True)
class Solver:
    """The parts that turn a problem into a graded trajectory."""

    engine: Engine
    sandbox: Sandbox
    prompt: Prompt
    tora: Grader
    strict: Grader
    sampling: Sampling
    budget: Budget

    async def solve(self, problem: Problem, sample: int, begun: str = "") -> Trajectory:
        """One sample of a problem, each with a seed of its own; `begun` is the start from which the model goes on."""
        if not problem.question.strip():
            raise UserError(f"problem {problem.id} has an empty question")
        sampling = self.sampling.for_sample(problem.question, sample)
        return await to_end(run(problem.question, self.engine, self.sandbox, self.prompt, sampling, self.budget, begun))

    async def grade(self, problem: Problem, trajectory: Trajectory) -> tuple[Verdict, Verdict]:
        """The paper's verdict on a trajectory's answer, and the strict one."""
        tora = await self.tora.grade(trajectory.answer, problem.answer)
        return tora, await self.strict.grade(trajectory.answer, problem.answer)

    async def attempt(self, problem: Problem, sample: int) -> Attempt:
        """One sample of a problem, solved and graded."""
        trajectory = await self.solve(problem, sample)
        return Attempt(trajectory, *await self.grade(problem, trajectory))


@dataclass(frozen=True, slots=True)
class Plan:
    """How many samples of each problem, how many at the same time, and whether a decided vote ends a problem."""

    samples: int = 1
    concurrency: int = 1
    early_stop: bool = False


async def evaluate(
    problems: Sequence[Problem], executor: Executor, plan: Plan, keep: Keep, before: Iterable[Result] = ()
) -> None:
    """Work off what is not among the results from `before`, and hand each outcome to `keep` as soon as it has ended.

    The first failure ends the others and is raised alone; what was kept stays kept.
    """
    ballots = Ballots(executor.strict, plan.samples)
    done = set()
    for result in before:
        ballots.restore(result.problem_id, Vote(result.sample, result.vote, result.correct), result.answer)
        done.add((result.problem_id, result.sample))

    async def work(job: tuple[Problem, int]) -> None:
        problem, sample = job
        attempt = await executor.attempt(problem, sample)
        counted = await ballots.cast(problem.id, sample, attempt.trajectory.answer, attempt.tora.correct)
        keep(Outcome(problem, sample, attempt.trajectory, attempt.tora, attempt.strict, *counted))

    await work_off(_queue(problems, plan, ballots, done), work, plan.concurrency)


async def work_off(jobs: Iterable[Job], work: Callable[[Job], Awaitable[None]], concurrency: int) -> None:
    """Do all jobs, `concurrency` at a time; the first failure ends the others and is raised alone."""
    queue = iter(jobs)

    async def worker() -> None:
        for job in queue:
            await work(job)

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(concurrency):
                workers.create_task(worker())
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


def _queue(
    problems: Sequence[Problem], plan: Plan, ballots: Ballots, done: set[tuple[str, int]]
) -> Iterator[tuple[Problem, int]]:
    """All samples of a problem, then those of the next: an engine that has just read a prompt still knows it."""
    waiting = ((problem, [n for n in range(plan.samples) if (problem.id, n) not in done]) for problem in problems)
    if plan.early_stop:
        yield from _until_decided(waiting, ballots)
        return
    for problem, samples in waiting:
        for sample in samples:
            yield problem, sample


def _until_decided(problems: Iterator[tuple[Problem, list[int]]], ballots: Ballots) -> Iterator[tuple[Problem, int]]:
    """Samples of problems whose vote is still open.

    Where those that run may decide it alone, the problem's others wait, as long as there is something else to do.
    """
    begun: list[tuple[Problem, list[int]]] = []
    while True:
        begun = [(problem, waiting) for problem, waiting in begun if waiting and not ballots.decided(problem.id)]
        needed = [entry for entry in begun if not ballots.may_be_decided(entry[0].id, len(entry[1]))]
        if not needed and (another := next(problems, None)):
            begun.append(another)
            continue
        if not begun:
            return
        problem, waiting = (needed or begun)[0]
        yield problem, waiting.pop(0)
