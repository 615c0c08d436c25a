"""The unit of the synthetic curriculum: a problem with its program and an answer found without the program."""

import random
from collections.abc import Callable
from dataclasses import dataclass

_CONCLUSIONS = ("The answer is", "The answer is", "So the answer is", "The result is")


@dataclass(frozen=True, slots=True)
class Draft:
    r"""A synthetic problem before its program has run.

    `answer` is computed by the generator itself, independently of `program`, and is written as it stands in
    `\boxed{}`; the corpus builder runs `program` in the sandbox and drops the draft when the graded answers
    differ. `rationale` precedes the program (it may be empty); `conclusion` follows the output and holds the
    boxed answer.
    """

    family: str
    question: str
    rationale: str
    program: str
    answer: str
    conclusion: str


Generator = Callable[[random.Random], Draft]
"""Draws one problem; everything random comes from the argument."""


def conclusion(rng: random.Random, answer: str) -> str:
    """The sentence that ends a trajectory, with the answer in its box."""
    return f"{rng.choice(_CONCLUSIONS)} $\\boxed{{{answer}}}$."
