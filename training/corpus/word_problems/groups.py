"""Equal groups: how many in all, in each, how many groups; left over and rounded up."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon
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
                ["(each|every|a|one) <box.one> (has|holds) <k> <things>", "there (are|were) <n> (<box>|such <box>)"],
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
                ["<p> (has|had) <n> <box>", "<p.he> (has|had) <t> <things> to put into them (equally|evenly)"],
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


GENERATORS: dict[str, Generator] = {family.__name__: family for family in (product, share, number_of_groups, left_over)}
