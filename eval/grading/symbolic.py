"""Symbolic comparison of two answers, for a process that may be lost: sympy evaluates the text that it parses.

Runs in the sandbox only, whose zygote imports this module once for all comparisons: hence the heavy imports at the
top, and sympy's LaTeX parser from the module that loads its grammar. What a model wrote is looked up among sympy's
mathematical names, without attributes, strings or built-in functions; the sandbox's walls stand behind that.
"""

import re
from dataclasses import astuple
from functools import cache
from math import isclose, isfinite
from typing import Any

import sympy
from antlr4 import CommonTokenStream, InputStream
from antlr4.atn.PredictionMode import PredictionMode
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.parsing.latex import LaTeXParsingError
from sympy.parsing.latex._parse_latex_antlr import (
    LaTeXLexer,
    LaTeXParser,
    MathErrorListener,
    convert_relation,
)
from sympy.parsing.sympy_parser import parse_expr, standard_transformations

from tora_agent.eval.grading.rules import (
    VALUE_TOLERANCE,
    Verdict,
    element_pairs,
    equal_elements,
    settle_plain,
)

# text that could reach beyond mathematics: attributes, strings, private names
_NOT_MATHEMATICS = re.compile(r"""\.\s*[^\W\d]|["'\\]|__""")
MOST_SYMBOLS = 4  # a sentence read as LaTeX is a product of its letters
SURELY_NOT_ZERO = 1e-6  # far above what rounding leaves of a difference that is zero
# for ANTLR to learn from, which works out each turn of the grammar once
TYPICAL = (
    r"\frac{3\sqrt{2}}{x-1}+2x^{2}\pi", r"x_{1}\cdot\sin{\theta}\le5", r"(a+b)(a-b)=-3!", r"\log_{2}{8}-i", r"|x-3|",
    r"\binom{5}{2}", r"\sqrt[3]{7}", r"-\frac{\pi}{6}", r"2^{-k}\times10^{5}", r"x^2+2xy+y^2", r"\frac{a}{b}^{n+1}",
    r"f(x)=\ln(x)/2", r"\sum_{k=1}^{n}k", r"\int_{0}^{1}xdx", r"90^{\circ}", "2*x + y**2 - sqrt(3)",
)  # fmt: skip
# modules of sympy whose functions evaluate text, write it, or run other programs
_BEYOND_MATHEMATICS = tuple(
    f"sympy.{name}"
    for name in (
        "core.singleton",
        "core.sympify",
        "interactive",
        "parsing",
        "plotting",
        "printing",
        "testing",
        "utilities",
    )
)


def equal(prediction: str, gold: str) -> list[Any]:
    """The verdict on two normalised answers, as the list of its fields (so that it can be sent as JSON)."""
    try:
        return list(astuple(_compare(prediction, gold)))
    except (RecursionError, MemoryError):
        return [False, "symbolic difference", "the answers are nested too deep, or take too much memory"]


def _compare(prediction: str, gold: str) -> Verdict:
    if verdict := settle_plain(prediction, gold):
        return verdict
    pairs = element_pairs(prediction, gold)
    if pairs and all(_compare(*pair).correct for pair in pairs):
        return equal_elements(len(pairs))
    return _compare_symbols(prediction.strip(), gold.strip())


def _compare_symbols(prediction: str, gold: str) -> Verdict:
    left, right = _parse(prediction), _parse(gold)
    if left is None or right is None:
        unread = "the answer" if left is None else "the gold answer"
        return Verdict(False, "symbolic difference", f"different texts, and {unread} is no expression that sympy reads")
    if _difference_is_zero(left, right):
        return Verdict(True, "symbolic difference", "the difference simplifies to 0")
    if _same_value(left, right):
        return Verdict(True, "numeric value", f"both evaluate to the same value within a relative {VALUE_TOLERANCE}")
    return Verdict(False, "symbolic difference", "the difference does not simplify to 0, and the values differ")


def _difference_is_zero(left: Any, right: Any) -> bool:
    try:
        difference = left - right
        return not _differs_somewhere(difference) and bool(sympy.simplify(difference) == 0)
    except Exception:  # sympy raises anything on what it cannot subtract, such as equations and lists
        return False


def _differs_somewhere(difference: Any) -> bool:
    """Whether the difference is not zero at one point: simplifying, which is slow, could then not make it zero."""
    symbols = sorted(difference.free_symbols, key=str)
    if len(symbols) > MOST_SYMBOLS or difference.has(ExprWithLimits, sympy.Derivative):
        return False  # as slow to evaluate
    point = {symbol: sympy.Float(0.7310585 + 0.3713 * place) for place, symbol in enumerate(symbols)}
    try:
        value = abs(complex(difference.evalf(subs=point)))
    except (TypeError, ValueError, ArithmeticError):
        return False
    return isfinite(value) and value > SURELY_NOT_ZERO


def _same_value(left: Any, right: Any) -> bool:
    try:
        return isclose(sympy.N(left), sympy.N(right), rel_tol=VALUE_TOLERANCE)
    except Exception:  # free symbols, complex values, lists
        return False


def _parse(text: str) -> Any:
    """A sympy object, read as LaTeX or else as an expression; None where neither reads it."""
    try:
        return read_latex(text)
    except Exception:
        return parse_expression(text)


def read_latex(text: str) -> Any:
    """What sympy's `parse_latex` gives, mostly in a tenth of the time.

    ANTLR's prediction without the context of the caller (SLL) finds the same tree or none; then the full one is asked.

    Raises:
        LaTeXParsingError: the text is no LaTeX that sympy reads.
    """
    try:
        return _read_latex(text.strip(), PredictionMode.SLL)
    except LaTeXParsingError:
        return _read_latex(text.strip(), PredictionMode.LL)


def _read_latex(text: str, prediction: Any) -> Any:
    """As `parse_latex` does it, which would read a file for ANTLR's version, and the walls keep files away."""
    listener = MathErrorListener(text)
    lexer = LaTeXLexer(InputStream(text))
    parser = LaTeXParser(CommonTokenStream(lexer))
    for recognizer in (lexer, parser):
        recognizer.removeErrorListeners()
        recognizer.addErrorListener(listener)
    parser._interp.predictionMode = prediction
    return convert_relation(parser.math().relation())


def parse_expression(text: str, transformations: Any = standard_transformations) -> Any:
    """A sympy object from Python's notation, without anything that could reach beyond mathematics; or None."""
    if _NOT_MATHEMATICS.search(text):
        return None
    try:
        return parse_expr(text, global_dict=dict(_names()), transformations=transformations)
    except Exception:
        return None


@cache
def _names() -> dict[str, Any]:
    """What an expression may name: all of sympy's mathematics, and Python's own where it has a twin there."""
    public = {name: getattr(sympy, name) for name in sympy.__all__}
    names = {name: thing for name, thing in public.items() if not _module(thing).startswith(_BEYOND_MATHEMATICS)}
    twins = {"abs": abs, "max": sympy.Max, "min": sympy.Min, "pow": pow, "round": round, "sum": sum}
    return names | twins | {"__builtins__": {}}


def _module(thing: Any) -> str:
    return getattr(thing, "__module__", None) or ""


for _text in TYPICAL:
    _parse(_text)
