"""Measures: perimeter and area, conversion of units, weights and lengths, clock time."""

import random
from fractions import Fraction

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.combine import IN_ALL
from tora_agent.training.corpus.word_problems.inflection import phrases
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

LENGTHS = ("feet", "meters", "inches", "centimeters", "yards", "miles", "kilometers")
SURFACES = phrases(
    "garden, room, field, rug, floor, poster, playground, window, wall, lawn, yard, pool, sheet of paper, table top, "
    "picture, park, patio, tile, flag, bedroom, blanket, photo, board, farm, parking lot"
)
CONVERSIONS = (
    ("feet", "inches", 12),
    ("yards", "feet", 3),
    ("hours", "minutes", 60),
    ("minutes", "seconds", 60),
    ("days", "hours", 24),
    ("weeks", "days", 7),
    ("years", "months", 12),
    ("meters", "centimeters", 100),
    ("kilometers", "meters", 1000),
    ("kilograms", "grams", 1000),
    ("pounds", "ounces", 16),
    ("gallons", "quarts", 4),
    ("quarts", "pints", 2),
    ("pints", "cups", 2),
    ("dollars", "cents", 100),
    ("dozens", "pieces", 12),
    ("liters", "milliliters", 1000),
    ("tons", "pounds", 2000),
    ("decades", "years", 10),
    ("centimeters", "millimeters", 10),
    ("quarters", "cents", 25),
    ("gallons", "cups", 16),
)
STUFF = (
    ("pounds", "flour|sugar|rice|apples|potatoes|beans|clay|sand|meat|cheese"),
    ("kilograms", "rice|sand|fish|potatoes|fruit|salt"),
    ("cups", "flour|sugar|milk|water|oats|rice"),
    ("liters", "water|juice|milk|paint|oil"),
    ("gallons", "water|paint|gas|milk|lemonade"),
    ("feet", "rope|ribbon|wire|fabric|wood|string"),
    ("meters", "cloth|rope|wire|ribbon|pipe"),
    ("inches", "ribbon|rain|snow|string"),
    ("ounces", "juice|chocolate|cheese|gold|soup"),
    ("grams", "sugar|salt|butter|cocoa"),
    ("yards", "fabric|cloth|lace"),
    ("tons", "coal|sand|gravel|steel"),
)
ACTS = phrases(
    "working, reading, playing, sleeping, practicing piano, watching TV, studying, cooking, swimming, driving, "
    "doing homework, running, painting, gardening"
)


def rectangle(rng: random.Random) -> Draft:
    """Area, perimeter or a missing side of a rectangle or a square; what a fence or a floor costs."""
    scene = Scene(rng)
    width, length = sorted((rng.randint(2, 60), rng.randint(2, 90)))
    unit = rng.choice(LENGTHS)
    scene.bind(p=lexicon.person(rng), shape=rng.choice(SURFACES), unit=unit)
    scene.give("l", length, "length")
    scene.give("w", width, "width")
    square = rng.random() < 0.25
    if square:
        scene.give("s", length, "side")
        facts: list[Template] = [
            "(a|the) square <shape> (has sides of <s> <unit>|is <s> <unit> on each side|has a side of <s>"
            " <unit>|has sides that are <s> <unit> long)"
        ]
    else:
        facts = rng.choice(
            [
                [
                    "(a|the|<p.his>) (rectangular |)<shape> is <l> <unit> (long|in length) and <w> <unit>"
                    " (wide|in width)"
                ],
                ["(a|the|<p.his>) (rectangular |)<shape> has a length of <l> <unit> and a width of <w> <unit>"],
                ["(a|the|<p.his>) (rectangular |)<shape> is <w> <unit> wide and <l> <unit> long"],
                ["(a|the) rectangular <shape> measures <l> <unit> by <w> <unit>"],
            ]
        )
    form = rng.choice(["area", "area", "perimeter", "perimeter", "side", "cost"])
    area = length * (length if square else width)
    around = 2 * (length + (length if square else width))
    area_step = "area = {s} * {s}" if square else "area = {l} * {w}"
    around_step = "perimeter = 4 * {s}" if square else "perimeter = 2 * ({l} + {w})"
    if form == "area":
        ask = (
            "(what is (its area|the area|the area of the <shape>)( in square <unit>|)|how many square <unit> (does it"
            " cover|is the area|are there))"
        )
        return scene.draft(
            "rectangle",
            facts,
            ask,
            "The area is length times width." if not square else "The area is the side squared.",
            [area_step],
            area,
        )
    if form == "perimeter":
        ask = (
            "(what is (its perimeter|the perimeter|the perimeter of the <shape>)|how many <unit> (is it|is the way)"
            " around the <shape>|how many <unit> of (fence|border|trim|edging) (are needed|does <p.he> need) to go"
            " around it)"
        )
        return scene.draft(
            "rectangle",
            facts,
            ask,
            (
                "The perimeter is twice the length plus twice the width."
                if not square
                else "The perimeter is four times the side."
            ),
            [around_step],
            around,
        )
    if form == "side" and not square:
        known, missing, key = rng.choice([("length", "width", "l"), ("width", "length", "w")])
        by_area = rng.random() < 0.6
        scene.give("a", area if by_area else around, "area" if by_area else "perimeter")
        what = "an area of <a> square <unit>" if by_area else "a perimeter of <a> <unit>"
        facts = [f"(a|the) (rectangle|rectangular <shape>) has {what} and a {known} of <{key}> <unit>"]
        step = f"{missing} = {{a}} // {{{key}}}" if by_area else f"{missing} = {{a}} // 2 - {{{key}}}"
        rationale = f"Divide the area by the {known}." if by_area else f"Subtract the {known} from half the perimeter."
        return scene.draft(
            "rectangle",
            facts,
            f"what is (the|its) {missing}( in <unit>|)",
            rationale,
            [step],
            width if key == "l" else length,
        )
    cost = rng.randint(2, 30)
    single = {"feet": "foot", "inches": "inch"}.get(unit, unit.removesuffix("s"))
    scene.give_money("c", cost, "price")
    if rng.random() < 0.5:
        facts.append(f"(each|every|one|a) square {single} of (carpet|grass|paint|tile) costs <c>")
        return scene.draft(
            "rectangle",
            facts,
            "how much does it cost to cover (it|the whole <shape>)",
            "Find the area, then multiply by the price.",
            [area_step, "cost = area * {c}"],
            area * cost,
        )
    facts.append(f"(each|every|one|a) {single} of (fence|trim|border) costs <c>")
    return scene.draft(
        "rectangle",
        facts,
        "how much does (the|a) (fence|border|trim) around it cost",
        "Find the perimeter, then multiply by the price.",
        [around_step, "cost = perimeter * {c}"],
        around * cost,
    )


def triangle(rng: random.Random) -> Draft:
    """Perimeters of polygons and the area of a triangle; the volume of a box."""
    scene = Scene(rng)
    scene.bind(unit=rng.choice(LENGTHS[:5]))
    form = rng.choice(["triangle", "polygon", "area", "volume"])
    if form == "triangle":
        a, b = rng.randint(3, 50), rng.randint(3, 50)
        c = rng.randint(abs(a - b) + 1, a + b - 1)
        for key, value in zip("abc", (a, b, c), strict=True):
            scene.give(key, value, key)
        facts = [
            "(the sides of a triangle (are|measure) <a>, <b> and <c> <unit>|a triangle has sides of <a>"
            " <unit>, <b> <unit> and <c> <unit>)"
        ]
        return scene.draft(
            "triangle",
            facts,
            "what is (its perimeter|the perimeter|the perimeter of the triangle)",
            "The perimeter is the sum of the sides.",
            ["perimeter = {a} + {b} + {c}"],
            a + b + c,
            extras=False,
            opening=scene.task(),
        )
    if form == "polygon":
        sides, name = rng.choice(
            [
                (3, "an equilateral triangle"),
                (5, "a regular pentagon"),
                (6, "a regular hexagon"),
                (8, "a regular octagon"),
            ]
        )
        side = rng.randint(2, 60)
        scene.give("s", side, "side")
        return scene.draft(
            "triangle",
            [f"each side of {name} is <s> <unit>( long|)"],
            "what is (the|its) perimeter",
            f"It has {numbers.words(sides)} equal sides.",
            [f"perimeter = {sides} * {{s}}"],
            sides * side,
            extras=False,
            opening=scene.task(),
        )
    if form == "area":
        base, height = rng.randint(2, 40), rng.randint(2, 40)
        scene.give("b", base, "base")
        scene.give("h", height, "height")
        facts = ["a triangle has a base of <b> <unit> and a height of <h> <unit>"]
        return scene.draft(
            "triangle",
            facts,
            "what is (the|its) area( in square <unit>|)",
            "The area is half of base times height.",
            ["area = {b} * {h} / 2"],
            Fraction(base * height, 2),
            extras=False,
            opening=scene.task(),
        )
    size = [rng.randint(2, 20) for _ in range(3)]
    for key, value, variable in zip("lwh", size, ("length", "width", "height"), strict=True):
        scene.give(key, value, variable)
    facts = ["a (box|tank|room|pool|container) is <l> <unit> long, <w> <unit> wide and <h> <unit> (high|deep|tall)"]
    return scene.draft(
        "triangle",
        facts,
        "(what is (the|its) volume( in cubic <unit>|)|how many cubic <unit> (does it hold|is its volume))",
        "The volume is length times width times height.",
        ["volume = {l} * {w} * {h}"],
        size[0] * size[1] * size[2],
        extras=False,
        opening=scene.task(),
    )


def conversion(rng: random.Random) -> Draft:
    """The same measure in another unit."""
    scene = Scene(rng)
    large, small, factor = rng.choice(CONVERSIONS)
    n = numbers.count(rng, 2, 30)
    up = rng.random() < 0.6
    scene.bind(p=lexicon.person(rng), large=large, small=small)
    if up:
        scene.give("a", n, large)
        facts = rng.choice([[], ["<p> (needs|has|used) <a> <large>"], ["the total is <a> <large>"]])
        ask = (
            "(how many <small> is that|how much is that in <small>)"
            if facts
            else (
                "(how many <small> are (there |)in <a> <large>|what is <a> <large> in <small>|<a> <large>"
                " (is|equals|are) how many <small>|how many <small> make <a> <large>)"
            )
        )
        return scene.draft(
            "conversion",
            facts,
            ask,
            f"Multiply the {large} by {factor}.",
            [f"{small} = {{a}} * {factor}"],
            n * factor,
            extras=False,
            opening=scene.task(),
        )
    scene.give("a", n * factor, small)
    facts = rng.choice([[], ["<p> (needs|has|used) <a> <small>"], ["the total is <a> <small>"]])
    ask = (
        "(how many <large> is that|how much is that in <large>)"
        if facts
        else (
            "(how many <large> are (there |)in <a> <small>|what is <a> <small> in <large>|<a> <small>"
            " (is|equals|are) how many <large>)"
        )
    )
    return scene.draft(
        "conversion",
        facts,
        ask,
        f"Divide the {small} by {factor}.",
        [f"{large} = {{a}} // {factor}"],
        n,
        extras=False,
        opening=scene.task(),
    )


def stuff(rng: random.Random) -> Draft:
    """Weights, lengths and volumes that are added, taken away or compared, often with decimals."""
    scene = Scene(rng)
    unit, kinds = rng.choice(STUFF)
    first = lexicon.person(rng)
    scene.bind(p=first, q=lexicon.person(rng, first, roles=0), unit=unit, stuff=rng.choice(kinds.split("|")))
    decimals = rng.random() < 0.5
    one = Fraction(rng.randint(11, 300), rng.choice([10, 10, 100])) if decimals else Fraction(rng.randint(5, 90))
    two = Fraction(rng.randint(11, 300), rng.choice([10, 10, 100])) if decimals else Fraction(rng.randint(2, 90))
    if one == two:
        return stuff(rng)
    form = rng.choice(["add", "use", "more", "need", "each"])
    if form in ("use", "need") and one < two:
        one, two = two, one
    many = "how (much|many <unit> of) <stuff>"
    scene.give("a", one, {"use": "<stuff>", "need": "needed"}.get(form, "first"))
    scene.give("b", two, {"use": "used", "need": "has"}.get(form, "second"))
    if form == "add":
        facts = rng.choice(
            [
                ["<p> bought <a> <unit> of <stuff>(, then| and then| and) <b> <unit> more( later|)"],
                ["<p> (has|used) <a> <unit> of <stuff>", "<q> (has|used) <b> <unit>( of <stuff>|)"],
                [
                    "(one|a) (box|bag|piece|can) (has|holds) <a> <unit> of <stuff> and (another|the other)"
                    " (has|holds) <b> <unit>"
                ],
            ]
        )
        return scene.draft(
            "stuff", facts, f"{many} is (that|there) {IN_ALL}", "Add both amounts.", ["total = {a} + {b}"], one + two
        )
    if form == "use":
        facts = [
            "(<p> (has|had|bought) <a> <unit> of <stuff>|there were <a> <unit> of <stuff>)",
            "<p.he> (used|sold|gave away|lost) <b>( <unit>|)( of it|)",
        ]
        return scene.draft(
            "stuff",
            facts,
            f"{many} (does <p.he> have left|did <p.he> keep)",
            "Subtract what is gone.",
            ["left = {a} - {b}"],
            one - two,
        )
    if form == "need":
        facts = [
            "(the recipe|the project) (needs|calls for|requires) <a> <unit> of <stuff>",
            "<p> (already has|has|already put in|added) <b>( <unit>|)",
        ]
        return scene.draft(
            "stuff",
            facts,
            "how (much more|many more <unit> of) <stuff> does <p.he> need",
            "Subtract what is there from what is needed.",
            ["missing = {a} - {b}"],
            one - two,
        )
    if form == "more":
        high, low = ("p", "q") if one > two else ("q", "p")
        facts = ["<p> (has|used|bought) <a> <unit> of <stuff>", "<q> (has|used|bought) <b>( <unit>|)"]
        step = "difference = {a} - {b}" if one > two else "difference = {b} - {a}"
        return scene.draft(
            "stuff",
            facts,
            f"how many more <unit> is that for <{high}> than for <{low}>",
            "Subtract the smaller amount from the larger one.",
            [step],
            abs(one - two),
        )
    n = rng.randint(2, 20)
    scene.give("n", n, "count")
    scene.give("a", one, "each")
    scene.bind(box="(bags|boxes|pieces|cans|bottles|rolls)" if unit != "inches" else "pieces")
    facts = [
        "(<p> (has|bought|used) <n> <box>( of <stuff>|)|there are <n> <box>( of <stuff>|))",
        "each (holds|has|contains) <a> <unit>( of <stuff>|)",
    ]
    return scene.draft(
        "stuff",
        facts,
        f"{many} is (that|there) {IN_ALL}",
        "Multiply the amount in each by the number.",
        ["total = {n} * {a}"],
        n * one,
    )


def duration(rng: random.Random) -> Draft:
    """Minutes and hours spent, left, or per day over several days."""
    scene = Scene(rng)
    first = lexicon.person(rng)
    act, other = rng.sample(ACTS, 2)
    unit = rng.choice(["minutes", "hours", "minutes"])
    scene.bind(p=first, act=act, other=other, unit=unit, day=rng.choice(lexicon.DAYS))
    a, b, d = rng.randint(2, 90), rng.randint(2, 90), rng.randint(2, 14)
    if unit == "hours":
        a, b = rng.randint(1, 12) + 1, rng.randint(1, 9) + 1
    form = rng.choice(["sum", "difference", "days", "convert"])
    scene.give("a", a, "first")
    if form == "sum":
        scene.give("b", b, "second")
        facts = ["<p> spent <a> <unit> <act>( on <day>|) and <b> <unit> <other>"]
        return scene.draft(
            "duration",
            facts,
            f"how (many <unit>|much time) did <p.he> spend {IN_ALL}",
            "Add both times.",
            ["total = {a} + {b}"],
            a + b,
        )
    if form == "difference" and a != b:
        scene.give("b", b, "second")
        more, less = (act, other) if a > b else (other, act)
        facts = ["<p> spent <a> <unit> <act> and <b> <unit> <other>"]
        step = "difference = {a} - {b}" if a > b else "difference = {b} - {a}"
        return scene.draft(
            "duration",
            facts,
            f"how many (more <unit>|<unit> longer) did <p.he> spend {more} than {less}",
            "Subtract the shorter time from the longer one.",
            [step],
            abs(a - b),
        )
    if form == "convert" and unit == "minutes":
        a = rng.choice([10, 15, 20, 30, 40, 45, 60, 90])
        d = rng.choice([days for days in range(2, 31) if a * days % 30 == 0])
        scene.give("a", a, "minutes")
        scene.give("d", d, "days")
        facts = ["<p> spends <a> minutes <act> (a|each|every|per) day"]
        return scene.draft(
            "duration",
            facts,
            "how many hours (does|will) <p.he> spend <act> in <d> days",
            "Multiply the minutes by the days, then divide by 60.",
            ["total = {a} * {d}", "hours = total / 60"],
            Fraction(a * d, 60),
        )
    scene.give("a", a, "per_day")
    scene.give("d", d, "days")
    facts = ["<p> spends <a> <unit> <act> (a|each|every|per) day", "<p.he> does this for <d> days"][
        : rng.choice([1, 2])
    ]
    ask = (
        f"how many <unit> (is that|does <p.he> spend) {IN_ALL}"
        if len(facts) == 2
        else "how many <unit> (does|will) <p.he> spend <act> in <d> days"
    )
    return scene.draft("duration", facts, ask, "Multiply the <unit> by the days.", ["total = {a} * {d}"], a * d)


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (rectangle, triangle, conversion, stuff, duration)
}
