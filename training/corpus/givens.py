"""The numbers of a word problem's text: found, put in anew, and written back."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

Kind = Literal["integer", "decimal", "percent", "word"]

_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBER = re.compile(
    rf"(?<![\w./])\$?(?P<digits>\d+(?:,\d{{3}})*(?:\.\d+)?)(?![\w/]|[.,]\d)(?P<percent>\s?%|\s?percent)?"
    rf"|\b(?P<word>{'|'.join(_WORDS)})\b(?![- ](?:half|halves|(?:third|quarter|fourth|fifth|sixth|eighth|tenth)s?)\b)",
    re.IGNORECASE,
)
# words that stand for a number: a given number of the same value does not have to be the one that is meant
_HIDDEN = {
    2: r"twice|doubl|half|halves|pair|couple|both|each other|two",
    3: r"tripl|thrice|third|three",
    4: r"quarter|fourth|four",
    5: r"fifth|nickel|five|weekday",
    6: r"sixth|six",
    7: r"week|daily|every day|each day|seven",
    8: r"eighth|eight",
    10: r"dime|tenth|decade|ten",
    12: r"dozen|year|month|foot|feet|inch|twelve",
    24: r"day|hour",
    25: r"quarter",
    30: r"month|half",
    50: r"half",
    52: r"week|year",
    60: r"hour|minute|half",
    100: r"percent|%|cent|hundred|century|dollar|\$",
    365: r"day|year",
}


@dataclass(frozen=True, slots=True)
class Given:
    """A number of the text: its key ("g0", "g1", ...), and where its digits or word stand."""

    key: str
    start: int
    end: int
    value: Fraction
    kind: Kind


def find_givens(text: str) -> tuple[Given, ...]:
    """The numbers of a text, in order; fractions such as 3/4 and words such as "half" or "twice" are not among them."""
    givens: list[Given] = []
    for match in _NUMBER.finditer(text):
        group = "word" if match["word"] else "digits"
        value = Fraction(_WORDS.index(match[0].lower()) + 2 if match["word"] else match["digits"].replace(",", ""))
        kind: Kind = (
            "word"
            if match["word"]
            else "decimal"
            if value.denominator > 1
            else "percent"
            if match["percent"]
            else "integer"
        )
        givens.append(Given(f"g{len(givens)}", match.start(group), match.end(group), value, kind))
    return tuple(givens)


def hidden(text: str, givens: Sequence[Given]) -> bool:
    """Whether the text has a word that stands for the same number as one of its givens."""
    for given in givens:
        rest = text[: given.start] + text[given.end :]
        if (words := _HIDDEN.get(int(given.value))) and re.search(words, rest, re.IGNORECASE):
            return True
    return False


def justified(text: str, number: Fraction) -> bool:
    """Whether a number that is not written in the text is meant by it: "half", "a week", or a part of "3/4"."""
    if number == 1:
        return True
    if number == Fraction(1, 2):
        return "half" in text.lower()
    if number.denominator > 1:
        return False
    words = _HIDDEN.get(int(number), "$^")
    return bool(re.search(rf"{words}|\b{number}/\d|\d/{number}\b", text, re.IGNORECASE))


def varied(rng: random.Random, givens: Sequence[Given]) -> list[Given]:
    """The same with other numbers of about the same size and roundness."""
    return [replace(given, value=Fraction(_other(rng, given))) for given in givens]


def rewritten(text: str, old: Sequence[Given], new: Sequence[Given]) -> str:
    """The text with other numbers, each written as the old one was."""
    for before, after in reversed(list(zip(old, new, strict=True))):
        if before.value != after.value:
            text = (
                text[: before.start] + _written(text[before.start : before.end], int(after.value)) + text[before.end :]
            )
    return text


def _other(rng: random.Random, given: Given) -> Fraction | int:
    number = int(given.value)
    match given.kind:
        case "decimal":
            return given.value
        case "percent":
            return 5 * rng.randint(1, 19) if number < 100 else number
        case "word":
            return rng.randint(2, len(_WORDS))
    unit = (
        100
        if number % 100 == 0 and number > 500
        else 10
        if number % 10 == 0 and number > 50
        else 5
        if number % 5 == 0 and number > 20
        else 1
    )
    low, high = max(2 if number > 1 else 1, number // 2), max(number * 2, number + 3)
    return rng.randint(-(-low // unit), high // unit) * unit


def _written(old: str, value: int) -> str:
    if old.lower() in _WORDS:
        word = _WORDS[value - 2]
        return word.capitalize() if old[0].isupper() else word
    return f"{value:,}" if "," in old else str(value)
