"""Names for a program's variables: units where the text has them, and few others, so that they are soon learned."""

import itertools
import re
from collections.abc import Container

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
UNITS = frozenset(
    re.findall(
        r"\w+",
        "seconds minutes hours days weeks months years nights dollars cents people students children friends boys girls "
        "adults pages miles kilometers meters feet inches yards pounds ounces grams kilograms gallons liters cups points",
    )
)
_NEXT_WORD = re.compile(r"[\s-]*([A-Za-z]+)")


def name_of_given(text: str, end: int, taken: Container[str]) -> str:
    """A name for the number that ends at a place in a text: the unit after it, else the first ordinal that is free."""
    match = _NEXT_WORD.match(text, end)
    word = match[1].lower() if match else ""
    if not word.endswith("s"):
        word += "s" * (f"{word}s" in UNITS)
    if word in UNITS:
        return distinct(word, taken)
    return next((name for name in ORDINALS if name not in taken), distinct("number", taken))


def distinct(name: str, taken: Container[str]) -> str:
    """The name, with a number where it is taken."""
    numbered = (f"{name}_{count}" for count in itertools.count(2))
    return next(candidate for candidate in itertools.chain([name], numbered) if candidate not in taken)
