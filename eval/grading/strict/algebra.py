"""Strict verdicts that need algebra, for a process that may be lost: math-verify's parser and comparison, guarded.

Runs in the sandbox only, like `tora_agent.eval.grading.symbolic`. Only single expressions get here, so that
math-verify's rules for sets, tuples and relations, which accept subsets and any `... = 0`, have no say.
"""

import re
from dataclasses import astuple
from fractions import Fraction
from typing import Any

import sympy
from latex2sympy2_extended.latex2sympy2 import NormalizationConfig
from math_verify import LatexExtractionConfig, parse, verify
from sympy.parsing.sympy_parser import convert_xor, implicit_multiplication_application, standard_transformations

from tora_agent.eval.grading.rules import Verdict
from tora_agent.eval.grading.strict.compare import UNREAD_GOLD, Question, compare, compare_decimal
from tora_agent.eval.grading.strict.numeric import read_number
from tora_agent.eval.grading.symbolic import TYPICAL, parse_expression

_LATEX = [
    LatexExtractionConfig(
        boxed_match_priority=-1,
        normalization_config=NormalizationConfig(
            basic_latex=True, units=False, malformed_operators=True, nits=True, boxed="none", equations=False
        ),
    )
]
_PLAIN = (*standard_transformations, convert_xor, implicit_multiplication_application)
_COMMAND = re.compile(r"\\[a-zA-Z]+")
_DIGITS = 40  # to which an exact value is known where a decimal of it is judged


def equal(prediction: str, gold: str) -> list[Any]:
    """The verdict on two answers, as the list of its fields (so that it can be sent as JSON)."""
    try:
        verdict = compare(prediction, gold, _judge)
    except (RecursionError, MemoryError):
        verdict = Verdict(False, "algebra", "the answers are nested too deep, or take too much memory")
    assert verdict is not None  # this judge leaves nothing open
    return list(astuple(verdict))


def _judge(question: Question, prediction: str, gold: str) -> Verdict:
    left, right = read_expression(prediction), read_expression(gold)
    if right is None:
        return Verdict(False, UNREAD_GOLD, "different texts, and the gold answer is no expression that can be read")
    if left is None:
        return Verdict(False, "algebra", "the answer is no expression that can be read")
    if _capitals(prediction) != _capitals(gold):  # math-verify reads A as a
        return Verdict(False, "algebra", "the names of the variables differ")
    if question == "equation":
        return _compare_equations(left, right)
    number = read_number(prediction)
    if number and right.is_number and right.is_real:
        exact = _exact(right)
        if exact is not None and exact != number.value and number.decimals:
            return compare_decimal(number, exact, not right.is_Integer)
    return _compare_expressions(left, right)


def _compare_expressions(left: Any, right: Any) -> Verdict:
    if verify(right, left, timeout_seconds=None) or _vanishes(left - right):
        return Verdict(True, "algebra", "the two expressions are equal")
    return Verdict(False, "algebra", "the two expressions are not equal")


def _compare_equations(left: Any, right: Any) -> Verdict:
    """Two equations, each as what must be 0, are the same if one is a constant times the other."""
    if _vanishes(left) or _vanishes(right):
        return Verdict(False, "equation", "an equation that says nothing is no other")
    ratio = sympy.simplify(left / right)
    same = bool(ratio.is_number and ratio.is_finite and not ratio.is_zero)
    return Verdict(same, "equation", "one is " + ("" if same else "not ") + "a constant times the other")


def _vanishes(expression: Any) -> bool:
    try:
        return bool(sympy.simplify(expression) == 0)
    except Exception:  # sympy raises anything
        return False


def _exact(expression: Any) -> Fraction | None:
    try:
        return Fraction(str(sympy.N(expression, _DIGITS)))
    except Exception:
        return None


def read_expression(text: str) -> Any:
    """A single expression of exact numbers, from LaTeX or from plain text; None where it is none."""
    if "_" in text and re.search(r"\d_", text):  # digits with a base are no product
        return None
    expression = parse_expression(text, _PLAIN) if _is_plain(text) else None
    if expression is None:
        found = parse(
            f"${text}$", _LATEX, fallback_mode="no_fallback", extraction_mode="first_match", parsing_timeout=None
        )
        expression = found[0] if found else None
    if not isinstance(expression, sympy.Expr):
        return None
    return _uniform(expression)


def _is_plain(text: str) -> bool:
    return "\\" not in text and "{" not in text


def _uniform(expression: Any) -> Any:
    """Exact numbers for decimals, symbols by their names alone (small letters, as in math-verify), sums done."""
    decimals = {number: sympy.Rational(str(number)) for number in expression.atoms(sympy.Float)}
    names = {symbol: sympy.Symbol(symbol.name.lower(), real=True) for symbol in expression.free_symbols}
    letters = {sympy.Symbol("i", real=True): sympy.I, sympy.Symbol("e", real=True): sympy.E}
    return expression.xreplace(decimals).xreplace(names).xreplace(letters).doit()


def _capitals(text: str) -> set[str]:
    return set(re.findall(r"[A-Z]", _COMMAND.sub("", text))) - set("EI")


for _text in TYPICAL:  # its parser learns from them, before a process is forked for each pair
    read_expression(_text)
