"""Names for a program's variables, from the words around a number."""

import itertools
import keyword
import re
from collections.abc import Container, Sequence

MOST_WORDS = 2
_WORD = re.compile(r"[A-Za-z]+")
_CLAUSE_END = re.compile(r"[.,;:?!()]|\band\b|\bbut\b|\bthen\b|\bwhile\b")
_SENTENCE_END = re.compile(r"[.,;:?!()]")
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an the of in on at to for from by with per each every his her their its my our your this that these those he she it "
    "they we you i is are was were be been being has have had do does did will would can could so as than then if and or but "
    "not more less other same some all total altogether only just also there here which who whom whose what when where how "
    "many much after before during into out up down over about s t x each because since thus therefore hence he's left new "
    "get gets got take takes make makes cost costs need needs spend spends pay pays amount number worth equal equals "
    "him th finally means first second third next last now still one two three four five six seven eight nine ten eleven twelve",
    )
)  # fmt: skip


def names_after(text: str, end: int, start: int) -> list[str]:
    """Names for the number at a place, the best first: the word after it in its clause, else the one before it.

    The second has the sentence's first word in front, which is often whose number it is.
    """
    after = _content(_CLAUSE_END.split(text[end:])[0])
    before = _content(_SENTENCE_END.split(text[:start])[-1])
    word = (after[:1] or before[-1:] or ["number"])[0]
    return [word, *(f"{owner}_{word}" for owner in before[:1] if owner != word)]


def names_of_result(after: str, before: str, operation: str) -> list[str]:
    """Names for a result, the best first: from the words after it, else before its calculation, else the operation."""
    words = _content(_CLAUSE_END.split(after)[0])[:MOST_WORDS] or _content(before)[:MOST_WORDS] or [operation]
    return ["_".join(words), f"{operation}_{words[0]}"]


def distinct(names: Sequence[str], taken: Container[str]) -> str:
    """The first name that is not taken, else the last one with a number."""
    numbered = (f"{names[-1]}_{count}" for count in itertools.count(2))
    return next(name for name in itertools.chain(names, numbered) if name not in taken)


def _content(text: str) -> list[str]:
    """The words that carry meaning, in lower case."""
    words = [word.lower() for word in _WORD.findall(text)]
    return [word for word in words if len(word) > 2 and word not in _EMPTY_WORDS and not keyword.iskeyword(word)]
