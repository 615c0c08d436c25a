"""`tora-agent eval`: a benchmark scored, stored as it goes."""

import asyncio
import json
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.config import Data, Experiment
    from tora_agent.eval.metrics import Summary
    from tora_agent.eval.outcome import Outcome
    from tora_agent.eval.runner import Plan, Solver
    from tora_agent.eval.store import Result, Store
    from tora_agent.eval.tasks import Problem, Task
    from tora_agent.prompt import Prompt


def evaluate(
    dataset__name: Annotated[
        str | None,
        typer.Option(
            "--dataset",
            "--task",
            help="A task's name or file (sample, gsm8k, my_task.yaml, my.jsonl), or tora-10, a whole table.",
        ),
    ] = None,
    dataset__dir: Annotated[
        Path | None, typer.Option("--data-dir", help="Folder of data files; without it the hub is asked.")
    ] = None,
    dataset__limit: Annotated[int | None, typer.Option("--limit", help="Only the first N problems.")] = None,
    model: options.Model = None,
    engine: options.Engine = None,
    openai__base_urls: options.BaseUrl = None,
    openai__api: options.ApiKind = None,
    trajectories: Annotated[Path | None, typer.Option(help="Recorded trajectories for the replay engine.")] = None,
    prompt: options.PromptName = None,
    samples: Annotated[int | None, typer.Option(help="Trajectories of each problem, which vote on its answer.")] = None,
    early_stop: Annotated[
        bool | None, typer.Option("--early-stop", help="End a problem once its vote cannot change any more.")
    ] = None,
    config: options.Config = None,
    set_: options.Set = None,
    sampling__temperature: options.Temperature = None,
    sampling__top_p: options.TopP = None,
    sampling__top_k: options.TopK = None,
    sampling__min_p: options.MinP = None,
    sampling__seed: options.Seed = None,
    limits__max_tokens: options.MaxTokens = None,
    limits__rounds: options.Rounds = None,
    llama_cpp__n_ctx: options.ContextLength = None,
    llama_cpp__n_gpu_layers: options.GpuLayers = None,
    llama_cpp__threads: options.Threads = None,
    llama_cpp__memory_mb: options.Memory = None,
    output__concurrency: Annotated[int | None, typer.Option("--concurrency", help="Problems at the same time.")] = None,
    output__store: options.StorePath = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest run of the same settings.")] = False,
    as_json: options.Json = False,
) -> None:
    """Score a model on a benchmark.

    Every finished problem is stored at once, and a stopped run goes on with --resume.
    """
    given = options.settings(locals())
    from tora_agent.config import load_experiment
    from tora_agent.eval.suite import SUITES

    experiment = load_experiment(config, given, set_ or [])
    if experiment.dataset.name in SUITES:
        from tora_agent.cli.suite import evaluate_suite

        evaluate_suite(experiment, resume, as_json)
        return
    report = scored(experiment, resume)
    if as_json:
        print(json.dumps(report))
    else:
        from tora_agent.cli.report import print_report

        print_report(report)


def scored(experiment: "Experiment", resume: bool) -> dict[str, Any]:
    """Work an experiment on one task off, or what its newest run still lacks; its report, as `eval --json` prints it.

    Raises:
        Stopped: Ctrl-C came; what was finished is kept.
    """
    from tora_agent.compose import versions
    from tora_agent.engines.base import EngineError
    from tora_agent.errors import Stopped
    from tora_agent.eval.metrics import summarise
    from tora_agent.eval.store import Store
    from tora_agent.eval.tasks import in_order, load_task
    from tora_agent.prompt import load_prompt
    from tora_agent.sandbox import SandboxUnavailable

    task = load_task(experiment.dataset.name)
    prompt = load_prompt(experiment.prompt, task.few_shot)
    problems = _problems(experiment.dataset, task)
    identity = experiment.identity(versions(experiment, prompt) | {"problems": in_order(problems)})
    with closing(Store(experiment.output.store)) as store, store.lock(identity):
        if not resume:
            _mention_unfinished(store, identity)
        try:
            run = asyncio.run(_work_off(experiment, prompt, problems, store, identity, resume))
            results = store.results(run)
            return _report(experiment, run, summarise(results, experiment.samples)) | _replayed(experiment, results)
        except KeyboardInterrupt:
            raise Stopped(f"stopped; {_kept(store, identity, resume)}") from None
        except (EngineError, SandboxUnavailable) as error:
            raise type(error)(f"{error}; {_kept(store, identity, resume)}") from error


def _problems(data: "Data", task: "Task") -> list["Problem"]:
    from tora_agent.eval.tasks import checksum, load_problems

    problems = list(load_problems(task, data.dir, data.limit))
    if data.limit is None and task.checksum and checksum(problems) != task.checksum:
        _say(f"note: these {len(problems)} problems are not the {task.size} of {task.title} that others report on")
    return problems


def _mention_unfinished(store: "Store", identity: str) -> None:
    waiting = store.unfinished(identity)
    if waiting:
        _say(
            f"run {waiting.id} with the same settings stopped at {waiting.finished} of {waiting.total}; "
            "this is a new run (--resume goes on with that one)"
        )


def _kept(store: "Store", identity: str, resume: bool) -> str:
    waiting = store.unfinished(identity)
    if not waiting:
        return f"what was finished before is kept in {store.path}"
    return (
        f"{waiting.finished} of {waiting.total} trajectories are kept in {store.path} as run {waiting.id}; "
        f"the same command{'' if resume else ' with --resume'} goes on"
    )


async def _work_off(
    experiment: "Experiment", prompt: "Prompt", problems: list["Problem"], store: "Store", identity: str, resume: bool
) -> int:
    """Solve, grade and store what the run still lacks; its id."""
    from tora_agent.compose import introduction, open_solver
    from tora_agent.eval.runner import Plan

    found = store.newest(identity) if resume else None
    stored = store.results(found) if found else []
    total = len(problems) * experiment.samples
    if found and not store.unfinished(identity):
        return found
    async with open_solver(experiment, prompt, total - len(stored)) as (solver, concurrency):
        run = found or store.new_run(identity, experiment.as_json(), total)
        _say(introduction(experiment))
        plan = Plan(experiment.samples, concurrency, experiment.early_stop)
        await _solve_all(problems, solver, plan, store, run, stored)
    store.finish(run)
    return run


async def _solve_all(
    problems: list["Problem"], solver: "Solver", plan: "Plan", store: "Store", run: int, before: list["Result"]
) -> None:
    """Solve under a progress bar that also counts what was stored `before`."""
    from tora_agent.cli.report import Progress
    from tora_agent.eval.runner import evaluate

    with Progress(len(problems) * plan.samples, [result.correct for result in before]) as progress:

        def keep(outcome: "Outcome") -> None:
            store.add(run, outcome)
            progress.advance(outcome.tora.correct)

        await evaluate(problems, solver, plan, keep, before)


def _report(experiment: "Experiment", run: int, summary: "Summary") -> dict[str, Any]:
    """The JSON report: the score's fields at the top, the rest beside them."""
    plain = asdict(summary)
    return {
        "run": run,
        "store": str(experiment.output.store),
        "dataset": experiment.dataset.name,
        "engine": experiment.engine,
        "model": experiment.source,
        "prompt": experiment.prompt,
        **plain.pop("score"),
        **plain,
    }


def _replayed(experiment: "Experiment", results: list["Result"]) -> dict[str, Any]:
    """For a replay, the executions whose fresh output is not the recorded one."""
    if experiment.trajectories is None or experiment.engine != "replay":
        return {}
    from tora_agent.engines.replay import differences, read_recordings

    recordings = read_recordings(experiment.trajectories)
    found = [
        {"problem": result.problem_id, **asdict(difference)}
        for result in results
        for difference in differences(recordings[result.question], result.text)
    ]
    return {"differences": found}


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
