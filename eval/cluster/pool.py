"""The driver's side of a cluster: workers that are kept busy, and replaced when they die."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

from tora_agent.engines.base import EngineError
from tora_agent.eval.cluster.worker import Assignment
from tora_agent.eval.grading import Grader
from tora_agent.eval.outcome import Attempt
from tora_agent.eval.tasks import Problem

_PATIENCE = 3  # deaths for each worker, with no problem finished between them, until the run gives up


@dataclass(slots=True, eq=False)
class _Member:
    """A worker, dead or alive."""

    actor: Any
    lost: asyncio.Event = field(default_factory=asyncio.Event)


class Pool:
    """An `Executor` on a cluster: a problem whose worker dies is done again by another."""

    def __init__(self, hire: Callable[[], Any], assignment: Assignment, workers: int, strict: Grader) -> None:
        """`hire` starts an actor; `strict` finds answers equal for the votes, which the driver counts."""
        self.strict = strict
        self.slots: asyncio.Future[int] = asyncio.get_running_loop().create_future()  # of the first that is ready
        self.started = asyncio.Event()  # a worker's process runs: the cluster had room for it
        self._hire = hire
        self._assignment = assignment
        self._places: asyncio.Queue[_Member] = asyncio.Queue()  # each worker, once for every problem it could take now
        self._most_deaths = _PATIENCE * workers
        self._deaths = 0  # since a problem was finished

    async def attempt(self, problem: Problem, sample: int) -> Attempt:
        """One sample of a problem, solved and graded by a worker that has room.

        Raises:
            UserError: the problem cannot be asked.
            EngineError: an engine failed, or one worker after the other died.
            SandboxUnavailable: no program could be run.
        """
        while True:
            member = await self._places.get()
            if member.lost.is_set():
                continue
            try:
                attempt: Attempt = await member.actor.attempt.remote(problem, sample)
            except RayTaskError as error:  # of our own code there
                raise error.cause from None
            except RayError as error:
                self._lose(member, error)
                continue
            self._deaths = 0
            self._places.put_nowait(member)
            return attempt

    async def keep_worker(self) -> None:
        """Hire a worker, and another whenever it dies; wherever the cluster has room.

        Raises:
            UserError: a node lacks what the driver's machine has.
            EngineError: an engine failed, or one worker after the other died.
        """
        while True:
            member = _Member(self._hire())
            try:
                await member.actor.__ray_ready__.remote()
                self.started.set()
                slots = await member.actor.open.remote(self._assignment)
            except RayTaskError as error:
                raise error.cause from None
            except RayError as error:
                self._lose(member, error)
                continue
            for _ in range(slots):
                self._places.put_nowait(member)
            if not self.slots.done():
                self.slots.set_result(slots)
            await member.lost.wait()

    def _lose(self, member: _Member, error: RayError) -> None:
        """Do without a worker that cannot be reached; its other problems come here, too."""
        if member.lost.is_set():
            return
        member.lost.set()
        ray.kill(member.actor)  # it may live on, cut off from us
        self._deaths += 1
        if self._deaths > self._most_deaths:
            reason = str(error).strip().rpartition("\n")[2].strip()
            raise EngineError(f"workers of the Ray cluster died {self._deaths} times in a row, the last so: {reason}")
