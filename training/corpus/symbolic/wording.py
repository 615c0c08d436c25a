"""Ways of asking: the openings that MATH-like questions share, and a formula set in dollars or plainly."""

import random
import re
from collections.abc import Sequence

PLAIN_SHARE = 0.25  # of formulas written without dollars
_ASKS = (
    "What is {}?",
    "What is {}?",
    "Find {}.",
    "Find {}.",
    "Compute {}.",
    "Determine {}.",
    "Calculate {}.",
    "What is the value of {}?",
    "Find the value of {}.",
    "Evaluate {}.",
)
_NOUN_ASKS = (
    "What is {}?",
    "What is {}?",
    "Find {}.",
    "Find {}.",
    "Determine {}.",
    "Compute {}.",
    "Calculate {}.",
    "Give {}.",
)


def ask(rng: random.Random, formula: str) -> str:
    """Ask for the value of a formula."""
    return rng.choice(_ASKS).format(formula)


def ask_for(rng: random.Random, quantity: str) -> str:
    """Ask for a quantity named by a noun phrase, such as "the slope of the line"."""
    return rng.choice(_NOUN_ASKS).format(quantity)


def given(rng: random.Random, condition: str, wanted: str) -> str:
    """Put a condition (a clause without a full stop) and a wanted quantity together."""
    shape = rng.choice(
        (
            "If {0}, what is {1}?",
            "If {0}, then what is {1}?",
            "If {0}, find {1}.",
            "Suppose {0}. What is {1}?",
            "Suppose that {0}. Find {1}.",
            "Given that {0}, find {1}.",
            "Given that {0}, what is {1}?",
            "Let {0}. Find {1}.",
            "Find {1} if {0}.",
            "What is {1} if {0}?",
            "When {0}, what is {1}?",
        )
    )
    return shape.format(condition, wanted)


def math(rng: random.Random, formula: str) -> str:
    """Set a formula between dollars, or now and then as plain text where it has no LaTeX command."""
    plain = "\\" not in formula and "{" not in formula and rng.random() < PLAIN_SHARE
    return formula if plain else f"${formula}$"


def one_of(rng: random.Random, templates: Sequence[str], **slots: object) -> str:
    """Fill one of several templates; `{name}` is a slot, doubled braces are braces."""
    return rng.choice(templates).format(**slots)


def nonzero(rng: random.Random, low: int, high: int) -> int:
    """A whole number other than zero."""
    while not (number := rng.randint(low, high)):
        pass
    return number


REPHRASED = 0.6  # of the questions that can be put in another way
NOTED = 0.2  # of the questions whose answer has a form worth a note
_START = r"(?:^|(?<=[.?!] ))"  # of the last sentence
_PLURAL = r"(?:[\w$-]+ )?(?:points|roots|solutions|zeros|values|coordinates)\b"  # these are not asked for with "is"
_REPHRASINGS = (
    (
        re.compile(_START + rf"(?:What is|Find|Determine|Compute|Calculate|Give) (the (?!{_PLURAL})[^.?]*)[.?]$"),
        (
            "What is {}?",
            "Find {}.",
            "Determine {}.",
            "Compute {}.",
            "Calculate {}.",
            "What's {}?",
            "Work out {}.",
            "Can you find {}?",
            "Give {}.",
        ),
    ),
    (
        re.compile(r"^If ([^?]*), (?:then )?what is ([^?,]*)\?$"),
        (
            "Suppose that {}. What is {}?",
            "Given that {}, what is {}?",
            "Given that {}, find {}.",
            "Suppose {}. Find {}.",
            "Assume that {}. Determine {}.",
            "We know that {}. What is {}?",
            "It is given that {}. Compute {}.",
            "Let {}. What is {}?",
            "When {}, what is {}?",
        ),
    ),
)
_NOTES = (
    (re.compile(r"-?\\frac\{-?\d+\}\{\d+\}"), "Express your answer as a common fraction."),
    (re.compile(r"[^,]*\\sqrt[^,]*"), "Express your answer in simplest radical form."),
    (re.compile(r"[^,]*\\pi[^,]*"), "Express your answer in terms of $\\pi$."),
    (re.compile(r"\(-?\d+, -?\d+\)"), "Enter your answer as an ordered pair."),
    (re.compile(r"[\[(].*\\infty.*[\])]"), "Express your answer in interval notation."),
)


def rephrased(rng: random.Random, question: str) -> str:
    """Now and then put the last sentence in another way, where its form is one of the usual ones."""
    if rng.random() >= REPHRASED:
        return question
    for pattern, ways in _REPHRASINGS:
        if match := pattern.search(question):
            return question[: match.start()] + rng.choice(ways).format(*match.groups())
    return question


def noted(rng: random.Random, question: str, answer: str) -> str:
    """Now and then say in which form the answer is wanted, where the question says nothing of the kind."""
    if rng.random() >= NOTED or re.search(r"xpress|nter|terms of|interval|form|fraction|pair", question):
        return question
    return next((f"{question} {note}" for form, note in _NOTES if form.fullmatch(answer)), question)
