"""Change problems: something grows or shrinks, and the end, the change or the start is asked for."""

import random
from dataclasses import dataclass

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers, settings
from tora_agent.training.corpus.word_problems.phrasing import LATER, Template
from tora_agent.training.corpus.word_problems.scene import Scene

Event = tuple[str, Template]  # the variable of its number, and its clause; `#` stands for the number's slot


@dataclass(frozen=True, slots=True)
class Holding:
    """How an amount that changes is told; `#` stands for a number's slot in every template."""

    start: Template
    gains: tuple[Event, ...]
    losses: tuple[Event, ...]
    end: Template
    some: Template
    some_gained: tuple[Template, ...]
    some_lost: tuple[Template, ...]
    ask_grown: Template
    ask_left: Template
    ask_gained: Template
    ask_lost: Template
    ask_start: Template
    money: bool = False


NOW = "(|now |today |at the end of the day |in the end )"
POSSESSION = Holding(
    start=(
        "(<p> (has|had|has|had|owns|owned|started with|started out with|had collected|began with) <#> <things>"
        "(||| in <p.own> <box.one>| at home| in <p.own> room)|there (are|were) <#> <things> in <p.his> <box.one>|"
        "<p.his> <box.one> (has|had|holds|held|contains|contained) <#> <things>)"
    ),
    gains=(
        ("<v>", f"{LATER}<p.he> <v.past> (<#> more|<#> more <things>|another <#>|another <#> <things>|<#> other <things>)"),
        ("<v>", f"{LATER}<p.he> <v.past> <#> more <things>( from <q>| at the store| in <place>| on <day>||)"),
        ("given", f"{LATER}<q> (gave|handed|brought|sent) <p.him> (<#> more|<#> <things>|<#> more <things>|another <#>)"),
        ("given", f"{LATER}<p.his> <kin> (gave|bought|brought) <p.him> <#> (more|more <things>|<things>)"),
        ("received", f"{LATER}<p.he> (got|received) <#> (more |)<things> from (<q>|<p.own> <kin>)"),
        ("added", f"{LATER}<p.he> (added|put in) <#> more( <things>)( to (the <box.one>|<p.own> collection)|)"),
        ("found", f"{LATER}<p.he> found <#> more( <things>|)( in <place>)"),
    ),
    losses=(
        ("<w>", f"{LATER}<p.he> <w.past> <#> (of them|of the <things>|<things>|of <p.own> <things>)"),
        ("<w>", f"{LATER}<p.he> <w.past> <#> <things>(| on <day>| in the morning| this week)"),
        ("<w>", f"{LATER}<#> (of them|of the <things>|<things>) were <w.done>"),
        ("given", f"{LATER}<p.he> gave <#> (of them|of the <things>|<things>) to (<q>|<p.own> <kin>)"),
        ("given", f"{LATER}<p.he> gave (<q>|<p.own> <kin>) <#> (of them|of the <things>|<things>|of <p.own> <things>)"),
        ("taken", f"{LATER}<q> (took|borrowed) <#> (of them|of the <things>|<things>) from <p.him>"),
        ("lost", f"{LATER}<#> of (them|the <things>) (got lost|went missing|were damaged|were lost)"),
    ),
    end=(
        f"({NOW}<p.he> (has|ended up with|has a total of) <#> <things>|now there are <#> <things> in <p.own> <box.one>|"
        "in the end <p.he> had <#> <things>)"
    ),
    some=(
        "(<p> (has|had|had|owned|started with) (some|a number of|a few|several|a collection of|a <box.one> of) <things>|"
        "there were some <things> in <p.his> <box.one>)"
    ),
    some_gained=(
        "<p.he> <v.past> (some more|some more <things>|some other <things>|a few more|several more <things>)",
        "<q> (gave|brought|sent|handed) <p.him> (some more|some <things>|some more <things>|a few more)",
        "<p.he> (got|received) (some|some more|several|a few) <things> from <q>",
    ),
    some_lost=(
        "<p.he> <w.past> (some|some of them|some of the <things>|a few of them|several <things>)",
        "<p.he> gave (some|some of them|some of the <things>|a few <things>) to (<q>|<p.own> <kin>)",
        "<q> took (some|some of them|a few of the <things>)",
    ),
    ask_grown=(
        "(how many <things> does <p.he> have (now|in all|altogether|in total||now)|what is the total number of <things> "
        "(that <p.he> has|<p.he> has now)|how many <things> (will|would) <p.he> have (now|in all|altogether|then)|"
        "how many <things> did <p.he> (end up with|have in the end|have altogether))"
    ),
    ask_left=(
        "(how many <things> (does <p.he> have (left|now|still|remaining|)|are left|remain|did <p.he> have left|"
        "are (still |)there|will <p.he> have (left|)|are still left)|how many (are left|does <p.he> have left)|"
        "what is the number of <things> (left|that <p.he> has left)|how many <things> did <p.he> (keep|end up with))"
    ),
    ask_gained=(
        "(how many( more|) <things> did <p.he> (get|gain|receive|add)|how many <things> (were|did <p.he> have) added|how many new <things> did <p.he> get)"
    ),
    ask_lost=(
        "(how many <things> (were <w.done>|did <p.he> lose in all|are gone|are missing|did <p.he> part with)|"
        "how many (of them|of the <things>|of <p.own> <things>) are gone)"
    ),
    ask_start=(
        "(how many <things> did <p.he> (have (at first|to begin with|in the beginning|originally|initially|before|"
        "to start with|at the start)|start with|begin with)|what was the number of <things> <p.he> had (at first|before))"
    ),
)
GATHERING = Holding(
    start="(there (are|were) <#> <things> <where>|<#> <things> (are|were) <where>|<p> (saw|counted) <#> <things> <where>)",
    gains=(
        ("added", f"{LATER}<#> (|more )(<came>)"),
        ("added", f"{LATER}<#> more <things> (<came>)"),
        ("added", f"{LATER}another <#> (|<things> )(<came>)"),
    ),
    losses=(
        ("gone", f"{LATER}<#> (of them|of the <things>|<things>|) (<left>)"),
        ("gone", f"{LATER}<#> (of them|<things>) (<left>)"),
    ),
    end="(now there are <#> <things>( there|)|there are now <#> <things>( there|)|in the end there were <#> <things>)",
    some="(there were (some|a number of|several|a few) <things> <where>|(some|a few|several) <things> were <where>)",
    some_gained=("(some|a few|several) (more|more <things>) (<came>)",),
    some_lost=("(some|a few|several) (of them|of the <things>) (<left>)",),
    ask_grown=(
        "(how many <things> (are there (now|in all|altogether|in total)|were there (in all|altogether|then|in the end)|"
        "are (now |)there( now|))|what is the total number of <things>( now|))"
    ),
    ask_left=(
        "(how many <things> (are left|remain|are still there|are there now|were left|stayed|are left there|remained)|"
        "how many were left)"
    ),
    ask_gained="(how many <things> (came|were added|joined|were new)|how many more <things> came|by how many did the number of <things> (grow|increase))",
    ask_lost="(how many( of the|) <things> (left|are gone|went away|are no longer there)|how many of them left)",
    ask_start="(how many <things> were there (at first|in the beginning|to begin with|originally|before|at the start|to start with))",
)
MONEY = Holding(
    start="(<p> (has|had|started with|saved|had saved|owns) <#>(| in <p.own> (wallet|piggy bank|bank account|pocket))|<p.his> (wallet|purse|savings account|piggy bank) (has|had|holds|contained) <#>)",
    gains=(
        ("earned", f"{LATER}<p.he> (earned|made) <#>( more|) (by|for) (washing cars|mowing lawns|babysitting|walking dogs|doing chores|raking leaves|selling lemonade|delivering papers)"),
        ("given", f"{LATER}<p.his> <kin> gave <p.him> <#>( more|)( for <p.own> birthday|)"),
        ("given", f"{LATER}<q> gave <p.him> (<#>|another <#>)"),
        ("received", f"{LATER}<p.he> (received|got) (<#>|another <#>) (for <p.own> birthday|from <q>|as an allowance|for helping at home)"),
        ("saved", f"{LATER}<p.he> (saved|saved up) (another <#>|<#> more)"),
        ("deposited", f"{LATER}<p.he> (deposited|put in) (another <#>|<#> more)"),
        ("found", f"{LATER}<p.he> found <#>( in a coat| on the street| in a drawer|)"),
    ),
    losses=(
        ("spent", f"{LATER}<p.he> (spent|paid) <#> (on|for) (<things>|a <things.one>|lunch|a movie|a bus ticket|dinner|groceries|a haircut|a present)"),
        ("spent", f"{LATER}<p.he> bought (a <things.one>|some <things>) (for|that cost) <#>"),
        ("spent", f"{LATER}<p.he> (used|spent) <#> to buy (a <things.one>|some <things>)"),
        ("lent", f"{LATER}<p.he> lent <#> to <q>"),
        ("given", f"{LATER}<p.he> gave (<#> to <q>|<q> <#>|<p.own> <kin> <#>)"),
        ("lost", f"{LATER}<p.he> lost <#>( on the way home|)"),
        ("donated", f"{LATER}<p.he> donated <#>( to charity| to a shelter|)"),
    ),
    end="(now <p.he> has <#>( left|)|<p.he> (now has|ended up with) <#>|in the end <p.he> had <#>)",
    some="<p> (had|has|started with) some money(| in <p.own> (wallet|pocket|piggy bank))",
    some_gained=("<p.he> (earned|got|received) some (more money|more)", "<q> gave <p.him> some( more|) money", "<p.he> saved some more"),
    some_lost=("<p.he> spent some( of it| of the money|)( on <things>|)", "<p.he> bought (a <things.one>|some <things>)", "<p.he> gave some( of it|) to <q>"),
    ask_grown="(how much( money|) does <p.he> have (now|in all|altogether|in total)|how many dollars does <p.he> have (now|altogether)|what is the total amount (that|of money) <p.he> has)",
    ask_left="(how much( money|) (does <p.he> have (left|now|remaining)|is left|remains|did <p.he> have left)|how many dollars (are left|does <p.he> have left|remain)|what amount (is left|does <p.he> have left))",
    ask_gained="(how much( money|) did <p.he> (get|gain|receive)|how many dollars did <p.he> get)",
    ask_lost="(how much( money|) did <p.he> (spend|give up|part with)|how many dollars are gone|how much money is gone)",
    ask_start="(how much( money|) did <p.he> have (at first|to begin with|in the beginning|originally|before|to start with)|how many dollars did <p.he> (start with|begin with))",
    money=True,
)  # fmt: skip
HOLDINGS = (POSSESSION, POSSESSION, POSSESSION, GATHERING, GATHERING, MONEY)


def settle(rng: random.Random) -> tuple[Scene, Holding]:
    """Cast a scene in which something can grow and shrink."""
    scene, holding = Scene(rng), rng.choice(HOLDINGS)
    first = lexicon.person(rng)
    things, kind = lexicon.thing(rng)
    scene.bind(p=first, q=lexicon.person(rng, first, roles=0), things=things, box=rng.choice(lexicon.CONTAINERS))
    scene.bind(v=lexicon.getting(rng, rng.choice(["", kind])), w=lexicon.losing(rng, kind), kin=rng.choice(lexicon.RELATIVES))
    scene.bind(place=rng.choice(lexicon.PLACES), day=rng.choice(lexicon.DAYS))
    if holding is GATHERING:
        group = settings.gathering(rng)
        scene.bind(things=group.things, where=group.where, came=group.came, left=group.left)
    return scene, holding


class Tale:
    """A change problem in the making: its scene, the clauses so far, and the amount at hand."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.scene, self.holding = settle(rng)
        self.start = "money" if self.holding.money else "<things>"

    def give(self, key: str, value: int, variable: str) -> None:
        """Give a number, of dollars where the tale is about money."""
        (self.scene.give_money if self.holding.money else self.scene.give)(key, value, variable)

    def say(self, template: Template, key: str, value: int, variable: str) -> Template:
        """A clause about a number."""
        self.give(key, value, variable)
        return template.replace("#", key)

    def event(self, events: tuple[Event, ...], key: str, value: int) -> Template:
        """A clause about a gain or a loss."""
        variable, template = self.rng.choice(events)
        return self.say(template, key, value, variable)


def gain(rng: random.Random) -> Draft:
    """Start and gain are known."""
    tale = Tale(rng)
    a, b = numbers.count(rng), numbers.count(rng)
    facts = [
        tale.say(tale.holding.start, "a", a, tale.start),
        tale.event(tale.holding.gains, "b", b),
    ]
    return tale.scene.draft(
        "gain", facts, tale.holding.ask_grown, "Add the <a.variable> at the start and what was <b.variable>.", ["total = {a} + {b}"], a + b
    )


def lose(rng: random.Random) -> Draft:
    """Start and loss are known."""
    tale = Tale(rng)
    a = numbers.count(rng, 4)
    b = numbers.below(rng, a)
    facts = [
        tale.say(tale.holding.start, "a", a, tale.start),
        tale.event(tale.holding.losses, "b", b),
    ]
    return tale.scene.draft(
        "lose", facts, tale.holding.ask_left, "Subtract what was <b.variable> from the <a.variable> at the start.", ["left = {a} - {b}"], a - b
    )


def gain_and_lose(rng: random.Random) -> Draft:
    """Two or three changes follow each other."""
    tale = Tale(rng)
    amount = a = numbers.count(rng, 5)
    facts, signs = [tale.say(tale.holding.start, "a", a, tale.start)], ""
    for key in "bcd"[: rng.choice([2, 2, 2, 3])]:
        grows = amount < 4 or rng.random() < 0.5
        change = numbers.count(rng, 2, 60) if grows else numbers.below(rng, amount)
        amount += change if grows else -change
        facts.append(tale.event(tale.holding.gains if grows else tale.holding.losses, key, change))
        signs += f" {'+' if grows else '-'} {{{key}}}"
    ask = tale.holding.ask_left if "-" in signs else tale.holding.ask_grown
    result = "left" if "-" in signs else "total"
    operations = " and ".join(
        part for sign, part in (("+", "add what came"), ("-", "subtract what is gone")) if sign in signs
    )
    rationale = f"Start with the <a.variable>, {operations}."
    return tale.scene.draft("gain_and_lose", facts, ask, rationale, [f"{result} = {{a}}{signs}"], amount)


def gained_unknown(rng: random.Random) -> Draft:
    """Start and end are known, the gain is asked for."""
    tale = Tale(rng)
    end = numbers.count(rng, 5)
    a = numbers.below(rng, end)
    facts = [
        tale.say(tale.holding.start, "a", a, tale.start),
        rng.choice(tale.holding.some_gained),
        tale.say(tale.holding.end, "b", end, "now"),
    ]
    rationale = "What came is what there is now minus the <a.variable> at the start."
    return tale.scene.draft("gained_unknown", facts, tale.holding.ask_gained, rationale, ["more = {b} - {a}"], end - a)


def lost_unknown(rng: random.Random) -> Draft:
    """Start and end are known, the loss is asked for."""
    tale = Tale(rng)
    a = numbers.count(rng, 5)
    end = numbers.below(rng, a)
    facts = [
        tale.say(tale.holding.start, "a", a, tale.start),
        rng.choice(tale.holding.some_lost),
        tale.say(tale.holding.end, "b", end, "now"),
    ]
    rationale = "What is gone is the <a.variable> at the start minus what there is now."
    return tale.scene.draft("lost_unknown", facts, tale.holding.ask_lost, rationale, ["gone = {a} - {b}"], a - end)


def start_unknown(rng: random.Random) -> Draft:
    """The end and one or two changes are known, the start is asked for."""
    tale = Tale(rng)
    start = amount = numbers.count(rng, 5)
    facts, signs = [tale.holding.some], ""
    for key in "ab"[: rng.choice([1, 1, 1, 2])]:
        grows = amount < 4 or rng.random() < 0.5
        change = numbers.count(rng, 2, 60) if grows else numbers.below(rng, amount)
        amount += change if grows else -change
        facts.append(tale.event(tale.holding.gains if grows else tale.holding.losses, key, change))
        signs += f" {'-' if grows else '+'} {{{key}}}"
    facts.append(tale.say(tale.holding.end, "c", amount, "now"))
    operations = " and ".join(
        part for sign, part in (("-", "subtract what came"), ("+", "add what is gone")) if sign in signs
    )
    rationale = f"Go back from what there is now: {operations}."
    return tale.scene.draft("start_unknown", facts, tale.holding.ask_start, rationale, [f"start = {{c}}{signs}"], start)


GENERATORS: dict[str, Generator] = {
    family.__name__: family
    for family in (gain, lose, gain_and_lose, gained_unknown, lost_unknown, start_unknown)
}
