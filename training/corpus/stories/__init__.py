"""Word problems told one by one: each story is a question with slots, how its numbers are drawn, and its program.

A story has a line each for the question, the draws (`first = 5..90, price = $2..30, things = each * groups`, then
conditions after `if`), the rationale and the steps of the program, and `answer: expression`, which finds the answer
from the draws by a way of its own. `<p>` and `<q>` are people, `(a|b)` is a choice.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.stories.things import other_things, put
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.phrasing import choose
from tora_agent.training.corpus.word_problems.scene import Scene

ATTEMPTS = 2000  # draws of a story's numbers before its conditions are called too narrow
_SLOT = re.compile(r"<(\w+)>")
_RANGE = re.compile(r"(\$?)(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)")
_DIGITS = r"\$<{0}>|<{0}>(?:%|[-/:.,]\d|-)|[-/:]<{0}>"  # where a number does not stand in words

Values = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Story:
    """One story, as its text has it; `draws` are names with a range or an expression, in order."""

    question: str
    draws: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]
    rationale: str
    steps: tuple[str, ...]
    answer: str

    @property
    def family(self) -> str:
        """Named after the number of steps."""
        return f"story_{min(len(self.steps), 4)}"


def parse(text: str) -> list[Story]:
    """Read stories, which blank lines divide.

    Raises:
        ValueError: a story lacks a line.
    """
    return [_story(block.splitlines()) for block in re.split(r"\n\s*\n", text.strip())]


def _story(lines: list[str]) -> Story:
    if len(lines) < 5 or not lines[-1].startswith("answer: "):
        raise ValueError(f"a story has a question, draws, a rationale, steps and an answer: {lines}")
    question, draws, rationale, *steps, answer = (line.strip() for line in lines)
    drawn, _, conditions = draws.partition(" if ")
    pairs = [pair.split(" = ", 1) for pair in drawn.split(", ")]
    return Story(
        question,
        tuple((name, value) for name, value in pairs),
        tuple(filter(None, re.split(r",| and ", conditions))),
        rationale,
        tuple(steps),
        answer.removeprefix("answer: "),
    )


def tell(rng: random.Random, story: Story) -> Draft:
    """A problem of a story, with people and numbers of its own.

    Raises:
        ValueError: its numbers cannot be drawn so that its conditions hold.
    """
    values = _drawn(rng, story)
    scene = Scene(rng)
    one, other = lexicon.people(rng, 2)
    scene.bind(p=one, q=other)
    money = {name for name, value in story.draws if value.startswith("$")}
    used = set(re.findall(r"\w+", " ".join(story.steps)))
    question = choose(rng, story.question)
    exchange = other_things(rng, question)
    for name in dict.fromkeys(_SLOT.findall(question)):
        if name in values:
            variable = name if name in used else None
            if name in money:
                scene.give_money(name, values[name], variable)
            else:
                scene.give(name, values[name], variable, _in_digits(name, values[name], question))
    answer = Fraction(_calculated(story.answer, values))
    told, rationale = scene.tell(put(exchange, question)), put(exchange, story.rationale)
    return scene.finish(story.family, told, rationale, story.steps, answer)


def _in_digits(name: str, value: Fraction, question: str) -> str | None:
    """How a number is written that may not stand in words; None where it may."""
    if not re.search(_DIGITS.format(name), question):
        return None
    cents = f"$<{name}>" in question and value.denominator > 1
    return f"{float(value):.2f}" if cents else numbers.literal(value)


def _drawn(rng: random.Random, story: Story) -> dict[str, Fraction]:
    """Numbers that fit the story; no cents where its program divides whole numbers."""
    cents = not any("//" in step for step in story.steps)
    for _ in range(ATTEMPTS):
        values: dict[str, Fraction] = {}
        for name, text in story.draws:
            found = _RANGE.fullmatch(text)
            values[name] = _in_range(rng, found, cents) if found else _calculated(text.removeprefix("$"), values)
        told = [values[name] for name in _SLOT.findall(story.question) if name in values]
        fits = all(value > 0 and value * 100 % 1 == 0 for value in told)
        if fits and all(_calculated(condition, values) for condition in story.conditions):
            return values
    raise ValueError(f"no numbers fit the story: {story.question}")


def _in_range(rng: random.Random, bounds: re.Match[str], cents: bool) -> Fraction:
    money, low, high = bounds.groups()
    places = max(len(bound.partition(".")[2]) for bound in (low, high))
    value = Fraction(rng.randint(int(Fraction(low) * 10**places), int(Fraction(high) * 10**places)), 10**places)
    if cents and money and value >= 2 and not places and rng.random() < 0.15:
        return value - Fraction(rng.choice([1, 2, 3]), 4)
    return value


def _calculated(expression: str, values: Values) -> Fraction:
    return Fraction(eval(expression, {"__builtins__": {}}, dict(values)))  # the package's own stories


def stories() -> list[Story]:
    """The package's stories."""
    folder = sorted(files(__package__).iterdir(), key=lambda file: file.name)
    texts = [file for file in folder if file.name.endswith(".txt")]
    return [story for text in texts for story in parse(text.read_text(encoding="utf-8"))]


def generators() -> dict[str, Generator]:
    """Generators of the package's stories, by the number of steps: "story_1" to "story_4"."""
    by_family: dict[str, list[Story]] = {}
    for story in stories():
        by_family.setdefault(story.family, []).append(story)
    return {family: _generator(by_family[family]) for family in sorted(by_family)}


def _generator(choices: list[Story]) -> Generator:
    return lambda rng: tell(rng, rng.choice(choices))
