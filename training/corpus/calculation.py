"""Arithmetic as it stands in an annotation, read without evaluating it, and written again as Python."""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Sign = Literal["+", "-", "*", "/"]

_SIGNS: dict[type[ast.operator], Sign] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_OPERATIONS: dict[Sign, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written."""

    text: str

    @property
    def value(self) -> Fraction:
        """Its exact value."""
        return Fraction(self.text)


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that has a name elsewhere."""

    key: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands joined by a sign."""

    sign: Sign
    left: "Calculation"
    right: "Calculation"


Calculation = Number | Reference | Operation


def parse(text: str) -> Calculation | None:
    """Read an annotation's left side, such as "(48+24)*.5"; None where it is more than arithmetic."""
    plain = text.replace("$", "").replace(",", "").replace("x", "*").replace("%", "/100").strip()
    try:
        return _read(ast.parse(plain, mode="eval").body, plain)
    except (SyntaxError, ValueError):
        return None


def numbers(calculation: Calculation) -> list[Number]:
    """Its numbers, from left to right."""
    match calculation:
        case Operation(_, left, right):
            return numbers(left) + numbers(right)
        case Number():
            return [calculation]
        case Reference():
            return []


def references(calculation: Calculation) -> list[str]:
    """The keys that it refers to, from left to right."""
    match calculation:
        case Operation(_, left, right):
            return references(left) + references(right)
        case Reference(key):
            return [key]
        case Number():
            return []


def replaced(calculation: Calculation, origin: Callable[[Number], Calculation | None]) -> Calculation:
    """The same with its origin in place of every number that has one, asked from left to right."""
    match calculation:
        case Operation(sign, left, right):
            return Operation(sign, replaced(left, origin), replaced(right, origin))
        case Number():
            return origin(calculation) or calculation
        case Reference():
            return calculation


def value(calculation: Calculation, values: Mapping[str, Fraction]) -> Fraction:
    """The exact value.

    Raises:
        ZeroDivisionError: a divisor is zero.
    """
    match calculation:
        case Operation(sign, left, right):
            return _OPERATIONS[sign](value(left, values), value(right, values))
        case Reference(key):
            return values[key]
        case Number():
            return calculation.value


def python(calculation: Calculation, names: Mapping[str, str], values: Mapping[str, Fraction]) -> str:
    """Write it as Python, with `//` where a quotient of whole numbers is whole."""
    match calculation:
        case Operation(sign, left, right):
            whole = sign == "/" and all(value(part, values).denominator == 1 for part in (left, right, calculation))
            before = _operand(left, names, values, _RANK[sign])
            after = _operand(right, names, values, _RANK[sign] + (sign in "-/"))
            return f"{before} {'//' if whole else sign} {after}"
        case Reference(key):
            return names[key]
        case Number(text):
            return f"0{text}" if text.startswith(".") else text.lstrip("0") or "0"


def _operand(part: Calculation, names: Mapping[str, str], values: Mapping[str, Fraction], rank: int) -> str:
    text = python(part, names, values)
    return f"({text})" if isinstance(part, Operation) and _RANK[part.sign] < rank else text


def _read(node: ast.expr, text: str) -> Calculation:
    match node:
        case ast.BinOp(left, sign, right) if type(sign) in _SIGNS:
            return Operation(_SIGNS[type(sign)], _read(left, text), _read(right, text))
        case ast.Constant(int() | float()):
            return Number(ast.get_source_segment(text, node) or "0")
        case _:
            raise ValueError(f"no arithmetic: {text}")
