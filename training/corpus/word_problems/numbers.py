"""How a number of a problem is drawn and how the question writes it."""

import random
from dataclasses import dataclass
from fractions import Fraction

from tora_agent.training.corpus.word_problems.inflection import tokens

Value = int | Fraction

ONES = tokens(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
TENS = tokens("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
TIMES = {2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times", 10: "ten times"}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


@dataclass(frozen=True, slots=True)
class Number:
    """A given number: its value, its text in the question, the text that a program assigns, and to what.

    `variable` is None for a number that the solution has no use for.
    """

    value: Value
    text: str
    literal: str
    variable: str | None

    def __str__(self) -> str:
        return self.text


def words(number: int) -> str:
    """Spell out a number below 100."""
    if number < 20:
        return ONES[number]
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"-{ONES[ones]}" if ones else "")


def written(rng: random.Random, value: Value) -> str:
    """Write a count as a question may: digits mostly, small numbers often in words, large ones with commas."""
    if value.denominator != 1:
        return decimal(value)
    number = int(value)
    if (number <= 12 and rng.random() < 0.22) or (number < 100 and rng.random() < 0.03):
        return words(number)
    return f"{number:,}" if number >= 1000 and rng.random() < 0.5 else str(number)


def literal(value: Value) -> str:
    """Write a value as a program does."""
    return decimal(value) if value.denominator != 1 else str(int(value))


def decimal(value: Value) -> str:
    """Write a value with at most four decimals, without zeros at the end."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def dollars(rng: random.Random, value: Value) -> tuple[str, str]:
    """Write an amount of money in one of the usual ways: its text and the literal that a program assigns."""
    if value.denominator != 1:
        cents = f"{float(value):.2f}"
        return rng.choice([f"${cents}", f"${cents}", f"{cents} dollars"]), cents
    number = int(value)
    plain = f"{number:,}" if number >= 1000 and rng.random() < 0.6 else str(number)
    text = rng.choice([f"${plain}"] * 7 + [f"{plain} dollars"] * 2 + [f"${plain}.00"])
    return text, f"{number}.00" if text.endswith(".00") else str(number)


def count(rng: random.Random, low: int = 2, high: int = 100) -> int:
    """Draw a number of things: mostly within the bounds, now and then four or twenty times as large."""
    draw = rng.random()
    if draw < 0.35:
        return rng.randint(low, max(low + 3, high // 4))
    if draw < 0.8:
        return rng.randint(low, high)
    return rng.randint(low, high * (4 if draw < 0.94 else 20))


def below(rng: random.Random, limit: int, low: int = 2) -> int:
    """Draw a number from `low` to just below `limit`."""
    return rng.randint(low, max(low, limit - 1))


def price(rng: random.Random, low: int = 1, high: int = 60, cents: float = 0.3) -> Value:
    """Draw a price in dollars, with cents at the given probability."""
    if rng.random() < cents:
        return (
            Fraction(rng.randint(low * 20, max(low * 20 + 19, high * 10)), 20)
            if rng.random() < 0.7
            else Fraction(rng.randint(low * 100, high * 50), 100)
        )
    return rng.randint(max(low, 2), high)
