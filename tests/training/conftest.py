"""What the tests of training share: a small corpus, and the parts of a stage that an engine works on."""

import json
import random
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tora_agent.config import Experiment, Output
from tora_agent.protocol import output_block
from tora_agent.training.corpus.questions import Questions
from tora_agent.training.corpus.word_problems import GENERATORS

EASY = "Tom has 12 apples. Mary gives him 7 more. How many apples does Tom have now?"


class Stage:
    """A folder with the questions, recordings and results of a stage, which runs on real parts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.corpus = folder / "corpus.jsonl"
        self.output = Output(folder / "store.sqlite", concurrency=4)
        (folder / "tests").mkdir()
        self.write("tests/test.jsonl", [{"question": "How many grains of sand are on the beach of this test?"}])
        self.said: list[str] = []

    def write(self, name: str, rows: Iterable[dict[str, Any]]) -> Path:
        path = self.folder / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    def questions(self, answers: dict[str, str]) -> Questions:
        """These questions with their answers, in GSM8k's layout."""
        rows = [{"question": question, "answer": f"so\n#### {answer}"} for question, answer in answers.items()]
        return Questions(self.write("questions.jsonl", rows), self.folder / "tests")

    def recording(self, texts: dict[str, str]) -> Experiment:
        """An engine that gives these trajectories back."""
        rows = [{"question": question, "text": text} for question, text in texts.items()]
        return Experiment(engine="replay", trajectories=self.write("recorded.jsonl", rows))

    def rows(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.corpus.read_text().splitlines()]

    def stored(self) -> list[tuple[int, str, str]]:
        """Run, problem and time of every trajectory in the store."""
        if not self.output.store.exists():
            return []
        with sqlite3.connect(f"file:{self.output.store}?mode=ro", uri=True) as connection:
            try:
                return connection.execute("SELECT run_id, problem_id, finished FROM results ORDER BY id").fetchall()
            except sqlite3.OperationalError:  # not made yet
                return []


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture
def easy() -> str:
    """A question that any model in the package solves: 19."""
    return EASY


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 trajectories of each of three families."""
    rng = random.Random(0)
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    with path.open("w") as file:
        for _ in range(200):
            for family in ("gain", "lose", "product"):
                draft = GENERATORS[family](rng)
                program = f"{draft.rationale}\n```python\n{draft.program}\n```"
                text = program + output_block(draft.answer) + draft.conclusion
                file.write(json.dumps({"family": family, "question": draft.question, "text": text}) + "\n")
    return path
