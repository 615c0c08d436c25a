"""What an answer is made of: tuples, sets, lists, unions, matrices, and relations."""

import re
from dataclasses import dataclass

_OPEN, _CLOSE = "([{", ")]}"
_MATRIX = re.compile(r"\\begin\{([a-zA-Z]*matrix|array)\}(?:\{[^}]*\})?(.*)\\end\{\1\}", re.DOTALL)
_PLAIN_MATRIX = re.compile(r"Matrix\(\[\[(.*)\]\]\)")
_AND = re.compile(r"\\text\{\s*,?\s*(?:and|or)\s*\}|\b(?:and|or)\b|;")
_LETTERED = re.compile(r"\\text\{([a-zA-Z](?:\s*,\s*[a-zA-Z])+)\}")
_THOUSANDS = re.compile(r"[+-]?\s*\d{1,3}(?:,\d{3})+(?:\.\d*)?\s*(?:%|\\text\{.*\}|[a-zA-Z ]*)(?:\^\{?\d\}?)?")
_RELATION = re.compile(r"\\(?:le|ge|ne)(?: |(?![a-zA-Z]))|<|>|=")
_REALS = re.compile(r"\\mathbb\s*(?:R|\{R\})|\\(?:R|reals)|(?:\\text\{)?\s*(?:[aA]ll\s+)?(?:real numbers|reals)\s*\}?")
_MEMBER = re.compile(r"[a-zA-Z]\s*\\in\s+|[a-zA-Z]\s*\\in(?=[\[(\\])")
_VARIABLE = re.compile(r"[a-zA-Z](?:_\{?\w\}?)?")
_NAME = re.compile(
    r"[a-zA-Z](?:_\{?\w+\}?)?(?:\([a-zA-Z]\))?|\\text\{[^{}]*\}|\\[a-zA-Z]+|\\overline\{[A-Z]+\}|[A-Z]{2}"
)


@dataclass(frozen=True, slots=True)
class Collection:
    """Several answers in one: its `kind`, and for a bracketed one the brackets, since [0,1) is not (0,1]."""

    kind: str
    items: tuple[str, ...]
    brackets: str = ""

    @property
    def ordered(self) -> bool:
        """Whether the order of the items is part of the answer."""
        return self.kind in ("tuple", "matrix")


@dataclass(frozen=True, slots=True)
class Relation:
    """`parts` with a relation between each and the next, such as 1 < x <= 2."""

    parts: tuple[str, ...]
    signs: tuple[str, ...]


def collection(text: str) -> Collection | None:
    """A matrix, union, set, tuple, interval or bare list of answers; None for a single one."""
    if match := _MATRIX.fullmatch(text):
        rows = [row.split("&") for row in re.split(r"\\\\|\\cr(?![a-zA-Z])", match[2]) if row.strip()]
        return _matrix(rows)
    if match := _PLAIN_MATRIX.fullmatch(text):
        return _matrix([row.split(",") for row in re.split(r"\]\s*,\s*\[", match[1])])
    union = split(text, r"\cup")
    if len(union) > 1:
        return Collection("union", tuple(union))
    if match := re.fullmatch(r"\\?\{(.*)\\?\}", text):
        inner = match[1].removesuffix("\\")
        return Collection("set", tuple(filter(None, _list_items(inner)))) if _balanced(inner) else None
    if text[:1] in ("(", "[") and text[-1:] in (")", "]") and _closes_at_end(text):
        items = split(text[1:-1], ",")
        return Collection("tuple", tuple(items), text[0] + text[-1]) if len(items) > 1 else None
    items = _list_items(text)
    return Collection("list", tuple(items)) if len(items) > 1 else None


def relation(text: str) -> Relation | None:
    """A chain of relations at the top level, or None."""
    parts, signs, start, depth = [], [], 0, 0
    for position, character in enumerate(text):
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth == 0 and position >= start and (sign := _RELATION.match(text, position)):
            parts.append(text[start:position].strip())
            signs.append(sign[0].strip())
            start = sign.end()
    parts.append(text[start:].strip())
    return Relation(tuple(parts), tuple(signs)) if signs and all(parts) else None


def is_name(text: str) -> bool:
    """Whether a text is what an answer is called, such as x, f(x), (x, y) or \\angle, rather than a part of it."""
    if text.startswith("(") and text.endswith(")"):
        return all(_VARIABLE.fullmatch(item) for item in split(text[1:-1], ","))
    return bool(_NAME.fullmatch(text))


def as_interval(found: Relation) -> str | None:
    """The interval of one variable that an inequality states, or None."""
    parts, signs = found.parts, found.signs
    if set(signs) <= {">", r"\ge"}:
        parts, signs = parts[::-1], tuple("<" if sign == ">" else r"\le" for sign in signs[::-1])
    if not set(signs) <= {"<", r"\le"}:
        return None
    if len(parts) == 3 and _VARIABLE.fullmatch(parts[1]):
        return _opening(signs[0]) + f"{parts[0]},{parts[2]}" + _closing(signs[1])
    if len(parts) == 2 and _VARIABLE.fullmatch(parts[0]) and not _VARIABLE.search(_commandless(parts[1])):
        return rf"(-\infty,{parts[1]}" + _closing(signs[0])
    if len(parts) == 2 and _VARIABLE.fullmatch(parts[1]) and not _VARIABLE.search(_commandless(parts[0])):
        return _opening(signs[0]) + rf"{parts[0]},\infty)"
    return None


def without_membership(text: str) -> str:
    r"""The set of `x \in S`; all real numbers are an interval."""
    match = _MEMBER.match(text)
    within = text[match.end() :].strip() if match else text
    return r"(-\infty,\infty)" if _REALS.fullmatch(within) else within


def split(text: str, separator: str) -> list[str]:
    """A text split where the separator stands outside of all brackets."""
    parts, start, depth = [], 0, 0
    for position, character in enumerate(text):
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth == 0 and position >= start and text.startswith(separator, position):
            parts.append(text[start:position].strip())
            start = position + len(separator)
    return [*parts, text[start:].strip()]


def _list_items(text: str) -> list[str]:
    if lettered := _LETTERED.fullmatch(text):
        return [rf"\text{{{letter.strip()}}}" for letter in lettered[1].split(",")]
    if _THOUSANDS.fullmatch(text):
        return [text]
    items = [item for item in split(_AND.sub(",", text), ",") if item]
    return [variant for item in items for variant in _both_signs(item)]


def _both_signs(text: str) -> list[str]:
    if r"\pm" not in text:
        return [text]
    variants = [re.sub(r"\\pm(?![a-zA-Z])\s*", sign, text).removeprefix("+").strip() for sign in "+-"]
    return [re.sub(r"^(\S+\s*=\s*)\+", r"\1", variant) for variant in variants]


def _matrix(rows: list[list[str]]) -> Collection:
    shape = "x".join(str(len(row)) for row in rows)  # the brackets of a matrix are its shape
    return Collection("matrix", tuple(cell.strip() for row in rows for cell in row), shape)


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth < 0:
            return False
    return depth == 0


def _closes_at_end(text: str) -> bool:
    return _balanced(text[1:-1])


def _commandless(text: str) -> str:
    return re.sub(r"\\[a-zA-Z]+", "", text)


def _opening(sign: str) -> str:
    return "(" if sign == "<" else "["


def _closing(sign: str) -> str:
    return ")" if sign == "<" else "]"
