"""Problems that tell more than they ask: several kinds, people or times, and a question about some of them."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers, settings
from tora_agent.training.corpus.word_problems.combine import IN_ALL, series
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene


def ordered(rng: random.Random, first: int, second: int, one: str, two: str) -> tuple[str, str, str]:
    """The larger and the smaller of two, by their names, and the expression of their difference."""
    return (one, two, "{a} - {b}") if first > second else (two, one, "{b} - {a}")


def distinct(rng: random.Random, high: int) -> tuple[int, int]:
    """Two different counts."""
    first, second = numbers.count(rng, 2, high), numbers.count(rng, 2, high)
    return (first, second) if first != second else distinct(rng, high)


def two_owners(rng: random.Random) -> Draft:
    """Two people, each with two kinds of things; one kind or one person is asked about."""
    scene = Scene(rng)
    first, second = lexicon.people(rng, 2)
    things, kind = lexicon.thing(rng)
    scene.bind(p=first, q=second, x=things, y=lexicon.others(rng, [things], kind, 1)[0], v=lexicon.getting(rng, kind))
    asked = rng.choice(["kind", "person", "compare_kind", "compare_person"])
    a, b = distinct(rng, 60)
    has, did, have = rng.choice([("has", "does", "have"), ("had", "did", "have"), ("<v.past>", "did", "<v>")])
    by_kind = "kind" in asked
    scene.give("a", a, "<p>" if by_kind else "<x>")
    scene.give("b", b, "<q>" if by_kind else "<y>")
    scene.give("c", numbers.count(rng, 2, 60), None)
    scene.give("d", numbers.count(rng, 2, 60), None)
    if by_kind:
        facts: list[Template] = rng.choice(
            [
                [f"<p> {has} <a> <x> and <c> <y>", f"<q> {has} <b> <x> and <d> <y>"],
                [f"<p> {has} <c> <y> and <a> <x>", f"<q> {has} <b> <x> and <d> <y>"],
            ]
        )
    else:
        facts = rng.choice(
            [
                [f"<p> {has} <a> <x> and <b> <y>", f"<q> {has} <c> <x> and <d> <y>"],
                [f"<q> {has} <c> <x> and <d> <y>", f"<p> {has} <a> <x> and <b> <y>"],
            ]
        )
    they = did.replace("does", "do")
    if asked == "kind":
        ask = f"how many <x> {they} (they|<p> and <q>) {have} {IN_ALL}"
        return scene.draft("two_owners", facts, ask, "Add the <x> of both.", ["total = {a} + {b}"], a + b, extras=False)
    if asked == "person":
        ask = f"how many (<x> and <y>|things) {did} <p> {have} {IN_ALL}"
        return scene.draft(
            "two_owners", facts, ask, "Add the <x> and the <y> of <p>.", ["total = {a} + {b}"], a + b, extras=False
        )
    if asked == "compare_kind":
        more, less, expression = ordered(rng, a, b, "<p>", "<q>")
        ask = f"(how many more <x> {did} {more} {have} than {less}|how many fewer <x> {did} {less} {have} than {more})"
        return scene.draft(
            "two_owners",
            facts,
            ask,
            f"Compare the <x>: {more} has more.",
            [f"difference = {expression}"],
            abs(a - b),
            extras=False,
        )
    more, less, expression = ordered(rng, a, b, "<x>", "<y>")
    ask = f"(how many more {more} than {less} {did} <p> {have}|how many fewer {less} than {more} {did} <p> {have})"
    return scene.draft(
        "two_owners",
        facts,
        ask,
        f"Compare the things of <p>: there are more {more}.",
        [f"difference = {expression}"],
        abs(a - b),
        extras=False,
    )


def two_times(rng: random.Random) -> Draft:
    """An activity at two or three times, another one beside it; part of it is asked about."""
    scene = Scene(rng)
    one, two = settings.activity(rng), settings.activity(rng)
    if one.things == two.things:
        return two_times(rng)
    times = series(rng, rng.choice([2, 2, 3]))
    (first, when), (second, then), *rest = times
    scene.bind(p=lexicon.person(rng), v=one.verb, x=one.things, u=two.verb, y=two.things)
    a, b = distinct(rng, 60)
    scene.give("a", a, first)
    scene.give("b", b, second)
    scene.give("c", numbers.count(rng, 2, 60), None)
    scene.give("d", numbers.count(rng, 2, 60), None)
    facts: list[Template] = [f"<p> <v.past> <a> <x> {when} and <b>( <x>|) {then}"]
    if rest:
        facts = [f"<p> <v.past> <a> <x> {when}, <b>( <x>|) {then}(,|) and <c>( <x>|) {rest[0][1]}"]
    if not rest or rng.random() < 0.4:
        facts.insert(rng.choice([0, 1]), f"<p.he> <u.past> <d> <y>( {when}|)")
    if rng.random() < 0.45:
        ask = f"how many <x> did <p.he> <v> {when} and {then} {IN_ALL}"
        return scene.draft(
            "two_times", facts, ask, "Add the <x> of both times.", ["total = {a} + {b}"], a + b, extras=False
        )
    more, less, expression = ordered(rng, a, b, when, then)
    ask = f"(how many more <x> did <p.he> <v> {more} than {less}|how many fewer <x> did <p.he> <v> {less} than {more})"
    return scene.draft(
        "two_times",
        facts,
        ask,
        "Subtract the smaller number of <x> from the larger one.",
        [f"difference = {expression}"],
        abs(a - b),
        extras=False,
    )


def change_of_two(rng: random.Random) -> Draft:
    """Two kinds of things change; what is left of one, or of both, or how they compare, is asked."""
    scene = Scene(rng)
    things, kind = lexicon.thing(rng)
    first = lexicon.person(rng)
    scene.bind(
        p=first,
        q=lexicon.person(rng, first, roles=0),
        x=things,
        y=lexicon.others(rng, [things], kind, 1)[0],
        w=lexicon.losing(rng, kind),
        v=lexicon.getting(rng, kind),
    )
    a, c = numbers.count(rng, 5, 60), numbers.count(rng, 5, 60)
    b, d = numbers.below(rng, a), numbers.below(rng, c)
    asked = rng.choice(["left", "left", "lost_both", "both", "start_difference", "gained"])
    used = {"left": "ab", "gained": "ab", "lost_both": "bd", "both": "abcd", "start_difference": "ac"}[asked]
    names = {"a": "<x>", "b": "gone", "c": "<y>", "d": "gone_2"}
    if asked == "lost_both":
        names |= {"b": "<x>", "d": "<y>"}
    if asked == "gained":
        names |= {"b": "more"}
    if asked == "both":
        names |= {"b": "<x>_gone", "d": "<y>_gone"}
    for key, value in zip("abcd", (a, b, c, d), strict=True):
        scene.give(key, value, names[key] if key in used else None)
    start = rng.choice(
        [
            "<p> (had|has) <a> <x> and <c> <y>",
            "<p> (had|has) <c> <y> and <a> <x>",
            "there were <a> <x> and <c> <y> on the table",
        ]
    )
    events = ["<p.he> <w.past> <b> (<x>|of the <x>)", "<p.he> gave <d> (<y>|of the <y>) to <q>"]
    if rng.random() < 0.4:
        events.reverse()
    if rng.random() < 0.5:
        events = ["<p.he> <w.past> <b> (<x>|of the <x>) and <d> (<y>|of the <y>)"]
    facts = [start, *events]
    if asked == "gained":
        facts = [start, "<p.he> <v.past> <b> more <x>"]
        return scene.draft(
            "change_of_two",
            facts,
            "how many <x> (does|will) <p.he> have( now|)",
            "Only the <x> matter: add what came.",
            ["total = {a} + {b}"],
            a + b,
            extras=False,
        )
    if asked == "left":
        ask = "how many <x> (are left|does <p.he> have left|remain|does <p.he> have now)"
        return scene.draft(
            "change_of_two",
            facts,
            ask,
            "Only the <x> matter: subtract what is gone.",
            ["left = {a} - {b}"],
            a - b,
            extras=False,
        )
    if asked == "lost_both":
        return scene.draft(
            "change_of_two",
            facts,
            f"how many (<x> and <y>|things) are gone {IN_ALL}",
            "Add what is gone of both.",
            ["gone = {b} + {d}"],
            b + d,
            extras=False,
        )
    if asked == "both":
        ask = "how many (<x> and <y>|things) (are left|does <p.he> have left|remain) (in all|altogether|in total)"
        return scene.draft(
            "change_of_two",
            facts,
            ask,
            "Subtract what is gone of each, then add both.",
            ["<x>_left = {a} - {b}", "<y>_left = {c} - {d}", "total = <x>_left + <y>_left"],
            a - b + c - d,
            extras=False,
        )
    if a == c:
        return change_of_two(rng)
    more, less, expression = ("<x>", "<y>", "{a} - {c}") if a > c else ("<y>", "<x>", "{c} - {a}")
    ask = f"how many more {more} than {less} (were there|did <p.he> have) (at first|in the beginning|at the start)"
    return scene.draft(
        "change_of_two",
        facts,
        ask,
        f"At first there were more {more}: subtract.",
        [f"difference = {expression}"],
        abs(a - c),
        extras=False,
    )


def groups_with_noise(rng: random.Random) -> Draft:
    """Equal groups with a price, a second kind or a person's age beside them."""
    scene = Scene(rng)
    things, kind = lexicon.thing(rng)
    box, other = rng.sample(lexicon.CONTAINERS, 2)
    first = lexicon.person(rng)
    scene.bind(
        p=first,
        q=lexicon.person(rng, first, roles=0),
        x=things,
        y=lexicon.others(rng, [things], kind, 1)[0],
        box=box,
        other=other,
    )
    n, k = rng.randint(2, 20), rng.randint(2, 30)
    form = rng.choice(["product", "each", "groups"])
    scene.give("z", numbers.count(rng, 2, 60), None)
    scene.give_money("m", rng.randint(2, 30), None)
    noise = rng.choice(
        [
            "<p.he> (also has|also bought) <z> <y>",
            "(each|one) <box.one> (costs|cost) <m>",
            "<q> (has|had) <z> <x>",
            "<p.he> already had <z> <y>",
            "<p.he> (spent|paid) <m> (on|for) the <box>",
            "(the weight of (a|one) <box.one>|a <box.one>'s weight) is <z> pounds",
        ]
    )
    if form == "product":
        scene.give("n", n, "<box>")
        scene.give("k", k, "each")
        facts: list[Template] = ["<p> (has|bought|had) <n> <box> of <x>", noise, "there are <k> <x> in each <box.one>"]
        if rng.random() < 0.4:
            facts = ["<p> (has|bought|had) <n> <box> with <k> <x> each", noise]
        ask = "how many <x> are (there |)in (the|all|all the) <box>( in all| altogether|)"
        return scene.draft(
            "groups_with_noise",
            facts,
            ask,
            "Multiply the <box> by the <x> in each.",
            ["total = {n} * {k}"],
            n * k,
            extras=False,
        )
    scene.give("t", n * k, "<x>")
    if form == "each":
        scene.give("n", n, "<box>")
        facts = ["<p> (has|had) <t> <x>", noise, "<p.he> put the <x> (equally|evenly) into <n> <box>"]
        if rng.random() < 0.5:
            facts = [
                "<p> (has|had) <t> <x> and <z> <y>",
                "the <x> are (equally|evenly) (divided|split) (into|among) <n> <box>",
            ]
        return scene.draft(
            "groups_with_noise",
            facts,
            "how many <x> are in each <box.one>",
            "Divide the <x> by the number of <box>.",
            ["each = {t} // {n}"],
            k,
            extras=False,
        )
    scene.give("k", k, "each")
    facts = [
        "<p> (has|had) <t> <x>",
        noise.replace("(each|one) <box.one>", "an empty <box.one>"),
        "<p.he> put <k> <x> in each <box.one>",
    ]
    return scene.draft(
        "groups_with_noise",
        facts,
        "how many <box> (did <p.he> (use|need|fill)|were filled)",
        "Divide the <x> by the <x> in each <box.one>.",
        ["groups = {t} // {k}"],
        n,
        extras=False,
    )


def compared_with_noise(rng: random.Random) -> Draft:
    """Two activities, and how one person differs from another in each; one of them is asked about."""
    scene = Scene(rng)
    first, second = lexicon.people(rng, 2)
    one, two = settings.activity(rng), settings.activity(rng)
    if one.things == two.things:
        return compared_with_noise(rng)
    base = numbers.count(rng, 5, 60)
    gap = numbers.below(rng, base)
    more = rng.random() < 0.5
    scene.bind(p=first, q=second, v=one.verb, x=one.things, u=two.verb, y=two.things)
    scene.give("a", base, "<p>")
    scene.give("b", gap, "more" if more else "fewer")
    scene.give("c", numbers.count(rng, 5, 60), None)
    scene.give("d", numbers.below(rng, 40), None)
    word, other = ("more", "fewer") if more else ("fewer", "more")
    facts = [
        "<p> <v.past> <a> <x>( and <u.past> <c> <y>|)",
        f"<q> <v.past> <b> {word} <x>(,|) (but|and) <u.past> <d> {other} <y> than <p>",
    ]
    if rng.random() < 0.4:
        facts = ["<p> <v.past> <a> <x>", f"<q> <u.past> <c> <y> and <v.past> <b> {word} <x> than <p>"]
    sign = "+" if more else "-"
    step = f"<q> = {{a}} {sign} {{b}}"
    value = base + gap if more else base - gap
    rationale = f"<q> has {word} <x> than <p>: {'add' if more else 'subtract'} the difference."
    if rng.random() < 0.3:
        return scene.draft(
            "compared_with_noise",
            facts,
            f"how many <x> did they <v> {IN_ALL}",
            rationale + " Then add both.",
            [step, "total = {a} + <q>"],
            base + value,
            extras=False,
        )
    return scene.draft("compared_with_noise", facts, "how many <x> did <q> <v>", rationale, [step], value, extras=False)


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (two_owners, two_times, change_of_two, groups_with_noise, compared_with_noise)
}
