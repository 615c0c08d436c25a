"""What an engine wrote, judged as training material, and the corpus made of what is good."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TextIO

from tora_agent.eval.store import Result
from tora_agent.files import whole
from tora_agent.protocol import has_box, outputs, segments

Fate = Literal["right", "wrong", "tool_error", "no_box", "no_program"]


@dataclass(frozen=True, slots=True)
class CorpusRow:
    """One line of a corpus: `text` is what follows the prompt."""

    family: str
    question: str
    text: str
    answer: str


def fate(result: Result) -> Fate:
    """Whether a trajectory is fit to learn from, or why not: a right answer is not enough.

    The answer must be right by both graders: the paper's takes 0.5 for 50.
    """
    if not (result.correct and result.strict):
        return "wrong"
    if any(status != "ok" for status in result.statuses):
        return "tool_error"
    if result.stop != "answered" or not has_box(segments(result.text)[-1][0]):
        return "no_box"
    return "right" if outputs(result.text) else "no_program"


def right_texts(results: Iterable[Result]) -> list[str]:
    """The distinct texts that are fit to learn from, in order."""
    return list(dict.fromkeys(result.text.strip() for result in results if fate(result) == "right"))


def write_corpus(path: Path, rows: Iterable[CorpusRow]) -> None:
    """Write rows as JSON lines; see `new_corpus`."""
    with new_corpus(path) as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


@contextmanager
def new_corpus(path: Path) -> Iterator[TextIO]:
    """A file to write a corpus to; it takes its place only once it is whole.

    Raises:
        UserError: it cannot be written.
    """
    with whole(path, "corpus") as unfinished, unfinished.open("w", encoding="utf-8") as file:
        yield file
