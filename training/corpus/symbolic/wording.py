"""Ways of asking: the openings that MATH-like questions share, and a formula set in dollars or plainly."""

import random
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
