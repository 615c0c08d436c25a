"""The whole way in one command: corpus, training, export, score; shaping by the model made, and all that once more."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, is_dataclass, replace
from pathlib import Path
from typing import Any

from tora_agent.errors import UserError
from tora_agent.files import whole
from tora_agent.training import Say
from tora_agent.training.corpus.build import CorpusConfig, build
from tora_agent.training.export import Quantisation, check, export
from tora_agent.training.folder import alone_in
from tora_agent.training.settings import read_settings
from tora_agent.training.sft.config import Training
from tora_agent.training.shaping import ShapingConfig, shape
from tora_agent.validation import flat, merge, nested, validated

REPORT = "report.json"
STORE = "results.sqlite"

Score = Callable[[Path, str, Path], dict[str, Any]]
"""Scores a GGUF file on a task, with a store for the results."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Everything from nothing to a measured model.

    Attributes:
        output: the folder of all that comes of it.
        sft: the training; its output and its corpora are the pipeline's own.
        shaping: by the model made, on the questions of its corpus where no others are named, with the corpus's tests;
            the model is then trained once more, from the same beginning, on both corpora. None: there is one model.
            Its student's model and its store are the pipeline's own.
        dataset: the task that every model is scored on.
    """

    output: Path
    corpus: CorpusConfig
    sft: Training
    shaping: ShapingConfig | None = None
    quantisation: Quantisation = "Q8_0"
    dataset: str = "sample"


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the work; `settings` are all that its result depends on, but for the stages before it."""

    name: str
    settings: object
    run: Callable[[], object]


def load_pipeline(source: str, overrides: Sequence[str] = ()) -> Pipeline:
    """Read a pipeline from a YAML file: a path, or the name of one that ships with the package.

    Raises:
        UserError: the file cannot be read, or a key or value in it is wrong.
    """
    tree = read_settings(source, overrides)
    if isinstance(tree.get("output"), str):
        _connect(tree, Path(tree["output"]), source)
    return validated(Pipeline, tree, source)


def _connect(tree: dict[str, Any], output: Path, source: str) -> None:
    """Give the stages in a config's tree each other's files.

    Raises:
        UserError: it names files in such a place.
    """
    corpus = str(output / "corpus.jsonl")
    own: dict[str, Any] = {"sft.output": str(output / "model"), "sft.curriculum.corpora": [corpus]}
    shaping = tree.get("shaping")
    if isinstance(shaping, dict):
        questions = shaping.setdefault("questions", {})
        if isinstance(questions, dict):
            questions.setdefault("file", corpus)
            if isinstance(drawn := tree.get("corpus"), dict):
                questions.setdefault("tests", drawn.get("tests"))
        own |= {"shaping.student.model": str(output / "model.gguf"), "shaping.output.store": str(output / STORE)}
    given = dict(flat(tree))
    for key, value in own.items():
        if key in given:
            raise UserError(
                f"{source}: {key} has no place in a pipeline, whose stages hand on their files under output"
            )
        merge(tree, nested(key, value))


def stages(pipeline: Pipeline, score: Score, say: Say) -> Iterator[Stage]:
    """The stages of a pipeline in order."""
    sft, shaping = pipeline.sft, pipeline.shaping
    corpora = sft.curriculum.corpora
    yield Stage("corpus", pipeline.corpus, lambda: asyncio.run(build(pipeline.corpus, corpora[0])))
    yield from _model(pipeline, sft, score, say)
    if shaping:
        shaped = pipeline.output / "shaped.jsonl"
        yield Stage("shaping", shaping, lambda: asyncio.run(shape(shaping, shaped, say)))
        both = replace(sft.curriculum, corpora=(*corpora, shaped))
        yield from _model(pipeline, replace(sft, output=pipeline.output / "shaped", curriculum=both), score, say)


def run_stages(stages: Sequence[Stage], folder: Path, say: Say) -> dict[str, Any]:
    """Run the stages that the folder's report does not have, and add each to it as it ends; give the report.

    Raises:
        UserError: a stage in the report was made with other settings, the folder cannot be written, or another process
            works in it.
    """
    with alone_in(folder):
        path = folder / REPORT
        report = _read(path)
        for number, stage in enumerate(stages, 1):
            title = f"{stage.name} ({number} of {len(stages)})"
            if _is_done(stage, report, path):
                say(f"{title}: done before")
                continue
            say(title)
            begun = time.monotonic()
            result, seconds = _plain(stage.run()), round(time.monotonic() - begun, 1)
            report[stage.name] = {"settings": _plain(stage.settings), "result": result, "seconds": seconds}
            _write(path, report)
        return report


def _is_done(stage: Stage, report: dict[str, Any], path: Path) -> bool:
    """Whether the report has the stage; with other settings that is a mistake."""
    if stage.name not in report:
        return False
    if report[stage.name]["settings"] != _plain(stage.settings):
        raise UserError(
            f"the stage {stage.name} in {path} was made with other settings: choose another output, "
            f"or remove {path.parent} to start afresh"
        )
    return True


def _model(pipeline: Pipeline, sft: Training, score: Score, say: Say) -> Iterator[Stage]:
    """Train, export and score one model, which is called as its folder is."""
    name = sft.output.name
    file = pipeline.output / f"{name}.gguf"
    exported, scored = {"quantisation": pipeline.quantisation}, {"dataset": pipeline.dataset}
    yield Stage(f"training of {name}", sft, lambda: _train(sft, say))
    yield Stage(f"export of {name}", exported, lambda: _export(sft, file, pipeline.quantisation))
    yield Stage(f"score of {name}", scored, lambda: score(file, pipeline.dataset, pipeline.output / STORE))


def _train(sft: Training, say: Say) -> dict[str, Any]:
    """Train, from the checkpoint if there is one; give the last line of the log."""
    from tora_agent.training.sft.checkpoint import STATE
    from tora_agent.training.sft.train import train

    train(sft, resume=(sft.output / STATE).exists(), report=say)
    return json.loads((sft.output / "log.jsonl").read_text().splitlines()[-1])  # type: ignore[no-any-return]


def _export(sft: Training, file: Path, quantisation: Quantisation) -> dict[str, Any]:
    export(sft.output / "model", file, quantisation)
    return {"bytes": file.stat().st_size, **asdict(check(sft.output / "model", file, sft.curriculum.corpora[0]))}


def _plain(value: object) -> Any:
    """A dataclass or mapping as JSON reads it back."""
    data = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    return json.loads(json.dumps(data, default=str))


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UserError(f"the report {path} cannot be read ({error}): remove it to start afresh") from error


def _write(path: Path, report: dict[str, Any]) -> None:
    with whole(path, "report") as unfinished:
        unfinished.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
