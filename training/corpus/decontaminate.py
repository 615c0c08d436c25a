"""Keeping test questions out of training: no shared run of ten words, whatever the numbers are."""

import json
import re
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from tora_agent.errors import UserError
from tora_agent.validation import read_objects

RUN_LENGTH = 10  # words
SAMPLE = Path(str(resources.files("tora_agent.eval.data")))
_WORD = re.compile(r"\d[\d,]*(?:\.\d+)?|[^\W\d_]+")
_NUMBER = re.compile(r"\d[\d,.]*")
_DIGITS = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "zero|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL = rf"(?:{_DIGITS}|{_TEENS}|(?:{_TENS})(?:[-\s](?:{_DIGITS}))?)"
_LARGE = r"(?:hundred|thousand)"
_SPELLED = re.compile(rf"\b(?:{_SMALL}|{_LARGE})(?:[-\s]{_LARGE}(?:(?:\sand)?[-\s]{_SMALL})?)*\b")
_ASKING = ("problem", "input", "question", "Question", "sQuestion")
_QUESTION_FIELDS = ("Body", "body", "table_title", "table", *_ASKING)


class TestQuestions:
    """What the test sets ask, as runs of masked words and as whole short questions."""

    __test__ = False  # not a test case, whatever its name looks like to pytest

    def __init__(self, questions: Iterable[str]) -> None:
        self._runs: set[int] = set()
        self._whole: set[str] = set()
        for question in questions:
            self._runs.update(map(hash, runs(question)))
            self._whole.add(_spelling(question))

    @classmethod
    def of_directory(cls, directory: Path | None) -> "TestQuestions":
        """The questions of the sample in the package, and those under a directory.

        There, they are in every JSON and JSONL file that is not named after a training split.

        Raises:
            UserError: the directory holds no such file, or a file is broken.
        """
        files = _files(SAMPLE) + (_files(directory) if directory else [])
        return cls(question for path in files for question in read_questions(path))

    def share(self, question: str) -> bool:
        """Whether a question has ten words in a row with a test question, or is the same as one."""
        return _spelling(question) in self._whole or any(hash(run) in self._runs for run in runs(question))


def _files(directory: Path) -> list[Path]:
    files = sorted(path for path in directory.rglob("*.json*") if path.is_file() and "train" not in path.name)
    if not files:
        raise UserError(f"{directory} holds no test set: name the directory that has the *.jsonl files")
    return files


def runs(question: str) -> Iterator[tuple[str, ...]]:
    """Every ten words in a row, numbers masked, for words as letters and for words as white space parts them.

    The two differ where formulas are: "$x + 2y = 10$" is four words of letters and numbers, and five in white space.
    """
    text = _SPELLED.sub("0", question.lower())
    for words in (_WORD.findall(text), text.split()):
        masked = [_NUMBER.sub("#", word) for word in words]
        yield from (tuple(masked[start : start + RUN_LENGTH]) for start in range(len(masked) - RUN_LENGTH + 1))


def read_questions(path: Path) -> list[str]:
    """The question of every problem in a file: JSON lines, or one list or object of problems.

    Raises:
        UserError: the file is not JSON, or what it holds has no column that is known to hold a question.
    """
    problems = read_objects(path) if path.suffix == ".jsonl" else _items(path)
    return [_question(problem, where) for where, problem in problems]


def _items(path: Path) -> Iterator[tuple[str, Any]]:
    """What a JSON file lists, each with where it stands."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"{path} is not valid JSON ({error}): fix it or take it out of the directory") from error
    if not isinstance(content, dict):
        content = dict(enumerate(content if isinstance(content, list) else [content], 1))
    for name, problem in content.items():
        yield f"{path}, problem {name}", problem


def _question(problem: Any, where: str) -> str:
    if not (isinstance(problem, dict) and any(problem.get(field) for field in _ASKING)):
        raise UserError(
            f"{where}: no question in any of the columns {', '.join(_ASKING)}: rename its column, or take the file "
            "out of the directory"
        )
    return " ".join(str(problem[field]) for field in _QUESTION_FIELDS if problem.get(field))


def _spelling(question: str) -> str:
    """A question without case, white space and final punctuation, numbers as they are."""
    return re.sub(r"[\s$.?!]+", "", question.lower())
