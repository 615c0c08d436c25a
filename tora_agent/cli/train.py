"""`tora-agent train`: the pipeline that makes a model, whole or stage by stage."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tora_agent.cli import options

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

app = typer.Typer(
    help="Make a model: corpus, training, export, shaping (needs the extra `train`; docs/training.md).",
    no_args_is_help=True,
)

Settings = Annotated[str, typer.Argument(metavar="CONFIG", help="A YAML file, or the name of a shipped one.")]
Corpus = Annotated[Path, typer.Argument(metavar="OUT", help="The file of trajectories to write (.jsonl).")]


@app.command()
def run(config: Settings, set_: options.Set = None, as_json: options.Json = False) -> None:
    """Run a whole pipeline: `tiny` takes minutes, `nano` is the recipe of the model in the package and takes hours.

    What was finished before is not done again, so the same command goes on where a stopped run was. The folder that
    the pipeline names as its output gets the model, the scores and report.json.
    """
    from tora_agent.training.pipeline import REPORT, load_pipeline, run_stages, stages

    pipeline = load_pipeline(config, set_ or [])
    with _goes_on("the same command goes on"):
        report = run_stages([*stages(pipeline, _score, _say)], pipeline.output, _say)
    if as_json:
        print(json.dumps(report))
        return
    for name, stage in report.items():
        print(f"{name}: {stage['seconds']:.0f} s{_in_short(stage['result'])}")
    print(f"all of it: {pipeline.output / REPORT}")


@app.command()
def corpus(config: Settings, output: Corpus, set_: options.Set = None) -> None:
    """Write a synthetic corpus, and print what became of the problems drawn.

    The same config gives the same file.
    """
    from tora_agent.training.corpus.build import CorpusConfig, build
    from tora_agent.training.settings import load_settings

    _print_report(asyncio.run(build(load_settings(CorpusConfig, config, set_ or []), output)))


@app.command()
def sft(
    config: Settings,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint in the output folder.")] = False,
    set_: options.Set = None,
) -> None:
    """Train a model on corpora: from random weights, or from a base model, whole or through LoRA adapters.

    Ctrl-C ends the run after the step in hand, with a checkpoint.
    """
    from tora_agent.training.settings import load_settings
    from tora_agent.training.sft.config import Training

    settings = load_settings(Training, config, set_ or [])
    from tora_agent.training.sft.train import train

    with _goes_on("--resume goes on"):
        print(train(settings, resume, _say))


@app.command()
def imitate(config: Settings, output: Corpus, set_: options.Set = None) -> None:
    """Write a corpus of a teacher's right trajectories on training questions.

    Greedy ones first, then samples for the questions missed. The same command goes on where a stopped one was.
    """
    from tora_agent.training.corpus.imitation import ImitationConfig, imitate
    from tora_agent.training.settings import load_settings

    settings = load_settings(ImitationConfig, config, set_ or [])
    with _goes_on("the same command goes on"):
        _print_report(asyncio.run(imitate(settings, output, _say)))


@app.command()
def shape(config: Settings, output: Corpus, set_: options.Set = None) -> None:
    """Write a corpus of a student's right trajectories on training questions, and of its wrong ones put right.

    The same command goes on where a stopped one was.
    """
    from tora_agent.training.settings import load_settings
    from tora_agent.training.shaping import ShapingConfig, shape

    settings = load_settings(ShapingConfig, config, set_ or [])
    with _goes_on("the same command goes on"):
        _print_report(asyncio.run(shape(settings, output, _say)))


@app.command()
def average(
    models: Annotated[list[Path], typer.Argument(help="Trained models: the folders `model` of several runs.")],
    output: Annotated[Path, typer.Argument(help="The folder to write their mean to.")],
) -> None:
    """Write the mean of several models that were trained from the same one: often better than each of them."""
    from tora_agent.training.average import average as mean

    mean(models, output)


@app.command()
def export(
    model: Annotated[Path, typer.Argument(help="A trained model: the folder `model` in a run's output.")],
    output: Annotated[Path, typer.Argument(help="The GGUF file to write.")],
    quantisation: Annotated[Literal["F32", "F16", "Q8_0"], typer.Option(help="How weights are stored.")] = "Q8_0",
    check: Annotated[
        Path | None, typer.Option(help="A corpus whose first trajectories llama.cpp and PyTorch are compared on.")
    ] = None,
) -> None:
    """Write a trained model as one GGUF file, and with --check print how close llama.cpp is to PyTorch on it."""
    from tora_agent.training import export as exporting

    exporting.export(model, output, quantisation)
    if check:
        _print_report(exporting.check(model, output, check))


def _score(model: Path, dataset: str, store: Path) -> dict[str, Any]:
    """`eval` of a model that was just made."""
    from tora_agent.cli.experiment import prepare, scored
    from tora_agent.config import load_experiment

    settings = {"model": str(model), "dataset": {"name": dataset}, "output": {"store": str(store)}}
    return scored(prepare(load_experiment(None, settings)))


def _in_short(result: dict[str, Any]) -> str:
    """The numbers of a stage's result that stand at its top."""
    numbers = [f"{key} {value}" for key, value in result.items() if isinstance(value, int | float)]
    return ", ".join(["", *numbers])


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _print_report(report: "DataclassInstance") -> None:
    print(json.dumps(asdict(report), indent=1))


@contextmanager
def _goes_on(how: str) -> Iterator[None]:
    """Say, where the work ends early, how it is taken up again."""
    from tora_agent.engines.base import EngineError
    from tora_agent.errors import Stopped
    from tora_agent.sandbox import SandboxUnavailable

    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(f"stopped; what was finished is kept, and {how}") from None
    except (Stopped, EngineError, SandboxUnavailable) as error:
        if how in str(error):
            raise
        raise type(error)(f"{error}; {how}") from error
