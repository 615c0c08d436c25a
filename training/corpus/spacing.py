"""Questions as people and tokenisers space them: published sets hold all three ways."""

import random
import re
from dataclasses import replace

from tora_agent.training.corpus.draft import Draft, Generator

TOKENISED = 0.15  # share of the questions with a space before every mark: "shells . How many ?", "Tom 's", "$ 5"
SPREAD = 0.1  # share with two spaces between sentences
_MARK = re.compile(r"(?<=[\w%)$\"])(?=[.,?!;:](?:\s|$)|'s\b)|(?<=\$)(?=\d)")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!]) (?=[A-Z])")


def respaced(generator: Generator) -> Generator:
    """The same problems, a part of them spaced in another way."""

    def draw(rng: random.Random) -> Draft:
        draft = generator(rng)
        return replace(draft, question=respace(draft.question, rng.random()))

    return draw


def respace(question: str, chance: float) -> str:
    """The question in the way that a number from 0 to 1 chooses."""
    if chance < TOKENISED:
        return _MARK.sub(" ", question)
    return _BETWEEN_SENTENCES.sub("  ", question) if chance < TOKENISED + SPREAD else question
