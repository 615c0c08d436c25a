"""Change problems: something grows or shrinks, and the end, the change or the start is asked for."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers, settings
from tora_agent.training.corpus.word_problems.holdings import GATHERING, HOLDINGS, POSSESSION
from tora_agent.training.corpus.word_problems.owned import owned
from tora_agent.training.corpus.word_problems.phrasing import LATER, Template
from tora_agent.training.corpus.word_problems.scene import Scene


class Tale:
    """A change problem in the making: its scene, and how its amount is told."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.scene, self.holding = Scene(rng), rng.choice(HOLDINGS)
        first = lexicon.person(rng)
        things, kind = lexicon.thing(rng)
        self.scene.bind(
            p=first,
            q=lexicon.person(rng, first, roles=0),
            kin=rng.choice(lexicon.RELATIVES),
            things=things,
            v=lexicon.getting(rng, rng.choice(["", kind])),
            w=lexicon.losing(rng, kind),
            box=rng.choice(lexicon.CONTAINERS),
            place=rng.choice(lexicon.PLACES),
            day=rng.choice(lexicon.DAYS),
            shop=rng.choice(lexicon.SHOPS),
        )
        if self.holding is POSSESSION and rng.random() < 0.4:
            things, self.holding = owned(rng)
            self.scene.bind(things=things)
        if self.holding is GATHERING:
            group = settings.gathering(rng)
            self.scene.bind(things=group.things, where=group.where, came=group.came, left=group.left)

    def say(self, templates: tuple[Template, ...], key: str, value: int, variable: str) -> Template:
        """A clause about a number."""
        (self.scene.give_money if self.holding.money else self.scene.give)(key, value, variable)
        return self.rng.choice(templates).replace("#", key)

    def start(self, value: int) -> Template:
        """What there was at first."""
        return self.say(self.holding.start, "a", value, "money" if self.holding.money else "<things>")

    def event(self, grows: bool, key: str, value: int) -> Template:
        """A clause about a gain or a loss."""
        return self.say(
            *((self.holding.gains, key, value, "more") if grows else (self.holding.losses, key, value, "gone"))
        )

    def changes(self, amount: int, keys: str) -> tuple[list[Template], list[bool], int]:
        """Gains and losses that never use up the amount: their clauses, which of them are gains, what is left."""
        facts, grown = [], []
        for key in keys:
            grows = amount < 4 or self.rng.random() < 0.5
            change = numbers.count(self.rng, 2, 60) if grows else numbers.below(self.rng, amount - 1)
            amount += change if grows else -change
            facts.append(self.event(grows, key, change))
            grown.append(grows)
        return facts, grown, amount


def gain(rng: random.Random) -> Draft:
    """Start and gain are known."""
    tale = Tale(rng)
    a, b = numbers.count(rng), numbers.count(rng)
    facts = [tale.start(a), tale.event(True, "b", b)]
    ask = rng.choice(tale.holding.ask_grown)
    rationale = "Add the <a.variable> at the start and what came."
    return tale.scene.draft("gain", facts, ask, rationale, ["total = {a} + {b}"], a + b)


def lose(rng: random.Random) -> Draft:
    """Start and loss are known."""
    tale = Tale(rng)
    a = numbers.count(rng, 4)
    b = numbers.below(rng, a)
    facts = [tale.start(a), tale.event(False, "b", b)]
    ask = rng.choice(tale.holding.ask_left)
    rationale = "Subtract what is gone from the <a.variable> at the start."
    return tale.scene.draft("lose", facts, ask, rationale, ["left = {a} - {b}"], a - b)


def gain_and_lose(rng: random.Random) -> Draft:
    """Two or three changes follow each other."""
    tale = Tale(rng)
    a = numbers.count(rng, 5)
    start = tale.start(a)
    events, grown, amount = tale.changes(a, "bcd"[: rng.choice([2, 2, 2, 3])])
    ask = rng.choice(tale.holding.ask_grown if all(grown) else tale.holding.ask_left)
    result = "total" if all(grown) else "left"
    signs = "".join(f" {'+' if grows else '-'} {{{key}}}" for key, grows in zip("bcd", grown, strict=False))
    told = {True: "add what came", False: "subtract what is gone"}
    operations = " and ".join(told[grows] for grows in sorted(set(grown), reverse=True))
    rationale = f"Start with the <a.variable>, {operations}."
    return tale.scene.draft("gain_and_lose", [start, *events], ask, rationale, [f"{result} = {{a}}{signs}"], amount)


def gained_unknown(rng: random.Random) -> Draft:
    """Start and end are known, the gain is asked for."""
    tale = Tale(rng)
    end = numbers.count(rng, 5)
    a = numbers.below(rng, end)
    clause, ask = rng.choice(tale.holding.some_gained)
    facts = [tale.start(a), clause, tale.say(tale.holding.end, "b", end, "now")]
    if rng.random() < 0.15 and "<kin>" not in ask:
        del facts[1]
    rationale = "What came is what there is now minus the <a.variable> at the start."
    return tale.scene.draft("gained_unknown", facts, ask, rationale, ["more = {b} - {a}"], end - a)


def lost_unknown(rng: random.Random) -> Draft:
    """Start and end are known, the loss is asked for."""
    tale = Tale(rng)
    a = numbers.count(rng, 5)
    end = numbers.below(rng, a)
    clause, ask = rng.choice(tale.holding.some_lost)
    facts = [tale.start(a), clause, tale.say(tale.holding.end, "b", end, "now")]
    if rng.random() < 0.1 and "<things.one>" not in clause:
        del facts[1]
    rationale = "What is gone is the <a.variable> at the start minus what there is now."
    return tale.scene.draft("lost_unknown", facts, ask, rationale, ["gone = {a} - {b}"], a - end)


def start_unknown(rng: random.Random) -> Draft:
    """The end and one or two changes are known, the start is asked for."""
    tale = Tale(rng)
    start = numbers.count(rng, 5)
    events, grown, amount = tale.changes(start, "ab"[: rng.choice([1, 1, 1, 2])])
    facts = [rng.choice(tale.holding.some), *events, tale.say(tale.holding.end, "c", amount, "now")]
    if rng.random() < 0.12:
        facts = [facts[1].removeprefix(LATER), *facts[2:]]
    signs = "".join(f" {'-' if grows else '+'} {{{key}}}" for key, grows in zip("ab", grown, strict=False))
    told = {True: "subtract what came", False: "add what is gone"}
    operations = " and ".join(told[grows] for grows in sorted(set(grown), reverse=True))
    rationale = f"Go back from what there is now: {operations}."
    ask = rng.choice(tale.holding.ask_start)
    return tale.scene.draft("start_unknown", facts, ask, rationale, [f"start = {{c}}{signs}"], start)


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (gain, lose, gain_and_lose, gained_unknown, lost_unknown, start_unknown)
}
