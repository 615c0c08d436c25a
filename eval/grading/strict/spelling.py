"""One spelling for the many ways to write an answer in LaTeX, Unicode or plain text; the meaning stays."""

import re

_UNICODE = str.maketrans(
    {
        "\u2212": r"-",
        "\u2013": r"-",
        "\u00d7": r"\times ",
        "\u00b7": r"\cdot ",
        "\u00f7": r"/",
        "\u03c0": r"\pi ",
        "\u221e": r"\infty ",
        "\u2264": r"\le ",
        "\u2265": r"\ge ",
        "\u2260": r"\ne ",
        "\u222a": r"\cup ",
        "\u2205": r"\emptyset ",
        "\u00b0": r"^\circ ",
        "\u00b2": r"^2",
        "\u00b3": r"^3",
        "\u00bd": r"\frac{1}{2}",
        "\u00a0": r" ",
        "\n": r" ",
    }
)
_END = r"(?![a-zA-Z])"  # of a command's name
_RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?:\\\$|\\(?:euro|pounds)" + _END + r"|[€£¥₹])", ""),
        (r"\$|(?<!\\)\\[()\[\]]", ""),
        (r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle|textstyle|limits|strut)" + _END, ""),
        (r",\s*\\!\s*", ","),
        (r"\{,\}", ","),
        (r"(?<!\\)\\[!,;:]", ""),
        (r"(?<!\\)\\ |~|\\q?quad" + _END, " "),
        (r"\\(?:text(?:bf|it|rm|sf|normal)?|[mh]box)\s*\{", r"\\text{"),
        (r"\\(?:mathrm|mathbf|mathit|mathsf|boldsymbol|bm)\s*\{([^{}]{2,})\}", r"\\text{\1}"),
        (r"\\(?:mathrm|mathbf|mathit|mathsf|boldsymbol|bm)\s*(?=\{)", ""),
        (r"\\text\{([\d.,]*)\}", r"\1"),
        (r"\\[dtc]frac" + _END, r"\\frac"),
        (r"\\[dt]binom" + _END, r"\\binom"),
        (r"\\(frac|binom)\s*(\{[^{}]*\}|[a-zA-Z\d])\s*(\{[^{}]*\}|[a-zA-Z\d])", r"\\\1 \2 \3"),
        (r"\\(frac|binom) (\w) ", r"\\\1 {\2} "),
        (r"(\\(?:frac|binom) \{[^{}]*\}) (\w)", r"\1{\2}"),
        (r"\\(frac|binom) (\{[^{}]*\}) ?(?=\{)", r"\\\1\2"),
        (r"\\sqrt\s*(\d+|[a-zA-Z])", r"\\sqrt{\1}"),
        (r"\\(?:leqslant|leqq|leq|le)" + _END, r"\\le "),
        (r"\\(?:geqslant|geqq|geq|ge)" + _END, r"\\ge "),
        (r"<=", r"\\le "),
        (r">=", r"\\ge "),
        (r"\\lt" + _END, "<"),
        (r"\\gt" + _END, ">"),
        (r"\\neq" + _END, r"\\ne "),
        (r"\\lbrace" + _END, r"\\{"),
        (r"\\rbrace" + _END, r"\\}"),
        (r"\\varnothing" + _END, r"\\emptyset "),
        (r"\\[lr]?vert" + _END, "|"),
        (r"\\%|\\text\{\s*percent\s*\}|\bpercent\b", "%"),
        (r"\^\{\s*\\(?:circ|degree)\s*\}|\^\s*\\circ" + _END + r"|\\(?:degree|textdegree)" + _END, r"^\\circ "),
    )
]
_TRIGONOMETRY = re.compile(r"\\?(?:sin|cos|tan|cot|sec|csc)")
_ANGLE = re.compile(r"(\d+(?:\.\d+)?)\s*\^\\circ ")
_GROUP = re.compile(r"\{([^{}]*)\}")


def clean(answer: str) -> str:
    """An answer in our one spelling: no dollars, sizes and thin spaces; one name for each command.

    Degrees within a trigonometric function become radians; elsewhere the sign is a unit, and is dropped.
    """
    text = answer.translate(_UNICODE).strip()
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    if _TRIGONOMETRY.search(text):
        text = _ANGLE.sub(r"(\\frac{\1\\pi}{180})", text)
    text = re.sub(r"\s+", " ", text.replace(r"^\circ ", " ")).strip().rstrip(".").strip()
    if whole := _GROUP.fullmatch(text):
        return rf"\text{{{whole[1]}}}" if re.fullmatch(r"[a-zA-Z() ,]{2,}|[a-zA-Z]", whole[1]) else whole[1].strip()
    return text


def squash(text: str) -> str:
    """A text without any space, for comparison."""
    return re.sub(r"\s", "", text)
