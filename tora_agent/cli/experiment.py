"""One experiment on one task: worked off into the store as it goes, and its report."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from tora_agent.cli.report import Progress
from tora_agent.compose import introduction, open_executor, versions
from tora_agent.config import Data, Experiment
from tora_agent.engines.base import EngineError
from tora_agent.engines.replay import differences, read_recordings
from tora_agent.engines.transformers import check_libraries
from tora_agent.errors import Stopped
from tora_agent.eval.metrics import summarise_run
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.runner import Executor, Keep, Plan, evaluate
from tora_agent.eval.store import Result, Store
from tora_agent.eval.tasks import Problem, Task, in_order, is_expected, load_problems, load_task
from tora_agent.eval.tracking import UNTRACKED, TrackedRun, Tracker
from tora_agent.models import check_room, locate, locate_checkpoint
from tora_agent.prompt import Prompt, load_prompt
from tora_agent.sandbox import SandboxUnavailable


@dataclass(frozen=True, slots=True)
class Work:
    """An experiment with its prompt and its problems; `name` tells it from the others of a sweep."""

    name: str
    experiment: Experiment
    prompt: Prompt
    problems: Sequence[Problem]


def prepare(experiment: Experiment, name: str = "") -> Work:
    """Read what an experiment asks for; the model is only located, so that it is fetched when its turn comes.

    Raises:
        UserError: there is no such task, prompt or model, the model is too large for this machine, or the problems
            cannot be had.
    """
    if experiment.engine == "llama_cpp":
        check_room(locate(experiment.model, experiment.llama_cpp), experiment.llama_cpp)
    if experiment.engine == "transformers":
        check_libraries()
        locate_checkpoint(experiment.model)
    task, problems = _problems(experiment.dataset)
    return Work(name, experiment, load_prompt(experiment.prompt, task.few_shot), problems)


@cache
def _problems(data: Data) -> tuple[Task, list[Problem]]:
    """The task and its problems, read once for all experiments on them."""
    task = load_task(data.name)
    problems = list(load_problems(task, data.dir, data.limit))
    if data.limit is None and not is_expected(task, problems):
        expected = f"the {task.size}" if task.size else "those"
        say(f"note: these {len(problems)} problems are not {expected} of {task.title} that others report on")
    return task, problems


def scored(
    work: Work,
    resume: bool = True,
    goes_on: str = "the same command",
    heading: str | None = None,
    tracker: Tracker = UNTRACKED,
) -> dict[str, Any]:
    """Work an experiment off, or with `resume` what its newest run still lacks; its report, as `eval --json` prints it.

    `goes_on` is what people are told to do to go on with a run that stops, `heading` the line that they see when work
    begins (None: what answers); `tracker` hears of the run, of each outcome and of the end.

    Raises:
        Stopped: Ctrl-C came; what was finished is kept.
    """
    experiment = work.experiment
    rests_on = versions(experiment, work.prompt) | {"problems": in_order(work.problems)}
    identity = experiment.identity(rests_on)

    def watch(run: int) -> Keep:
        return tracker.begin(TrackedRun(work.name, identity, rests_on, store.run(run), store.results(run)))

    with closing(Store(experiment.output.store)) as store, store.lock(identity):
        if not resume:
            _mention_unfinished(store, identity, goes_on)
        try:
            run = asyncio.run(_work_off(work, store, identity, resume, heading, watch))
            report = stored_report(store, run)
            tracker.end(report, store.records(run))
            return report | _replayed(experiment, store, run)
        except KeyboardInterrupt:
            raise Stopped(f"stopped; {_kept(store, identity, goes_on)}") from None
        except (EngineError, SandboxUnavailable) as error:
            raise type(error)(f"{error}; {_kept(store, identity, goes_on)}") from error


def stored_report(store: Store, run: int) -> dict[str, Any]:
    """The report of a stored run: what was asked for, the score's fields, and the rest of the summary beside them.

    Raises:
        UserError: there is no such run.
    """
    stored = store.run(run)
    asked = stored.experiment
    summary = asdict(summarise_run(stored, store.results(run)))
    return {
        "run": run,
        "store": str(store.path),
        "dataset": asked["dataset"]["name"],
        "engine": asked["engine"],
        "model": stored.source,
        "prompt": asked["prompt"],
        **summary.pop("score"),
        **summary,
    }


def _mention_unfinished(store: Store, identity: str, goes_on: str) -> None:
    waiting = store.unfinished(identity)
    if waiting:
        say(
            f"run {waiting.id} with the same settings stopped at {waiting.finished} of {waiting.total}; "
            f"this is a new run ({goes_on} goes on with that one)"
        )


def _kept(store: Store, identity: str, goes_on: str) -> str:
    waiting = store.unfinished(identity)
    if not waiting:
        return f"what was finished before is kept in {store.path}"
    kept = f"{waiting.finished} of {waiting.total} trajectories are kept in {store.path} as run {waiting.id}"
    return f"{kept}; {goes_on} goes on"


async def _work_off(
    work: Work, store: Store, identity: str, resume: bool, heading: str | None, watch: Callable[[int], Keep]
) -> int:
    """Solve, grade and store what the run still lacks; its id. What `watch` gives for it hears of each outcome."""
    experiment = work.experiment
    found = store.newest(identity) if resume else None
    stored = store.results(found) if found else []
    total = len(work.problems) * experiment.samples
    if found and len(stored) >= store.run(found).total:
        say(f"{heading + ': ' if heading else ''}run {found} has finished, nothing to do")
        watch(found)
        return found
    async with open_executor(experiment, work.prompt, total - len(stored)) as (executor, concurrency):
        run = found or store.new_run(identity, experiment.as_json(), total, work.prompt.reading)
        say(heading or introduction(experiment))
        plan = Plan(experiment.samples, concurrency, experiment.early_stop)
        await _solve_all(work.problems, executor, plan, store, run, stored, watch(run))
    store.finish(run)
    return run


async def _solve_all(
    problems: Sequence[Problem],
    executor: Executor,
    plan: Plan,
    store: Store,
    run: int,
    before: list[Result],
    hear: Keep,
) -> None:
    """Solve under a progress bar that also counts what was stored `before`, and let `hear` know of each outcome."""
    with Progress(len(problems) * plan.samples, [result.correct for result in before]) as progress:

        def keep(outcome: Outcome) -> None:
            store.add(run, outcome)
            progress.advance(outcome.tora.correct)
            hear(outcome)

        await evaluate(problems, executor, plan, keep, before)


def _replayed(experiment: Experiment, store: Store, run: int) -> dict[str, Any]:
    """For a replay, the executions whose fresh output is not the recorded one."""
    if experiment.trajectories is None or experiment.engine != "replay":
        return {}
    recordings = read_recordings(experiment.trajectories)
    found = [
        {"problem": result.problem_id, **asdict(difference)}
        for result in store.results(run)
        for difference in differences(recordings[result.question], result.text)
    ]
    return {"differences": found}


def say(sentence: str) -> None:
    """Tell people something beside the results."""
    print(sentence, file=sys.stderr)
