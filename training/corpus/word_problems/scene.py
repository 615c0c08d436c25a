"""One problem being told: its people, things and numbers, filled into templates and turned into a draft."""

import itertools
import random
import re
from collections.abc import Sequence
from fractions import Fraction

from tora_agent.training.corpus.draft import Draft, conclusion
from tora_agent.training.corpus.naming import ORDINALS
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.inflection import Noun, Verb, tokens, verb
from tora_agent.training.corpus.word_problems.lexicon import Person
from tora_agent.training.corpus.word_problems.numbers import Number, Value
from tora_agent.training.corpus.word_problems.phrasing import Template, choose, compose, tidy
from tora_agent.training.corpus.word_problems.settings import ASIDES, OPENINGS, TASKS

SLOT = re.compile(r"<(\w+)(?:\.(\w+))?((?: [^<>]*)?)>")
HERO = re.compile(r"<p[.>]")
Slot = Person | Noun | Verb | Number | str
TOLD = tuple(
    verb(entry)
    for entry in tokens(
        "have/had give/gave/given get/got put/put take/took/taken bring/brought receive find/found buy/bought"
        " spend/spent start pay/paid make/made earn save sell/sold share use hand send/sent lend/lent add"
        " need lose/lost collect"
    )
)
ROLES = {  # what a program calls the things of a story: few names, whatever the things are
    "things": ("things", "thing"),
    "box": ("groups", "group"),
    "tub": ("groups", "group"),
    "other": ("groups", "group"),
    "friends": ("people", "person"),
    "guests": ("people", "person"),
    "who": ("people", "person"),
    "pets": ("animals", "animal"),
    "food": ("food", "food"),
    "stuff": ("amount", "amount"),
}
UNITS = ("unit", "per", "time", "times")  # slots whose own words serve as names
NAMED = re.compile(r"@\w+@")  # in a program's draft: whose or what number it is, by slot


class Scene:
    """Slots by name, and what the text has mentioned so far, in order.

    In templates, `<p>` is a person's name, `<p.he>`, `<p.him>`, `<p.his>` the pronoun where it is clear and else
    the name, `<p.own>` always the possessive pronoun; `<things>` a noun's plural and `<things.one>` its singular;
    `<v>`, `<v.past>`, `<v.done>`, `<v.doing>`, `<v.third>` a verb's forms, `<v.told>` the form of the tense in
    which this scene is told; `<a>` a number. The verbs of `TOLD` are there from the start.
    """

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.tense = rng.choice(["past", "past", "third"])
        self.slots: dict[str, Slot] = {entry.base: entry for entry in TOLD}
        self.mentioned: list[str] = []

    def bind(self, **slots: Slot) -> None:
        """Name people, things and words; the choices in a text are settled now."""
        self.slots.update(
            {key: choose(self.rng, slot) if isinstance(slot, str) else slot for key, slot in slots.items()}
        )

    def give(self, key: str, value: Value, variable: Template | None, text: str | None = None) -> None:
        """Name a given number and the variable that the program assigns it to; `text` overrides its writing."""
        text = text or numbers.written(self.rng, value)
        self.slots[key] = Number(value, text, numbers.literal(value), self.fresh(key, variable))

    def give_fraction(self, key: str, value: Fraction, variable: Template) -> None:
        """Name a given fraction, written a/b in the question and in the program."""
        text = f"{value.numerator}/{value.denominator}"
        self.slots[key] = Number(value, text, text, self.fresh(key, variable))

    def give_money(self, key: str, value: Value, variable: Template | None) -> None:
        """Name a given amount in dollars."""
        text, literal = numbers.dollars(self.rng, value)
        self.slots[key] = Number(value, text, literal, self.fresh(key, variable))

    def fresh(self, key: str, variable: Template | None) -> str | None:
        """Fill a variable's template, and number the name where it is taken."""
        if variable is None:
            return None
        wanted = self.identifier(variable)
        taken = {slot.variable for name, slot in self.slots.items() if isinstance(slot, Number) and name != key}
        candidates = itertools.chain([wanted], (f"{wanted}_{position}" for position in itertools.count(2)))
        return next(candidate for candidate in candidates if candidate not in taken)

    def identifier(self, template: Template) -> str:
        """Fill a template for a program with the names that its slots have there."""
        return SLOT.sub(lambda match: self.as_variable(match[1], match[2]), template)

    def as_variable(self, key: str, form: str | None) -> str:
        """What a slot is called in a program; people and kinds of things are told apart by their order in it."""
        slot = self.slots[key]
        if key in ROLES:
            return ROLES[key][form == "one"]
        if isinstance(slot, Number):
            return slot.variable or ""
        if key in UNITS and isinstance(slot, str | Noun):
            return slot if isinstance(slot, str) else slot.single if form == "one" else slot.variable
        return f"@{key}@"

    def tell(self, template: Template) -> str:
        """Write a part of the question."""
        return tidy(SLOT.sub(lambda match: self.fill(match[1], match[2]), choose(self.rng, template)))

    def fill(self, key: str, form: str | None) -> str:
        """Fill one slot, and note that it was mentioned."""
        slot = self.slots[key]
        if isinstance(slot, Person):
            text = self.refer(key, slot, form)
        else:
            text = str(getattr(slot, self.tense if form == "told" else form)) if form else str(slot)
        self.mentioned.append(key)
        return text

    def refer(self, key: str, person: Person, form: str | None) -> str:
        """Name a person, or use a pronoun where the text has named no one else that it could mean."""
        known = key in self.mentioned
        rivals = any(
            isinstance(other, Person) and other.female == person.female and other is not person
            for other in (self.slots[name] for name in self.mentioned)
        )
        if form == "own":
            return "her" if person.female else "his"
        name = person.name if known or not person.role else person.name.replace("the ", "a ", 1)
        if form is None or not known or rivals or self.rng.random() < 0.2:
            return f"{name}'s" if form == "his" else name
        pronouns = {"he": "she", "him": "her", "his": "her"}
        return pronouns[form] if person.female else form

    def draft(
        self,
        family: str,
        facts: Sequence[Template],
        ask: Template,
        rationale: Template,
        steps: Sequence[str],
        answer: Value,
        extras: bool = True,
        opening: Template = "",
    ) -> Draft:
        """Write the whole problem.

        Steps are `name = expression`, with a given number's key in braces; names may hold slots. `extras` allows
        an opening sentence or an irrelevant one about the person in slot "p"; `opening` is one of the family's own.
        """
        if extras and facts and any(HERO.search(fact) for fact in facts):
            opening = self.rng.choice(OPENINGS) + "." if self.rng.random() < 0.1 else ""
            facts = self.with_aside(facts) if self.rng.random() < 0.07 else facts
        question = self.tell(f"{opening} {compose(self.rng, facts, ask)}")
        return self.finish(family, question, rationale, steps, answer)

    def finish(self, family: str, question: str, rationale: Template, steps: Sequence[str], answer: Value) -> Draft:
        """The problem of a question that was told; the other arguments are those of `draft`."""
        return Draft(
            family=family,
            question=question,
            rationale=tidy(SLOT.sub(lambda match: self.fill(match[1], match[2]), rationale)),
            program=self.program(steps),
            answer=plain(answer),
            conclusion=conclusion(self.rng, plain(answer)),
        )

    def task(self) -> Template:
        """A sentence for problems without a story: someone has a number problem to do, or nothing."""
        if self.rng.random() < 0.4:
            return ""
        first = lexicon.person(self.rng, roles=0)
        self.bind(p=first, q=lexicon.person(self.rng, first, roles=0))
        return self.rng.choice(TASKS) + "."

    def with_aside(self, facts: Sequence[Template]) -> list[Template]:
        """Put in a clause whose number does not matter."""
        self.give("aside", numbers.below(self.rng, 60, 5), None)
        self.give("aside_small", self.rng.randint(4, 9), None)
        place = self.rng.randrange(len(facts))
        return [*facts[:place], self.rng.choice(ASIDES), *facts[place:]]

    def program(self, steps: Sequence[str]) -> str:
        """Assign the given numbers in the order of the question, then compute and print."""
        given = {key: slot for key, slot in self.slots.items() if isinstance(slot, Number) and slot.variable}
        order = [key for key in dict.fromkeys(self.mentioned) if key in given]
        lines = [f"{given[key].variable} = {given[key].literal}" for key in order]
        names = {key: number.variable for key, number in given.items()}
        lines += [self.identifier(step).format_map(names) for step in steps]
        result = lines[-1].split(" = ")[0]
        exact = not any("." in given[key].literal for key in order)
        lines.sort(key=lambda line: not line.startswith("from "))
        text = "\n".join([*lines, f"print({result})" if exact else f"print(round({result}, 2))"])
        ordinals = iter(ORDINALS)
        called = {marker: next(ordinals) for marker in dict.fromkeys(NAMED.findall(text))}
        return NAMED.sub(lambda match: called[match[0]], text)


def plain(answer: Value) -> str:
    """Write an answer as a whole number or a decimal of at most four places."""
    return numbers.literal(Fraction(answer).limit_denominator(10**6))
