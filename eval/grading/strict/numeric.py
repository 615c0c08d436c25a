"""Numbers as they are written, and which decimals state an exact value."""

import re
from dataclasses import dataclass
from fractions import Fraction

_MOST_DIGITS = 300  # of an exponent or a number; what is longer is left to algebra
_INTEGER = r"\d{1,3}(?:,\d{3})+|\d+"
_DECIMAL = re.compile(
    rf"([+-]?)\s*((?:{_INTEGER})?(?:\.(\d*))?)(?:e([+-]?\d+)|\s*\\?(?:times|cdot|\*)\s*10\s*(?:\^|\*\*)\s*\{{?([+-]?\d+)\}}?)?"
)
_QUOTIENT = re.compile(
    rf"([+-]?)\s*(\d+)?\s*\\frac\{{\s*([+-]?(?:{_INTEGER}))\s*\}}\{{\s*([+-]?(?:{_INTEGER}))\s*\}}"
    rf"|\(?([+-]?(?:{_INTEGER}))\)?\s*/\s*\(?([+-]?(?:{_INTEGER}))\)?"
)
_MIXED = re.compile(r"([+-]?)(\d+)\s+(\d+)/(\d+)")
_REPEATING = re.compile(r"([+-]?)(\d*)\.(\d*)\\overline\{(\d+)\}")


@dataclass(frozen=True, slots=True)
class Written:
    """A number, and how many digits its decimal has after the point (None: it is not written as a decimal)."""

    value: Fraction
    decimals: int | None = None


def read_number(text: str) -> Written | None:
    """An integer, a decimal, a quotient of integers, a mixed number or a repeating decimal; None for anything else."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    if len(text) > _MOST_DIGITS or not re.search(r"\d", text) or not text.isascii():
        return None
    for read in (_read_decimal, _read_quotient, _read_mixed, _read_repeating):
        if number := read(text):
            return number
    return None


def states(written: Written, exact: Fraction) -> bool:
    """Whether a decimal is an exact value rounded or cut off, to enough digits.

    Enough are three significant digits, or two where the decimal has three places (0.067 for 3125/46656). A number
    that is not written as a decimal states only itself.
    """
    if not written.decimals:
        return False
    scale: int = 10**written.decimals
    digits = int(abs(written.value * scale))
    scaled = abs(exact) * scale
    same_sign = (written.value < 0) is (exact < 0)
    close = abs(digits - scaled) <= Fraction(1, 2) or digits == int(scaled)
    return same_sign and close and (digits >= 100 or (digits >= 10 and written.decimals >= 3))


def is_noise(written: Written, exact: Fraction) -> bool:
    """Whether a decimal of six places or more is a value but for the error of floating-point arithmetic."""
    tolerance = Fraction(1, 10**6) * min(Fraction(1), abs(exact))
    return bool(written.decimals and written.decimals >= 6 and abs(written.value - exact) <= tolerance)


def _read_decimal(text: str) -> Written | None:
    match = _DECIMAL.fullmatch(text)
    if match is None or not re.search(r"\d", match[2]):
        return None
    sign, digits, decimals, *exponents = match.groups()
    power = int(next(filter(None, exponents), "0"))
    if abs(power) > _MOST_DIGITS:
        return None
    value = Fraction(digits.replace(",", "").rstrip(".")) * Fraction(10) ** power
    places = None if decimals is None else max(0, len(decimals) - power)
    return Written(-value if sign == "-" else value, places)


def _read_quotient(text: str) -> Written | None:
    match = _QUOTIENT.fullmatch(text)
    if match is None:
        return None
    sign, whole, *parts = match.groups()
    numerator, denominator = (int(part.replace(",", "")) for part in parts if part is not None)
    if denominator == 0 or (whole and (numerator < 0 or denominator < 0)):
        return None
    value = int(whole or 0) + Fraction(numerator, denominator)
    return Written(-value if sign == "-" else value)


def _read_mixed(text: str) -> Written | None:
    match = _MIXED.fullmatch(text)
    if match is None or int(match[4]) == 0:
        return None
    value = int(match[2]) + Fraction(int(match[3]), int(match[4]))
    return Written(-value if match[1] == "-" else value)


def _read_repeating(text: str) -> Written | None:
    match = _REPEATING.fullmatch(text)
    if match is None:
        return None
    sign, whole, fixed, repeating = match.groups()
    head = Fraction(int((whole + fixed) or "0"), 10 ** len(fixed))
    value = head + Fraction(int(repeating), (10 ** len(repeating) - 1) * 10 ** len(fixed))
    return Written(-value if sign == "-" else value)
