"""Imitation: trajectories that a teacher writes for training questions (ToRA, arXiv 2309.17452, section 2.3)."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tora_agent.config import Experiment, Output
from tora_agent.engines.base import Sampling
from tora_agent.training import Say
from tora_agent.training.corpus.questions import Questions, check_writer, read_training_questions, writer
from tora_agent.training.corpus.trajectories import CorpusRow, fate, right_texts, write_corpus
from tora_agent.training.rounds import Round, sampled_rounds, solve_rounds

FAMILY = "imitation"


@dataclass(frozen=True, slots=True)
class ImitationConfig:
    """Who imitates what.

    Attributes:
        teacher: model, prompt, sampling, limits as for `eval`; its sampling is for the questions that it misses greedily.
        samples: how often a question is tried again that the greedy trajectory did not solve.
        keep: distinct correct trajectories per question at most.
        output: the store that the work is kept in, and how many trajectories are written at the same time.
    """

    questions: Questions
    teacher: Experiment
    samples: int = 10
    keep: int = 4
    output: Output = field(default_factory=Output)

    def __post_init__(self) -> None:
        if self.samples < 0:
            raise ValueError("samples must be at least 0")
        if self.keep < 1:
            raise ValueError("keep must be at least 1")
        if self.samples and self.teacher.sampling.temperature == 0:
            raise ValueError("teacher.sampling.temperature must be above 0: a greedy sample is the first round's again")
        check_writer(self.teacher, "teacher")


@dataclass(frozen=True, slots=True)
class ImitationReport:
    """Counts: of questions (`contaminated` ones are left out before), and of trajectories."""

    questions: int
    contaminated: int
    solved_greedily: int
    solved: int
    fates: dict[str, int]
    kept: int


async def imitate(config: ImitationConfig, output: Path, say: Say) -> ImitationReport:
    """Write the corpus of what the teacher solved; `say` hears of the progress.

    Greedy first; where that is not fit to learn from, so many samples, of which distinct ones are kept. The same
    config goes on with what is in the store, and gives the same file.

    Raises:
        UserError: a file, the model or the prompt cannot be used.
        EngineError: the engine failed; what was finished before is kept.
        SandboxUnavailable: no program could be run; what was finished before is kept.
    """
    questions, contaminated = read_training_questions(config.questions)
    teacher = writer(config.teacher, config.questions, config.output)
    say(f"{len(questions)} questions; {contaminated} more were left out, since a test set has them")
    (greedy,) = await solve_rounds(teacher, [Round(questions, Sampling())], say)
    missed = [question for question, result in zip(questions, greedy, strict=True) if fate(result) != "right"]
    say(f"{len(questions) - len(missed)} are solved greedily; the others are tried {config.samples} times each")
    sampled = await solve_rounds(teacher, sampled_rounds(missed, teacher.sampling, config.samples), say)
    attempts = [[result] for result in greedy]
    by_id = dict(zip((question.id for question in questions), attempts, strict=True))
    for result in (result for round in sampled for result in round):
        by_id[result.problem_id].append(result)
    kept = [right_texts(results)[: config.keep] for results in attempts]
    rows = [
        CorpusRow(FAMILY, question.question, text, question.answer)
        for question, texts in zip(questions, kept, strict=True)
        for text in texts
    ]
    write_corpus(output, rows)
    fates = Counter(fate(result) for results in attempts for result in results)
    return ImitationReport(
        questions=len(questions),
        contaminated=contaminated,
        solved_greedily=len(questions) - len(missed),
        solved=sum(map(bool, kept)),
        fates=dict(sorted(fates.items())),
        kept=len(rows),
    )
