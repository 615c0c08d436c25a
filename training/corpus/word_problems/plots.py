"""More stories with a plot: a party, a shared cost, a harvest with losses, a tank that leaks."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon
from tora_agent.training.corpus.word_problems.inflection import noun
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene
from tora_agent.training.corpus.word_problems.stories import EARN, person_with


def party(rng: random.Random) -> Draft:
    """Guests who each get some; how many packs are needed and what they cost."""
    scene = person_with(rng, "baked", "sweet", "toy", "household")
    per_pack, packs = rng.randint(4, 24), rng.randint(2, 12)
    each = rng.choice([number for number in range(1, 9) if (per_pack * packs) % number == 0])
    guests = per_pack * packs // each
    price = rng.randint(2, 20)
    scene.bind(
        guests="(guests|friends|children|students|people|classmates)",
        why="(a party|a picnic|a class party|a family dinner|the school fair)",
    )
    scene.give("g", guests, "<guests>")
    scene.give("k", each, "each")
    scene.give("s", per_pack, "per_<box.one>")
    scene.give_money("c", price, "price")
    gets = (
        "(each|every one|each of them) (gets|eats|receives|needs) <k> <things>"
        if each > 1
        else "each (gets|receives|needs) one <things.one>"
    )
    one = each == 1
    facts: list[Template] = [
        "<p> (has invited|invited|is inviting|expects) <g> <guests> (to|for) <why>",
        gets,
        "(a|each|one) <box.one> (has|holds|contains) <s> <things>",
    ]
    total = "{g}" if one else "needed"
    steps = ([] if one else ["needed = {g} * {k}"]) + [f"<box> = {total} // {{s}}"]
    rationale = "Divide the <things> needed by those in one <box.one>"
    ask = "how many <box> (does <p.he> need|should <p.he> buy|are needed)"
    if rng.random() < 0.5:
        facts.append("(a|each|one) <box.one> costs <c>")
        return scene.draft(
            "party",
            facts,
            "how much (does|will|must) <p.he> (pay|spend)( for the <box>|)",
            rationale + ", then multiply by the price.",
            [*steps, "cost = <box> * {c}"],
            packs * price,
        )
    return scene.draft("party", facts, ask, rationale + ".", steps, packs)


def shared_cost(rng: random.Random) -> Draft:
    """Several costs of a trip, shared equally, perhaps after a part is paid from elsewhere."""
    scene = Scene(rng)
    people = rng.randint(2, 9)
    share = rng.randint(5, 60)
    total = people * share
    first = rng.randint(1, total - 2)
    fund = rng.random() < 0.4
    paid = rng.randint(2, 40)
    rest = total - first + (paid if fund else 0)
    scene.bind(p=lexicon.person(rng), who="(friends|cousins|roommates|students|neighbors|classmates)")
    what, other = rng.sample(
        [
            "(the tickets|tickets)",
            "(the food|food)",
            "(gas|the gas)",
            "(the hotel|a hotel)",
            "(the tent|a tent)",
            "(a gift|the gift)",
            "(the bus|a bus)",
            "(snacks|the snacks)",
        ],
        2,
    )
    scene.bind(what=what, other=other)
    for key, value, variable in (("a", first, "first"), ("b", rest, "second"), ("f", paid, "paid")):
        scene.give_money(key, value, variable)
    scene.give("n", people, "<who>")
    facts = [
        "<n> <who> (go|went|are going) on a trip(| together)",
        "they (pay|paid|spent) <a> for <what> and <b> for <other>",
    ]
    if fund:
        facts.append("<p> (pays|paid) <f> of it for them")
    facts.append(f"they (share|split|shared) the {'rest' if fund else 'cost'} equally")
    steps = ["cost = {a} + {b}" + (" - {f}" if fund else ""), "share = cost // {n}"]
    return scene.draft(
        "shared_cost",
        facts,
        "how much (does|must|did|will) each( of them||) pay",
        f"Add the costs{', subtract what was paid for them,' if fund else ''} and divide by the number of people.",
        steps,
        share,
        extras=False,
    )


def rows_of_plants(rng: random.Random) -> Draft:
    """Rows or boxes of things, some spoiled, the good ones packed or sold."""
    scene = person_with(rng, "fruit", "vegetable", "flower", "baked")
    unit = rng.choice([noun("row"), noun("tray"), noun("crate"), noun("tree"), noun("field"), noun("bed")])
    n, k = rng.randint(2, 15), rng.randint(3, 30)
    total = n * k
    percent = rng.choice([10, 20, 25, 50])
    scene.bind(unit=unit, bad="(spoiled|damaged|rotten|eaten by birds|unusable|too small)")
    scene.give("n", n, "<unit>")
    scene.give("k", k, "each")
    facts: list[Template] = ["<p> (has|planted|prepared|filled) <n> <unit> with <k> <things> (each|in each)"]
    steps, plan = ["total = {n} * {k}"], "Multiply for the total"
    if total * percent % 100 == 0:
        scene.give("b", percent, "percent", f"{percent}{rng.choice(['%', ' percent'])}")
        facts.append("<b> of (them|the <things>) (are|were) <bad>")
        steps.append("good = total - total * {b} // 100")
        plan += ", take the percentage away"
        good = total - total * percent // 100
    else:
        bad = rng.randint(1, total - 2)
        scene.give("b", bad, "bad")
        facts.append("<b> of (them|the <things>) (are|were) <bad>")
        steps.append("good = total - {b}")
        plan += ", subtract the bad ones"
        good = total - bad
    divisor = next(
        (divisor for divisor in rng.sample(range(2, 13), 11) if good % divisor == 0 and good > divisor), None
    )
    form = rng.choice(["sell", "pack", "good"])
    if form == "pack" and divisor:
        scene.give("m", divisor, "per_<box.one>")
        facts.append("<p.he> packs the (rest|good ones) (in|into) <box> of <m>")
        return scene.draft(
            "rows_of_plants",
            facts,
            "how many <box> (does <p.he> (fill|need)|are there)",
            plan + ", then divide.",
            [*steps, "<box> = good // {m}"],
            good // divisor,
        )
    if form == "sell":
        price = rng.randint(2, 15)
        scene.give_money("c", price, "price")
        facts.append("<p.he> sells the (rest|good ones|others) for <c> each")
        return scene.draft(
            "rows_of_plants",
            facts,
            EARN,
            plan + ", then multiply by the price.",
            [*steps, "money = good * {c}"],
            good * price,
        )
    return scene.draft(
        "rows_of_plants", facts, "how many (good |)<things> (are left|does <p.he> have left)", plan + ".", steps, good
    )


def filling(rng: random.Random) -> Draft:
    """Something fills at one rate and empties at another, or two work towards one goal."""
    scene = Scene(rng)
    inflow = rng.randint(4, 40)
    outflow = rng.randint(1, inflow - 1)
    time = rng.randint(2, 30)
    vessel, unit = rng.choice(
        [
            ("tank", "liters"),
            ("pool", "gallons"),
            ("barrel", "liters"),
            ("tub", "gallons"),
            ("pond", "liters"),
            ("reservoir", "gallons"),
        ]
    )
    scene.bind(vessel=vessel, unit=unit, per=rng.choice(["minute", "hour"]))
    scene.give("i", inflow, "inflow")
    scene.give("o", outflow, "outflow")
    net = inflow - outflow
    leaks = "but <o>( <unit>|) (leak|run) out (each|every|per) <per>"
    first = f"<i> <unit> of water (flow|run) into a <vessel> (each|every|per) <per>, {leaks}"
    if rng.random() < 0.5:
        scene.give("t", time, "<per>s")
        return scene.draft(
            "filling",
            [first],
            "how many <unit> (are in the <vessel>) after <t> <per>s",
            "Subtract the outflow from the inflow, then multiply by the time.",
            ["net = {i} - {o}", "total = net * {t}"],
            net * time,
        )
    scene.give("c", net * time, "capacity")
    return scene.draft(
        "filling",
        [first, "the <vessel> (holds|can hold|has room for) <c> <unit>"],
        "(how many <per>s (does|will) it take to fill (it|the <vessel>)|after how many <per>s is (it|the"
        " <vessel>) full)",
        "Subtract the outflow from the inflow, then divide the capacity by it.",
        ["net = {i} - {o}", "<per>s = {c} // net"],
        time,
    )


GENERATORS: dict[str, Generator] = {family.__name__: family for family in (shared_cost, party, filling, rows_of_plants)}
