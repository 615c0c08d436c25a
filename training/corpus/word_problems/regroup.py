"""Equal groups with a step before or after, two sorts of groups, animals and their legs."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.combine import IN_ALL
from tora_agent.training.corpus.word_problems.groups import factors, grouping, groups_clause
from tora_agent.training.corpus.word_problems.inflection import noun
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

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
        "product_and_more", [*groups_clause(rng), event], ask, rationale, steps, n * k + (extra if grows else -extra)
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
    steps = ["first_part = {n} * {k}", "second_part = {m} * {j}"]
    if rng.random() < 0.7 or first == second:
        ask = f"(how many <things> (are there|does <p.he> have) {IN_ALL}|what is the total number of <things>)"
        return scene.draft(
            "two_products",
            facts,
            ask,
            "Multiply for each sort, then add both.",
            [*steps, "total = first_part + second_part"],
            first + second,
        )
    more, less = ("first_part", "second_part") if first > second else ("second_part", "first_part")
    holders = {"first_part": "<box>", "second_part": "<other>"}
    ask = f"how many more <things> are (there |)in the {holders[more]} than in the {holders[less]}"
    return scene.draft(
        "two_products",
        facts,
        ask,
        "Multiply for each sort, then subtract.",
        [*steps, f"difference = {more} - {less}"],
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
    family.__name__: family for family in (product_and_more, share_after, legs, two_products)
}
