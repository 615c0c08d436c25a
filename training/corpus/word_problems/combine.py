"""Combine problems: parts and their whole, over people, days, places or kinds."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers, settings
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

IN_ALL = "(in all|altogether|in total|all together|combined)"
PERIODS = (
    ("monday", "on Monday"),
    ("tuesday", "on Tuesday"),
    ("wednesday", "on Wednesday"),
    ("thursday", "on Thursday"),
    ("friday", "on Friday"),
    ("saturday", "on Saturday"),
    ("sunday", "on Sunday"),
)
SERIES: tuple[tuple[tuple[str, str], ...], ...] = (
    PERIODS,
    (("morning", "in the morning"), ("afternoon", "in the afternoon"), ("evening", "in the evening")),
    (("first", "on the first day"), ("second", "on the second day"), ("third", "on the third day")),
    (("yesterday", "yesterday"), ("today", "today")),
    (("last", "last week"), ("this", "this week")),
    (("week_1", "in the first week"), ("week_2", "in the second week"), ("week_3", "in the third week")),
    tuple((month.lower(), f"in {month}") for month in lexicon.MONTHS),
)


def series(rng: random.Random, number: int) -> list[tuple[str, str]]:
    """Draw consecutive times, each with its variable."""
    times = rng.choice([candidate for candidate in SERIES if len(candidate) >= number])
    start = rng.randrange(len(times) - number + 1)
    return list(times[start : start + number])


def doer(rng: random.Random) -> Scene:
    """Cast a scene of someone who does something that is counted."""
    scene, activity = Scene(rng), settings.activity(rng)
    first = lexicon.person(rng)
    scene.bind(p=first, q=lexicon.person(rng, first, roles=0), v=activity.verb, things=activity.things)
    return scene


def amounts(rng: random.Random, scene: Scene, variables: list[str], high: int = 100) -> list[int]:
    """Give a number for each variable, in slots a, b, c, ..."""
    drawn = [numbers.count(rng, 2, high) for _ in variables]
    for key, value, variable in zip("abcdef", drawn, variables, strict=False):
        scene.give(key, value, variable)
    return drawn


def listed(items: list[Template]) -> Template:
    """Join parts of a sentence: "x, y and z"."""
    return f"{', '.join(items[:-1])}(,|) and {items[-1]}" if len(items) > 2 else " and ".join(items)


def whole(scene: Scene, family: str, parts: list[int], facts: list[Template], ask: Template, what: str) -> Draft:
    """The draft that asks for the sum of the parts."""
    expression = " + ".join(f"{{{key}}}" for key in "abcdef"[: len(parts)])
    rationale = f"Add the {what} of all {numbers.words(len(parts))}." if len(parts) > 2 else f"Add the {what} of both."
    return scene.draft(family, facts, ask, rationale, [f"total = {expression}"], sum(parts))


def over_time(rng: random.Random) -> Draft:
    """One person, an activity, several days."""
    scene = doer(rng)
    times = series(rng, rng.choice([2, 2, 2, 3, 3, 4]) if rng.random() < 0.8 else 2)
    parts = amounts(rng, scene, [variable for variable, _ in times])
    more = "(|more )"
    clauses = [
        f"<{key}> {more if key != 'a' else ''}<things> {when}" for key, (_, when) in zip("abcd", times, strict=False)
    ]
    short = [
        f"<{key}> (<things>|) {when}" if key != "a" else f"<a> <things> {when}"
        for key, (_, when) in zip("abcd", times, strict=False)
    ]
    facts = rng.choice(
        [
            [f"<p> <v.past> {listed(short)}"],
            [f"<p.he> <v.past> {clause}" for clause in clauses],
            [f"{when}(,|) <p.he> <v.past> <{key}> <things>" for key, (_, when) in zip("abcd", times, strict=False)],
        ]
    )
    ask = (
        f"(how many <things> did <p.he> <v> {IN_ALL}|how many <things> did <p.he> <v> (over|during|in)"
        f" (those|the) {numbers.words(len(times))} (times|periods)|what is the total number of <things>"
        f" <p.he> <v.past>|how many <things> has <p.he> <v.done> (so far|{IN_ALL})|how many <things> were"
        f" <v.done> {IN_ALL})"
    )
    return whole(scene, "over_time", parts, facts, ask, "<things>")


def of_people(rng: random.Random) -> Draft:
    """Several people each have, get or do something."""
    number = rng.choice([2, 2, 2, 3, 3, 4])
    scene = Scene(rng)
    cast = lexicon.people(rng, number)
    scene.bind(**dict(zip("pqrs", cast, strict=False)))
    things, kind = lexicon.thing(rng)
    if rng.random() < 0.5:
        deed = settings.activity(rng)
        scene.bind(v=deed.verb, things=deed.things)
        does, asks = "<v.past>", f"how many <things> did they <v> {IN_ALL}"
    else:
        scene.bind(things=things, v=lexicon.getting(rng, kind))
        does, asks = rng.choice(
            [
                ("has", f"how many <things> do they have {IN_ALL}"),
                ("had", f"how many <things> did they have {IN_ALL}"),
                ("<v.past>", f"how many <things> did they <v> {IN_ALL}"),
                ("<v.past>", f"how many <things> were <v.done> {IN_ALL}"),
            ]
        )
    parts = amounts(rng, scene, [f"<{who}>" for who in "pqrs"[:number]])
    pairs = list(zip("pqrs", "abcd", strict=True))[:number]
    facts = rng.choice(
        [
            [listed([f"<{who}> {does} <{key}> <things>" for who, key in pairs])],
            [f"<{who}> {does} <{key}> <things>" for who, key in pairs],
            [listed([f"<{who}> {does} <{key}>" + (" <things>" if key == "a" else "") for who, key in pairs])],
        ]
    )
    ask = f"({asks}|{asks}|{asks}|what is the total number of <things>|how many <things> (are|were) there {IN_ALL})"
    return whole(scene, "of_people", parts, facts, ask, "<things>")


def of_kinds(rng: random.Random) -> Draft:
    """Different kinds of things, or colors, add up to a named whole."""
    number = rng.choice([2, 2, 3, 3, 4])
    scene = Scene(rng)
    first = lexicon.person(rng)
    things, kind = lexicon.thing(rng)
    scene.bind(
        p=first, v=lexicon.getting(rng, kind), place=rng.choice(lexicon.PLACES), box=rng.choice(lexicon.CONTAINERS)
    )
    if rng.random() < 0.5:
        colors = rng.sample(lexicon.COLORS, number)
        labels, total = [f"{color} <things>" for color in colors], "<things>"
        scene.bind(things=things)
        names = [f"<{key}>" for key in "xyzw"[:number]]
        scene.bind(**dict(zip("xyzw", colors, strict=False)))
    else:
        drawn = [things, *lexicon.others(rng, [things], kind, number - 1)]
        scene.bind(**{f"t{position}": one for position, one in enumerate(drawn)})
        labels = [f"<t{position}>" for position in range(number)]
        names = labels
        total = f"({'items|things' if kind not in WHOLES else '|'.join(WHOLES[kind])})"
    parts = amounts(rng, scene, list(names))
    items = listed([f"<{key}> {label}" for key, label in zip("abcd", labels, strict=False)])
    facts = [
        f"(<p> (has|had|<v.past>|<v.past>) {items}|there (are|were) {items} in (<place>|a <box.one>|<p.his>"
        f" <box.one>)|(a|one) <box.one> (holds|contains|has) {items}|<p> counted {items}( in <place>|))"
    ]
    ask = (
        f"(how many {total} (are|were) there {IN_ALL}|what is the total number of {total}|how many {total} is"
        f" that {IN_ALL})"
    )
    return whole(scene, "of_kinds", parts, facts, ask, "numbers")


WHOLES = {
    "baked": ("baked goods", "treats", "items"),
    "fruit": ("pieces of fruit", "fruits"),
    "vegetable": ("vegetables",),
    "sweet": ("sweets", "treats"),
    "stationery": ("supplies", "school supplies", "items"),
    "toy": ("toys",),
    "clothing": ("pieces of clothing", "items of clothing"),
    "flower": ("flowers",),
}


def part_unknown(rng: random.Random) -> Draft:
    """The whole and all parts but one are known."""
    scene = Scene(rng)
    total = numbers.count(rng, 8)
    first, second = numbers.below(rng, total), 0
    three = rng.random() < 0.3 and total - first > 4
    second = numbers.below(rng, total - first) if three else 0
    things, _ = lexicon.thing(rng)
    cast = lexicon.people(rng, 2)
    color, rest, middle = rng.sample(lexicon.COLORS, 3)
    scene.bind(p=cast[0], q=cast[1], things=things, box=rng.choice(lexicon.CONTAINERS), color=color, rest=rest)
    group = settings.gathering(rng)
    scene.bind(beings=group.things, where=group.where, middle=middle, quality="(small|brown|white|dark)")
    scene.give("a", total, "total")
    facts, ask, variable = rng.choice(
        [
            (
                [
                    "(there (are|were) <a> <things> in (a|the|<p.his>) <box.one>|<p> (has|had) <a> <things>)",
                    "<b> (of them|of the <things>|) are <color># and the (rest|others) are <rest>",
                ],
                "how many (of them |of the <things> |<things> |)are <rest>",
                "<color>",
            ),
            (
                [
                    "<p> and <q> (have|had|own) <a> <things> (together|in all|altogether|in total|between them)",
                    "<p> (has|had|owns) <b> (of them|of the <things>|<things>)",
                ],
                "how many (<things> |of them |)(does <q> have|belong to <q>)",
                "<p>",
            ),
            (
                ["there (are|were) <a> <beings> <where>", "<b> (of them|of the <beings>) are <quality>"],
                "how many (of them |<beings> |)are not <quality>",
                "<quality>",
            ),
            (
                [
                    (
                        "(<p> (needs|wants|has) to (make|collect|get|pack|find|sell|prepare) <a> <things>|<p>"
                        " (needs|wants) <a> <things>)"
                    ),
                    (
                        "(<p.he> already has <b>( of them|)|so far(,|) <p.he> has <b>( of them|)|<p.he> has"
                        " <b> (now|already|so far))"
                    ),
                ],
                "how many more( <things>|) (does <p.he> need|are needed|are missing|must <p.he> get)",
                "ready",
            ),
            (
                [
                    "(<p.his> <box.one> (can hold|has room for|holds up to) <a> <things>)",
                    "(there are|it (has|holds)) <b> (<things> |)in it( now| already)",
                ],
                "how many more <things> (fit in it|can <p.he> put in it|can be added|fit into it)",
                "inside",
            ),
        ]
    )
    three = three and "#" in facts[1]
    scene.give("b", first, variable)
    if three:
        scene.give("c", second, "<middle>")
    facts[1] = facts[1].replace("#", ", <c> are <middle>," if three else "")
    expression = "{a} - {b} - {c}" if three else "{a} - {b}"
    rationale = (
        "The rest is the whole minus the known parts." if three else "The rest is the whole minus the known part."
    )
    return scene.draft("part_unknown", facts, ask, rationale, [f"rest = {expression}"], total - first - second * three)


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (over_time, of_people, of_kinds, part_unknown)
}
