"""Keeping test questions out of training: no shared run of ten words, whatever the numbers are."""

import json
import re
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from tora_agent.errors import UserError

RUN_LENGTH = 10  # words
SAMPLE = Path(str(resources.files("tora_agent.eval.data")))
_WORD = re.compile(r"\d[\d,]*(?:\.\d+)?|[^\W\d_]+")
_NUMBER = re.compile(r"\d[\d,.]*")
_NUMBER_WORDS = frozenset(
    re.findall(
        r"\w+",
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand",
    )
)
_QUESTION_FIELDS = ("Body", "body", "table_title", "table", "problem", "input", "question", "Question")


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
    text = question.lower()
    for words in (_WORD.findall(text), text.split()):
        masked = [_masked(word) for word in words]
        yield from (tuple(masked[start : start + RUN_LENGTH]) for start in range(len(masked) - RUN_LENGTH + 1))


def read_questions(path: Path) -> list[str]:
    """The question of every problem in a file: JSON lines, or one object whose values are problems.

    Raises:
        UserError: the file is not JSON.
    """
    try:
        text = path.read_text(encoding="utf-8")
        problems: list[dict[str, Any]] = (
            [json.loads(line) for line in text.splitlines() if line.strip()]
            if path.suffix == ".jsonl"
            else list(json.loads(text).values())
        )
        return list(map(_question, problems))
    except (ValueError, TypeError, AttributeError) as error:  # the last two: not problems, but other JSON
        raise UserError(f"{path} is not valid JSON ({error}): fix it or take it out of the directory") from error


def _question(problem: dict[str, Any]) -> str:
    return " ".join(str(problem[field]) for field in _QUESTION_FIELDS if problem.get(field))


def _masked(word: str) -> str:
    return "#" if word in _NUMBER_WORDS else _NUMBER.sub("#", word)


def _spelling(question: str) -> str:
    """A question without case, white space and final punctuation, numbers as they are."""
    return re.sub(r"[\s$.?!]+", "", question.lower())
