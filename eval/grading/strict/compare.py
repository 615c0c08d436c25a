"""The strict comparison: an answer is taken apart, and its parts are compared as words, numbers or expressions.

The same walk serves twice: with a judge of plain numbers alone, which is cheap and safe on untrusted text, and, where
that leaves the verdict open, with algebra in the sandbox.
"""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Literal

from tora_agent.eval.grading.rules import Verdict
from tora_agent.eval.grading.strict.numeric import Written, is_noise, read_number, states
from tora_agent.eval.grading.strict.shapes import (
    Collection,
    Relation,
    as_interval,
    collection,
    is_name,
    relation,
    without_membership,
)
from tora_agent.eval.grading.strict.spelling import clean, squash
from tora_agent.eval.grading.strict.units import measure, split_unit

Question = Literal["value", "equation"]
UNREAD_GOLD = "unread gold"  # the rule where the gold answer is no expression, so that texts alone were compared
Judge = Callable[[Question, str, str], Verdict | None]  # of what is neither words nor plain numbers

_WORDS = re.compile(r"\(?\\text\{([^{}]*)\}\)?")
_PLAIN_WORDS = re.compile(r"[a-zA-Z][a-zA-Z'. ()-]*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MARKS = re.compile(r"(?:[\s,()'\"]|\.(?!\d)|-(?!\s*\d))+")  # that say nothing: not the point or sign of a number
_BASE = re.compile(r"(-?[\dA-F]+(?:\.[\dA-F]+)?)_\{?(\d+)\}?")
_CLOCK = re.compile(r"(?:\\text\{\s*)?(\d{1,2}:\d\d)\s*(?:\\text\{\s*)?([ap])?\.?(?:m\.?)?\s*\}?", re.IGNORECASE)
_LONG = 600  # characters of both answers: the sandbox has a time limit
_RATIO = re.compile(r"(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))+")


def settle(prediction: str, gold: str) -> Verdict | None:
    """The verdict where no algebra is needed, else None; also on what is too long or too deep to compare at once."""
    if len(prediction) + len(gold) > _LONG:
        return None
    try:
        return compare(prediction, gold, lambda question, left, right: None)
    except RecursionError:
        return None


def compare(prediction: str, gold: str, judge: Judge) -> Verdict | None:
    """The verdict on two answers; None where `judge` gave none and the verdict hangs on it."""
    prediction, gold = clean(prediction), clean(gold)
    if not prediction:
        return Verdict(False, "empty", "there is no answer")
    if squash(prediction) == squash(gold):
        return Verdict(True, "same text", "the same text, spaces and sizes of brackets aside")
    return _compare(without_membership(prediction), without_membership(gold), judge)


def _compare(prediction: str, gold: str, judge: Judge) -> Verdict | None:
    for rule in (_compare_clocks, _compare_words, _compare_relations, _compare_collections):
        if verdict := rule(prediction, gold, judge):
            return verdict if verdict is not _OPEN else None
    return _compare_values(prediction, gold, judge)


_OPEN = Verdict(None, "open", "algebra has to decide")  # within this module: a rule applies, its verdict is not known


def _known(verdict: Verdict | None) -> Verdict:
    return verdict or _OPEN


# words


def _compare_words(prediction: str, gold: str, judge: Judge) -> Verdict | None:
    left, right = _words(prediction), _words(gold)
    if left is not None and right is not None and left == right:
        return Verdict(True, "words", "the same words, upper and lower case aside")
    if _is_prose(gold) and not (right or "").isdigit():
        return Verdict(False, "words", "the gold answer is a text, and the answer is not the same")
    return None


def _words(text: str) -> str | None:
    """The letters and numbers of a text, or None for anything else."""
    match = _WORDS.fullmatch(text)
    if match is None and not _PLAIN_WORDS.fullmatch(text.strip("()")):
        return None
    spaced = _MARKS.sub(" ", _THOUSANDS.sub("", match[1] if match else text))
    return re.sub(r"(?<!\d) | (?![\d.-])", "", spaced).casefold()  # two numbers stay apart


def _is_prose(text: str) -> bool:
    if match := _WORDS.fullmatch(text):
        return not collection(text) and bool(re.search(r"[a-zA-Z]", match[1]))
    return bool(_PLAIN_WORDS.fullmatch(text) and re.search(r"[a-zA-Z]{4}|[a-zA-Z]{2} [a-zA-Z]{2}", text))


def _compare_clocks(prediction: str, gold: str, judge: Judge) -> Verdict | None:
    left, right = _CLOCK.fullmatch(prediction), _CLOCK.fullmatch(gold)
    if right is None or (left is None and right[2] is None):
        return None
    same = left is not None and left[1].lstrip("0") == right[1].lstrip("0")
    halves = {half.casefold() for half in (left and left[2], right[2]) if half}
    return Verdict(same and len(halves) < 2, "time of day", "hours and minutes are compared, not a quotient")


# relations


def _compare_relations(prediction: str, gold: str, judge: Judge) -> Verdict | None:
    left, right = relation(prediction), relation(gold)
    if (left is None and right is None) or _is_list(prediction) or _is_list(gold):
        return None
    if left and right:
        return _known(_compare_two_relations(left, right, judge))
    if left and (value := as_interval(left) or _assigned(left)):
        return _known(compare(value, gold, judge))
    if right and (value := as_interval(right) or _assigned(right)):
        return _known(compare(prediction, value, judge))
    return Verdict(False, "relation", "one of the two is an equation or inequality, the other is not")


def _is_list(text: str) -> bool:
    found = collection(text)
    return found is not None and found.kind in ("list", "set", "union")


def _assigned(found: Relation) -> str | None:
    """The right side of `x = ...`, or of a computation such as 2 + 3 = 5; never that of an equation in unknowns."""
    if set(found.signs) != {"="}:
        return None
    return found.parts[-1] if is_name(found.parts[0]) or not re.search(r"[a-zA-Z]", found.parts[0]) else None


def _compare_two_relations(left: Relation, right: Relation, judge: Judge) -> Verdict | None:
    if set(left.signs) == set(right.signs) == {"="}:
        if is_name(left.parts[0]) and squash(left.parts[0]) == squash(right.parts[0]):
            return compare(left.parts[-1], right.parts[-1], judge)
        if len(left.parts) == len(right.parts) == 2:
            return judge("equation", *(f"({side.parts[0]})-({side.parts[1]})" for side in (left, right)))
        return Verdict(False, "equation", "chains of equations of different length")
    intervals = as_interval(left), as_interval(right)
    if intervals[0] and intervals[1]:
        return compare(intervals[0], intervals[1], judge)
    left, right = _ascending(left), _ascending(right)
    if left.signs != right.signs:
        return Verdict(False, "inequality", "the signs differ")
    return _in_order(left.parts, right.parts, judge, "inequality")


def _ascending(found: Relation) -> Relation:
    """The same chain with the smaller side first."""
    turned = {">": "<", r"\ge": r"\le"}
    if not set(found.signs) <= turned.keys():
        return found
    return Relation(found.parts[::-1], tuple(turned[sign] for sign in found.signs[::-1]))


# collections


def _compare_collections(prediction: str, gold: str, judge: Judge) -> Verdict | None:
    left, right = collection(prediction), collection(gold)
    if left is None and right is None:
        return None
    left, right = left or Collection("list", (prediction,)), right or Collection("list", (gold,))
    if left.ordered != right.ordered or left.brackets != right.brackets:
        return Verdict(
            False, right.kind, f"a {left.kind} {left.brackets} is not a {right.kind} {right.brackets}".strip()
        )
    if {"set", "union"} & {left.kind, right.kind}:
        return _known(_same_set(left.items, right.items, judge, f"{right.kind}, in any order"))
    if len(left.items) != len(right.items):
        return Verdict(False, right.kind, f"{len(left.items)} elements where there should be {len(right.items)}")
    if right.ordered:
        return _known(_in_order(left.items, right.items, judge, f"{right.kind}, in order"))
    return _known(_in_any_order(left.items, right.items, judge, f"{right.kind}, in any order"))


def _in_order(left: Sequence[str], right: Sequence[str], judge: Judge, rule: str) -> Verdict | None:
    verdicts = [compare(*pair, judge) for pair in zip(left, right, strict=True)]
    for number, verdict in enumerate(verdicts, 1):
        if verdict and not verdict.correct:
            return Verdict(False, rule, f"element {number} differs: {verdict.reason}")
    return Verdict(True, rule, f"all {len(verdicts)} elements are equal") if all(verdicts) else None


def _in_any_order(left: Sequence[str], right: Sequence[str], judge: Judge, rule: str) -> Verdict | None:
    """Each gold element takes the first answer equal to it, its own text before all, so that no answer counts twice."""
    rest, unknown, others = list(left), False, []
    for gold in right:
        if gold in rest:
            rest.remove(gold)
        else:
            others.append(gold)
    for gold in others:
        verdicts = [compare(item, gold, judge) for item in rest]
        found = next((index for index, verdict in enumerate(verdicts) if verdict and verdict.correct), None)
        if found is not None:
            del rest[found]
        elif all(verdicts):
            return Verdict(False, rule, f"{gold} is missing") if not unknown else None
        else:
            unknown = True
    return None if unknown else Verdict(True, rule, f"all {len(right)} elements are there")


def _same_set(left: Sequence[str], right: Sequence[str], judge: Judge, rule: str) -> Verdict | None:
    """Whether each element has an equal on the other side, however often it is there."""
    unknown = False
    sides = [[(item, gold) for item in left] for gold in right] + [[(item, gold) for gold in right] for item in left]
    for number, pairs in enumerate(sides):
        if any(item == gold for item, gold in pairs):
            continue
        verdicts = [compare(*pair, judge) for pair in pairs]
        if all(verdicts) and not any(verdict and verdict.correct for verdict in verdicts):
            return Verdict(False, rule, f"{right[number]} is missing" if number < len(right) else "one is too many")
        unknown |= not any(verdict and verdict.correct for verdict in verdicts)
    return None if unknown else Verdict(True, rule, f"all {len(right)} elements are there")


# single values


def _compare_values(prediction: str, gold: str, judge: Judge) -> Verdict | None:
    (left, left_unit), (right, right_unit) = split_unit(prediction), split_unit(gold)
    units = {unit for unit in (measure(left_unit), measure(right_unit)) if unit}
    if len(units) > 1:
        return Verdict(False, "units", f"the units differ: {' and '.join(sorted(units))}")
    if _BASE.fullmatch(left) or _BASE.fullmatch(right):
        return Verdict(_in_base(left) == _in_base(right), "base", "digits and base are compared")
    if "%" in left or "%" in right:
        return _compare_percent(left, right, judge)
    if _RATIO.fullmatch(left) or _RATIO.fullmatch(right):
        return _compare_ratios(left, right)
    numbers = read_number(left), read_number(right)
    if numbers[0] and numbers[1]:
        return _compare_numbers(numbers[0], numbers[1])
    return judge("value", left, right)


def _in_base(text: str) -> tuple[str, ...]:
    match = _BASE.fullmatch(text)
    return match.groups() if match else (text,)


def _compare_percent(left: str, right: str, judge: Judge) -> Verdict | None:
    """`40%` is 40 where percent are asked for, and 0.4; without the sign the two stay apart."""
    bare = left.replace("%", "").strip(), right.replace("%", "").strip()
    verdict = _compare_values(*bare, judge)
    if verdict is None or verdict.correct or ("%" in left and "%" in right):
        return verdict
    numbers = read_number(bare[0]), read_number(bare[1])
    if numbers[0] and numbers[1]:
        values = [n.value / (100 if "%" in text else 1) for n, text in zip(numbers, (left, right), strict=True) if n]
        return Verdict(values[0] == values[1], "percent", "a percent is a hundredth")
    return verdict


def _compare_ratios(left: str, right: str) -> Verdict:
    """`6:4` is `3:2`, and of two terms also the quotient 1.5."""
    terms = [[read_number(term) for term in text.split(":")] for text in (left, right)]
    values = [[term.value for term in side if term] for side in terms]
    if len(values[0]) != len(terms[0]) or len(values[1]) != len(terms[1]):
        return Verdict(False, "ratio", "one of the two is no ratio")
    one, other = ([*side, Fraction(1)] if len(side) == 1 else side for side in values)
    same = len(one) == len(other) and any(one) == any(other)
    if same and any(other):
        first = next(index for index, term in enumerate(other) if term)
        same = all(a * other[first] == b * one[first] for a, b in zip(one, other, strict=True))
    return Verdict(same, "ratio", "terms are compared up to a common factor")


def _compare_numbers(prediction: Written, gold: Written) -> Verdict:
    if prediction.value == gold.value:
        return Verdict(True, "numbers", "equal numbers")
    if is_noise(gold, prediction.value):  # as some data sets hold quotients
        return Verdict(True, "rounded decimal", "the gold answer but for the error of floating-point arithmetic")
    return compare_decimal(prediction, gold.value, gold.decimals is None and gold.value.denominator > 1)


def compare_decimal(prediction: Written, gold: Fraction, may_round: bool) -> Verdict:
    """The verdict on a number that is not the gold value: it may still be a decimal of it.

    `may_round` says whether the gold answer is one that decimals round, such as 10/11, rather than a decimal or an
    integer itself.
    """
    if may_round and states(prediction, gold):
        return Verdict(True, "rounded decimal", "the exact value, rounded or cut off after enough digits")
    if is_noise(prediction, gold):
        return Verdict(True, "rounded decimal", "equal but for the error of floating-point arithmetic")
    return Verdict(False, "numbers", "different numbers, and not a rounded decimal of the exact value")
