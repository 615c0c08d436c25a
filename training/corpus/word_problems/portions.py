"""Things by the dozen, and equal purchases from a sum of money."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.combine import IN_ALL
from tora_agent.training.corpus.word_problems.scene import Scene


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
    things, _ = lexicon.thing(rng)
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


GENERATORS: dict[str, Generator] = {family.__name__: family for family in (bought_and_left, dozens)}
