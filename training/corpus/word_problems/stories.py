"""Stories of several steps with a plot: a week's habits, a long book, wages and what they buy."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers, settings
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

EARN = "how (much|much money|many dollars) (does|will|did) <p.he> (earn|make|get)"


def person_with(rng: random.Random, *kinds: str) -> Scene:
    """Cast a person, a second one, and things of some kinds."""
    scene = Scene(rng)
    things, kind = lexicon.thing(rng, *kinds)
    first = lexicon.person(rng)
    scene.bind(p=first, q=lexicon.person(rng, first, roles=0), things=things, box=rng.choice(lexicon.CONTAINERS))
    scene.bind(v=lexicon.getting(rng, kind), w=lexicon.losing(rng, kind), kin=rng.choice(lexicon.RELATIVES))
    return scene


def week(rng: random.Random) -> Draft:
    """A habit on weekdays and another on weekend days, or on some days of the week; the total of weeks."""
    scene = Scene(rng)
    deed = settings.activity(rng)
    scene.bind(p=lexicon.person(rng), v=deed.verb, things=deed.things)
    a, b = rng.sample(range(2, 30), 2)
    weeks = rng.randint(2, 12)
    scene.give("a", a, "weekday")
    scene.give("b", b, "weekend")
    several = rng.random() < 0.5
    scene.give("n", weeks, "weeks")
    form = rng.choice(["weekend", "days", "times"])
    if form == "weekend":
        facts: list[Template] = [
            "<p> <v.third> <a> <things> (on each|every|on every) weekday and <b>( <things>|) (on each day of"
            " the weekend|on each weekend day)"
        ]
        steps, value = ["week = 5 * {a} + 2 * {b}"], 5 * a + 2 * b
        rationale = "A week has five weekdays and two weekend days"
    elif form == "days":
        facts = ["<p> <v.third> <a> <things> (every|each|a|per) day"]
        steps, value = ["week = {a} * 7"], a * 7
        rationale = "A week has seven days"
    else:
        times = rng.randint(2, 6)
        scene.give("t", times, "times")
        facts = ["<p> <v.third> <a> <things> at a time, <t> times a week"]
        steps, value = ["week = {a} * {t}"], a * times
        rationale = "Multiply by the times in a week"
    if several:
        name = rng.choice(["weeks", "year"]) if form != "weekend" else "weeks"
        if name == "year":
            return scene.draft(
                "week",
                facts,
                "how many <things> (does|will) <p.he> <v> in (a|one) year( of 52 weeks|)",
                rationale + ", a year has 52 weeks.",
                [*steps, "year = week * 52"],
                value * 52,
            )
        return scene.draft(
            "week",
            facts,
            "how many <things> (does|will) <p.he> <v> in <n> weeks",
            rationale + "; multiply by the weeks.",
            [*steps, "total = week * {n}"],
            value * weeks,
        )
    return scene.draft(
        "week",
        facts,
        "how many <things> (does|will) <p.he> <v> (in|during) (a|one) week",
        rationale + ".",
        steps,
        value,
    )


def long_book(rng: random.Random) -> Draft:
    """A task of a known size: what is done on some days, and what remains, perhaps spread over more days."""
    scene = Scene(rng)
    what, things, doing, did = rng.choice(
        [
            ("a book", "pages", "read", "read"),
            ("a fence", "boards", "paint", "painted"),
            ("a puzzle", "pieces", "place", "placed"),
            ("a trip", "miles", "drive", "drove"),
            ("a wall", "bricks", "lay", "laid"),
            ("a report", "words", "write", "wrote"),
            ("a quilt", "squares", "sew", "sewed"),
            ("a trail", "miles", "hike", "hiked"),
            ("a job", "envelopes", "stuff", "stuffed"),
        ]
    )
    scene.bind(p=lexicon.person(rng), things=things, do=doing, did=did)
    first = rng.randint(4, 40)
    factor = rng.choice([2, 2, 3])
    second_form = rng.choice(["times", "more", "number"])
    extra = rng.randint(2, 30)
    second = {"times": first * factor, "more": first + extra, "number": extra}[second_form]
    days, each = rng.randint(2, 10), rng.randint(3, 30)
    rest = days * each
    scene.give("t", first + second + rest, "total")
    scene.give("a", first, "first")
    scene.give("b", extra, "more" if second_form == "more" else "second")
    scene.give("d", days, "days")
    facts: list[Template] = [
        f"(<p> has {what} of <t> <things> to <do>|{what} has <t> <things>)",
        "(on the first day(,|)|on Monday(,|)|yesterday(,|)) <p.he> <did> <a>( <things>|)",
    ]
    facts[0] = "<p> (has|wants|needs) to <do> <t> <things>"
    told = {
        "times": f"{numbers.TIMES[factor]} as many",
        "more": "<b> more than that",
        "number": "<b> (more|)( <things>|)",
    }[second_form]
    facts.append(f"(on the second day(,|)|on Tuesday(,|)|today(,|)|the next day(,|)) <p.he> <did> {told}")
    steps = {"times": [f"second = {{a}} * {factor}"], "more": ["second = {a} + {b}"], "number": []}[second_form]
    second_name = "second" if steps else "{b}"
    steps.append(f"rest = {{t}} - {{a}} - {second_name}")
    rationale = "Subtract what was done on both days from the total"
    if rng.random() < 0.5:
        return scene.draft(
            "long_book",
            facts,
            "how many <things> (are left|remain|does <p.he> still have to <do>|does <p.he> have left to <do>)",
            rationale + ".",
            steps,
            rest,
            extras=False,
        )
    if rng.random() < 0.3 and rest % 2 == 0:
        facts.append("<p.he> will <do> half of (the rest|the remaining <things>) tomorrow")
        return scene.draft(
            "long_book",
            facts,
            "how many <things> will <p.he> <do> tomorrow",
            rationale + ", then halve.",
            [*steps, "tomorrow = rest // 2"],
            rest // 2,
            extras=False,
        )
    facts.append("<p.he> (wants to|will|must|plans to) <do> the rest in <d> days(, the same number each day|)")
    return scene.draft(
        "long_book",
        facts,
        "how many <things> (must|will|should) <p.he> <do> (each|per|every|a) day",
        rationale + ", then divide by the days.",
        [*steps, "daily = rest // {d}"],
        each,
        extras=False,
    )


def wages_and_costs(rng: random.Random) -> Draft:
    """Wages from hours and days, what is spent of them, and what is left or still needed."""
    scene = person_with(rng, "clothing", "toy", "household")
    pay, hours, days = rng.randint(5, 30), rng.randint(2, 9), rng.randint(2, 7)
    earned = pay * hours * days
    spent = rng.randint(1, earned - 1)
    scene.give_money("r", pay, "per_hour")
    for key, value, variable in (("h", hours, "hours"), ("d", days, "days")):
        scene.give(key, value, variable)
    scene.bind(job="(babysitting|tutoring|in a shop|at a cafe|cleaning|delivering papers|)")
    facts: list[Template] = rng.choice(
        [
            [
                "<p> (earns|makes|is paid) <r> (an|per|each) hour( <job>|)",
                "<p.he> (works|worked) <h> hours (a|each|per|every) day (for <d> days|on <d> days)",
            ],
            ["<p> (works|worked) <h> hours a day for <d> days and (earns|makes|gets) <r> (an|per) hour"],
        ]
    )
    steps, rationale = ["earned = {r} * {h} * {d}"], "Multiply pay, hours and days"
    form = rng.choice(["spend", "spend_two", "need", "fraction"])
    if form == "need":
        scene.give_money("g", earned + spent, "price")
        facts.append("<p.he> wants to buy a <things.one> that costs <g>")
        return scene.draft(
            "wages_and_costs",
            facts,
            "how much more( money|) does <p.he> need",
            rationale + ", then subtract from the price.",
            [*steps, "needed = {g} - earned"],
            spent,
        )
    if form == "fraction":
        divisor = next((divisor for divisor in (2, 3, 4, 5) if earned % divisor == 0), None)
        if divisor is None:
            return wages_and_costs(rng)
        part = {2: "half", 3: "a third", 4: "a quarter", 5: "one fifth"}[divisor]
        facts.append(f"<p.he> (saves|saved|puts away|gives away) {part} of (the money|it|what <p.he> earns)")
        ask = "how (much|much money|many dollars) is (that|left)"
        keeps = rng.random() < 0.5
        ask = (
            "how much( money|) (is left|does <p.he> have left)" if keeps else "how much( money|) (is that|is this part)"
        )
        step = f"left = earned - earned // {divisor}" if keeps else f"part = earned // {divisor}"
        return scene.draft(
            "wages_and_costs",
            facts,
            ask,
            rationale + f", then {'take away' if keeps else 'take'} 1/{divisor}.",
            [*steps, step],
            earned - earned // divisor if keeps else earned // divisor,
        )
    scene.give_money("s", spent, "spent")
    facts.append("<p.he> (spends|spent|paid|pays) <s> (on|for) (<things>|rent|food|a <things.one>|gas)")
    if form == "spend_two" and earned - spent > 3:
        other = rng.randint(1, earned - spent - 1)
        scene.give_money("o", other, "other")
        facts[-1] += " and <o> (on|for) (a gift|books|the bus|tickets)"
        return scene.draft(
            "wages_and_costs",
            facts,
            "how much( money|) (does <p.he> have left|is left)",
            rationale + ", then subtract what was spent.",
            [*steps, "left = earned - {s} - {o}"],
            earned - spent - other,
        )
    return scene.draft(
        "wages_and_costs",
        facts,
        "how much( money|) (does <p.he> have left|is left)",
        rationale + ", then subtract what was spent.",
        [*steps, "left = earned - {s}"],
        earned - spent,
    )


GENERATORS: dict[str, Generator] = {family.__name__: family for family in (week, long_book, wages_and_costs)}
