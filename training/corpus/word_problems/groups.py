"""Equal groups: how many in all, in each, how many groups; left over, rounded up, and a step before or after."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.combine import IN_ALL
from tora_agent.training.corpus.word_problems.inflection import Noun, noun
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

Pair = tuple[Noun, Noun]  # a holder and what it holds


def pairs(table: str) -> tuple[Pair, ...]:
    """Read a table of holders, each with the things it holds."""
    rows = [line.split(": ") for line in table.strip().splitlines()]
    return tuple((noun(holder), noun(held)) for holder, things in rows for held in things.split(", "))


PACKED = pairs("""
shelf/shelves: book, jar, toy, trophy/trophies, plant, vase
row: chair, tree, desk, seat, flower, plant, tomato plant
table: chair, plate
album: photo, stamp, picture, sticker
car: wheel
box: pencil, crayon, chocolate, cookie, book, apple, orange, toy, tile, donut, pizza slice
bag: marble, candy, apple, potato/potatoes, cookie, orange, chip, lollipop, coin
pack: gum stick, card, pencil, sticker, battery, bottle, hot dog, juice box
packet: seed, biscuit, sticker, noodle
carton: egg, orange, juice bottle, milk bottle
basket: egg, peach, apple, flower, orange, strawberry
jar: jelly bean, marble, button, cookie, coin, pickle
bouquet: rose, flower, tulip, daisy
vase: flower, rose, tulip
necklace: bead, pearl
bracelet: bead, charm
plate: cookie, dumpling, sandwich, pancake, strawberry
tray: cupcake, cookie, muffin, roll, glass
case: bottle, can, book, tile
crate: orange, apple, bottle, mango/mangoes, tomato/tomatoes
drawer: shirt, pair of socks/pairs of socks, folder, pencil
folder: file, sheet of paper/sheets of paper, document
wagon: pumpkin
truck: box, barrel, crate
stack: coin, plate, book
pile: leaf/leaves, rock, log
bunch: banana, flower, grape
roll: ticket, stamp
set: glass, plate, brush, fork
bowl: cherry, walnut, raspberry
kit: part, tool
tower: block, brick
""")  # things that a person puts into something
LIVING = pairs("""
bus/buses: student, passenger, child/children
van: student, passenger, player
class: student, boy, girl
team: player, member, child/children
cage: bird, rabbit, parrot, hamster, puppy
tank: fish/fish, goldfish/goldfish, snail
cabin: camper
tent: camper, scout
boat: tourist, fisherman/fishermen
bench: student, person/people
group: student, child/children, hiker, tourist
field: cow, sheep/sheep, horse
row: student, singer, soldier, dancer
table: guest, student, diner
car: child/children, passenger
elevator: person/people, worker
roller coaster: rider
raft: rafter, tourist
train car: passenger
hotel room: guest, traveler
""")  # people and animals that ride, sit or live in something
FIXED = pairs("""
page: sticker, photo, problem, word, line, stamp
classroom: desk, chair, computer
tree: apple, orange, bird, nest, lemon, peach
floor: room, window, apartment, office
nest: egg, bird
spider web: fly
garden: rosebush, flower, tomato plant
notebook: page, sheet of paper/sheets of paper
pizza: slice, piece
cake: piece, slice, candle
chapter: page
book: page, chapter
room: bed, chair, lamp, window
section: seat, tree
wall: picture, tile, brick
""")  # parts of something
ANIMAL_LEGS = (
    ("spider", 8),
    ("dog", 4),
    ("cat", 4),
    ("ant", 6),
    ("chicken", 2),
    ("cow", 4),
    ("horse", 4),
    ("bird", 2),
    ("beetle", 6),
)


def grouping(rng: random.Random, kept: tuple[Pair, ...] = PACKED) -> Scene:
    """Cast a person, things, and what holds them."""
    scene = Scene(rng)
    box, things = rng.choice(kept)
    if kept is PACKED and rng.random() < 0.5:
        box, things = rng.choice(lexicon.CONTAINERS), lexicon.thing(rng)[0]
    first = lexicon.person(rng)
    scene.bind(p=first, q=lexicon.person(rng, first, roles=0), things=things, box=box)
    return scene


def factors(rng: random.Random, low: int = 2, high: int = 40) -> tuple[int, int]:
    """Draw a number of groups and the size of each."""
    return rng.randint(2, rng.choice([6, 12, 30, 90])), rng.randint(low, rng.choice([10, high, high, 3 * high]))


def groups_clause(rng: random.Random, owned: bool = True) -> list[Template]:
    """Clauses that tell of n groups of k, which may be someone's."""
    if not owned:
        return rng.choice(
            [
                [
                    "there (are|were) <n> <box>",
                    (
                        "(there (are|were) <k> <things> (in|on) (each <box.one>|each|every"
                        " <box.one>)|(each|every) <box.one> (has|had|holds) <k> <things>)"
                    ),
                ],
                [
                    "there (are|were) <n> <box> with <k> <things> (each|in each|on each|in each <box.one>|on"
                    " each <box.one>)"
                ],
                [
                    "(each|every|a|one) <box.one> (has|holds) <k> <things>",
                    "there (are|were) <n> (<box>|such <box>)",
                ],
                ["<p> (saw|counted) <n> <box> with <k> <things> (in each|each|on each)"],
            ]
        )
    return rng.choice(
        [
            [
                "(there (are|were) <n> <box>|<p> (has|had) <n> <box>|<p> (has|had) <n> <box> of <things>)",
                (
                    "(there (are|were) <k> <things> in (each <box.one>|each|each one|each of them|every"
                    " <box.one>)|(each|every|each) <box.one> (has|had|holds|contains|held) <k> <things>)"
                ),
            ],
            [
                "(there (are|were) <n> <box> with <k> <things> (in each|each|in each <box.one>)|<p>"
                " (has|had|bought|got) <n> <box> with <k> <things> (in each|each|in each <box.one>|in every"
                " <box.one>)|<n> <box> each (hold|have|contain) <k> <things>)"
            ],
            [
                "(each|every|a|one) <box.one> (has|holds|contains|can hold|comes with) <k> <things>",
                "(<p> (has|had|bought|got|ordered|filled) <n> (<box>|such <box>)|there (are|were) <n> <box>)",
            ],
        ]
    )


def product(rng: random.Random) -> Draft:
    """The number of groups and the size of each are known."""
    kept = rng.choice([PACKED, PACKED, LIVING, FIXED])
    scene = grouping(rng, kept)
    n, k = factors(rng)
    scene.give("n", n, "<box>")
    scene.give("k", k, "each")
    owned = f"|does <p.he> have|does <p.he> have {IN_ALL}" if kept is PACKED else ""
    ask = (
        f"(how many <things> (are there|are there {IN_ALL}|were there {IN_ALL}{owned})|what is the total"
        " number of <things>)"
    )
    return scene.draft(
        "product",
        groups_clause(rng, kept is PACKED),
        ask,
        "Multiply the number of <box> by the <things> in each.",
        ["total = {n} * {k}"],
        n * k,
    )


def share(rng: random.Random) -> Draft:
    """A whole is divided into a known number of equal groups."""
    kept = rng.choice([PACKED, PACKED, PACKED, LIVING, FIXED])
    scene = grouping(rng, kept)
    n, k = factors(rng)
    friends = kept is PACKED and rng.random() < 0.5
    scene.bind(friends="(friends|children|people|students|classmates|cousins|neighbors|kids|teammates)")
    scene.give("t", n * k, "<things>")
    scene.give("n", n, "<friends>" if friends else "<box>")
    if friends:
        facts: list[Template] = rng.choice(
            [
                [
                    "<p> (has|had|bought|baked|made) <t> <things>",
                    (
                        "<p.he> (shares|shared|divided|split) (them|the <things>) (equally|evenly)"
                        " (among|between|with) <n> <friends>"
                    ),
                ],
                [
                    "<p> (shares|shared|divided|splits|wants to share|is sharing) <t> <things>"
                    " (equally|evenly) (among|between|with) <n> <friends>"
                ],
                [
                    "<p> (has|had) <t> <things>",
                    "<p.he> (wants to give|gave|gives) <n> <friends> the same number( of <things>|)",
                ],
                ["<t> <things> (are|were) (shared|divided|split) (equally|evenly) (among|between) <n> <friends>"],
                ["there are <n> <friends>", "<p> has <t> <things> to share (equally|evenly) among them"],
            ]
        )
        ask = (
            "(how many <things> (does|will|did|would) (each|each one|each person|each of them|every one of"
            " them) (get|receive)|how many( <things>|) does each get|how many <things> are there for each)"
        )
    else:
        facts = rng.choice(
            [
                [
                    "(there (are|were) <t> <things>|<p> (has|had) <t> <things>)",
                    (
                        "<p.he> (puts|put|placed|wants to put|divided|sorted) (them|the <things>) (equally"
                        " |evenly |)into <n> <box>(| with the same number in each)"
                    ),
                ],
                [
                    "<p> (put|placed|arranged|divided|organized|split|packed) <t> <things> (equally|evenly|in"
                    " equal numbers) (into|in) <n> <box>"
                ],
                [
                    "<n> <box> (hold|have|contain) (a total of |)<t> <things>(| in all| altogether)",
                    "(each|every) <box.one> has the same number( of <things>|)",
                ],
                ["there are <t> <things> in <n> <box> (of the same size|with the same number in each)"],
                [
                    "<p> (has|had) <n> <box>",
                    "<p.he> (has|had) <t> <things> to put into them (equally|evenly)",
                ],
            ]
        )
        if kept is not PACKED:
            facts = rng.choice(
                [
                    [
                        "<n> <box> (hold|have) (a total of |)<t> <things>(| in all| altogether)",
                        "(each|every) <box.one> has the same number( of <things>|)",
                    ],
                    [
                        "there (are|were) <t> <things> in <n> <box>(, the same number in each| of equal"
                        " size|, equally divided)"
                    ],
                    [
                        "there (are|were) <n> <box>",
                        "(all <box> have the same number of <things>|the <things> are spread evenly)",
                        "there are <t> <things> in all",
                    ],
                ]
            )
        ask = (
            "(how many <things> (are|were|will be) in (each|every|one) <box.one>|how many <things> does each"
            " <box.one> (have|hold)|what is the number of <things> in each <box.one>)"
            if kept is not PACKED
            else (
                "(how many <things> (are|were|will be|go) in (each|every|one) <box.one>|how many <things>"
                " does each <box.one> (have|hold)|how many <things> (does|should|did) <p.he> put in each("
                " <box.one>|)|what is the number of <things> in each <box.one>)"
            )
        )
    rationale = (
        "Divide the <things> by the number of <friends>." if friends else "Divide the <things> by the number of <box>."
    )
    return scene.draft("share", facts, ask, rationale, ["each = {t} // {n}"], k)


def number_of_groups(rng: random.Random) -> Draft:
    """A whole is divided into groups of a known size, evenly, or with the number of groups rounded up."""
    living = rng.random() < 0.3
    scene = grouping(rng, LIVING if living else PACKED)
    n, k = factors(rng)
    up = rng.random() < (0.4 if living else 0.15) and k > 2
    total = n * k + (rng.randint(1, k - 1) if up else 0)
    scene.give("t", total, "<things>")
    scene.give("k", k, "each")
    even: list[list[Template]] = [
        [
            "(there (are|were) <t> <things>|<p> (has|had|made|picked|bought) <t> <things>)",
            (
                "(<p.he> (puts|put|packs|packed|places|wants to put) <k> (<things> |of them |)(in|into)"
                " (each|every) <box.one>|(each|every|a) <box.one> (holds|has|gets|contains) <k>( <things>|))"
            ),
        ],
        [
            "(each|a|one|every) <box.one> (holds|has|can hold|contains|has room for) <k> <things>",
            "(<p> (has|had) <t> <things>|there are <t> <things>( in all|))",
        ],
        ["<p> (put|packed|arranged|sorted|divided) <t> <things> (into|in) <box> (of|with) <k>( each| <things> each|)"],
        [
            "<p> (has|had) <t> <things>",
            "<p.he> (wants to put|puts|put) them (in|into) <box> (of|with) <k>( each| in each|)",
        ],
        [
            "<p> (needs|wants|bought|ordered) <t> <things>",
            "(they|the <things>) (come|are sold|are packed) in <box> of <k>",
        ],
    ]
    rounded: list[list[Template]] = [
        [
            "(there (are|were) <t> <things>|<p> (has|had) <t> <things>)",
            (
                "(each|a|every) <box.one> (can hold|holds|has room for|fits) (up to|at most|only|no more"
                " than) <k>( <things>|)"
            ),
        ],
        ["(each|a|one) <box.one> can hold (up to|at most) <k> <things>", "(<p> has|there are) <t> <things>"],
    ]
    if living:
        even = [
            [
                "there (are|were) <t> <things>",
                "(each|every|a) <box.one> (holds|has|gets|takes|carries) <k>( <things>|)",
            ],
            ["<t> <things> are (divided|split|sorted|put) into <box> of <k>( <things>|)"],
            [
                "<t> <things> (are going on a trip|must be seated|arrived|came)",
                "(each|every|a|one) <box.one> (holds|takes|has room for) <k>( <things>| of them|)",
            ],
            ["(each|every) <box.one> (holds|has|takes) <k> <things>", "there are <t> <things>"],
        ]
        rounded = [
            [first, second.replace("<k>", "(at most|up to|no more than) <k>")] for first, second in (even[0], even[2])
        ]
    ask = (
        "(how many <box> (are needed|are there|will there be|will be needed)|what is the number of <box>)"
        if living and not up
        else (
            "(how many <box> are needed( for all <things>|)|what is the smallest number of <box> (needed|that"
            " is enough))"
            if living
            else (
                "(how many <box> (does <p.he> need|are needed|can <p.he> fill|are there|were there|will there"
                " be|will <p.he> need|did <p.he> use)|what is the number of <box>)"
                if not up
                else (
                    "(how many <box> (does <p.he> need|are needed) (for all of them|for all the <things>|to"
                    " hold them all|to hold all <things>)|what is the smallest number of <box> (needed|that"
                    " is enough)|at least how many <box> (are needed|does <p.he> need))"
                )
            )
        )
    )
    step = "groups = ({t} + {k} - 1) // {k}" if up else "groups = {t} // {k}"
    rationale = "Divide the <things> by the <things> in each <box.one>" + (" and round up." if up else ".")
    return scene.draft("number_of_groups", rng.choice(rounded if up else even), ask, rationale, [step], n + up)


def left_over(rng: random.Random) -> Draft:
    """What remains after as many full or equal groups as possible."""
    scene = grouping(rng)
    n, k = factors(rng)
    rest = rng.randint(1, k - 1)
    total = n * k + rest
    scene.bind(friends="(friends|children|people|students|classmates|cousins|kids)")
    scene.give("t", total, "<things>")
    people = rng.random() < 0.4
    scene.give("k", k, "<friends>" if people else "each")
    facts: list[Template] = (
        [
            "(<p> (has|had) <t> <things>|there (are|were) <t> <things>)",
            (
                "(<p.he> (shares|shared|divides|divided|wants to share) (them|the <things>) (equally|evenly)"
                " (among|between) <k> <friends>|<p.he> (gives|gave) <k> <friends> as many as possible, (the"
                " same number each|each the same number))"
            ),
        ]
        if people
        else [
            "(<p> (has|had|made|picked) <t> <things>|there (are|were) <t> <things>)",
            (
                "(<p.he> (puts|put|packs|packed) them (in|into) <box> of <k>|<p.he> fills <box> (with <k>"
                " <things> each|of <k> each)|(each|a) <box.one> (holds|needs) <k>( <things>|))"
            ),
        ]
    )
    full = rng.random() < 0.25 and not people
    if full:
        ask = (
            "(how many (full|complete|whole) <box> (can <p.he> (fill|make)|are there|will there be)|how many"
            " <box> (can be filled|can <p.he> fill) completely)"
        )
        return scene.draft("left_over", facts, ask, "Divide and round down.", ["full = {t} // {k}"], n)
    ask = (
        "(how many <things> (are left over|are left|will be left|remain|will not be in a <box.one>|are not"
        " used)|how many <things> will (be left over|<p.he> have left)|how many( <things>|) are left over)"
    )
    if people:
        ask = ask.replace("|will not be in a <box.one>", "")
    return scene.draft(
        "left_over", facts, ask, "The rest is the remainder of the division.", ["rest = {t} % {k}"], rest
    )


def product_and_more(rng: random.Random) -> Draft:
    """Equal groups, then something is added or taken away."""
    scene = grouping(rng)
    n, k = factors(rng)
    grows = rng.random() < 0.5
    extra = numbers.count(rng, 2, 40) if grows else numbers.below(rng, n * k)
    scene.give("n", n, "<box>")
    scene.give("k", k, "each")
    scene.give("m", extra, "more" if grows else "gone")
    scene.bind(w=lexicon.losing(rng, ""))
    event = (
        "(<q> (gave|brought) <p.him> <m> more( <things>|)|<p.he> (found|got|bought) <m> more("
        " <things>|)|there are (also|another) <m> (loose <things>|<things> on the side|<things> left"
        " over)|<p.he> also has <m> (loose|other|extra) <things>)"
        if grows
        else (
            "(<p.he> <w.past> <m> (<things>|of them|of the <things>)|<m> (of them|of the <things>|<things>)"
            " (were|are) (<w.done>|missing|gone|damaged)|<p.he> gave <m> (of them|<things>|of the <things>)"
            " to <q>)"
        )
    )
    ask = (
        f"(how many <things> (does <p.he> have|are there) (now|{IN_ALL})|what is the total number of <things>)"
        if grows
        else (
            "(how many <things> (are left|does <p.he> have left|remain|are there now|does <p.he> still"
            " have)|how many are left)"
        )
    )
    result, sign = ("total", "+") if grows else ("left", "-")
    rationale = (
        f"Multiply the <box> by the <things> in each, then {'add the rest' if grows else 'subtract what is gone'}."
    )
    steps = ["inside = {n} * {k}", f"{result} = inside {sign} {{m}}"]
    return scene.draft(
        "product_and_more",
        [*groups_clause(rng), event],
        ask,
        rationale,
        steps,
        n * k + (extra if grows else -extra),
    )


def share_after(rng: random.Random) -> Draft:
    """Something comes or goes, then the rest is divided."""
    scene = grouping(rng)
    n, k = factors(rng)
    grows = rng.random() < 0.45
    whole = n * k
    change = numbers.below(rng, whole) if grows else numbers.count(rng, 2, 60)
    start = whole - change if grows else whole + change
    scene.give("a", start, "<things>")
    scene.give("b", change, "more" if grows else "gone")
    by_size = rng.random() < 0.5
    scene.give("c", k if by_size else n, "each" if by_size else "<box>")
    scene.bind(w=lexicon.losing(rng, ""))
    event = (
        "(<p.he> (got|bought|found|received) <b> more( <things>|)|<q> (gave|brought) <p.him> <b> more( <things>|))"
        if grows
        else (
            "(<p.he> <w.past> <b> (of them|<things>|of the <things>)|<p.he> gave <b> (of them|<things>|of the"
            " <things>) to <q>|<b> (of them|of the <things>) were (lost|broken|damaged))"
        )
    )
    rest = "all of them" if grows else "the (rest|others|remaining <things>|<things> that were left)"
    facts = [
        "(<p> (had|has|bought) <a> <things>|there were <a> <things>)",
        event,
        (
            f"<p.he> (put|packed|placed) {rest} (into|in) <box> (with|of) <c>( each| <things> each|)"
            if by_size
            else f"<p.he> (put|packed|divided|placed) {rest} (equally|evenly) into <c> <box>"
        ),
    ]
    ask = (
        "(how many <box> (did <p.he> (use|need|fill)|are there|were there))"
        if by_size
        else (
            "(how many <things> (are|were) in (each|every) <box.one>|how many <things> did each <box.one> (hold|get))"
        )
    )
    result = "groups" if by_size else "each_one"
    rationale = (
        f"{'Add what came' if grows else 'Subtract what is gone'}, then divide by"
        f" {'the <things> in each <box.one>' if by_size else 'the number of <box>'}."
    )
    steps = [f"rest = {{a}} {'+' if grows else '-'} {{b}}", f"{result} = rest // {{c}}"]
    return scene.draft("share_after", facts, ask, rationale, steps, n if by_size else k)


def two_products(rng: random.Random) -> Draft:
    """Two sorts of groups, added or compared."""
    scene = grouping(rng)
    box, other = rng.sample(lexicon.CONTAINERS, 2)
    scene.bind(other=other, box=box, things=lexicon.thing(rng)[0])
    (n, k), (m, j) = factors(rng, high=20), factors(rng, high=20)
    for key, value, variable in (
        ("n", n, "<box>"),
        ("k", k, "per_<box.one>"),
        ("m", m, "<other>"),
        ("j", j, "per_<other.one>"),
    ):
        scene.give(key, value, variable)
    facts: list[Template] = rng.choice(
        [
            [
                "<p> (has|had|bought|got) <n> <box> (of|with) <k> <things>( each| in each|) and <m> <other>"
                " (of|with) <j> <things>( each| in each|)"
            ],
            [
                "there are <n> <box> with <k> <things> (each|in each)",
                "there are (also |)<m> <other> with <j> <things> (each|in each)",
            ],
            [
                "each <box.one> (has|holds) <k> <things> and each <other.one> (has|holds) <j>( <things>|)",
                "<p> has <n> <box> and <m> <other>",
            ],
        ]
    )
    first, second = n * k, m * j
    steps = ["in_<box> = {n} * {k}", "in_<other> = {m} * {j}"]
    if rng.random() < 0.7 or first == second:
        ask = f"(how many <things> (are there|does <p.he> have) {IN_ALL}|what is the total number of <things>)"
        return scene.draft(
            "two_products",
            facts,
            ask,
            "Multiply for each sort, then add both.",
            [*steps, "total = in_<box> + in_<other>"],
            first + second,
        )
    more, less = ("<box>", "<other>") if first > second else ("<other>", "<box>")
    ask = f"how many more <things> are (there |)in the {more} than in the {less}"
    return scene.draft(
        "two_products",
        facts,
        ask,
        "Multiply for each sort, then subtract.",
        [*steps, f"difference = in_{more} - in_{less}"],
        abs(first - second),
    )


def legs(rng: random.Random) -> Draft:
    """Animals and their legs."""
    scene = Scene(rng)
    (first, f), (second, s) = rng.sample(ANIMAL_LEGS, 2)
    scene.bind(
        p=lexicon.person(rng),
        x=noun(first),
        y=noun(second),
        where="(on the farm|in the yard|in a field|at home|in the barn)",
    )
    n, m = rng.randint(2, 40), rng.randint(2, 40)
    scene.give("n", n, "<x>")
    if rng.random() < 0.4:
        return scene.draft(
            "legs",
            ["(there are|<p> (has|saw|counted)) <n> <x>( <where>|)"],
            f"how many legs do (they|the <x>) have {IN_ALL}",
            f"Each <x.one> has {numbers.words(f)} legs.",
            [f"legs = {{n}} * {f}"],
            n * f,
        )
    scene.give("m", m, "<y>")
    facts = ["(there are|<p> (has|saw|counted)) <n> <x> and <m> <y>( <where>|)"]
    rationale = f"A <x.one> has {numbers.words(f)} legs and a <y.one> has {numbers.words(s)}."
    return scene.draft(
        "legs",
        facts,
        f"how many legs (are there|do (they|the animals) have) {IN_ALL}",
        rationale,
        [f"legs = {{n}} * {f} + {{m}} * {s}"],
        n * f + m * s,
    )


GENERATORS: dict[str, Generator] = {
    family.__name__: family
    for family in (
        product,
        share,
        number_of_groups,
        left_over,
        product_and_more,
        share_after,
        two_products,
        legs,
    )
}
