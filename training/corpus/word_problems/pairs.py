"""Two amounts that belong together: two kinds of one group, two measured amounts, dozens, shares of a budget."""

import random
from fractions import Fraction

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.combine import IN_ALL, listed, series
from tora_agent.training.corpus.word_problems.phrasing import Template
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
    x, y = first.split()[0], second.split()[0]
    scene.give("a", a, x)
    scene.give("b", b, y)
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
    more = rng.random() < 0.5 or a <= gap
    scene.give("g", gap, "more" if more else "fewer")
    facts = [
        "there (are|were) <a> <x> <where>",
        f"there (are|were) <g> {'more' if more else 'fewer'} <y> than <x>",
    ]
    value, sign = (a + gap, "+") if more else (a - gap, "-")
    steps = [f"{y} = {{a}} {sign} {{g}}"]
    rationale = f"There are {'more' if more else 'fewer'} <y>: {'add' if more else 'subtract'} the difference."
    if form == "more":
        return scene.draft(
            "two_groups",
            facts,
            "(how many <y> (are|were) there|what is the number of <y>)",
            rationale,
            steps,
            value,
        )
    return scene.draft(
        "two_groups",
        facts,
        f"how many (<whole>|<x> and <y>) (are|were) there {IN_ALL}",
        rationale + " Then add both.",
        [*steps, f"total = {{a}} + {y}"],
        a + value,
    )


def amount(rng: random.Random, scene: Scene, key: str, variable: Template, form: str) -> Fraction:
    """Give a decimal, a fraction or a whole measure."""
    if form == "fraction":
        bottom = rng.choice([2, 3, 4, 4, 5, 6, 8, 10])
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
        tokens("apples grapes oranges beef chicken rice flour sugar cheese cherries nuts beans potatoes fish"),
        2,
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
            [
                "a recipe (needs|uses|calls for) <#> <cup> of <food>",
                "it also (needs|uses) <#> <cup> of <other>",
            ],
            "how many <cup> (are needed|does it need|is that) {IN}",
            "how many more <cup> of {A} than {B} does it need",
            "recipe",
        ),
        (
            ["first", "second"],
            [
                "<p> has a (rope|ribbon|board) that is <#> <long> long",
                "(another|the other) one is <#> <long> long",
            ],
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


def dozens(rng: random.Random) -> Draft:
    """Things that come by the dozen."""
    scene = Scene(rng)
    things, kind = lexicon.thing(rng, "baked", "fruit", "flower", "stationery", "sweet", "household")
    first = lexicon.person(rng)
    scene.bind(
        p=first,
        q=lexicon.person(rng, first, roles=0),
        things=things,
        w=lexicon.losing(rng, kind),
        v=lexicon.getting(rng, kind),
        kin=rng.choice(lexicon.RELATIVES),
    )
    n = rng.randint(2, 12)
    half = rng.random() < 0.1
    scene.give("n", n, "dozens")
    whole = n * 12
    start = "<p> (bought|ordered|has|had|<v.past>) <n> dozen <things>"
    steps = ["<things> = {n} * 12"]
    form = rng.choice(["count", "lose", "gain", "share", "price", "pack"])
    if form == "count" or half:
        ask = (
            "(how many <things> (is that|does <p.he> have|did <p.he> get)( in all|)|how many single <things> are there)"
        )
        return scene.draft("dozens", [start], ask, "A dozen is 12.", steps, whole)
    if form == "lose":
        scene.give("b", less := rng.randint(2, whole - 1), "gone")
        event = "<p.he> (<w.past>|gave away) <b>( of them|)|<b> of them (were broken|were lost)"
        return scene.draft(
            "dozens",
            [start, f"({event})"],
            "how many <things> (are left|does <p.he> have left|remain)",
            "A dozen is 12. Subtract what is gone.",
            [*steps, "left = <things> - {b}"],
            whole - less,
        )
    if form == "gain":
        scene.give("b", more := rng.randint(2, 40), "more")
        event = "(<p.he> (got|found|bought) <b> more|<q> (gave|brought) <p.him> <b> more|<p.he> already had <b>)"
        return scene.draft(
            "dozens",
            [start, event],
            f"how many <things> does <p.he> have (now|{IN_ALL})",
            "A dozen is 12. Add the others.",
            [*steps, "total = <things> + {b}"],
            whole + more,
        )
    if form == "share":
        people = rng.choice([divisor for divisor in range(2, 13) if whole % divisor == 0])
        scene.give("b", people, "people")
        event = (
            "(<p.he> (shares|shared|divided) them (equally|evenly) (among|between|with) <b>"
            " (friends|people|children|classmates))"
        )
        return scene.draft(
            "dozens",
            [start, event],
            "how many( <things>|) (does|did|will) each get",
            "A dozen is 12. Divide by the people.",
            [*steps, "each = <things> // {b}"],
            whole // people,
        )
    if form == "pack":
        size = rng.choice([divisor for divisor in (2, 3, 4, 6, 8, 9) if whole % divisor == 0])
        scene.give("b", size, "each")
        return scene.draft(
            "dozens",
            [start, "<p.he> (puts|put|packs) them (in|into) bags of <b>"],
            "how many bags (does|did) <p.he> (need|fill|use)",
            "A dozen is 12. Divide by the number in each bag.",
            [*steps, "bags = <things> // {b}"],
            whole // size,
        )
    price = rng.randint(2, 12)
    scene.give_money("c", price, "price")
    if rng.random() < 0.5:
        return scene.draft(
            "dozens",
            [start, "(a|one|each) dozen costs <c>"],
            "how much (did|does) <p.he> pay( in all| altogether|)",
            "Multiply the dozens by the price.",
            ["cost = {n} * {c}"],
            n * price,
        )
    return scene.draft(
        "dozens",
        [start, "(each|one|every) <things.one> (costs|cost) <c>"],
        "how much (did|does) <p.he> pay( in all| altogether|)",
        "A dozen is 12. Multiply by the price.",
        [*steps, "cost = <things> * {c}"],
        whole * price,
    )


def bought_and_left(rng: random.Random) -> Draft:
    """Several equal purchases taken from a sum of money: the change, or what one costs."""
    scene = Scene(rng)
    things, kind = lexicon.thing(rng)
    scene.bind(p=lexicon.person(rng), things=things, clerk=rng.choice(["clerk", "cashier", "shopkeeper", "seller"]))
    n, price = rng.randint(2, 15), numbers.price(rng, 1, 25, 0.25)
    total = n * price
    paid = int(total) + rng.choice([1, 2, 5, 5, 8, 10, 20, 40])
    scene.give("n", n, "<things>")
    scene.give_money("m", paid, "money")
    if rng.random() < 0.6:
        scene.give_money("c", price, "price")
        facts = rng.choice(
            [
                [
                    "<p> (buys|bought) <n> <things> (for|at|that cost) <c> each",
                    "<p.he> (pays|paid) with <m>|<p.he> (gives|gave|handed) the <clerk> <m>",
                ],
                ["<p> (has|had) <m>", "<p.he> (buys|bought) <n> <things> (for|at|that cost) <c> each"],
                [
                    "(each|one|a|every) <things.one> costs <c>",
                    "<p> (has|had) <m> and (buys|bought) <n>( of them| <things>|)",
                ],
            ]
        )
        facts[1] = f"({facts[1]})"
        ask = (
            "(how much (change|money) (does|did|will) <p.he> get back|how much( money|) (is left|does <p.he>"
            " have left)|what is <p.his> change)"
        )
        return scene.draft(
            "bought_and_left",
            facts,
            ask,
            "Multiply the <things> by the price, then subtract from the money.",
            ["cost = {n} * {c}", "left = {m} - cost"],
            paid - total,
        )
    left = paid - total
    scene.give_money("c", left, "left")
    facts = [
        "<p> had <m>",
        "<p.he> bought <n> <things>(, all at the same price| for the same price each|)",
        "<p.he> (has|had) <c> left",
    ]
    ask = "(how much (did|does) (each|one) <things.one> cost|what was the price of (each|one) <things.one>)"
    return scene.draft(
        "bought_and_left",
        facts,
        ask,
        "Subtract what is left from the money, then divide by the <things>.",
        ["spent = {m} - {c}", "price = spent / {n}"],
        price,
    )


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (two_groups, measured, dozens, bought_and_left)
}
