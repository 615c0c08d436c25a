"""Output space shaping (ToRA, arXiv 2309.17452, section 2.3): many right ways to an answer, and wrong ones put right.

A student samples trajectories for training questions, of which the right ones are kept. The wrong ones are cut into
lines, and every start of one is completed greedily by a teacher; what comes out right is kept too.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from tora_agent.config import Experiment, Output
from tora_agent.engines.base import Sampling
from tora_agent.eval.store import Result
from tora_agent.eval.tasks import Problem
from tora_agent.protocol import has_box, output_block, segments
from tora_agent.training import Say
from tora_agent.training.corpus.questions import Questions, check_writer, read_training_questions, writer
from tora_agent.training.corpus.trajectories import CorpusRow, fate, right_texts, write_corpus
from tora_agent.training.rounds import Round, sampled_rounds, solve_rounds

SAMPLED = "shaping.sampled"
CORRECTED = "shaping.corrected"


@dataclass(frozen=True, slots=True)
class ShapingConfig:
    """Whose output is shaped, and by whom.

    Attributes:
        student: model, prompt, sampling, limits as for `eval`.
        teacher: who completes the starts of wrong trajectories, greedily; None: the student itself.
        samples: trajectories that the student writes for each question.
        corrections: wrong trajectories per question that are put right, the first ones sampled; None: all, 0: none.
        keep: trajectories per question at most, drawn from all that are right.
        seed: of that draw.
        output: the store that the work is kept in, and how many trajectories are written at the same time.
    """

    questions: Questions
    student: Experiment
    teacher: Experiment | None = None
    samples: int = 4
    corrections: int | None = None
    keep: int = 4
    seed: int = 0
    output: Output = field(default_factory=Output)

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise ValueError("samples must be at least 1")
        if self.keep < 1:
            raise ValueError("keep must be at least 1")
        if self.corrections is not None and self.corrections < 0:
            raise ValueError("corrections must be at least 0")
        if self.samples > 1 and self.student.sampling.temperature == 0:
            raise ValueError("student.sampling.temperature must be above 0: greedy samples are all the same")
        check_writer(self.student, "student")
        if self.teacher:
            check_writer(self.teacher, "teacher")
            if self.teacher.sampling != Sampling():
                raise ValueError("teacher.sampling has no place here: a teacher completes greedily")


@dataclass(frozen=True, slots=True)
class ShapingReport:
    """Counts of questions (`contaminated` ones are left out before) and of trajectories.

    `solved` questions have a right sample, `corrected` ones only a right correction. `samples` and `completions`
    tell what became of the trajectories of either step; `kept` ones are in the corpus, by family.
    """

    questions: int
    contaminated: int
    solved: int
    corrected: int
    samples: dict[str, int]
    completions: dict[str, int]
    kept: dict[str, int]


async def shape(config: ShapingConfig, output: Path, say: Say) -> ShapingReport:
    """Write the corpus of a student's shaped output; `say` hears of the progress.

    The same config goes on with what is in the store, and gives the same file.

    Raises:
        UserError: a file, the model or the prompt cannot be used.
        EngineError: the engine failed; what was finished before is kept.
        SandboxUnavailable: no program could be run; what was finished before is kept.
    """
    questions, contaminated = read_training_questions(config.questions)
    say(f"{len(questions)} questions, {config.samples} samples each; {contaminated} more are in test sets: left out")
    student = writer(config.student, config.questions, config.output)
    samples = await _sample(student, questions, config.samples, say)
    teacher = writer(config.teacher or config.student, config.questions, config.output)
    starts = {id: _starts(results, config.corrections) for id, results in samples.items()}
    completions = await _complete(replace(teacher, sampling=Sampling()), questions, starts, say)
    right = {id: _right(samples[id], completions[id]) for id in samples}
    rows = [row for question in questions for row in _draw(question, right[question.id], config)]
    write_corpus(output, rows)
    return ShapingReport(
        questions=len(questions),
        contaminated=contaminated,
        solved=sum(SAMPLED in texts.values() for texts in right.values()),
        corrected=sum(set(texts.values()) == {CORRECTED} for texts in right.values()),
        samples=_fates(samples),
        completions=_fates(completions),
        kept=dict(Counter(row.family for row in rows)),
    )


async def _sample(student: Experiment, questions: Sequence[Problem], count: int, say: Say) -> dict[str, list[Result]]:
    """Each question's trajectories, by its id."""
    rounds = await solve_rounds(student, sampled_rounds(questions, student.sampling, count), say)
    return {question.id: list(results) for question, *results in zip(questions, *rounds, strict=True)}


def _starts(results: Iterable[Result], most: int | None) -> list[str]:
    """The distinct starts of a question's wrong trajectories, of `most` of them; runs that never ended aside."""
    wrong = {
        result.text: result.statuses
        for result in results
        if fate(result) == "wrong" and result.stop not in ("token_limit", "context_full")
    }
    chosen = islice(wrong.items(), most)
    return list(dict.fromkeys(start for text, statuses in chosen for start in starts(text, statuses)))


def starts(text: str, statuses: Sequence[str]) -> Iterator[str]:
    """Every start of a trajectory that ends with a line of the model's own, the shortest first.

    What a program printed is part of the line that handed it over. None reaches the trajectory's end, its box, or
    beyond a program whose status is not "ok", since nothing that grows from there is kept.
    """
    begun = ""
    pairs = segments(text)
    for position, (written, output) in enumerate(pairs):
        *lines, last = written.split("\n")
        for line in lines:
            if has_box(line):
                return
            begun += f"{line}\n"
            if line.strip():
                yield begun
        if output is None or position + 1 == len(pairs) or statuses[position] != "ok":
            return
        begun += last + output_block(output)
        yield begun


async def _complete(
    teacher: Experiment, questions: Sequence[Problem], starts: Mapping[str, Sequence[str]], say: Say
) -> dict[str, list[Result]]:
    """The teacher's completions of each question's starts, by the question's id."""
    problems, begun, origin = [], {}, {}
    for question in questions:
        for number, start in enumerate(starts[question.id]):
            problem = replace(question, id=f"{question.id}.{number}")
            problems.append(problem)
            begun[problem.id] = start
            origin[problem.id] = question.id
    say(f"{len(problems)} starts of wrong trajectories are completed")
    (results,) = await solve_rounds(teacher, [Round(problems, teacher.sampling, begun)], say)
    completions: dict[str, list[Result]] = {question.id: [] for question in questions}
    for result in results:
        completions[origin[result.problem_id]].append(result)
    return completions


def _right(samples: Iterable[Result], completions: Iterable[Result]) -> dict[str, str]:
    """The distinct right texts of a question, each with its family; what was sampled counts as that."""
    return dict.fromkeys(right_texts(completions), CORRECTED) | dict.fromkeys(right_texts(samples), SAMPLED)


def _draw(question: Problem, right: Mapping[str, str], config: ShapingConfig) -> list[CorpusRow]:
    """The trajectories of a question that are kept; the draw depends on the seed and the question alone."""
    draw = random.Random(f"{config.seed} {question.question}")
    texts = draw.sample(sorted(right), min(config.keep, len(right)))
    return [CorpusRow(right[text], question.question, text, question.answer) for text in texts]


def _fates(results: Mapping[str, Iterable[Result]]) -> dict[str, int]:
    return dict(sorted(Counter(fate(result) for found in results.values() for result in found).items()))
