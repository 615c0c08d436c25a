"""Stories of several steps about money, school, animals and time: percentages of parts, overtime, food that lasts."""

import random
from fractions import Fraction

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers, settings
from tora_agent.training.corpus.word_problems.chains import relation
from tora_agent.training.corpus.word_problems.combine import IN_ALL, series
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene
from tora_agent.training.corpus.word_problems.stories import person_with


def percent(scene: Scene, key: str, value: int, variable: str) -> None:
    """Give a percentage."""
    scene.give(key, value, variable, f"{value}{scene.rng.choice(['%', '%', '%', ' percent'])}")


def budget(rng: random.Random) -> Draft:
    """Pay, shares of it for rent and savings, a sum for food; what is left, perhaps over some months."""
    scene = Scene(rng)
    pay, rate, months = rng.randint(4, 50) * 100, rng.choice([10, 20, 25, 30, 40, 50]), rng.randint(2, 12)
    share = pay * rate // 100
    food = rng.randint(10, pay - share - 10)
    scene.bind(p=lexicon.person(rng), time="(month|week)", use="(rent|a loan|savings|a car|school|taxes)")
    scene.give_money("a", pay, "pay")
    percent(scene, "r", rate, "percent")
    scene.give_money("f", food, "spent")
    facts = [
        "<p> (earns|makes|is paid|has an income of) <a> (a|each|every|per) <time>",
        "<p.he> (spends|uses|pays|puts aside) <r> of (it|this|that|the money) (on|for) <use>",
        "<p.he> (also |)(spends|pays) <f> (on|for) (food|clothes|travel|bills|gas)( each <time>| every <time>|)",
    ]
    steps = ["share = {a} * {r} // 100", "left = {a} - share - {f}"]
    rationale = "Take the percentage of the pay, then subtract it and what was spent"
    left = pay - share - food
    if rng.random() < 0.5:
        ask = "how much (money |)(does <p.he> have left|is left)( each <time>| every <time>|)"
        return scene.draft("budget", facts, ask, rationale + ".", steps, left)
    scene.give("m", months, "<time>s")
    ask = "how much (money |)(will|can|does) <p.he> have left (in all |)after <m> <time>s"
    return scene.draft(
        "budget", facts, ask, rationale + "; multiply by the <time>s.", [*steps, "total = left * {m}"], left * months
    )


def school(rng: random.Random) -> Draft:
    """A whole, a percentage or fraction of it, and a part of one of the parts."""
    scene = Scene(rng)
    rate, divisor = rng.choice([(20, 2), (25, 3), (40, 2), (50, 5), (60, 3), (75, 2), (30, 4), (80, 4), (10, 2)])
    total = 100 * divisor * rng.randint(1, 8) // rng.choice([1, 1, 2]) * 2
    first = total * rate // 100
    other = total - first
    part = {2: "half", 3: "a third", 4: "a quarter", 5: "one fifth"}[divisor]
    people, one, two, where = rng.choice(
        [
            ("students", "girls", "boys", "(at a school|in a club|on a trip|)"),
            ("people", "adults", "children", "(in a town|at a fair|at a camp|in a theater|)"),
            ("workers", "women", "men", "(in a factory|in a company|in an office|)"),
            ("animals", "cows", "sheep", "(on a farm|at a fair|in a field|)"),
            ("books", "novels", "comics", "(in a library|in a store|)"),
            ("members", "seniors", "juniors", "(in a club|in a choir|in a gym|)"),
            ("vehicles", "cars", "trucks", "(in a parking lot|in a garage|on a ship|)"),
            ("flowers", "roses", "tulips", "(in a garden|in a shop|)"),
        ]
    )
    scene.bind(people=people, one=one, two=two, where=where)
    living = people in ("students", "people", "workers", "members")
    scene.bind(
        trait="(tall|from abroad|in a team|sick|new this year)" if living else "(small|old|white|brown|for sale)"
    )
    scene.give("t", total, "total")
    percent(scene, "r", rate, "percent")
    facts = ["there are <t> <people> <where>", "<r> of (them|the <people>) are <one>( and the rest are <two>|)"]
    form = rng.choice(["rest", "rest", "part", "rest_part", "difference"])
    steps, rationale = ["<one> = {t} * {r} // 100"], "Take the percentage of the total"
    if form == "part" and first % divisor == 0:
        facts.append(f"{part} of the <one> are <trait>")
        ask = "how many (of the |)<one> are <trait>"
        return scene.draft(
            "school",
            facts,
            ask,
            rationale + f", then 1/{divisor} of that.",
            [*steps, f"part = <one> // {divisor}"],
            first // divisor,
        )
    facts[1] = "<r> of (them|the <people>) are <one> and the (rest|others) are <two>"
    steps.append("<two> = {t} - <one>")
    rationale += ", subtract it from the total"
    if form == "difference" and first != other:
        more, less = ("<one>", "<two>") if first > other else ("<two>", "<one>")
        ask = f"how many more {more} than {less} are there"
        return scene.draft(
            "school",
            facts,
            ask,
            rationale + ", then compare.",
            [*steps, f"difference = {more} - {less}"],
            abs(first - other),
        )
    if form == "rest_part" and other % divisor == 0:
        facts.append(f"{part} of the <two> are <trait>")
        return scene.draft(
            "school",
            facts,
            "how many (of the |)<two> are <trait>",
            rationale + f", then take 1/{divisor}.",
            [*steps, f"part = <two> // {divisor}"],
            other // divisor,
        )
    return scene.draft("school", facts, "how many( of them|) are <two>", rationale + ".", steps, other)


def overtime(rng: random.Random) -> Draft:
    """Pay by the hour with a higher rate beyond some hours, or on some days."""
    scene = Scene(rng)
    pay, regular, more = rng.randint(4, 20) * 2, rng.choice([8, 20, 30, 35, 40]), rng.randint(2, 12)
    scene.bind(p=lexicon.person(rng))
    scene.give_money("a", pay, "pay")
    scene.give("h", regular, "regular")
    half = rng.random() < 0.5
    higher = pay * 3 // 2 if half else pay + rng.randint(2, 20)
    first = "<p> (earns|makes|is paid) <a> (an|per|for each) hour for the first <h> hours( of work|)( each week|)"
    if half:
        second = (
            "(for overtime|for each hour after that|beyond that)(,|) <p.he> (earns|gets|is paid) one and a half times"
            " (as much|that rate|the regular pay)"
        )
        steps = ["overtime = {a} * 3 // 2"]
        rate = "overtime"
    else:
        scene.give_money("o", higher, "overtime")
        second = (
            "(for overtime|for each hour after that|beyond that)(,|) <p.he> (earns|gets|is paid) <o>( an hour| per"
            " hour|)"
        )
        steps, rate = [], "{o}"
    scene.give("t", regular + more, "hours")
    third = "<p.he> (worked|works) <t> hours( this week| in a week|)"
    steps += ["more = {t} - {h}", f"total = {{a}} * {{h}} + {rate} * more"]
    ask = "how (much|much money|many dollars) (did|does|will) <p.he> (earn|make)( this week| in all|)"
    return scene.draft(
        "overtime",
        [first, second, third],
        ask,
        "Pay the first hours and the overtime hours apart, then add.",
        steps,
        pay * regular + higher * more,
    )


def pet_food(rng: random.Random) -> Draft:
    """Animals that eat so much a day: how long food lasts, what a stay costs."""
    scene = Scene(rng)
    pets = rng.choice(
        ["dogs", "cats", "horses", "rabbits", "cows", "goats", "hamsters", "chickens", "parrots", "llamas"]
    )
    unit, food = rng.choice(
        [
            ("cups", "food"),
            ("pounds", "hay"),
            ("cans", "food"),
            ("scoops", "grain"),
            ("ounces", "seed"),
            ("bowls", "feed"),
        ]
    )
    n, k, days, price = rng.randint(2, 12), rng.randint(2, 8), rng.randint(2, 30), rng.randint(2, 30)
    scene.bind(p=lexicon.person(rng), pets=pets, pet=pets[:-1], unit=unit, food=food)
    scene.give("n", n, "<pets>")
    scene.give("k", k, "each")
    first = "<p> (has|owns|keeps|takes care of|feeds) <n> <pets>"
    second = "each <pet> (eats|needs|gets) <k> <unit> of <food> (a|each|every|per) day"
    form = rng.choice(["total", "lasts", "bags", "cost"])
    scene.give("d", days, "days")
    if form == "total":
        ask = "how many <unit> of <food> (does <p.he> need|do they eat|are needed) in <d> days"
        return scene.draft(
            "pet_food",
            [first, second],
            ask,
            "Multiply for a day, then by the days.",
            ["daily = {n} * {k}", "total = daily * {d}"],
            n * k * days,
        )
    if form == "lasts":
        scene.give("b", n * k * days, "<food>")
        facts = [first, second, "<p.he> (has|bought) <b> <unit> of <food>"]
        ask = "(how many days (will|does) (it|the <food>) last|for how many days is that enough)"
        return scene.draft(
            "pet_food",
            facts,
            ask,
            "Divide the <food> by what they eat in a day.",
            ["daily = {n} * {k}", "days = {b} // daily"],
            days,
        )
    size = rng.choice([divisor for divisor in range(2, n * k * days) if n * k * days % divisor == 0])
    scene.give("s", size, "per_bag")
    facts = [first, second, "(a|one|each) bag (has|holds|contains) <s> <unit>( of <food>|)"]
    steps = ["daily = {n} * {k}", "total = daily * {d}", "bags = total // {s}"]
    bags = n * k * days // size
    if form == "bags":
        return scene.draft(
            "pet_food",
            facts,
            "how many bags (does <p.he> need|are needed) for <d> days",
            "Find the need of all days, then divide by a bag.",
            steps,
            bags,
        )
    scene.give_money("c", price, "price")
    facts.append("(a|each|one) bag costs <c>")
    return scene.draft(
        "pet_food",
        facts,
        "how much does the <food> for <d> days cost",
        "Find the bags for all days, then multiply by the price.",
        [*steps, "cost = bags * {c}"],
        bags * price,
    )


def sales(rng: random.Random) -> Draft:
    """Sales of two or three times, each told by the one before, at one price."""
    scene = person_with(rng, "baked", "toy", "flower", "clothing", "stationery")
    times = series(rng, rng.choice([2, 2, 3]))
    values = [numbers.count(rng, 4, 40)]
    price = rng.randint(2, 25)
    scene.give("a", values[0], times[0][0])
    scene.give_money("c", price, "price")
    cost = "(each|every|one) <things.one> (costs|sells for|is sold for) <c>"
    facts: list[Template] = [f"<p> sold <a> <things> {times[0][1]}"]
    steps, plan = [], []
    for place, (name, when) in enumerate(times[1:], 1):
        reference = "{a}" if place == 1 else times[place - 1][0]
        middle, expression, value, what = relation(rng, scene, f"d{place}", name, values[-1], reference, "difference")
        facts.append(
            f"(<p.he> sold {middle} {times[place - 1][1]} {when}|{when}(,|) <p.he> sold {middle} {times[place - 1][1]})"
        )
        steps.append(f"{name} = {expression}")
        plan.append(what)
        values.append(value)
    facts.insert(rng.choice([0, len(facts)]), cost)
    if facts[0] == cost:
        facts[0] = "<p> sells <things> (for|at) <c> each"
        facts[1] = facts[1].replace("<p> sold", "<p.he> sold")
    steps += [f"total = {' + '.join(['{a}', *(name for name, _ in times[1:])])}", "money = total * {c}"]
    ask = f"how (much|much money|many dollars) did <p.he> (make|earn|get) {IN_ALL}"
    return scene.draft(
        "sales",
        facts,
        ask,
        f"Each time from the one before: {', '.join(plan)}; add all, multiply by the price.",
        steps,
        sum(values) * price,
    )


def ages_told(rng: random.Random) -> Draft:
    """Three ages, each told by another; the last, their sum, or an age in some years."""
    scene = Scene(rng)
    cast = lexicon.people(rng, 3)
    scene.bind(**dict(zip("pqr", cast, strict=True)))
    a = rng.randint(3, 30)
    scene.give("a", a, "<p>")
    values, steps, facts = [a], [], ["<p> is <a>( years old|)"]
    for who, before in (("q", "p"), ("r", "q")):
        reference = "{a}" if before == "p" else f"<{before}>"
        gap = rng.randint(2, max(2, min(20, values[-1] - 1)))
        form = rng.choice(["older", "younger", "times"]) if values[-1] > gap else "times"
        if form == "times":
            factor = rng.choice([2, 2, 3])
            facts.append(f"<{who}> is {numbers.TIMES[factor]} as old as <{before}>")
            steps.append(f"<{who}> = {reference} * {factor}")
            values.append(values[-1] * factor)
            continue
        scene.give(f"g{who}", gap, "gap")
        facts.append(f"<{who}> is <g{who}> years {form} than <{before}>")
        sign = "+" if form == "older" else "-"
        steps.append(f"<{who}> = {reference} {sign} {{g{who}}}")
        values.append(values[-1] + (gap if form == "older" else -gap))
    if rng.random() < 0.3:
        facts.reverse()
    form = rng.choice(["last", "sum", "future"])
    rationale = "Find each age from the one before"
    if form == "last":
        return scene.draft("ages_told", facts, "how old is <r>", rationale + ".", steps, values[-1], extras=False)
    if form == "sum":
        ask = "(what is the sum of their ages|how old are (they|all three) together)"
        return scene.draft(
            "ages_told",
            facts,
            ask,
            rationale + ", then add all.",
            [*steps, "total = {a} + <q> + <r>"],
            sum(values),
            extras=False,
        )
    years = rng.randint(2, 20)
    scene.give("y", years, "years")
    return scene.draft(
        "ages_told",
        facts,
        "how old will <r> be in <y> years",
        rationale + ", then add the years.",
        [*steps, "age = <r> + {y}"],
        values[-1] + years,
        extras=False,
    )


def time_for_tasks(rng: random.Random) -> Draft:
    """Tasks that each take some minutes: the time for all, what is left of an evening, the pay."""
    scene = Scene(rng)
    deed = settings.activity(rng)
    each, n = rng.randint(2, 30), rng.randint(2, 20)
    scene.bind(p=lexicon.person(rng), v=deed.verb, things=deed.things)
    scene.give("k", each, "each")
    scene.give("n", n, "<things>")
    first = (
        "(it takes <p> <k> minutes to <v> (a|one|each) <things.one>|<p> (needs|takes) <k> minutes to <v> (a|one|each)"
        " <things.one>)"
    )
    form = rng.choice(["all", "hours", "left", "number", "pay"])
    if form == "all":
        ask = "how (many minutes|long, in minutes,) (does|will) it take <p.him> to <v> <n> <things>"
        return scene.draft(
            "time_for_tasks",
            [first],
            ask,
            "Multiply the minutes by the number of <things>.",
            ["minutes = {k} * {n}"],
            each * n,
        )
    if form == "hours":
        each = rng.choice([5, 6, 10, 12, 15, 20, 30, 45])
        n = rng.choice([number for number in range(2, 41) if each * number % 30 == 0])
        scene.give("k", each, "each")
        scene.give("n", n, "<things>")
        return scene.draft(
            "time_for_tasks",
            [first],
            "how many hours (does|will) it take to <v> <n> <things>",
            "Multiply, then divide by 60 minutes.",
            ["minutes = {k} * {n}", "hours = minutes / 60"],
            Fraction(each * n, 60),
        )
    if form == "left":
        spare = rng.randint(2, 60)
        scene.give("t", each * n + spare, "time")
        facts = [first, "<p.he> has <t> minutes( in all|)", "<p.he> (<v.past>|has to <v>) <n> <things>"]
        return scene.draft(
            "time_for_tasks",
            facts,
            "how many minutes (are left|does <p.he> have left)",
            "Multiply for the time used, then subtract.",
            ["used = {k} * {n}", "left = {t} - used"],
            spare,
        )
    if form == "number":
        hours = rng.randint(1, 6) + 1
        each = rng.choice([3, 4, 5, 6, 10, 12, 15, 20, 30])
        scene.give("k", each, "each")
        scene.give("t", hours, "hours")
        return scene.draft(
            "time_for_tasks",
            [first],
            "how many <things> can <p.he> <v> in <t> hours",
            "Turn the hours into minutes, then divide.",
            ["minutes = {t} * 60", "number = minutes // {k}"],
            hours * 60 // each,
        )
    price = rng.randint(2, 20)
    scene.give_money("c", price, "pay")
    facts = [
        "<p> (earns|gets|is paid) <c> for each <things.one> <p.he> (<v.third>)",
        "<p.he> <v.past> <n> <things> (a day|each day|every day) for <k> days",
    ]
    scene.give("k", each, "days")
    return scene.draft(
        "time_for_tasks",
        facts,
        f"how much( money|) did <p.he> (earn|make|get) {IN_ALL}",
        "Multiply pay, <things> and days.",
        ["total = {c} * {n} * {k}"],
        price * n * each,
    )


def growth(rng: random.Random) -> Draft:
    """Something that doubles or triples each day, or grows by a fixed amount."""
    scene = Scene(rng)
    thing, where = rng.choice(
        [
            ("bacteria", "in a dish"),
            ("lily pads", "on a pond"),
            ("followers", "on a page"),
            ("rabbits", "on an island"),
            ("ants", "in a nest"),
            ("weeds", "in a garden"),
            ("visitors", "at a park"),
        ]
    )
    start, days = rng.randint(2, 40), rng.randint(2, 6)
    scene.bind(thing=thing, where=where, time="(day|week|hour|month|year)")
    scene.give("a", start, "start")
    scene.give("d", days, "<time>s")
    ask = "how many <thing> (are there|will there be) after <d> <time>s"
    first = "there (are|were) <a> <thing> <where>( at first| at the start|)"
    if rng.random() < 0.6:
        factor, word = rng.choice([(2, "(doubles|is doubled)"), (3, "(triples|is tripled)")])
        facts = [first, f"(their|the) number {word} (every|each) <time>"]
        return scene.draft(
            "growth",
            facts,
            ask,
            f"Multiply by {factor} for each <time>.",
            [f"total = {{a}} * {factor} ** {{d}}"],
            start * factor**days,
        )
    more = rng.randint(2, 50)
    scene.give("m", more, "more")
    facts = [first, "<m> (more|new ones) (come|are added|appear) (every|each) <time>"]
    return scene.draft(
        "growth",
        facts,
        ask,
        "Multiply what comes each <time>, then add the start.",
        ["added = {m} * {d}", "total = {a} + added"],
        start + more * days,
    )


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (budget, school, overtime, pet_food, sales, ages_told, time_for_tasks, growth)
}
