"""Two amounts that belong together: two kinds in one place, two measured amounts."""

import random
from fractions import Fraction

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.combine import IN_ALL, listed, series
from tora_agent.training.corpus.word_problems.inflection import tokens
from tora_agent.training.corpus.word_problems.phrasing import LATER, Template
from tora_agent.training.corpus.word_problems.scene import Scene

KINDS = tuple(
    tuple(line.split(", "))
    for line in """
girls, boys, (students|children|kids), (in a class|in the school|in the gym|at a camp|on the playground)
men, women, (people|adults), (in a room|at a meeting|on a bus|at a party|in a club)
adults, children, people, (at a party|on a train|in a theater|at the zoo|at the museum)
cats, dogs, (animals|pets), (in a shelter|at the vet|in a pet store)
cars, trucks, vehicles, (in a parking lot|on the road|at a garage)
roses, tulips, flowers, (in a garden|in a vase|in a bouquet|in a shop)
cows, pigs, animals, (on a farm|in a barn|in a field)
ducks, geese, birds, (on a lake|in a pond|on a farm)
apples, pears, (fruits|pieces of fruit), (in a basket|in a bowl|on a table|in a crate)
novels, comics, books, (on a shelf|in a box|in a store)
pine trees, oak trees, trees, (in a park|in a forest|along a street)
teachers, students, people, (in a school|on a trip|in a hall)
red marbles, blue marbles, marbles, (in a bag|in a jar|in a box)
forks, spoons, (utensils|pieces), (in a drawer|on a table)
chocolate cookies, sugar cookies, cookies, (on a tray|in a jar|in a box)
large boxes, small boxes, boxes, (in a room|in a truck|in a warehouse)
shirts, pants, (clothes|pieces of clothing), (in a closet|in a suitcase|in a store)
sharks, dolphins, (animals|sea animals), (in an aquarium|in a bay)
goldfish, guppies, fish, (in a tank|in an aquarium|in a pond)
violins, flutes, instruments, (in a band room|in a shop|in an orchestra)
tables, chairs, (pieces of furniture|items), (in a hall|in a room|in a store)
white cups, blue cups, cups, (on a shelf|in a cupboard)
freshmen, seniors, students, (in a club|on a team|in the band)
tigers, lions, (animals|big cats), (in a zoo|in a park)
bees, butterflies, insects, (in a garden|in a meadow)
wins, losses, games, (this season|last year)
nurses, doctors, (people|workers), (in a hospital|in a clinic)
bikes, scooters, (vehicles|items), (in a shop|at a park|in a garage)
hardcover books, paperback books, books, (in a library|in a store|on a shelf)
new members, old members, members, (in a club|in a gym|in a choir)
""".strip().splitlines()
)


def two_groups(rng: random.Random) -> Draft:
    """Two kinds in one place: their sum, their difference, or one of them from the sum."""
    scene = Scene(rng)
    first, second, whole, where = rng.choice(KINDS)
    if rng.random() < 0.5:
        first, second = second, first
    a, b = rng.sample(range(2, rng.choice([15, 40, 100, 300, 900])), 2)
    scene.bind(p=lexicon.person(rng), x=first, y=second, whole=whole, where=where)
    scene.give("a", a, "<x>")
    scene.give("b", b, "<y>")
    scene.give("t", a + b, "total")
    form = rng.choice(["sum", "sum", "difference", "difference", "rest", "rest", "more", "more_sum"])
    both: list[Template] = rng.choice(
        [
            ["there (are|were) <a> <x> and <b> <y> <where>"],
            ["there (are|were) <a> <x> <where>", "there (are|were) (also |)<b> <y>( there|)"],
            ["<p> (counted|saw) <a> <x> and <b> <y> <where>"],
            ["<a> <x> and <b> <y> (are|were) <where>"],
        ]
    )
    if first in ("wins", "losses"):
        both = ["a team had <a> <x> and <b> <y> <where>"]
        form = rng.choice(["sum", "difference"])
    if form == "sum":
        ask = (
            f"(how many <whole> (are|were) there {IN_ALL}|what is the total number of <whole>|how many"
            f" <whole> is that {IN_ALL}|how many <x> and <y> (are|were) there {IN_ALL})"
        )
        if first in ("wins", "losses"):
            ask = "how many games did (they|the team) play( in all| altogether|)"
        return scene.draft("two_groups", both, ask, "Add the <x> and the <y>.", ["total = {a} + {b}"], a + b)
    if form == "difference":
        more, less, expression = ("<x>", "<y>", "{a} - {b}") if a > b else ("<y>", "<x>", "{b} - {a}")
        ask = (
            f"(how many more {more} than {less} (are|were) there|how many fewer {less} than {more} (are|were)"
            f" there|how many more {more} (are|were) there than {less}|what is the difference between the"
            f" number of {more} and the number of {less})"
        )
        return scene.draft(
            "two_groups",
            both,
            ask,
            f"There are more {more}: subtract the {less}.",
            [f"difference = {expression}"],
            abs(a - b),
        )
    if form == "rest":
        facts = [
            "(there (are|were) <t> <whole> <where>|<p> (counted|saw) <t> <whole> <where>)",
            (
                "(<a> (of them |of the <whole> |)are <x>( and the (rest|others) are <y>|)|<a> are <x>, the"
                " (rest|others) are <y>)"
            ),
        ]
        return scene.draft(
            "two_groups",
            facts,
            "(how many <y> are there|how many of them are <y>|what is the number of <y>)",
            "Subtract the <x> from all <whole>.",
            ["rest = {t} - {a}"],
            b,
        )
    gap = rng.randint(2, 40)
    greater = rng.random() < 0.5 or a <= gap
    scene.give("g", gap, "more" if greater else "fewer")
    facts = ["there (are|were) <a> <x> <where>", f"there (are|were) <g> {'more' if greater else 'fewer'} <y> than <x>"]
    value, sign = (a + gap, "+") if greater else (a - gap, "-")
    steps = [f"<y> = {{a}} {sign} {{g}}"]
    rationale = f"There are {'more' if greater else 'fewer'} <y>: {'add' if greater else 'subtract'} the difference."
    if form == "more":
        return scene.draft(
            "two_groups", facts, "(how many <y> (are|were) there|what is the number of <y>)", rationale, steps, value
        )
    return scene.draft(
        "two_groups",
        facts,
        f"how many (<whole>|<x> and <y>) (are|were) there {IN_ALL}",
        rationale + " Then add both.",
        [*steps, "total = {a} + <y>"],
        a + value,
    )


def amount(rng: random.Random, scene: Scene, key: str, variable: Template, form: str) -> Fraction:
    """Give a decimal, a fraction or a whole measure."""
    if form == "fraction":
        bottom = rng.choice([2, 4, 4, 5, 8, 10])  # those whose decimals end
        value = Fraction(rng.randint(1, bottom - 1), bottom)
        scene.give_fraction(key, value, variable)
        return value
    value = (
        Fraction(rng.randint(2, 90)) if form == "whole" else Fraction(rng.randint(2, 999), rng.choice([10, 10, 100]))
    )
    scene.give(key, value, variable)
    return value


def measured(rng: random.Random) -> Draft:
    """Two or three measured amounts, often decimals or fractions: together, or how much more."""
    scene = Scene(rng)
    first = lexicon.person(rng)
    friend = lexicon.person(rng, first, roles=0)
    times = series(rng, 3 if rng.random() < 0.3 else 2)
    unit = rng.choice(["miles", "kilometers"])
    here, there, then = rng.sample(
        [
            "(school|the school)",
            "home",
            "the store",
            "the park",
            "the library",
            "the bank",
            "work",
            "a friend's house",
            "the gym",
        ],
        3,
    )
    food, second_food = rng.sample(
        tokens("apples grapes oranges beef chicken rice flour sugar cheese cherries nuts beans potatoes fish"), 2
    )
    scene.bind(
        p=first,
        q=friend,
        unit=unit,
        here=here,
        there=there,
        then=then,
        food=food,
        other=second_food,
        where="(in the city|in town|at the lake|in the mountains|)",
        moved="(walked|ran|biked|jogged|hiked|rode)",
        mass=rng.choice(["pounds", "kilograms", "ounces"]),
        cup=rng.choice(["cups", "teaspoons", "liters", "quarts"]),
        long=rng.choice(["feet", "meters", "inches", "yards"]),
        weather=rng.choice(["rain", "snow"]),
    )
    plots: list[tuple[list[str], list[Template], Template, Template, Template]] = [
        (
            [f"{name}" for name, _ in times],
            [f"it rained <#> inches {when}" for _, when in times],
            "how (much|many inches of) rain (fell|was there) {IN}",
            "how much more rain fell {A} than {B}",
            "inches",
        ),
        (
            [name for name, _ in times],
            [f"<p> <moved> <#> <unit> {when}" for _, when in times],
            "(how far|how many <unit>) did <p.he> go {IN}",
            "how many more <unit> did <p.he> go {A} than {B}",
            "miles",
        ),
        (
            ["<food>", "<other>"],
            ["<p> bought <#> <mass> of <food>", "<p.he> (also bought|bought) <#> <mass> of <other>"],
            "how many <mass> (of food |)did <p.he> buy {IN}",
            "how many more <mass> of {A} than {B} did <p.he> buy",
            "food",
        ),
        (
            ["<p>", "<q>"],
            ["<p> <moved> <#> <unit>", "<q> <moved> <#>( <unit>|)"],
            "how (far|many <unit>) did they go {IN}",
            "how (much farther|many more <unit>) did {A} go than {B}",
            "people",
        ),
        (
            ["first", "second"],
            [
                "<p> <moved> <#> <unit> from <here> to <there>",
                "(then |)<p.he> <moved> <#> <unit> from <there> to <then>",
            ],
            "(how far|how many <unit>) did <p.he> go {IN}",
            "",
            "path",
        ),
        (
            ["<food>", "<other>"],
            ["a recipe (needs|uses|calls for) <#> <cup> of <food>", "it also (needs|uses) <#> <cup> of <other>"],
            "how many <cup> (are needed|does it need|is that) {IN}",
            "how many more <cup> of {A} than {B} does it need",
            "recipe",
        ),
        (
            ["first", "second"],
            ["<p> has a (rope|ribbon|board) that is <#> <long> long", "(another|the other) one is <#> <long> long"],
            "how long are they {IN}",
            "",
            "rope",
        ),
    ]
    names, facts, total, more, sort = rng.choice(plots)
    keys = "abc"[: len(names)]
    form = rng.choice(["decimal", "decimal", "fraction", "whole"])
    values = [amount(rng, scene, key, name, form) for key, name in zip(keys, names, strict=True)]
    facts = [fact.replace("#", key) for fact, key in zip(facts, keys, strict=True)]
    if sort in ("inches", "miles") and rng.random() < 0.4:
        facts = [
            listed(
                [
                    facts[0],
                    *(
                        f"<{key}>( {'inches' if sort == 'inches' else '<unit>'}|) {when}"
                        for key, (_, when) in zip(keys[1:], times[1:], strict=True)
                    ),
                ]
            )
        ]
    if more and len(values) == 2 and values[0] != values[1] and rng.random() < 0.45:
        labels = {
            "inches": [when for _, when in times],
            "miles": [when for _, when in times],
            "people": ["<p>", "<q>"],
        }.get(sort, ["<food>", "<other>"])
        high, low = (0, 1) if values[0] > values[1] else (1, 0)
        ask = more.replace("{A}", labels[high]).replace("{B}", labels[low])
        step = f"difference = {{{keys[high]}}} - {{{keys[low]}}}"
        return scene.draft(
            "measured",
            facts,
            ask,
            "Subtract the smaller amount from the larger one.",
            [step],
            abs(values[0] - values[1]),
        )
    step = "total = " + " + ".join(f"{{{key}}}" for key in keys)
    return scene.draft(
        "measured",
        facts,
        total.replace("{IN}", IN_ALL),
        f"Add {'both' if len(keys) == 2 else 'all three'} amounts.",
        [step],
        sum(values, Fraction(0)),
    )


LEVELS = (
    (
        "the temperature",
        "degrees",
        "what (is|was) the temperature",
        "(rose|went up|increased) by",
        "(dropped|fell|went down) by",
    ),
    ("the water in the <vessel>", "inches", "how (deep|high) is the water", "(rose|went up) by", "(fell|went down) by"),
    (
        "the price of the <goods>",
        "dollars",
        "what is the price",
        "(rose|went up|increased) by",
        "(fell|dropped|went down) by",
    ),
    ("<p>'s <pet>", "pounds", "how (much does it weigh|heavy is it)", "gained", "lost"),
    ("<p>'s plant", "centimeters", "how tall is (it|the plant)", "grew", "lost"),
    ("<p>'s score", "points", "what is <p.his> score", "(went up|rose) by", "(went down|fell) by"),
    (
        "the number of members of the club",
        "people",
        "how many members (are there|does it have)",
        "(grew|rose) by",
        "(fell|shrank) by",
    ),
)


def levels(rng: random.Random) -> Draft:
    """A measure that rises and falls: its end, or its change from start to end."""
    scene = Scene(rng)
    what, unit, ask, up, down = rng.choice(LEVELS)
    scene.bind(p=lexicon.person(rng), vessel=rng.choice(["pool", "tank", "river", "lake", "well"]), unit=unit)
    scene.bind(
        pet=rng.choice(["dog", "cat", "rabbit", "puppy", "calf"]),
        goods=rng.choice(["bike", "coat", "lamp", "phone", "tent"]),
    )
    start = rng.randint(12, rng.choice([40, 100, 300]))
    is_now = "weighed" if "pet" in what else "was"
    scene.give("a", start, "start")
    first = f"(in the morning(,|)|at first(,|)|last (week|month)(,|)|on Monday(,|)|) {what} {is_now} <a> <unit>"
    if rng.random() < 0.25:
        end = start + rng.choice([1, -1]) * rng.randint(1, start - 2)
        scene.give("b", end, "now")
        verb, step = ("rise", "change = {b} - {a}") if end > start else ("fall", "change = {a} - {b}")
        facts = [
            first,
            f"(now|later|today)(,|) it {is_now.replace('was', 'is').replace('weighed', 'weighs')} <b>( <unit>|)",
        ]
        ask = f"(by how (many <unit>|much) did it {verb}|how many <unit> did it {verb})"
        if "pet" in what:
            ask = f"how many <unit> did it {'gain' if end > start else 'lose'}"
        return scene.draft(
            "levels", facts, ask, "Subtract the smaller level from the larger one.", [step], abs(end - start)
        )
    level, facts, signs = start, [first], ""
    for key in "bc"[: rng.choice([1, 2, 2])]:
        grows = rng.random() < 0.5 or level < 5
        change = rng.randint(1, 40) if grows else rng.randint(1, level - 1)
        scene.give(key, change, "up" if grows else "down")
        facts.append(f"{LATER}it {up if grows else down} <{key}>( <unit>|)")
        level += change if grows else -change
        signs += f" {'+' if grows else '-'} {{{key}}}"
    return scene.draft(
        "levels",
        facts,
        f"{ask} (now|in the end|then)",
        "Start with the first level, add each rise and subtract each fall.",
        [f"level = {{a}}{signs}"],
        level,
    )


def multiple(rng: random.Random) -> Draft:
    """Two kinds in one place, one a multiple or a fraction of the other: the other, both, or how many more."""
    scene = Scene(rng)
    first, second, whole, where = rng.choice([kind for kind in KINDS if kind[0] != "wins"])
    if rng.random() < 0.5:
        first, second = second, first
    factor, small = rng.choice([2, 2, 2, 3, 3, 4, 5, 6]), rng.randint(2, rng.choice([12, 40, 120]))
    fraction = {2: "half", 3: "a third", 4: "a quarter"}.get(factor) if rng.random() < 0.35 else None
    a, b = (small * factor, small) if fraction else (small, small * factor)
    scene.bind(p=lexicon.person(rng), x=first, y=second, whole=whole, where=where)
    scene.give("a", a, "<x>")
    times = fraction or f"({numbers.TIMES.get(factor, f'{factor} times')}|{factor} times)"
    facts: list[Template] = rng.choice(
        [
            [f"there (are|were) <a> <x> and {times} as many <y> <where>"],
            ["there (are|were) <a> <x> <where>", f"there (are|were) {times} as many <y>( as <x>|)"],
            [f"<p> (counted|saw|has|had) <a> <x> and {times} as many <y>"],
            [
                f"(the number of <y> is {times} the number of <x>|there are {times} as many <y> as <x>) <where>",
                "there are <a> <x>",
            ],
        ]
    )
    sign, verb = ("//", "divide") if fraction else ("*", "multiply")
    steps, rationale = [f"<y> = {{a}} {sign} {factor}"], f"For the <y>, {verb} by {factor}."
    form = rng.choice(["other", "sum", "sum", "difference"])
    if form == "other":
        return scene.draft("multiple", facts, "how many <y> (are|were) there", rationale, steps, b)
    if form == "sum":
        ask = (
            f"(how many <whole> (are|were) there {IN_ALL}|how many <x> and <y> (are|were) there {IN_ALL}"
            "|what is the total number of <whole>)"
        )
        return scene.draft("multiple", facts, ask, f"{rationale} Then add.", [*steps, "total = {a} + <y>"], a + b)
    more, less, step = ("<x>", "<y>", "{a} - <y>") if fraction else ("<y>", "<x>", "<y> - {a}")
    ask = f"how many more {more} than {less} (are|were) there"
    steps.append(f"difference = {step}")
    return scene.draft("multiple", facts, ask, f"{rationale} Then subtract.", steps, abs(a - b))


GENERATORS: dict[str, Generator] = {family.__name__: family for family in (two_groups, multiple, measured, levels)}
