"""What the symbolic modules share: a solved problem, and how it becomes a draft of a family."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tora_agent.training.corpus.draft import Draft, Generator, conclusion
from tora_agent.training.corpus.symbolic.wording import noted, rephrased


@dataclass(frozen=True, slots=True)
class Solved:
    """A problem, one sentence on how to solve it, a program, and the answer found without the program."""

    question: str
    rationale: str
    program: str
    answer: str


Family = Callable[[random.Random], Solved]


def generators(*families: Family) -> dict[str, Generator]:
    """Generators by family name; a family is a function of the module of its subject."""
    return dict(map(_generator, families))


def _generator(family: Family) -> tuple[str, Generator]:
    name = f"{family.__module__.rpartition('.')[2]}.{family.__name__}"

    def draw(rng: random.Random) -> Draft:
        solved = family(rng)
        question = noted(rng, rephrased(rng, solved.question), solved.answer)
        end = conclusion(rng, solved.answer)
        return Draft(name, question, solved.rationale, solved.program, solved.answer, end)

    return name, draw
