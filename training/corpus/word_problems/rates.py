"""Rates: so much in each unit of time or for each thing; distance, speed, work and time."""

import random
from fractions import Fraction

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers, settings
from tora_agent.training.corpus.word_problems.combine import IN_ALL
from tora_agent.training.corpus.word_problems.inflection import noun, tokens
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

UNITS = tuple(noun(unit) for unit in ("hour", "day", "minute", "week", "month"))
VEHICLES = tokens("car train bus truck ship plane cyclist boat motorcycle runner ferry")
MACHINES = (
    ("machine", "makes", "make", "toy"),
    ("printer", "prints", "print", "page"),
    ("factory", "produces", "produce", "car"),
    ("bakery", "bakes", "bake", "loaf of bread/loaves of bread"),
    ("pump", "moves", "move", "gallon of water/gallons of water"),
    ("robot", "packs", "pack", "box"),
    ("farm", "produces", "produce", "egg"),
    ("hose", "pours", "pour", "liter of water/liters of water"),
    ("cow", "gives", "give", "liter of milk/liters of milk"),
    ("store", "sells", "sell", "ticket"),
    ("copier", "copies", "copy", "sheet"),
    ("tailor", "sews", "sew", "shirt"),
    ("worker", "lays", "lay", "brick"),
    ("restaurant", "serves", "serve", "meal"),
)


def regular(rng: random.Random) -> tuple[Scene, Template, Template]:
    """Cast someone or something that does the same amount in each unit of time: clause and bare verb."""
    scene, unit = Scene(rng), rng.choice(UNITS)
    scene.bind(unit=unit)
    if rng.random() < 0.3:
        machine, third, base, made = rng.choice(MACHINES)
        scene.bind(things=noun(made), machine=machine)
        return scene, f"(a|one|the) <machine> {third}|the <machine> {base}", ""
    deed = settings.activity(rng)
    scene.bind(p=lexicon.person(rng), v=deed.verb, things=deed.things)
    return scene, "<p> (<v.third>|can <v>|<v.past>)", "<v>"


def worker(rng: random.Random) -> tuple[Scene, Template, Template]:
    """Cast a rate: the clause up to the number, and "does he read" to ask with."""
    scene, clause, base = regular(rng)
    if base:
        return scene, clause, "(does|will|can) <p.he> <v>"
    _, third, verb, _ = next(entry for entry in MACHINES if entry[0] == scene.slots["machine"])
    return scene, f"(a|one|the) <machine> {third}", f"(does|will|can) (the <machine>|it) {verb}"


PER = "(in (one|a|each|every) <unit.one>|(a|per|each|every) <unit.one>)"


def rate_total(rng: random.Random) -> Draft:
    """Rate and time are known."""
    scene, clause, asked = worker(rng)
    r, t = numbers.count(rng, 2, 60), rng.randint(2, rng.choice([10, 30, 60]))
    scene.give("r", r, "per_<unit.one>")
    scene.give("t", t, "<unit>")
    facts = [f"{clause} <r> <things> {PER}"]
    ask = f"(how many <things> {asked} in <t> <unit>|in <t> <unit>, how many <things> {asked})"
    if rng.random() < 0.35:
        facts.append(
            "(<p.he> (does this|did this|keeps this up) for <t> <unit>|this (goes on|went on|continues) for <t> <unit>)"
            if "p" in scene.slots
            else "it (runs|works) for <t> <unit>"
        )
        ask = f"(how many <things> (is that|are there|is this) {IN_ALL}|what is the total number of <things>)"
    return scene.draft(
        "rate_total", facts, ask, "Multiply the <things> per <unit.one> by the <unit>.", ["total = {r} * {t}"], r * t
    )


def rate_time(rng: random.Random) -> Draft:
    """Rate and amount are known, the time is asked for."""
    scene, clause, _ = worker(rng)
    r, t = rng.randint(2, 40), rng.randint(2, 40)
    scene.give("r", r, "per_<unit.one>")
    scene.give("a", r * t, "<things>")
    facts = [f"{clause} <r> <things> {PER}"]
    it = "<p.him>" if "p" in scene.slots else "it"
    ask = (
        f"(how many <unit> (does it take|will it take|are needed|does it take {it}) (for|to reach|to get to)"
        " <a> <things>|how long, in <unit>, (does|will) it take for <a>"
        " <things>|after how many <unit> (are there|is that) <a> <things>)"
    )
    return scene.draft(
        "rate_time", facts, ask, "Divide the <things> by the <things> per <unit.one>.", ["<unit> = {a} // {r}"], t
    )


def unit_rate(rng: random.Random) -> Draft:
    """Amount and time are known: the rate, or the amount in another time."""
    scene, clause, asked = worker(rng)
    r, t = numbers.count(rng, 2, 40), rng.randint(2, 12)
    scene.give("a", r * t, "<things>")
    scene.give("t", t, "<unit>")
    facts = [f"{clause} <a> <things> in <t> <unit>"]
    if rng.random() < 0.5:
        ask = (
            "(how many <things> (is that|are there) (per|in each|in one|each|in a) <unit.one>|how many"
            f" <things> {asked} (per|in one|each|in each|in a) <unit.one>|what is the rate in <things> per"
            " <unit.one>)"
        )
        return scene.draft("unit_rate", facts, ask, "Divide the <things> by the <unit>.", ["rate = {a} // {t}"], r)
    other = rng.choice([value for value in range(2, 40) if value != t])
    scene.give("o", other, "time")
    ask = (
        f"(at (this|the same|that) (rate|speed|pace), how many <things> {asked} in <o> <unit>|how many"
        f" <things> {asked} in <o> <unit> at (this|the same|that) (rate|pace))"
    )
    steps = ["rate = {a} // {t}", "total = rate * {o}"]
    return scene.draft(
        "unit_rate", facts, ask, "Find the <things> per <unit.one>, then multiply by the new time.", steps, r * other
    )


def travel(rng: random.Random) -> Draft:
    """Distance, speed and time: two are known."""
    scene = Scene(rng)
    unit, per = rng.choice(
        [
            ("miles", "hour"),
            ("kilometers", "hour"),
            ("miles", "hour"),
            ("meters", "minute"),
            ("feet", "second"),
            ("meters", "second"),
        ]
    )
    short = {"miles": "mph", "kilometers": "km/h"}.get(unit) if rng.random() < 0.3 else None
    speed, time = rng.randint(2, 90), rng.randint(2, 15)
    mover = rng.random() < 0.5
    scene.bind(p=lexicon.person(rng), unit=unit, per=noun(per), who=rng.choice(VEHICLES))
    who = "<p>" if mover else "(a|the) <who>"
    moves, move, moved = (
        rng.choice(
            [
                ("drives", "drive", "drove"),
                ("walks", "walk", "walked"),
                ("rides", "ride", "rode"),
                ("runs", "run", "ran"),
            ]
        )
        if mover
        else ("travels", "travel", "traveled")
    )
    again = "<p.he>" if mover else "(it|the <who>)"
    scene.give("s", speed, "speed")
    scene.give("t", time, "<per>")
    scene.give("d", speed * time, "distance")
    pace = f"(at|at a speed of|at a constant speed of|at an average of) <s> {short or '<unit> per <per.one>'}"
    form = rng.choice(["distance", "time", "speed"])
    if form == "distance":
        facts: list[Template] = rng.choice(
            [
                [f"{who} ({moves}|{moved}) {pace} for <t> <per>"],
                [f"{who} ({moves}|{moved}) {pace}", "the trip (takes|took) <t> <per>"],
                [f"{who} ({moves}|{moved}) for <t> <per> {pace}"],
            ]
        )
        ask = (
            f"(how far (does|did|will) {again} {move}|how many <unit> (does|did) {again} {move}|what distance"
            f" (does|did) {again} {move}|how many <unit> (does|did) {again} {move} {IN_ALL})"
        )
        return scene.draft(
            "travel", facts, ask, "Distance is speed times time.", ["distance = {s} * {t}"], speed * time
        )
    if form == "time":
        facts = rng.choice(
            [
                [f"{who} ({moves}|{moved}) {pace}", "the (trip|way|route) is <d> <unit>( long|)"],
                [f"{who} ({moves}|{moved}|has to {move}) <d> <unit> {pace}"],
            ]
        )
        ask = (
            "(how many <per> (does|did|will) (it|the trip) take|how long, in <per>, (does|did) (it|the trip)"
            f" take|for how many <per> (does|did) {again} {move})"
        )
        return scene.draft("travel", facts, ask, "Time is distance divided by speed.", ["<per> = {d} // {s}"], time)
    facts = [f"{who} ({moves}|{moved}) <d> <unit> in <t> <per>"]
    ask = (
        f"(what (is|was) the( average|) speed( in <unit> per <per.one>|)|how fast (does|did) {again} {move},"
        f" in <unit> per <per.one>|how many <unit> (does|did) {again} {move} (per|each|in one|in each)"
        f" <per.one>|what (is|was) {'<p.his>' if mover else 'its'} (average speed|speed)( in <unit> per <per.one>|))"
    )
    return scene.draft("travel", facts, ask, "Speed is distance divided by time.", ["speed = {d} / {t}"], speed)


def two_legs(rng: random.Random) -> Draft:
    """A trip in two parts with their own speeds and times."""
    scene = Scene(rng)
    scene.bind(p=lexicon.person(rng, roles=0), unit=rng.choice(["miles", "kilometers"]))
    moved, move = rng.choice(
        [("drove", "drive"), ("walked", "walk"), ("biked", "bike"), ("ran", "run"), ("rode", "ride")]
    )
    s, t, u, w = rng.randint(2, 70), rng.randint(2, 9), rng.randint(2, 70), rng.randint(2, 9)
    for key, value, variable in (("s", s, "speed"), ("t", t, "hours"), ("u", u, "speed_2"), ("w", w, "hours_2")):
        scene.give(key, value, variable)
    facts = [
        (
            f"<p> {moved} (for <t> hours at <s> <unit> per hour|at <s> <unit> per hour for <t> hours|<s>"
            " <unit> per hour for <t> hours)"
        ),
        (
            f"(then|after that,|after a break,|after lunch,) <p.he> {moved} (for |)<w> (more |)hours at <u>"
            " <unit> per hour"
        ),
    ]
    ask = (
        f"(how far did <p.he> {move} {IN_ALL}|how many <unit> did <p.he> {move} {IN_ALL}|what was the total"
        f" distance|how many <unit> is that {IN_ALL})"
    )
    steps = ["first_part = {s} * {t}", "second_part = {u} * {w}", "total = first_part + second_part"]
    return scene.draft("two_legs", facts, ask, "Multiply speed by time for each part, then add.", steps, s * t + u * w)


def wages(rng: random.Random) -> Draft:
    """Pay per hour, hours per day, days: total, or hours from the total."""
    scene = Scene(rng)
    pay: numbers.Value = numbers.price(rng, 4, 40, 0.15)
    hours, days = rng.randint(2, 10), rng.randint(2, 7)
    scene.bind(
        p=lexicon.person(rng),
        job=(
            "(babysitting|tutoring|mowing lawns|walking dogs|at a store|in a cafe|as a waiter|at the"
            " library|cleaning houses|)"
        ),
    )
    scene.give_money("r", pay, "per_hour")
    earn = "(earns|makes|is paid|gets|charges)"
    form = rng.choice(["hours", "hours", "days", "needed", "each"])
    first = f"<p> {earn} <r> (an|per|for each|for every|each) hour( <job>|)"
    if form == "needed" and isinstance(pay, int):
        scene.give_money("g", pay * hours, "goal")
        ask = (
            "(how many hours (must|does|did) <p.he> work (to (earn|make|get) <g>|for <g>)|how many hours of"
            " work (bring|are needed for) <g>)"
        )
        return scene.draft(
            "wages", [first], ask, "Divide the money by the pay per hour.", ["hours = {g} // {r}"], hours, extras=False
        )
    if form == "each":
        whole = pay * hours
        scene.give_money("g", whole, "earned")
        scene.give("h", hours, "hours")
        facts = ["<p> (earned|made|was paid|got) <g> (for|in) <h> hours( of work|)( <job>|)"]
        ask = "how much (did <p.he> (earn|make)|was <p.he> paid) (per|an|each|for each) hour"
        return scene.draft(
            "wages", facts, ask, "Divide the money by the hours.", ["per_hour = {g} / {h}"], pay, extras=False
        )
    scene.give("h", hours, "hours")
    scene.give("d", days, "days")
    if form == "days":
        facts = [first, "<p.he> (works|worked) <h> hours (a|each|per|every) day for <d> days"]
        return scene.draft(
            "wages",
            facts,
            f"how much( money|) (does|did|will) <p.he> (earn|make)( {IN_ALL}|)",
            "Multiply the pay per hour by the hours a day and by the days.",
            ["total = {r} * {h} * {d}"],
            pay * hours * days,
            extras=False,
        )
    facts = [first, "<p.he> (works|worked) (for |)<h> hours( on <day>| this week| in all|)"]
    scene.bind(day=rng.choice(lexicon.DAYS))
    return scene.draft(
        "wages",
        facts,
        f"how (much|much money|many dollars) (does|did|will) <p.he> (earn|make)( {IN_ALL}|)",
        "Multiply the pay per hour by the hours.",
        ["total = {r} * {h}"],
        pay * hours,
    )


def together(rng: random.Random) -> Draft:
    """Two rates that add up or differ over the same time."""
    scene, unit = Scene(rng), rng.choice(UNITS)
    first, second = lexicon.people(rng, 2)
    deed = settings.activity(rng)
    a, b = rng.sample(range(2, 40), 2)
    t = rng.randint(2, 15)
    scene.bind(p=first, q=second, v=deed.verb, things=deed.things, unit=unit)
    for key, value, variable in (("a", a, "<p>"), ("b", b, "<q>"), ("t", t, "<unit>")):
        scene.give(key, value, variable)
    facts = [f"<p> (<v.third>|can <v>) <a> <things> {PER} and <q> (<v.third>|can <v>) <b>( <things>|)( {PER}|)"]
    if rng.random() < 0.6:
        ask = f"how many <things> (do|can|will) they <v> {IN_ALL} in <t> <unit>"
        return scene.draft(
            "together",
            facts,
            ask,
            "Add both rates, then multiply by the <unit>.",
            ["rate = {a} + {b}", "total = rate * {t}"],
            (a + b) * t,
        )
    more, less, keys = ("<p>", "<q>", "{a} - {b}") if a > b else ("<q>", "<p>", "{b} - {a}")
    ask = f"how many more <things> (does|can|will) {more} <v> than {less} in <t> <unit>"
    return scene.draft(
        "together",
        facts,
        ask,
        "Subtract the rates, then multiply by the <unit>.",
        [f"rate = {keys}", "difference = rate * {t}"],
        abs(a - b) * t,
    )


def fuel(rng: random.Random) -> Draft:
    """Miles per gallon, and what the gallons cost."""
    scene = Scene(rng)
    m, g = rng.randint(8, 50), rng.randint(2, 30)
    price = rng.choice([Fraction(rng.randint(2, 6)), Fraction(rng.randint(40, 120), 20)])
    scene.bind(p=lexicon.person(rng), car=rng.choice(["car", "truck", "van", "motorcycle", "bus"]))
    scene.give("m", m, "per_gallon")
    first = "<p>'s <car> (gets|goes|can go|drives|runs) <m> miles (per|on a|on each|for each|with one) gallon( of gas|)"
    form = rng.choice(["far", "gallons", "cost"])
    if form == "far":
        scene.give("g", g, "gallons")
        ask = "how (far|many miles) can (<p.he> drive|it go|the <car> go) (on|with) <g> gallons( of gas|)"
        return scene.draft(
            "fuel", [first], ask, "Multiply the miles per gallon by the gallons.", ["miles = {m} * {g}"], m * g
        )
    scene.give("d", m * g, "miles")
    if form == "gallons":
        ask = "how many gallons( of gas|) (does <p.he> need|are needed|will it use) (for|to drive) <d> miles"
        return scene.draft(
            "fuel", [first], ask, "Divide the miles by the miles per gallon.", ["gallons = {d} // {m}"], g
        )
    scene.give_money("c", price, "price")
    facts = [first, "(a gallon of gas|each gallon of gas) costs <c>"]
    ask = "how much does (it cost to drive|the gas cost for) <d> miles"
    steps = ["gallons = {d} // {m}", "cost = gallons * {c}"]
    return scene.draft("fuel", facts, ask, "Find the gallons, then multiply by the price.", steps, g * price)


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (rate_total, rate_time, unit_rate, travel, two_legs, wages, together, fuel)
}
