"""Problems of a task, from the hub, a local file or the package."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from string import Formatter
from typing import Any

from tora_agent.errors import UserError
from tora_agent.eval.grading import prepare_gold
from tora_agent.eval.tasks.task import HubSource, Task
from tora_agent.validation import encodes, read_object, read_objects

_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_Rows = Iterator[tuple[str, Mapping[str, Any]]]  # where a row stands, and its columns


@dataclass(frozen=True, slots=True)
class Problem:
    """A question with its gold answer and the groups it counts in (such as type and level)."""

    id: str
    question: str
    answer: str
    groups: Mapping[str, str] = field(default_factory=dict)


def load_problems(task: Task, data_dir: Path | None = None, limit: int | None = None) -> Iterator[Problem]:
    """The problems of a task in the order of its file, the first `limit` of them; ids count from 0.

    From `data_dir` if given, else from the package, else from the hub, whose whole split must have the task's
    checksum. The hub is read with `datasets`, streamed; a local file line by line, so that a bad line can be named.

    Raises:
        UserError: the data can't be had or a row is wrong; the sentence says which file, line and column.
    """
    if data_dir is not None or not (task.packaged or task.hub):
        yield from islice(_problems(task, _local_rows(task, data_dir)), limit)
    elif task.packaged:
        folder = Path(str(resources.files("tora_agent.eval.data")))
        yield from islice(_problems(task, read_objects(folder / task.packaged)), limit)
    else:
        yield from _from_hub(task, limit)


def checksum(problems: Iterable[Problem]) -> str:
    """A digest of a set of problems that their order and white space don't change."""
    return _digest(sorted("".join(f"{problem.question}\0{problem.answer}".split()) for problem in problems))


def is_expected(task: Task, problems: Sequence[Problem]) -> bool:
    """Whether these are the task's problems, all of them, by its checksum or else its size."""
    if task.checksum:
        return checksum(problems) == task.checksum
    return task.size in (None, len(problems))


def in_order(problems: Iterable[Problem]) -> str:
    """A digest of these very problems in this order: ids are positions, so a run goes on over the same ones alone."""
    return _digest(f"{problem.question}\0{problem.answer}\0{sorted(problem.groups.items())}" for problem in problems)


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def _problems(task: Task, rows: _Rows) -> Iterator[Problem]:
    index = -1
    for index, (where, row) in enumerate(rows):
        question = _fill(task.question, row, where)
        answer = prepare_gold(_column(row, task.answer, where), task.gold)
        if not question or not answer:
            raise UserError(f"{where}: the {'answer' if question else 'question'} is empty")
        groups = {group: _column(row, name, where) for group, name in task.groups.items()}
        yield Problem(str(index), question, answer, groups)
    if index < 0:
        raise UserError(f"the data of {task.name} holds no problem")


class _Column(str):
    """A column's text in a question's template, in the forms that `Task.question` knows."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        text = self.strip() if form in ("stripped", "sentence") else str(self)
        return f"{text}." if form == "sentence" and not text.endswith((".", "!", "?")) else text


def _fill(template: str, row: Mapping[str, Any], where: str) -> str:
    template = _OPTIONAL.sub(lambda part: part[1] if _has_columns(part[1], row) else "", template)
    columns = {name: _Column(_column(row, name, where)) for name in _names(template)}
    return template.format_map(columns).strip()


def _has_columns(part: str, row: Mapping[str, Any]) -> bool:
    return all(row.get(name) for name in _names(part))


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _column(row: Mapping[str, Any], name: str, where: str) -> str:
    """A column as text; a whole number that JSON holds as 43.0 is 43, and a list of choices is as Python shows it."""
    value = row.get(name)
    if value is None:
        raise UserError(f"{where} has no column {name}: there are {', '.join(row)}")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        value = str(value)
    good = isinstance(value, str | int | float) and not isinstance(value, bool) and value == value
    if not good or not encodes(str(value)):
        raise UserError(f"{where}: the column {name} must be a text or a number, and is {value!r}")
    return str(value)


def _local_rows(task: Task, data_dir: Path | None) -> _Rows:
    if task.local is None:
        raise UserError(f"the task {task.name} names no local file: leave --data-dir out, or give it one (local: FILE)")
    path = (data_dir or task.folder) / task.local
    if not path.is_file():
        hint = f": --data-dir must be the folder that holds {task.local}" if data_dir else ""
        raise UserError(f"there is no data file {path}{hint}")
    return _file_rows(path)


def _file_rows(path: Path) -> _Rows:
    return _json_rows(path) if path.suffix == ".json" else read_objects(path)


def _json_rows(path: Path) -> _Rows:
    """The rows of one JSON object, by their names."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"the file {path} cannot be read: {error.strerror}") from error
    for name, row in read_object(content, str(path)).items():
        if not isinstance(row, dict):
            raise UserError(f"{path}, {name}: must be an object in braces")
        yield f"{path}, {name}", row


def _from_hub(task: Task, limit: int | None) -> Iterator[Problem]:
    if not (find_spec("datasets") and find_spec("huggingface_hub")):
        raise UserError("data sets are read with the datasets library: pip install 'tora-agent[eval]'")
    faults = []
    for source in task.hub:
        try:
            problems = list(islice(_problems(task, _hub_rows(source, task.answer)), limit))
        except UserError as fault:
            faults.append(f"{source.repo}: {fault}")
            continue
        if limit is None and not is_expected(task, problems):
            faults.append(f"{source.repo} holds other data than expected ({len(problems)} problems)")
            continue
        yield from problems
        return
    raise UserError(
        f"the data set {task.name} cannot be had from the hub ({'; '.join(faults)}): "
        "give the folder of its files with --data-dir, or use --dataset sample, which needs no network"
    )


def _hub_rows(source: HubSource, answer: str) -> _Rows:
    """The rows of a source, whatever it holds; UserError where it cannot be had."""
    where = source.file or source.split
    try:
        for number, row in enumerate(_stream(source)):
            if source.without is None or source.without not in str(row.get(answer)):
                yield f"{where}, row {number}", row
    except UserError:
        raise
    except Exception as error:  # the libraries below raise whatever their network layers do
        raise UserError(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0].rstrip('.')}"


def _stream(source: HubSource) -> Iterable[Mapping[str, Any]]:
    import datasets
    from huggingface_hub import HfApi, hf_hub_download

    # asked once, the hub fails at once without a network, where reading it would try for long
    HfApi().dataset_info(source.repo, revision=source.revision, timeout=10)
    if source.file:
        path = hf_hub_download(source.repo, source.file, repo_type="dataset", revision=source.revision)
        return (row for _, row in _file_rows(Path(path)))
    datasets.disable_progress_bars()
    rows: Iterable[Mapping[str, Any]] = datasets.load_dataset(
        source.repo, source.config, split=source.split, revision=source.revision, streaming=True
    )
    return rows
