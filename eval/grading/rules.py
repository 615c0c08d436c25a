"""The rules of ToRA's published evaluation that need no algebra: cheap, and safe on untrusted text.

They compare normalised answers (`tora_agent.protocol.normalise`) and keep the reference's quirks, so that scores
compare with published ones.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import isclose, sqrt

NUMBER_TOLERANCE = 1e-4  # relative, between two plain numbers
VALUE_TOLERANCE = 1e-3  # relative, between the values of two expressions

_BRACES = str.maketrans("", "", "{}()")
_CONSTANT = re.compile(r"(-?)(\d{1,15}(?:\.\d{1,15})?)|(-?)\\frac\{(-?\d{1,15})\}\{(-?\d{1,15})\}", re.ASCII)
_ROOT = re.compile(
    r"(-?)(?:(\d{0,15})\\sqrt\{(\d{1,15})\}|\\frac\{(-?\d{0,15})\\sqrt\{(\d{1,15})\}\}\{([1-9]\d{0,14})\})", re.ASCII
)
_PI = re.compile(
    r"-?(?:[1-9]\d{0,14}|\\frac\{[1-9]\d{0,14}\}\{[1-9]\d{0,14}\})?\\pi|-?\\frac\{-?(?:[1-9]\d{0,14})?\\pi\}\{[1-9]\d{0,14}\}",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is right, and how that was found.

    `correct` is None where there is no verdict, which is not a wrong answer; `rule` names the rule that decided;
    `reason` is one sentence for people.
    """

    correct: bool | None
    rule: str
    reason: str


def settle(prediction: str, gold: str) -> Verdict | None:
    """The verdict where no algebra is needed, else None."""
    if verdict := settle_plain(prediction, gold):
        return verdict
    pairs = element_pairs(prediction, gold)
    verdicts = [settle_plain(*pair) for pair in pairs]
    return equal_elements(len(pairs)) if pairs and all(v and v.correct for v in verdicts) else None


def settle_plain(prediction: str, gold: str) -> Verdict | None:
    """The verdict on two answers as numbers, text, fractions or roots of integers; None where they are none."""
    left, right = _number(prediction), _number(gold)
    if left is not None and right is not None:
        return _compare_numbers(left, right)
    if not prediction:
        return Verdict(False, "empty", "there is no answer")
    prediction, gold = prediction.strip(), gold.strip()
    if _same_text(prediction, gold):
        return Verdict(True, "equal strings", "the same text, brackets aside")
    return _compare_constants(prediction, gold)


def element_pairs(prediction: str, gold: str) -> list[tuple[str, str]]:
    """The elements of two lists, or two tuples, of the same length, paired; [] for anything else."""
    if not any(_enclosed(prediction, kind) and _enclosed(gold, kind) for kind in ("[]", "()")):
        return []
    left, right = prediction[1:-1].split(","), gold[1:-1].split(",")
    return list(zip(left, right, strict=True)) if len(left) == len(right) else []


def equal_elements(count: int) -> Verdict:
    """The verdict on lists whose elements are all equal."""
    return Verdict(True, "elements", f"all {count} elements are equal")


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _compare_numbers(prediction: float, gold: float) -> Verdict:
    if isclose(gold, prediction, rel_tol=NUMBER_TOLERANCE):
        return Verdict(True, "numbers", f"equal within a relative {NUMBER_TOLERANCE}")
    if any(isclose(scaled, prediction, rel_tol=NUMBER_TOLERANCE) for scaled in (gold / 100, gold * 100)):
        return Verdict(True, "numbers", "equal up to a factor of 100, as a percentage is")
    return Verdict(False, "numbers", f"not equal within a relative {NUMBER_TOLERANCE}, nor up to a factor of 100")


def _same_text(prediction: str, gold: str) -> bool:
    """Equal strings once braces and parentheses are gone; a list and a tuple stay different."""
    if (_enclosed(prediction, "[]") and not gold.startswith("(")) or (
        _enclosed(prediction, "()") and not gold.startswith("[")
    ):
        prediction, gold = prediction.strip("[]()"), gold.strip("[]()")
    return prediction.translate(_BRACES) == gold.translate(_BRACES)


def _enclosed(text: str, kind: str) -> bool:
    return text.startswith(kind[0]) and text.endswith(kind[1])


def _compare_constants(prediction: str, gold: str) -> Verdict | None:
    r"""Compare decimals, fractions and roots of integers, where algebra would give the same verdict but slowly.

    To the reference, \pi is a variable: a multiple of it is no number.
    """
    left, right = _constant(prediction), _constant(gold)
    if left is None or right is None:
        if (left is None and right is None) or not _PI.fullmatch(prediction if left is None else gold):
            return None
        return Verdict(False, "numeric value", "one is a number, the other a multiple of a variable, pi")
    if isclose(left, right, rel_tol=VALUE_TOLERANCE):
        return Verdict(True, "numeric value", f"both have the same value within a relative {VALUE_TOLERANCE}")
    return Verdict(False, "numeric value", f"the values differ by more than a relative {VALUE_TOLERANCE}")


def _constant(text: str) -> Fraction | float | None:
    match = _CONSTANT.fullmatch(text)
    if match is None:
        return _root(text)
    minus, decimal, fraction_minus, numerator, denominator = match.groups()
    if decimal:
        return Fraction(minus + decimal)
    if int(denominator) == 0:
        return None
    return Fraction(int(numerator), int(denominator)) * (-1 if fraction_minus else 1)


def _root(text: str) -> float | None:
    """The value of an integer times the root of one, over a third."""
    match = _ROOT.fullmatch(text)
    if match is None:
        return None
    minus, factor, radicand, numerator, under, denominator = match.groups()
    times = numerator if factor is None else factor
    value = int(f"{times}1" if times in ("", "-") else times) * sqrt(int(radicand or under)) / int(denominator or 1)
    return -value if minus else value
