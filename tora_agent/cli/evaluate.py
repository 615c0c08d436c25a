"""`tora-agent eval`: a benchmark scored, stored as it goes."""

import asyncio
import json
import os
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from tora_agent.agent import Trajectory
    from tora_agent.config import Experiment
    from tora_agent.eval.grading import Verdict
    from tora_agent.eval.metrics import Summary
    from tora_agent.eval.store import Store
    from tora_agent.eval.tasks import Problem
    from tora_agent.prompt import Prompt


def evaluate(
    dataset: Annotated[str | None, typer.Option(help="A task's name or file: sample, gsm8k, math, ...")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of data files; without it the hub is asked.")] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first N problems.")] = None,
    model: options.Model = None,
    engine: Annotated[Literal["llama_cpp", "replay"] | None, typer.Option(help="What generates.")] = None,
    trajectories: Annotated[Path | None, typer.Option(help="Recorded trajectories for the replay engine.")] = None,
    prompt: options.PromptName = None,
    config: options.Config = None,
    set_: options.Set = None,
    temperature: options.Temperature = None,
    top_p: options.TopP = None,
    top_k: options.TopK = None,
    min_p: options.MinP = None,
    seed: options.Seed = None,
    max_tokens: options.MaxTokens = None,
    rounds: options.Rounds = None,
    n_ctx: options.ContextLength = None,
    n_gpu_layers: options.GpuLayers = None,
    threads: options.Threads = None,
    concurrency: Annotated[int | None, typer.Option(help="Problems at the same time.")] = None,
    store: options.StorePath = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest run of the same settings.")] = False,
    as_json: options.Json = False,
) -> None:
    """Score a model on a benchmark.

    Every finished problem is stored at once, and a stopped run goes on with --resume.
    """
    from tora_agent.config import load_experiment

    given = options.settings(
        dataset__name=dataset,
        dataset__dir=data_dir,
        dataset__limit=limit,
        model=model,
        engine=engine,
        trajectories=trajectories,
        prompt=prompt,
        sampling__temperature=temperature,
        sampling__top_p=top_p,
        sampling__top_k=top_k,
        sampling__min_p=min_p,
        sampling__seed=seed,
        limits__max_tokens=max_tokens,
        limits__rounds=rounds,
        llama_cpp__n_ctx=n_ctx,
        llama_cpp__n_gpu_layers=n_gpu_layers,
        llama_cpp__threads=threads,
        output__concurrency=concurrency,
        output__store=store,
    )
    _evaluate(load_experiment(config, given, set_ or []), resume, as_json)


def _evaluate(experiment: "Experiment", resume: bool, as_json: bool) -> None:
    from tora_agent.compose import versions
    from tora_agent.eval.metrics import summarise
    from tora_agent.eval.store import Store
    from tora_agent.eval.tasks import in_order, load_problems, load_task
    from tora_agent.prompt import load_prompt

    prompt = load_prompt(experiment.prompt)
    data = experiment.dataset
    problems = list(load_problems(load_task(data.name), data.dir, data.limit))
    identity = experiment.identity(versions(experiment, prompt) | {"problems": in_order(problems)})
    with closing(Store(experiment.output.store)) as store, store.lock(identity):
        _mention_unfinished(store, identity, resume)
        run = store.open_run(identity, experiment.as_json(), len(problems), resume)
        try:
            asyncio.run(_work_off(experiment, prompt, problems, store, run))
        except KeyboardInterrupt:
            _say(
                f"stopped: {len(store.finished(run))} of {len(problems)} problems are kept in "
                f"{experiment.output.store} as run {run}; the same command with --resume goes on"
            )
            raise typer.Exit(130) from None
        report = _report(experiment, run, summarise(store.results(run)))
        report |= _replayed(experiment, store, run)
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        from tora_agent.cli.report import print_report

        print_report(report)


def _mention_unfinished(store: "Store", identity: str, resume: bool) -> None:
    waiting = store.unfinished(identity)
    if waiting and not resume:
        _say(
            f"run {waiting.id} with the same settings stopped at {waiting.finished} of {waiting.total}; "
            "this is a new run (--resume goes on with that one)"
        )


async def _work_off(
    experiment: "Experiment", prompt: "Prompt", problems: list["Problem"], store: "Store", run: int
) -> None:
    """Solve, grade and store what the run still lacks."""
    from tora_agent.cli.report import Progress
    from tora_agent.compose import open_engine
    from tora_agent.eval.grading import Grader
    from tora_agent.eval.runner import Solver, evaluate
    from tora_agent.models import introduction
    from tora_agent.sandbox import Sandbox

    stored = {result.problem_id: result.correct for result in store.results(run)}
    todo = [problem for problem in problems if problem.id not in stored]
    if not todo:
        return
    async with open_engine(experiment, prompt) as engine:
        concurrency = experiment.output.concurrency or engine.slots
        programs = min(concurrency, os.cpu_count() or 1)  # more would only take each other's time
        async with Sandbox(experiment.sandbox, concurrency=programs) as sandbox:
            _say(introduction(experiment.model, engine.name))
            solver = Solver(engine, sandbox, prompt, Grader(sandbox), experiment.sampling, experiment.limits)
            with Progress(len(problems), stored.values()) as progress:

                def keep(problem: "Problem", trajectory: "Trajectory", verdict: "Verdict") -> None:
                    store.add(run, problem, trajectory, verdict)
                    progress.advance(verdict.correct)

                await evaluate(todo, solver, concurrency, keep)


def _report(experiment: "Experiment", run: int, summary: "Summary") -> dict[str, Any]:
    """The JSON report: the score's fields at the top, the rest beside them."""
    plain = asdict(summary)
    return {
        "run": run,
        "store": str(experiment.output.store),
        "dataset": experiment.dataset.name,
        "engine": experiment.engine,
        "model": experiment.model if experiment.engine != "replay" else str(experiment.trajectories),
        "prompt": experiment.prompt,
        **plain.pop("score"),
        **plain,
    }


def _replayed(experiment: "Experiment", store: "Store", run: int) -> dict[str, Any]:
    """For a replay, the executions whose fresh output is not the recorded one."""
    if experiment.trajectories is None or experiment.engine != "replay":
        return {}
    from tora_agent.engines.replay import differences, read_recordings

    recordings = read_recordings(experiment.trajectories)
    found = [
        {"problem": result.problem_id, **asdict(difference)}
        for result in store.results(run)
        for difference in differences(recordings[result.question], result.text)
    ]
    return {"differences": found}


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
