"""ToRA's published rules once more, for themselves, to compare ours with: questions, gold answers, spelling, verdicts.

Written anew from what the rules do (arXiv 2309.17452 and its repository), and on purpose without anything of
`tora_agent.protocol` and `tora_agent.eval`. What needs algebra is sympy's own, slow and unguarded: call `equal` in the
sandbox, which kills it after its time. The task is named as in the reference, where the four of MAWPS are one.
"""

import re
from collections.abc import Mapping
from functools import cache
from math import isclose
from typing import Any

import sympy
from sympy.parsing.latex import _parse_latex_antlr as latex
from sympy.parsing.sympy_parser import parse_expr

_GONE = re.compile(r"\\!|\\ ")
_SIZES = re.compile(r"\\left|\\right")
_TAIL = re.compile(r"\\text\{.*?\}$")
_DIGITS_POINT_ZEROS = (re.compile(r"(\d+)\.0+([^\d])"), re.compile(r"(\d+)\.0+$"))
_NUMERIC = ("integer_number", "decimal_number")


def question(row: Mapping[str, Any], task: str) -> str:
    """The question that is asked of a data set's row."""
    match task:
        case "asdiv":
            return f"{row['body'].strip()} {row['question'].strip()}".strip()
        case "svamp":
            return f"{row['Body'].strip().removesuffix('.')}. {row['Question'].strip()}".strip()
        case "tabmwp":
            title = f'regarding "{row["table_title"]}" ' if row["table_title"] else ""
            options = f" Please select from the following options: {row['choices']}" if row["choices"] else ""
            asked = f"Read the following table {title}and answer a question:\n{row['table']}\n{row['question']}"
            return (asked + options).strip()
    return str(next(row[name] for name in ("question", "problem", "Question", "input") if name in row)).strip()


def gold(row: Mapping[str, Any], task: str) -> str:
    """The gold answer of a data set's row, spelled; of a line of results, which holds `gt_cot`, its own."""
    if "gt_cot" in row:
        return spelled(row["gt"])
    match task:
        case "math":
            return spelled(stated(row["solution"]))
        case "gsm8k":
            return spelled(row["answer"].split("####")[1])
        case "svamp":
            return spelled(row["Answer"])
        case "asdiv":
            return spelled(re.sub(r"\(.*?\)", "", row["answer"]))
        case "tabmwp":
            return spelled(_value(row["answer"]) if row["ans_type"] in _NUMERIC else row["answer"])
        case "gsm-hard" | "mawps":
            return spelled(row["target"])
    raise ValueError(f"the reference knows no task {task}")


def _value(answer: str) -> float:
    if "/" in answer:
        above, below = map(int, answer.split("/")[:2])
        return above / below
    if "," in answer:
        return float(answer.replace(",", ""))
    return float(answer.split("%")[0]) / 100 if "%" in answer else float(answer)


def stated(text: str) -> str:
    """The answer that a text states, spelled."""
    if "boxed" in text:
        answer = _boxed(text.split("boxed")[-1])
    elif "he answer is" in text:
        answer = text.split("he answer is")[-1].strip()
    elif output := _last_output(text):
        answer = output
    else:
        answer = (re.findall(r"-?\d*\.?\d+", text.replace(",", "")) or [""])[-1]
    answer = answer.split("\n")[0]
    for mark, place in ((":", 0), (".", -1), ("/", -1)):
        if answer and answer[place] == mark:
            answer = answer[1:] if place == 0 else answer[:-1]
    return spelled(answer)


def _boxed(rest: str) -> str:
    if not rest.startswith("{"):
        return rest.split("$")[0].strip()
    held, depth = "", 1
    for character in rest[1:]:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            break
        held += character
    return held


def _last_output(text: str) -> str:
    return text.split("```output")[-1].split("```")[0].strip() if "```output" in text else ""


def spelled(answer: object) -> str:
    """An answer in the one spelling that verdicts compare."""
    text = _GONE.sub("", str(answer).strip().replace("\n", "").rstrip("."))
    text = text.replace("\\\\", "\\").replace("\\\\", "\\").replace("tfrac", "frac").replace("dfrac", "frac")
    text = _SIZES.sub("", text)
    text = _TAIL.sub("", text).strip() or text
    for unwanted in ("^{\\circ}", "^\\circ", "\\$", "$", "\\text", "x\\in", "\\%", "%"):
        text = text.replace(unwanted, "")
    text = text.replace(" .", " 0.").replace("{.", "{0.").replace("\\cdot", "").replace("infinity", "\\infty")
    text = text if "\\infty" in text else text.replace("inf", "\\infty")
    text = re.sub(r"\\mbox\{.*?\}", "", text.replace("and", "").replace("\\mathbf", ""))
    text = text.replace("j", "i") if "i" not in text else text
    text = _DIGITS_POINT_ZEROS[1].sub(r"\1", _DIGITS_POINT_ZEROS[0].sub(r"\1\2", text))
    text = f"0{text}" if text.startswith(".") else text
    sides = text.split("=")
    text = sides[1] if len(sides) == 2 and len(sides[0]) <= 2 else text
    text = re.sub(r"\\sqrt(\w+)", r"\\sqrt{\1}", text).replace(" ", "")
    return _quotient(_fractions(text))


def _fractions(text: str) -> str:
    first, *others = text.split("\\frac")
    for number, after in enumerate(others):
        if not after.startswith("{"):
            if len(after) < 2:
                return text
            above, below = after[0], after[1]
            others[number] = f"{{{above}}}" + (after[1:] if below == "{" else f"{{{below}}}{after[2:]}")
    return "\\frac".join([first, *others])


def _quotient(text: str) -> str:
    sides = text.split("/")
    if len(sides) != 2:
        return text
    try:
        above, below = (side if "sqrt" in side else int(side) for side in sides)
    except ValueError:
        return text
    return f"\\frac{{{above}}}{{{below}}}" if text == f"{above}/{below}" else text


def equal(prediction: str, reference: str) -> bool:
    """The verdict on two spelled answers."""
    numbers = _number(prediction), _number(reference)
    if numbers[0] is not None and numbers[1] is not None:
        return any(isclose(numbers[1] * factor, numbers[0], rel_tol=1e-4) for factor in (0.01, 1, 100))
    if not prediction:
        return False
    prediction, reference = prediction.strip(), reference.strip()
    if _same_text(prediction, reference):
        return True
    if any(_within(prediction, pair) and _within(reference, pair) for pair in ("[]", "()")):
        left, right = prediction[1:-1].split(","), reference[1:-1].split(",")
        if len(left) == len(right) and all(map(equal, left, right)):
            return True
    return _same_value(_parsed(prediction), _parsed(reference))


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _within(text: str, pair: str) -> bool:
    return text.startswith(pair[0]) and text.endswith(pair[1])


def _same_text(prediction: str, reference: str) -> bool:
    one_kind = (_within(prediction, "[]") and not reference.startswith("(")) or (
        _within(prediction, "()") and not reference.startswith("[")
    )
    texts = [text.strip("[]()") if one_kind else text for text in (prediction, reference)]
    return len({re.sub(r"[{}()]", "", text) for text in texts}) == 1


def _parsed(text: str) -> Any:
    for parse in (latex.parse_latex, parse_expr):
        try:
            return parse(text)
        except Exception:  # as in the reference, which takes what cannot be read as a text
            continue
    return text


def _same_value(left: Any, right: Any) -> bool:
    try:
        if sympy.simplify(left - right) == 0:
            return True
    except Exception:  # as there
        pass
    try:
        return isclose(sympy.N(left), sympy.N(right), rel_tol=1e-3)
    except Exception:
        return False


# `parse_latex` looks the version of ANTLR's runtime up in a file each time, which the sandbox's walls keep away
latex.version = cache(latex.version)
latex.parse_latex("x")
