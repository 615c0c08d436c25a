"""Training questions with their answers, for a teacher or a student to work on."""

from dataclasses import dataclass, replace
from pathlib import Path

from tora_agent.config import Data, Experiment, Output
from tora_agent.errors import UserError
from tora_agent.eval.tasks import Problem, load_problems, load_task
from tora_agent.training.corpus.decontaminate import TestQuestions


@dataclass(frozen=True, slots=True)
class Questions:
    """Which questions.

    Attributes:
        file: JSON lines of question and answer, which may be a solution that ends with it (after "####", or
            boxed): GSM8k's training split, a corpus; or a task's YAML file, where the columns are called otherwise.
        tests: the directory of the test sets whose questions are kept out, beside those in the package.
        limit: only the first so many; None: all.
    """

    file: Path
    tests: Path | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ValueError("limit must be at least 1")


def read_training_questions(wanted: Questions) -> tuple[list[Problem], int]:
    """The questions, each once, and how many were left out because a test set has them.

    Raises:
        UserError: the file or the test sets cannot be read, or no question is left.
    """
    if wanted.file.suffix not in (".jsonl", ".yaml", ".yml"):
        raise UserError(f"the questions {wanted.file} must be JSON lines (.jsonl) or a task's file (.yaml)")
    found = {problem.question: problem for problem in load_problems(load_task(str(wanted.file)), limit=wanted.limit)}
    tests = TestQuestions.of_directory(wanted.tests)
    clean = [problem for problem in found.values() if not tests.share(problem.question)]
    if not clean:
        raise UserError(f"every question of {wanted.file} is in a test set")
    return clean, len(found) - len(clean)


def check_writer(experiment: Experiment, role: str) -> None:
    """Refuse an experiment that names its own data, store, samples or cluster: a training stage decides on them.

    Raises:
        ValueError: it does.
    """
    own = {"dataset": Data(), "output": Output(), "samples": 1, "executor": "local"}
    for key, value in own.items():
        if getattr(experiment, key) != value:
            raise ValueError(
                f"{role}.{key} has no place here: questions, samples and output stand beside {role}, "
                "and the work is done in this process"
            )


def writer(experiment: Experiment, questions: Questions, output: Output) -> Experiment:
    """The experiment of a stage's teacher or student, with the stage's own questions and store."""
    return replace(experiment, dataset=Data(questions.file.stem, limit=questions.limit), output=output)
