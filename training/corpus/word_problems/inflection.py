"""Plurals and verb forms: regular ones by rule, the others as the lexicon spells them."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """A countable noun; its plural is what most sentences need."""

    one: str
    many: str

    def __str__(self) -> str:
        return self.many

    @property
    def variable(self) -> str:
        """The plural as a program names it: its last word."""
        return identifier(self.many)

    @property
    def single(self) -> str:
        """The singular as a program names it."""
        return identifier(self.one)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb in the forms that questions use; a particle ("give away") follows the form."""

    base: str
    past: str
    done: str
    third: str
    doing: str

    def __str__(self) -> str:
        return self.base


def tokens(text: str) -> tuple[str, ...]:
    """Read a table's words."""
    return tuple(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """Read a table's entries, comma separated."""
    return tuple(text.split(", "))


def identifier(phrase: str) -> str:
    """The word of a phrase that names it in a program."""
    return re.sub(r"\W", "", phrase.split()[-1].replace("-", "_")).lower()


def noun(entry: str) -> Noun:
    """Read "box" or "scarf/scarves"."""
    one, _, many = entry.partition("/")
    return Noun(one, many or plural(one))


def plural(word: str) -> str:
    """The regular plural."""
    if re.search(r"(s|x|z|ch|sh|\bgo|\bdo)$", word):
        return word + "es"
    return re.sub(r"(?<![aeiou])y$", "ie", word) + "s"


def verb(entry: str) -> Verb:
    """Read "bake", "buy/bought" or "eat/ate/eaten"; an underscore stands before a particle."""
    base, *irregular = entry.split("/")
    stem, _, particle = base.partition("_")
    rest = f" {particle}" if particle else ""
    past = irregular[0].split("_")[0] if irregular else regular_past(stem)
    done = irregular[1].split("_")[0] if len(irregular) > 1 else past
    third = "has" if stem == "have" else plural(stem)
    return Verb(stem + rest, past + rest, done + rest, third + rest, gerund(stem) + rest)


def regular_past(stem: str) -> str:
    """The regular past tense."""
    if stem.endswith("e"):
        return stem + "d"
    if re.search(r"[^aeiou]y$", stem):
        return stem[:-1] + "ied"
    return doubled(stem) + "ed"


def gerund(stem: str) -> str:
    """The form in -ing."""
    return (stem[:-1] if re.search(r"[^e]e$", stem) else doubled(stem)) + "ing"


def doubled(stem: str) -> str:
    """Double the last consonant of a short closed syllable, as in "dropped"."""
    return stem + stem[-1] if re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", stem) else stem
