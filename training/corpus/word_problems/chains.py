"""Stories of several steps: an amount that goes through events, and amounts that are told by one another."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers, settings
from tora_agent.training.corpus.word_problems.combine import IN_ALL, series
from tora_agent.training.corpus.word_problems.phrasing import LATER, Template
from tora_agent.training.corpus.word_problems.scene import Scene


class Chain:
    """An amount at hand, the clauses told so far, and the steps of the program, which keep it in `now`."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.scene = Scene(rng)
        things, kind = lexicon.thing(rng)
        first = lexicon.person(rng)
        box, second_box = rng.sample(lexicon.CONTAINERS, 2)
        self.scene.bind(
            p=first,
            q=lexicon.person(rng, first, roles=0),
            things=things,
            box=box,
            tub=second_box,
            v=lexicon.getting(rng, kind),
            w=lexicon.losing(rng, kind),
            kin=rng.choice(lexicon.RELATIVES),
            friends="(friends|cousins|classmates|neighbors|children)",
        )
        self.facts: list[Template] = []
        self.steps: list[str] = []
        self.plan: list[str] = []
        self.amount = 0
        self.given = 0

    def number(self, value: int, variable: str) -> str:
        """Give a number and return its slot."""
        self.given += 1
        key = f"n{self.given}"
        self.scene.give(key, value, variable)
        return key

    def step(self, clause: Template, expression: str, plan: str, amount: int) -> None:
        """Tell an event and compute what it leaves."""
        self.facts.append(clause)
        self.steps.append(f"now = {expression}")
        self.plan.append(plan)
        self.amount = amount

    def begin(self) -> str:
        """Tell the start; the expression of the amount, for the first step to use."""
        form = self.rng.choice(["plain", "plain", "boxes", "relative"])
        if form == "boxes":
            n, k = self.rng.randint(2, 12), self.rng.randint(2, 24)
            boxes, each = self.number(n, "<box>"), self.number(k, "per_<box.one>")
            self.step(
                f"<p> (has|had|bought) <{boxes}> <box> (of|with) <{each}> <things>( each| in each|)",
                f"{{{boxes}}} * {{{each}}}",
                "multiply",
                n * k,
            )
            return "now"
        if form == "relative":
            base, factor = numbers.count(self.rng, 3, 40), self.rng.choice([2, 2, 3, 4])
            key = self.number(base, "<q>")
            self.facts.append(f"<q> (has|had) <{key}> <things>")
            self.step(
                f"<p> (has|had) {numbers.TIMES[factor]} as many( <things>|) as <q>",
                f"{{{key}}} * {factor}",
                f"multiply by {factor}",
                base * factor,
            )
            return "now"
        self.amount = numbers.count(self.rng, 8, 100)
        key = self.number(self.amount, "<things>")
        self.facts.append(f"<p> (has|had|bought|started with|collected) <{key}> <things>")
        return f"{{{key}}}"

    def event(self, now: str) -> None:
        """Tell one change of the amount."""
        rng = self.rng
        kinds = (
            ["gain", "boxes", "double"]
            if self.amount < 8
            else ["gain", "lose", "lose", "boxes", "friends", "days", "fraction"]
        )
        kind = rng.choice(kinds)
        divisor = rng.choice([divisor for divisor in (2, 2, 3, 4, 5) if self.amount % divisor == 0] or [0])
        if kind == "fraction" and not divisor:
            kind = "lose"
        if kind == "gain":
            key = self.number(more := numbers.count(rng, 2, 50), "more")
            clause = (
                f"{LATER}(<p.he> (<v.past>|found|got) <{key}> more( <things>|)|<p.own> <kin> gave <p.him>"
                f" <{key}> more( <things>|)|<q> gave <p.him> another <{key}>( <things>|))"
            )
            self.step(clause, f"{now} + {{{key}}}", "add what came", self.amount + more)
        elif kind == "lose":
            key = self.number(less := numbers.below(rng, self.amount), "gone")
            clause = (
                f"{LATER}(<p.he> (<w.past>|gave away|lost) <{key}>( of them|)|<p.he> gave <{key}>( of them|"
                " <things>|) to (<q>|<p.own> <kin>))"
            )
            self.step(clause, f"{now} - {{{key}}}", "subtract what is gone", self.amount - less)
        elif kind == "boxes":
            n, k = rng.randint(2, 9), rng.randint(2, 12)
            tubs, each = self.number(n, "<tub>"), self.number(k, "per_<tub.one>")
            clause = (
                f"{LATER}<p.he> (bought|got|received|found) <{tubs}> (more |)<tub> (of|with) <{each}>"
                " (<things> |)(each|in each)"
            )
            self.step(clause, f"{now} + {{{tubs}}} * {{{each}}}", "add the <tub>", self.amount + n * k)
        elif kind == "double":
            self.step(
                f"{LATER}<p.he> (doubled|doubles) (that number|the number of <things>)",
                f"{now} * 2",
                "double",
                self.amount * 2,
            )
        elif kind == "fraction":
            part = rng.choice(
                {
                    2: ("half",),
                    3: ("a third", "one third"),
                    4: ("a quarter", "one fourth"),
                    5: ("one fifth", "a fifth"),
                }[divisor]
            )
            clause = (
                f"{LATER}<p.he> (<w.past>|gave away|gave <q>) {part} of (them|the <things>|what <p.he>"
                " had|<p.own> <things>)"
            )
            self.step(
                clause, f"{now} - {now} // {divisor}", f"take away 1/{divisor}", self.amount - self.amount // divisor
            )
        else:
            n = rng.randint(2, min(8, self.amount // 3))
            k = rng.randint(1, max(1, (self.amount - 1) // n // 2)) + 1
            k = min(k, (self.amount - 1) // n)
            days = kind == "days"
            people, each = (
                self.number(n, "days" if days else "<friends>"),
                self.number(k, "per_day" if days else "each"),
            )
            clause = (
                f"{LATER}<p.he> (<w.past>|used) <{each}> (<things> |)(each|every|a) day for <{people}> days"
                if days
                else f"{LATER}<p.he> gave <{people}> <friends> <{each}> (<things> |)each"
            )
            self.step(
                clause,
                f"{now} - {{{people}}} * {{{each}}}",
                "subtract what was used" if days else "subtract what the <friends> got",
                self.amount - n * k,
            )

    def finish(self) -> tuple[Template, int]:
        """Ask for what is left, or for something made of it."""
        rng = self.rng
        end = rng.choice(["left", "left", "left", "share", "sell", "pack", "need"])
        divisor = next(
            (
                divisor
                for divisor in rng.sample(range(2, 13), 11)
                if self.amount % divisor == 0 and self.amount > divisor
            ),
            0,
        )
        if end == "share" and divisor:
            key = self.number(divisor, "people")
            self.facts.append(
                f"<p.he> (shared|divided|split) the rest (equally|evenly) (among|between) <{key}> (people|<friends>)"
            )
            self.steps.append(f"each = now // {{{key}}}")
            self.plan.append("divide")
            return "how many( <things>|) did each (get|receive)", self.amount // divisor
        if end == "pack" and divisor:
            key = self.number(divisor, "per_bag")
            self.facts.append(f"<p.he> put the rest into bags (of|with) <{key}>( each|)")
            self.steps.append(f"bags = now // {{{key}}}")
            self.plan.append("divide")
            return "how many bags (did <p.he> (fill|use|need)|were there)", self.amount // divisor
        if end == "sell":
            price = rng.randint(2, 20)
            self.given += 1
            key = f"n{self.given}"
            self.scene.give_money(key, price, "price")
            self.facts.append(f"<p.he> sold (the rest|the remaining <things>|all that were left) for <{key}> each")
            self.steps.append(f"money = now * {{{key}}}")
            self.plan.append("multiply by the price")
            return (
                "how (much|much money|many dollars) did <p.he> (make|earn|get)( from the sale|)",
                self.amount * price,
            )
        if end == "need":
            missing = numbers.count(rng, 2, 50)
            key = self.number(self.amount + missing, "goal")
            self.facts.append(f"<p.he> (needs|wants to have) <{key}> <things>( in all|)")
            self.steps.append(f"needed = {{{key}}} - now")
            self.plan.append("subtract from the goal")
            return "how many more( <things>|) does <p.he> need", missing
        return (
            "how many <things> (does <p.he> have (left|now|in the end)|are left|did <p.he> end up with|remain)",
            self.amount,
        )


def events(rng: random.Random) -> Draft:
    """An amount goes through one to four events; two to six steps in all."""
    chain = Chain(rng)
    now = chain.begin()
    for _ in range(rng.choice([1, 1, 2, 2, 2, 3, 3, 4])):
        chain.event(now)
        now = "now"
    ask, answer = chain.finish()
    rationale = f"Follow the <things>: {', '.join(chain.plan)}."
    return chain.scene.draft("events", chain.facts, ask, rationale, chain.steps, answer)


def relation(
    rng: random.Random, scene: Scene, key: str, subject: str, value: int, reference: str, name: str
) -> tuple[Template, str, int, str]:
    """How one amount is told by another: the clause's middle, the expression, the value, the plan."""
    form = rng.choice(["more", "fewer", "times", "half", "times_more"])
    if (form == "half" and value % 2) or (form == "fewer" and value < 5):
        form = "times"
    if form == "half":
        return "half as many( <things>|) as", f"{reference} // 2", value // 2, "halve"
    if form == "times":
        factor = rng.choice([2, 2, 2, 3, 3, 4, 5])
        return (
            f"({numbers.TIMES[factor]}|{numbers.TIMES[factor]}|{factor} times) as many( <things>|) as",
            f"{reference} * {factor}",
            value * factor,
            f"multiply by {factor}",
        )
    change = numbers.below(rng, value if form == "fewer" else 40)
    if form == "times_more":
        factor = rng.choice([2, 2, 3])
        scene.give(key, change, name)
        return (
            f"<{key}> more than {numbers.TIMES[factor]} as many( <things>|) as",
            f"{reference} * {factor} + {{{key}}}",
            value * factor + change,
            f"multiply by {factor} and add",
        )
    scene.give(key, change, name)
    if form == "more":
        return f"<{key}> more( <things>|) than", f"{reference} + {{{key}}}", value + change, "add"
    return f"<{key}> (fewer|less)( <things>|) than", f"{reference} - {{{key}}}", value - change, "subtract"


def relatives(rng: random.Random) -> Draft:
    """Three or four people, each told by an earlier one; the last, the sum or a difference is asked for."""
    scene = Scene(rng)
    size = rng.choice([2, 3, 3, 3, 4])
    cast = lexicon.people(rng, size)
    if rng.random() < 0.5:
        deed = settings.activity(rng)
        scene.bind(things=deed.things, v=deed.verb)
        has, did, have = "<v.past>", "did", "<v>"
    else:
        scene.bind(things=lexicon.thing(rng)[0])
        has, did, have = rng.choice([("has", "does", "have"), ("had", "did", "have")])
    keys = list("pqrs"[:size])
    scene.bind(**dict(zip(keys, cast, strict=True)))
    values = [numbers.count(rng, 4, 50)]
    scene.give("a", values[0], "<p>")
    facts: list[Template] = [f"<p> {has} <a> <things>"]
    steps, plan = [], []
    for place in range(1, size):
        before = place - 1 if rng.random() < 0.8 else rng.randrange(place)
        reference = "{a}" if before == 0 else f"<{keys[before]}>"
        middle, expression, value, what = relation(
            rng, scene, f"d{place}", keys[place], values[before], reference, "gap"
        )
        facts.append(f"<{keys[place]}> {has} {middle} <{keys[before]}>")
        steps.append(f"<{keys[place]}> = {expression}")
        plan.append(f"for <{keys[place]}>, {what}")
        values.append(value)
    if rng.random() < 0.25:
        facts.reverse()
    rationale = f"{', '.join(plan)}"
    last = keys[-1]
    asked = rng.choice(["sum", "sum", "last", "difference"])
    if asked == "sum":
        names = ["{a}", *(f"<{key}>" for key in keys[1:])]
        they = did.replace("does", "do")
        ask = f"(how many <things> {they} (they|they all) {have} {IN_ALL}|what is the total number of <things>)"
        return scene.draft(
            "relatives",
            facts,
            ask,
            rationale + "; then add all.",
            [*steps, f"total = {' + '.join(names)}"],
            sum(values),
            extras=False,
        )
    if asked == "difference" and values[-1] != values[0]:
        more, less, one, two = (
            (last, "p", f"<{last}>", "{a}") if values[-1] > values[0] else ("p", last, "{a}", f"<{last}>")
        )
        ask = f"how many more <things> {did} <{more}> {have} than <{less}>"
        return scene.draft(
            "relatives",
            facts,
            ask,
            rationale + "; then subtract.",
            [*steps, f"difference = {one} - {two}"],
            abs(values[-1] - values[0]),
            extras=False,
        )
    return scene.draft(
        "relatives", facts, f"how many <things> {did} <{last}> {have}", rationale + ".", steps, values[-1], extras=False
    )


def days_told(rng: random.Random) -> Draft:
    """An activity over two to four times, each told by the one before."""
    scene = Scene(rng)
    deed = settings.activity(rng)
    times = series(rng, rng.choice([2, 2, 3, 3, 4]))
    scene.bind(p=lexicon.person(rng), v=deed.verb, things=deed.things)
    values = [numbers.count(rng, 4, 50)]
    scene.give("a", values[0], times[0][0])
    facts: list[Template] = [f"<p> <v.past> <a> <things> {times[0][1]}"]
    steps, plan = [], []
    for place in range(1, len(times)):
        name, when = times[place]
        reference = "{a}" if place == 1 else times[place - 1][0]
        middle, expression, value, what = relation(rng, scene, f"d{place}", name, values[-1], reference, "gap")
        facts.append(
            rng.choice(
                [
                    f"<p.he> <v.past> {middle} {times[place - 1][1]} {when}",
                    f"{when}(,|) <p.he> <v.past> {middle} {times[place - 1][1]}",
                ]
            )
        )
        steps.append(f"{name} = {expression}")
        plan.append(what)
        values.append(value)
    rationale = f"Each time from the one before: {', '.join(plan)}"
    if rng.random() < 0.7:
        names = ["{a}", *(name for name, _ in times[1:])]
        ask = f"(how many <things> did <p.he> <v> {IN_ALL}|what is the total number of <things>" + ")"
        ask = f"(how many <things> did <p.he> <v> {IN_ALL}|what is the total number of <things> <p.he> <v.past>)"
        return scene.draft(
            "days_told",
            facts,
            ask,
            rationale + "; then add all.",
            [*steps, f"total = {' + '.join(names)}"],
            sum(values),
        )
    return scene.draft(
        "days_told", facts, f"how many <things> did <p.he> <v> {times[-1][1]}", rationale + ".", steps, values[-1]
    )


GENERATORS: dict[str, Generator] = {family.__name__: family for family in (events, relatives, days_told)}
