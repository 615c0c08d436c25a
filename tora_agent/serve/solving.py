"""What every face of the server does: let trajectories grow side by side and count their votes, run programs, grade."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from tora_agent.agent import Budget, Event, Finished, Trajectory, run
from tora_agent.engines.base import Sampling
from tora_agent.errors import UserError
from tora_agent.eval.grading import Grader, Verdict, grade_text
from tora_agent.eval.runner import Solver, work_off
from tora_agent.eval.tasks import gold_form
from tora_agent.eval.votes import Ballots, winner
from tora_agent.names import GraderName
from tora_agent.prompt import Prompt
from tora_agent.sandbox import Execution
from tora_agent.serve.gate import Gate
from tora_agent.serve.metrics import Metrics

_AHEAD = 256  # events that a slow client may lag behind before its trajectories wait for it
_QUIET = 15.0  # seconds after which a stream says that it is still there


class TooLong(Exception):
    """The request took longer than the server allows."""


class ProblemTooLong(UserError):
    """The problem does not fit the model's context."""

    def __init__(self) -> None:
        super().__init__("the problem is longer than the model's context: shorten it, or start the server with --n-ctx")


@dataclass(frozen=True, slots=True)
class Job:
    """Questions to work on, `samples` trajectories each; with a `vote` they elect one answer.

    Their numbers run through the first question's samples, then through the second's.
    """

    questions: tuple[str, ...]
    prompt: Prompt
    sampling: Sampling
    budget: Budget
    samples: int = 1
    vote: GraderName | None = None

    @property
    def size(self) -> int:
        """How many trajectories there will be."""
        return len(self.questions) * self.samples

    def trajectory(self, number: int) -> tuple[str, Sampling]:
        """A trajectory's question, and its sampling with a seed of its own."""
        index, sample = divmod(number, self.samples)
        question = self.questions[index]
        return question, self.sampling.for_sample(question, sample)


@dataclass(frozen=True, slots=True)
class Tally:
    """The vote so far: each answer with the numbers of the trajectories that gave it, the winner first."""

    winner: int | None
    answers: tuple[tuple[str, tuple[int, ...]], ...]


News = tuple[int, Event] | Tally | None  # an event with its trajectory's number; None: nothing for a while


class Desk:
    """Works on jobs, programs and answers with one set of parts; for one event loop."""

    def __init__(self, solver: Solver, slots: int, queue: int, seconds: float) -> None:
        """Let `slots` trajectories grow at the same time and `queue` wait; a job may take so many `seconds`."""
        self.solver = solver
        self.gate = Gate(slots, queue)
        self.metrics = Metrics(self.gate)
        self._programs = Gate(os.cpu_count() or 1, queue)  # those, and answers, that come by themselves
        self._seconds = seconds

    async def execute(self, code: str, seconds: float | None) -> Execution:
        """Run a program, in at most `seconds` (the sandbox's limit by default).

        Raises:
            UserError: the sandbox's limit is lower.
            Busy: as many programs wait as may.
            SandboxUnavailable: no process could be started.
        """
        most = self.solver.sandbox.limits.seconds
        if seconds is not None and seconds > most:
            raise UserError(f"timeout: a program may take {most:g} seconds at most on this server")
        with self._programs.enter():
            async with self._programs.turn(), self.solver.sandbox.session() as session:
                execution = await session.run(code, seconds)
        self.metrics.ran(execution.status)
        return execution

    async def grade(self, pred: str, gold: str, task: str | None, grader: GraderName) -> Verdict:
        """Compare an answer, or a whole completion, with the gold answer.

        Raises:
            Busy: as many programs wait as may.
            SandboxUnavailable: no process could be started.
        """
        with self._programs.enter():
            judge = self.solver.strict if grader == "strict" else self.solver.tora
            return await grade_text(judge, pred, gold, gold_form(task))

    async def work(self, job: Job) -> AsyncGenerator[News, None]:
        """Do a job and yield what happens; the caller holds the places for it. Closing the generator ends the work.

        Raises:
            TooLong: the time was up.
            EngineError: the engine failed.
            SandboxUnavailable: no program could be run.
        """
        news: asyncio.Queue[News | Exception | type[StopAsyncIteration]] = asyncio.Queue(_AHEAD)
        worker = asyncio.create_task(self._work(job, news))
        try:
            while True:
                try:
                    item = await asyncio.wait_for(news.get(), _QUIET)
                except TimeoutError:
                    item = None
                if isinstance(item, Exception):
                    raise item
                if isinstance(item, type):
                    return
                yield item
        finally:
            worker.cancel()
            await asyncio.wait([worker])

    async def _work(self, job: Job, news: "asyncio.Queue[News | Exception | type[StopAsyncIteration]]") -> None:
        ballots = _Ballots(job, {"tora": self.solver.tora, "strict": self.solver.strict})

        async def grow(number: int) -> None:
            question, sampling = job.trajectory(number)
            async with (
                self.gate.turn(),
                aclosing(
                    run(question, self.solver.engine, self.solver.sandbox, job.prompt, sampling, job.budget)
                ) as events,
            ):
                async for event in events:
                    self.metrics.saw(event)
                    await news.put((number, event))
            if job.vote and isinstance(event, Finished):
                await news.put(await ballots.cast(number, event.trajectory))

        try:
            async with asyncio.timeout(self._seconds):
                await work_off(range(job.size), grow, job.size)
        except TimeoutError:
            await news.put(TooLong(f"the request took longer than {self._seconds:g} seconds"))
        except Exception as error:  # whatever it is, it belongs to the one who asked
            await news.put(error)
        else:
            await news.put(StopAsyncIteration)


class _Ballots:
    """The votes of a job's trajectories on its one question."""

    def __init__(self, job: Job, graders: dict[GraderName, Grader]) -> None:
        self._ballots = Ballots(graders[job.vote or "strict"], job.samples)
        self._answers: dict[int, str] = {}

    async def cast(self, number: int, trajectory: Trajectory) -> Tally:
        await self._ballots.cast("", number, trajectory.answer, None)
        self._answers[number] = trajectory.answer
        votes = self._ballots.votes("")
        voters: dict[int, list[int]] = {}
        for cast in sorted(votes, key=lambda cast: cast.sample):
            if cast.vote is not None:
                voters.setdefault(cast.vote, []).append(cast.sample)
        chosen = winner(votes)
        order = sorted(voters, key=lambda vote: (chosen is None or vote != chosen.vote, -len(voters[vote]), vote))
        answers = tuple((self._answers[vote], tuple(voters[vote])) for vote in order)
        return Tally(None if chosen is None else chosen.sample, answers)
