"""Trajectories of an engine on training questions, round by round.

A round is a run in the store of `eval`, on the same scheduler, sandbox and grader: every finished trajectory is kept
at once, and the same call goes on where a killed one stopped.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace

from tora_agent.compose import open_solver, versions
from tora_agent.config import Experiment
from tora_agent.engines.base import Sampling
from tora_agent.errors import UserError
from tora_agent.eval.grading import Verdict
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.runner import work_off
from tora_agent.eval.store import Result, Store
from tora_agent.eval.tasks import Problem, in_order
from tora_agent.prompt import Prompt, load_prompt
from tora_agent.training import Say

_LEAST = 100  # trajectories between two lines of progress, of which there are 20 at most


@dataclass(frozen=True, slots=True)
class Round:
    """Problems that are solved once each.

    `begun` holds, by a problem's id, the start of a trajectory from which the engine goes on; `sample` says which of a
    problem's samples the round's is.
    """

    problems: Sequence[Problem]
    sampling: Sampling
    begun: Mapping[str, str] = field(default_factory=dict)
    sample: int = 0


@dataclass(slots=True, eq=False)
class _Run:
    """A round as the store knows it; `id` is None until it has begun."""

    round: Round
    experiment: Experiment
    identity: str
    id: int | None


def sampled_rounds(problems: Sequence[Problem], sampling: Sampling, count: int) -> list[Round]:
    """Rounds of one sample each; more of them later leave the earlier ones as they are."""
    return [Round(problems, sampling, sample=number) for number in range(count)]


async def solve_rounds(experiment: Experiment, rounds: Sequence[Round], say: Say) -> list[list[Result]]:
    """Work off what the rounds still lack, all in one queue; each round's results, in the order of its problems.

    Raises:
        UserError: the model, prompt or store cannot be used, or another process works on one of the rounds.
        EngineError: the engine failed; what was finished before is kept.
        SandboxUnavailable: no program could be run; what was finished before is kept.
    """
    prompt = _tora_prompt(experiment, any(round.begun for round in rounds))
    source = versions(experiment, prompt)
    with closing(Store(experiment.output.store)) as store, ExitStack() as locks:
        runs = [_find(store, replace(experiment, sampling=round.sampling), round, source) for round in rounds]
        for run in runs:
            locks.enter_context(store.lock(run.identity))
        if jobs := [(run, problem) for run in runs for problem in _missing(store, run)]:
            jobs.sort(key=lambda job: job[1].id)  # the engine reads a prompt once for all rounds
            await _work_off(experiment, prompt, runs, jobs, store, say)
        return [_results(store, run) for run in runs]


def _tora_prompt(experiment: Experiment, goes_on: bool) -> Prompt:
    prompt = load_prompt(experiment.prompt)
    if prompt.style != "tora":
        raise UserError(
            f"training needs trajectories of the style tora, and the prompt {prompt.name} is {prompt.style}"
        )
    if goes_on and prompt.mode != "stateless":
        raise UserError(
            f"the prompt {prompt.name} has the mode {prompt.mode}: a trajectory can be completed from its middle only "
            "where each program starts afresh (mode: stateless)"
        )
    return prompt


def _find(store: Store, experiment: Experiment, round: Round, source: Mapping[str, str]) -> _Run:
    content = {"problems": in_order(round.problems)}
    if round.begun:
        content["begun"] = hashlib.sha256(json.dumps(round.begun, sort_keys=True).encode()).hexdigest()
    if round.sample:
        content["sample"] = str(round.sample)
    identity = experiment.identity({**source, **content})
    return _Run(round, experiment, identity, store.newest(identity))


def _missing(store: Store, run: _Run) -> list[Problem]:
    stored = {result.problem_id for result in store.results(run.id)} if run.id else set[str]()
    return [problem for problem in run.round.problems if problem.id not in stored]


async def _work_off(
    experiment: Experiment,
    prompt: Prompt,
    runs: Sequence[_Run],
    jobs: Sequence[tuple[_Run, Problem]],
    store: Store,
    say: Say,
) -> None:
    """Solve, grade and store; rounds that have no run in the store yet get one."""
    margin = "" if prompt.text.endswith("\n") else "\n"  # between the prompt and the start of a trajectory
    async with open_solver(experiment, prompt, len(jobs)) as (solver, concurrency):
        for run in runs:
            if run.id is None and run.round.problems:
                run.id = store.new_run(run.identity, run.experiment.as_json(), len(run.round.problems))
        progress = _Progress(len(jobs), say)

        async def work(job: tuple[_Run, Problem]) -> None:
            run, problem = job
            assert run.id is not None  # given above
            begun = run.round.begun.get(problem.id)
            own = replace(solver, sampling=run.round.sampling)
            trajectory = await own.solve(problem, run.round.sample, margin + begun if begun else "")
            tora, strict = await own.grade(problem, trajectory)
            store.add(run.id, Outcome(problem, 0, trajectory, tora, strict, 0 if trajectory.answer else None))
            progress.advance(tora)

        await work_off(jobs, work, concurrency)


def _results(store: Store, run: _Run) -> list[Result]:
    found = {result.problem_id: result for result in store.results(run.id)} if run.id else {}
    return [found[problem.id] for problem in run.round.problems]


class _Progress:
    """Says now and then how far a call has come."""

    def __init__(self, total: int, say: Say) -> None:
        self._total = total
        self._say = say
        self._done = 0
        self._right = 0

    def advance(self, verdict: Verdict) -> None:
        self._done += 1
        self._right += bool(verdict.correct)
        if self._done % max(_LEAST, self._total // 20) == 0 or self._done == self._total:
            self._say(f"{self._done} of {self._total} trajectories, {self._right} with the right answer")
