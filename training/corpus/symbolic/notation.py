"""Writing mathematics: as LaTeX in questions and answers, and as Python in programs."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isqrt

Rational = int | Fraction


def fraction(value: Rational) -> str:
    r"""A number in LaTeX: "3", `\frac{3}{4}`, `-\frac{3}{4}`."""
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def python(value: Rational) -> str:
    """A number in a sympy program: "3", or "Rational(3, 4)"."""
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    return f"Rational({value.numerator}, {value.denominator})"


def polynomial(coefficients: Sequence[Rational], variable: str = "x") -> str:
    """A polynomial in LaTeX, coefficients from the highest power down: "2x^2 - x + 3"."""

    def raised(power: int) -> str:
        return f"{variable}^{power}" if power < 10 else f"{variable}^{{{power}}}"

    return linear(list(zip(coefficients, _powers(len(coefficients), variable, raised), strict=True)))


def printed(coefficients: Sequence[Rational], variable: str = "x") -> str:
    """A polynomial in LaTeX with its terms in sympy's order: of two terms, a negative one is not put first."""
    terms = [position for position, coefficient in enumerate(coefficients) if coefficient]
    if len(terms) == 2 and coefficients[terms[0]] < 0 < coefficients[terms[1]]:
        first, last = (
            [0] * len(coefficients[:term]) + [*coefficients[term : term + 1]] + [0] * len(coefficients[term + 1 :])
            for term in reversed(terms)
        )
        return f"{polynomial(first, variable)} - {polynomial([-value for value in last], variable)}"
    return polynomial(coefficients, variable)


def polynomial_code(coefficients: Sequence[Rational], variable: str = "x") -> str:
    """The same in Python: "2*x**2 - x + 3"."""
    powers = _powers(len(coefficients), variable, lambda power: f"{variable}**{power}")
    return linear(list(zip(coefficients, powers, strict=True)), "*")


def _powers(count: int, variable: str, raised: Callable[[int], str]) -> list[str]:
    """The powers of a variable from the highest of so many down to none."""
    return [raised(power) for power in range(count - 1, 1, -1)] + [variable, ""][-min(count, 2) :]


def linear(terms: Sequence[tuple[Rational, str]], times: str = "") -> str:
    """A sum of terms such as 2x - 3y: in LaTeX, or in Python with `times` "*"."""
    number: Callable[[Rational], str] = python if times else fraction
    text = ""
    for coefficient, name in terms:
        if not coefficient:
            continue
        size = coefficient if coefficient > 0 else -coefficient
        body = name if size == 1 and name else number(size) + (times if name else "") + name
        text += ((" - " if coefficient < 0 else " + ") if text else ("-" if coefficient < 0 else "")) + body
    return text or "0"


def factor(root: Rational, variable: str = "x") -> str:
    """The factor that has a root: "(x - 3)", or "x" for 0."""
    return variable if root == 0 else f"({polynomial([1, -root], variable)})"


def point(*coordinates: Rational) -> str:
    r"""A point in LaTeX: `(2, \frac{1}{2})`."""
    return f"({', '.join(map(fraction, coordinates))})"


def surd(coefficient: Rational, radicand: int) -> str:
    r"""A multiple of a square root, simplified: `2\sqrt{3}`, `\frac{\sqrt{2}}{2}`, or a rational number."""
    outside, inside = split_square(radicand)
    value = Fraction(coefficient) * outside
    if inside == 1 or value == 0:
        return fraction(value)
    top = abs(value.numerator)
    root = f"{top if top != 1 else ''}\\sqrt{{{inside}}}"
    sign = "-" if value < 0 else ""
    return f"{sign}{root}" if value.denominator == 1 else f"{sign}\\frac{{{root}}}{{{value.denominator}}}"


def split_square(number: int) -> tuple[int, int]:
    """Write a number as outside² · inside with a square-free inside."""
    for outside in range(isqrt(number), 0, -1):
        if number % (outside * outside) == 0:
            return outside, number // (outside * outside)
    return 0, 1


def complex_number(real: Rational, imaginary: Rational) -> str:
    """A complex number in LaTeX: "3 - 2i"."""
    return linear([(real, ""), (imaginary, "i")])


def multiple_of_pi(value: Rational) -> str:
    r"""A multiple of pi: `3\pi`, `\frac{\pi}{4}`."""
    value = Fraction(value)
    if value == 0:
        return "0"
    top = abs(value.numerator)
    body = f"{top if top != 1 else ''}\\pi"
    sign = "-" if value < 0 else ""
    return f"{sign}{body}" if value.denominator == 1 else f"{sign}\\frac{{{body}}}{{{value.denominator}}}"


def ordinal(number: int) -> str:
    """A position in short: "21st", "12th"."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def bracketed(number: int) -> str:
    """A number as the base of a power or a factor in a program: "3", "(-3)"."""
    return str(number) if number >= 0 else f"({number})"


def imported(code: str, *names: str, module: str = "sympy") -> str:
    """The import line for those of the names that a piece of code uses; empty where it uses none."""
    used = [name for name in names if re.search(rf"\b{name}\b", code)]
    return f"from {module} import {', '.join(used)}\n" if used else ""
