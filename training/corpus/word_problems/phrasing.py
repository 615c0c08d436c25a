"""A small grammar notation: `(a|b|)` is a choice, nested as deep as wanted; `<slot>` is filled by the scene."""

import random
import re
from collections.abc import Sequence

Template = str
CHOICE = re.compile(r"\(([^()]*)\)")
VOWEL_SOUND = re.compile(r"\b([Aa])n? (?=(?!uni|one\b|once|eu|use)[aeiou]|hour|honest|8|11\b|18\b|[AEIO][a-z])")
FALSE_AN = re.compile(r"\b([Aa])n (?=uni|one\b|once|eu|use)")
SENTENCE_START = re.compile(r"(^|(?<![ap]\.m)[.?!] )([a-z])")


SEVERAL_SENTENCES = re.compile(r"[.:] |take the numbers")
LATER: Template = "(|||then |later |after that, |the next day, |afterwards, )"


def choose(rng: random.Random, template: Template) -> Template:
    """Settle every choice of a template, the innermost first; slots stay."""
    while CHOICE.search(template):
        template = CHOICE.sub(lambda match: rng.choice(match[1].split("|")), template)
    return template


def tidy(text: str) -> str:
    """Mend what composition leaves behind: white space, "a" before a vowel, capitals at the start of sentences."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([,.?!])", r"\1", text)
    text = VOWEL_SOUND.sub(r"\1n ", text)
    text = FALSE_AN.sub(r"\1 ", text)
    return SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)


def compose(rng: random.Random, facts: Sequence[Template], ask: Template) -> Template:
    """Put clauses and a question together: as sentences, joined, as a condition, or with the question first.

    Clauses come without a full stop, the question without its question mark.
    """
    if not facts:
        return f"{ask}?"
    *others, last = facts
    shape = 1.0 if any(map(SEVERAL_SENTENCES.search, facts)) else rng.random()
    if shape < 0.18 and others:
        return f"{sentences(rng, others)} if {last.removeprefix(LATER)}, {ask}?"
    if shape < 0.26 and len(facts) <= 2:
        return f"{ask} if {' and '.join(facts)}?"
    if shape < 0.34 and len(facts) <= 2:
        return f"if {' and '.join(facts)}, {ask}?"
    return f"{sentences(rng, facts)} {ask}?"


def sentences(rng: random.Random, facts: Sequence[Template]) -> Template:
    """Write clauses as sentences, now and then two of them joined by "and" or "then"."""
    text = ""
    for position, fact in enumerate(facts):
        joined = position > 0 and text.endswith(".") and rng.random() < 0.2
        if joined and fact.startswith(LATER) and rng.random() < 0.6:
            text = f"{text[:-1]}(, then|, and then|, but then|; then) {fact.removeprefix(LATER)}."
        elif joined and " and " not in fact:
            text = f"{text[:-1]}(,|) and {fact}."
        else:
            text = f"{text} {fact}."
    return text
