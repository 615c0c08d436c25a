"""The same story about other things of the same kind, so that a model learns to read the sentences around them."""

import random
import re
from collections.abc import Mapping

from tora_agent.training.corpus.naming import UNITS
from tora_agent.training.corpus.word_problems.inflection import Noun
from tora_agent.training.corpus.word_problems.things import THINGS

CHANGED = 0.5  # share of the things
_COUNTED = re.compile(r"<\w+> ([a-z]+)\b")
_PLAIN = {
    kind: [noun for noun in nouns if noun.many.isalpha() and noun.many.islower()] for kind, nouns in THINGS.items()
}
_KINDS = {noun.many: (kind, noun) for kind, nouns in _PLAIN.items() for noun in nouns if noun.many not in UNITS}
_WORD = re.compile(r"(?<!<)\b[a-z]+\b")
_ONE_OF = re.compile(r"\b(a|an|each|every|one|per|another) ([a-z]+)\b")
_FALSE_AN = re.compile(r"\b([Aa])n (?=[bcdfgjklmnpqrstvwxyz])")

Exchange = Mapping[Noun, Noun]


def other_things(rng: random.Random, question: str) -> Exchange:
    """Which of the things that a story counts, as "<things> apples", become others."""
    exchange: dict[Noun, Noun] = {}
    for many in dict.fromkeys(_COUNTED.findall(question)):
        if many not in _KINDS or rng.random() >= CHANGED:
            continue
        kind, noun = _KINDS[many]
        other = rng.choice(_PLAIN[kind])
        if other not in exchange.values() and not {other.one, other.many} & set(_WORD.findall(question)):
            exchange[noun] = other
    return exchange


def put(exchange: Exchange, text: str) -> str:
    """The text with the others in place of the things."""
    if not exchange:
        return text
    many = {noun.many: other.many for noun, other in exchange.items()}
    one = {noun.one: other.one for noun, other in exchange.items()}
    text = _WORD.sub(lambda word: many.get(word[0], word[0]), text)
    text = _ONE_OF.sub(lambda found: f"{found[1]} {one.get(found[2], found[2])}", text)
    return _FALSE_AN.sub(r"\1 ", text)
