"""Whether a program's output and an independent answer are the same, strictly: this check admits training data."""

import re
from fractions import Fraction
from functools import lru_cache
from math import isclose

_FLOAT_NOISE = 1e-9  # relative; outputs are floats where a decimal was asked for
_LATEX = (
    ("\\left", ""),
    ("\\right", ""),
    ("\\dfrac", "\\frac"),
    ("^\\circ", ""),
    ("\\cdot", "*"),
    ("\\times", "*"),
    ("\\infty", "oo"),
    ("\\pi", "pi"),
    ("\\ln", "log"),
    ("\\begin{pmatrix}", "[["),
    ("\\end{pmatrix}", "]]"),
    ("\\\\", "], ["),
    (" &", ","),
    ("\\%", ""),
    ("\\$", ""),
)
_LEFT_SIDE = re.compile(r"^[a-z](?:\([a-z]\))? = ")
_TEXT = re.compile(r"\\text\{\s*([^{}]*)\}")
_BUILT_UP = (
    (re.compile(r"\\frac\{(\d+)\}\{(\d+)\}"), r"\1/\2"),
    (re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}"), r"((\1)/(\2))"),
    (re.compile(r"\\sqrt\[3\]\{([^{}]*)\}"), r"cbrt(\1)"),
    (re.compile(r"\\sqrt\{([^{}]*)\}"), r"sqrt(\1)"),
    (re.compile(r"\^\{([^{}]*)\}"), r"^(\1)"),
)
_BARE_ARGUMENT = re.compile(r"\\(sin|cos|tan|log) ?(\d*[a-z]\b|\d+)")
_FUNCTIONS = frozenset(("sqrt", "cbrt", "sin", "cos", "tan", "log", "exp"))
_TOKEN = re.compile(rf"\d+(?:\.\d+)?|{'|'.join(_FUNCTIONS)}|pi|oo|[a-zA-Z]|\S|\s+")


_INTERVAL = re.compile(r"Interval(\.open|\.Lopen|\.Ropen|)\(([^,]+), ([^)]+)\)")
_UNION = re.compile(r"[(\[][^(\[]*[)\]](?=[,)])")


def agree(output: str, answer: str) -> bool:
    r"""Compare what a program printed with an answer as it stands in `\boxed{}`.

    Both are our own generators' text, never a model's: sympy evaluates what neither spelling nor numbers settle.
    """
    output, expected = _intervals(output), plain(answer)
    if _squeezed(output) == _squeezed(expected):
        return True
    left, right = _elements(output), _elements(expected)
    return len(left) == len(right) and all(map(_same, left, right))


def _intervals(output: str) -> str:
    """sympy's intervals as they are written: "Interval.Lopen(-oo, 3)" is "(-oo, 3]"."""

    def written(match: re.Match[str]) -> str:
        low, high = match[2], match[3]
        left = "(" if match[1] in (".open", ".Lopen") or low == "-oo" else "["
        right = ")" if match[1] in (".open", ".Ropen") or high == "oo" else "]"
        return f"{left}{low}, {high}{right}"

    output = _INTERVAL.sub(written, output)
    return "|".join(_UNION.findall(output)) if output.startswith("Union(") else output


def plain(answer: str) -> str:
    r"""An answer without LaTeX, as a program might print it: `\frac{3}{4}` is "((3)/(4))", `2x^2` is "2*x**2"."""
    for latex, text in _LATEX:
        answer = answer.replace(latex, text)
    answer = _LEFT_SIDE.sub("", _TEXT.sub(r"\1", answer))
    before = ""
    while before != answer:
        before = answer
        for pattern, replacement in _BUILT_UP:
            answer = pattern.sub(replacement, answer)
    answer = _BARE_ARGUMENT.sub(r"\1(\2)", answer).replace("\\cup", "|").replace("\\", "")
    return _multiplied(answer).replace("^", "**")


def _multiplied(formula: str) -> str:
    """A formula with the signs of multiplication that juxtaposition leaves out."""
    text, before = "", ""
    for token in _TOKEN.findall(formula):
        starts = token == "(" or token[0].isalnum()
        ends = before == ")" or (before[:1].isalnum() and before not in _FUNCTIONS)
        text += f"*{token}" if starts and ends else token
        before = token
    return text


def _squeezed(text: str) -> str:
    return text.replace(" ", "").removeprefix("[").removesuffix("]")


def _elements(text: str) -> list[str]:
    """The elements of a list, a tuple or a bare enumeration; else the text alone."""
    text = text.strip()
    inner = text[1:-1] if text[:1] + text[-1:] in ("[]", "()", "{}") and _closes_last(text) else text
    parts, depth, start = [], 0, 0
    for position, character in enumerate(inner):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            parts.append(inner[start:position])
            start = position + 1
    parts.append(inner[start:])
    return [part.strip() for part in parts] if len(parts) > 1 else [text.strip("[]")]


def _closes_last(text: str) -> bool:
    """Whether the first bracket is closed by the last character."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if not depth:
            return position == len(text) - 1
    return False


@lru_cache(maxsize=200_000)
def _same(output: str, expected: str) -> bool:
    left, right = _number(output), _number(expected)
    if left is not None and right is not None:
        return left == right or isclose(left, right, rel_tol=_FLOAT_NOISE)
    return output == expected or _same_expression(output, expected)


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text.replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        return None


def _same_expression(output: str, expected: str) -> bool:
    from sympy import Expr, SympifyError, simplify, sympify

    try:
        left, right = (sympify(text, locals=_letters()) for text in (output, expected))
    except (SympifyError, TypeError, SyntaxError, AttributeError):
        return False
    if not (isinstance(left, Expr) and isinstance(right, Expr)):
        return bool(left == right)
    return bool(left == right or (left - right).expand() == 0 or simplify(left - right) == 0)


@lru_cache
def _letters() -> dict[str, object]:
    """What letters mean here where sympy takes them for something else."""
    from sympy import E, I, Symbol

    return {**{letter: Symbol(letter) for letter in "SNCOQE"}, "i": I, "e": E}
