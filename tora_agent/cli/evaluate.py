"""`tora-agent eval`: a benchmark scored, stored as it goes; `run`: the experiments of a config file."""

from pathlib import Path
from typing import Annotated

import typer

from tora_agent.cli import options
from tora_agent.names import ExecutorKind


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
    executor: Annotated[
        ExecutorKind | None,
        typer.Option(help="What does the work: this process, or a Ray cluster's workers (docs/cluster.md)."),
    ] = None,
    ray__address: Annotated[
        str | None,
        typer.Option("--address", help="A Ray cluster: HOST:PORT, or auto (default: RAY_ADDRESS, or this machine)."),
    ] = None,
    ray__workers: Annotated[
        int | None, typer.Option("--workers", help="Workers on the cluster (default: what its CPUs and GPUs allow).")
    ] = None,
    track: options.Track = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest run of the same settings.")] = False,
    as_json: options.Json = False,
) -> None:
    """Score a model on a benchmark.

    Every finished problem is stored at once, and a stopped run goes on with --resume.
    """
    given = options.settings(locals())
    from tora_agent.cli.points import work_off
    from tora_agent.sweep import load_sweep

    goes_on = "the same command" if resume else "the same command with --resume"
    work_off(load_sweep(config, given, set_ or []), resume, goes_on, as_json)


def run(
    config: Annotated[str, typer.Argument(help="Experiments: a YAML file, or a shipped one's name.")],
    set_: options.Set = None,
    sweep: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE,VALUE", help="Run once for each value; several make a grid: prompt=tora,cot."),
    ] = None,
    output__store: options.StorePath = None,
    track: options.Track = None,
    force: Annotated[bool, typer.Option("--force", help="Begin anew what is in the store already.")] = False,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write an HTML page on all the runs, too.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Run the experiments of a config file, and show them in one table.

    A run is known by all that can change its numbers: what has finished is not run again, what was stopped goes on.
    """
    given = options.settings(locals())
    from tora_agent.cli.points import work_off
    from tora_agent.sweep import load_sweep

    goes_on = "the same command without --force" if force else "the same command"
    work_off(load_sweep(config, given, set_ or [], sweep or []), not force, goes_on, as_json, report)
