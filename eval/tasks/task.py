"""What a task file says."""

from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Formatter
from typing import Literal

from tora_agent.errors import UserError
from tora_agent.eval.grading import GoldForm
from tora_agent.eval.suite import SUITES
from tora_agent.validation import UNWRITTEN, no_such, read_yaml, shipped_names, validated

FewShot = Literal["gsm8k", "math"]

_FORMS = ("", "stripped", "sentence")  # of a column in a question's template


@dataclass(frozen=True, slots=True)
class HubSource:
    """A data set on the hub.

    Attributes:
        file: one of the repository's files, which is read like a local one; without it a split is.
        without: a text that leaves a row out where its answer holds it.
    """

    repo: str
    split: str = "test"
    config: str | None = None
    revision: str | None = None
    file: str | None = None
    without: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A benchmark.

    Attributes:
        title: its name for people.
        question: a template of columns in braces; `{name:stripped}` is a column's text without the space around it,
            `{name:sentence}` ends that with a full stop, and a part in [[double brackets]] is left out where one of
            its columns is empty.
        answer: the column of the gold answer, or of a solution that ends with it (after "####", or boxed).
        gold: what the gold answers are: as `stated`, a `number` to be evaluated (3/4, 40%, 1,200) unless they are
            texts, or to be read `without_unit` in parentheses.
        hub: where it is on the hub; the first that can be had and is the right data counts.
        local: its file under `--data-dir`, or beside the task's own file.
        packaged: its file in the package.
        folder: where the task's own file is, for one of the user's.
        groups: the columns to score by, by the names of the groupings.
        few_shot: the family of few-shot prompts that suits it (`gsm8k`, `math`).
        size: the number of problems.
        checksum: see `loading.checksum`; without it the size tells whether the data are those that others report on.
    """

    title: str
    question: str
    answer: str
    gold: GoldForm = "stated"
    name: str = ""
    hub: tuple[HubSource, ...] = ()
    local: str | None = None
    packaged: str | None = None
    groups: dict[str, str] = field(default_factory=dict)
    folder: Path = field(default=Path(), metadata=UNWRITTEN)
    few_shot: FewShot = "gsm8k"
    size: int | None = None
    checksum: str | None = None

    def __post_init__(self) -> None:
        columns = [(name, form) for _, name, form, _ in Formatter().parse(self.question) if name is not None]
        if not columns or not all(name.isidentifier() and form in _FORMS for name, form in columns):
            raise ValueError(
                "question must be a template that names columns in braces: {name}, {name:stripped} or {name:sentence}"
            )


def load_task(name_or_path: str) -> Task:
    """A shipped task by its name, or one of the user's by the path of its YAML file.

    The path of a JSON lines file with the columns `question` and `answer` is a task too.

    Raises:
        UserError: there is no such task, or its file is wrong; the sentence says where.
    """
    if name_or_path.endswith((".yaml", ".yml")):
        file = Path(name_or_path)
        return replace(_read(file, file.stem), folder=file.parent)
    if name_or_path.endswith(".jsonl"):
        data = Path(name_or_path)
        return Task(data.stem, "{question}", "answer", name=data.stem, local=data.name, folder=data.parent)
    shipped = task_names()
    if name_or_path in SUITES:
        raise UserError(f"{name_or_path} is several data sets, and one is needed here: {', '.join(shipped)}")
    if name_or_path not in shipped:
        known = [*shipped, *SUITES]
        raise no_such("data set", name_or_path, known, f"there are {', '.join(known)}, or a path that ends in .yaml")
    return _read(resources.files("tora_agent.eval.tasks") / f"{name_or_path}.yaml", name_or_path)


def task_names() -> list[str]:
    """The names of the tasks that ship with the package."""
    return shipped_names("tora_agent.eval.tasks", ".yaml")


@cache
def gold_form(name: str | None) -> GoldForm:
    """What the gold answers of a shipped task are; as stated for any other name."""
    return load_task(name).gold if name and name in task_names() else "stated"


def _read(file: Traversable, name: str) -> Task:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"the task file {file} cannot be read: {error}") from error
    tree = read_yaml(text, f"the task file {file}")
    if not isinstance(tree, dict):
        raise UserError(f"the task file {file} must be a mapping of keys to values")
    return validated(Task, {"name": name} | tree, str(file))
