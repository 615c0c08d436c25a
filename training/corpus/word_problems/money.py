"""Money: prices and totals, baskets, budgets."""

import random
from fractions import Fraction

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.combine import IN_ALL, listed
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

HOW_MUCH = "(how much|how much money|how many dollars|what amount)"
COST = (
    f"({HOW_MUCH} (does|did|will|must) <p.he> (pay|spend)( {IN_ALL}|)|how much (do|does) (they|it"
    f" all|everything) cost( {IN_ALL}|)|what is the total (cost|price))"
)
SPEND = f"({HOW_MUCH} did <p.he> (pay|spend)( {IN_ALL}|)|what (is|was) the total (cost|price|amount <p.he> spent))"


def shopping(rng: random.Random) -> Scene:
    """Cast a person and two things to buy."""
    scene = Scene(rng)
    things, kind = lexicon.thing(rng)
    first = lexicon.person(rng)
    scene.bind(
        p=first, q=lexicon.person(rng, first, roles=0), things=things, others=lexicon.others(rng, [things], kind, 1)[0]
    )
    scene.bind(shop="(at the store|at the market|at a shop|at the mall|online|)", kin=rng.choice(lexicon.RELATIVES))
    return scene


EACH = "(each|apiece|a piece|each|each)"


def total_price(rng: random.Random) -> Draft:
    """Quantity and price, or the other way round."""
    scene = shopping(rng)
    n, price = numbers.count(rng, 2, 30), numbers.price(rng, 1, 50)
    scene.give("n", n, "<things>")
    scene.give_money("c", price, "price")
    form = rng.random()
    if form < 0.6:
        facts: list[Template] = rng.choice(
            [
                [
                    "<p> (bought|buys|ordered|wants to buy|needs) <n> <things>( <shop>|)( that cost <c>"
                    f" {EACH}| for <c> {EACH}| at <c> {EACH})"
                ],
                [
                    "(one|a|each|every) <things.one> costs <c>",
                    "<p> (buys|bought|wants|orders) <n>( <things>| of them|)",
                ],
                [
                    "<p> (buys|bought|wants|ordered) <n> <things>( <shop>|)",
                    "(each|one|every|each) <things.one> costs <c>",
                ],
            ]
        )
        return scene.draft(
            "total_price", facts, COST, "Multiply the number of <things> by the price.", ["cost = {n} * {c}"], n * price
        )
    scene.give_money("t", n * price, "cost")
    if form < 0.8:
        facts = rng.choice(
            [
                ["<p> (paid|spent) <t> (for|on) <n> <things>"],
                ["<n> <things> cost <t>( <shop>|)"],
                ["<p> bought <n> <things>", "(together they|they all|all of them) cost <t>"],
            ]
        )
        ask = (
            "(how much (does|did) (each|one|a|a single) <things.one> cost|what is the (price|cost) of"
            " (one|a|each) <things.one>|how much is (one|each) <things.one>)"
        )
        return scene.draft(
            "total_price", facts, ask, "Divide the cost by the number of <things>.", ["price = {t} / {n}"], price
        )
    facts, ask = rng.choice(
        [
            (["(one|a|each) <things.one> costs <c>", "<p> (spent|paid) <t>"], "how many <things> did <p.he> (buy|get)"),
            (
                ["<p> (spent|paid) <t> (on|for) <things> (that cost|at) <c> each"],
                "how many <things> did <p.he> (buy|get)",
            ),
            (["(one|a|each) <things.one> costs <c>", "<p> has <t>"], "how many <things> can <p.he> (buy|afford)"),
        ]
    )
    step = "number = {t} // {c}" if isinstance(price, int) else "number = {t} / {c}"
    return scene.draft("total_price", facts, ask, "Divide the money by the price of one <things.one>.", [step], n)


def baskets(rng: random.Random) -> Draft:
    """Several items with quantities and prices."""
    scene = shopping(rng)
    kind = rng.choice(lexicon.KINDS)
    size = rng.choice([2, 2, 2, 3])
    goods = lexicon.others(rng, [], kind, size)
    total: numbers.Value = 0
    clauses, products = [], []
    sold = rng.random() < 0.25
    for place, good in enumerate(goods):
        n, price = rng.randint(2, 15), numbers.price(rng, 1, 30, 0.25)
        scene.bind(**{f"g{place}": good})
        scene.give(f"n{place}", n, f"<g{place}>")
        scene.give_money(f"c{place}", price, f"<g{place}>_price")
        clauses.append(f"<n{place}> <g{place}> (at|for) <c{place}> (each|apiece|each)")
        products.append(f"{{n{place}}} * {{c{place}}}")
        total += n * price
    facts = [f"<p> {'sold' if sold else '(bought|buys|ordered)'} {listed(clauses)}"]
    if rng.random() < 0.35:
        costs = listed([f"(a|one|each) <g{place}.one> costs <c{place}>" for place in range(size)])
        sold = False
        facts = [costs, f"<p> (buys|bought|orders) {listed([f'<n{place}> <g{place}>' for place in range(size)])}"]
    steps = [f"cost = {' + '.join(products)}"]
    if not sold and rng.random() < 0.4:
        paid = int(total) + rng.choice([1, 5, 8, 10, 20])
        scene.give_money("m", paid, "paid")
        facts.append("<p.he> (paid|pays) with <m>")
        ask = "(how much change (does|did|will|should) <p.he> (get|receive)|what is <p.his> change)"
        return scene.draft(
            "baskets",
            facts,
            ask,
            "Add quantity times price for each item, then subtract from what was paid.",
            [*steps, "change = {m} - cost"],
            paid - total,
        )
    ask = f"(how much money is that {IN_ALL}|how much did <p.he> (make|earn) {IN_ALL})" if sold else SPEND
    return scene.draft("baskets", facts, ask, "Add quantity times price for each item.", steps, total)


def spending(rng: random.Random) -> Draft:
    """Single prices that add up, are compared, or are taken from a budget."""
    scene = shopping(rng)
    size = rng.choice([2, 2, 3, 3])
    kind = rng.choice(["clothing", "toy", "household", "stationery", "collectible", "baked"])
    goods = lexicon.others(rng, [], kind, size)
    prices = [numbers.price(rng, 1, 80, 0.35) for _ in goods]
    for place, (good, price) in enumerate(zip(goods, prices, strict=True)):
        scene.bind(**{f"g{place}": good})
        scene.give_money(f"c{place}", price, f"<g{place}.one>")
    items = listed([f"<c{place}> (on|for) a <g{place}.one>" for place in range(size)])
    bought = listed([f"a <g{place}.one> (for|that cost|costing) <c{place}>" for place in range(size)])
    facts = [f"(<p> (spent|paid) {items}( <shop>|)|<p> bought {bought}( <shop>|))"]
    total = sum(prices, Fraction(0))
    names = [f"{{c{place}}}" for place in range(size)]
    form = rng.random()
    if form < 0.4:
        return scene.draft("spending", facts, SPEND, "Add the prices.", [f"total = {' + '.join(names)}"], total)
    if form < 0.6 and size == 2 and prices[0] != prices[1]:
        high, low = (0, 1) if prices[0] > prices[1] else (1, 0)
        ask = (
            f"(how much more did the <g{high}.one> cost than the <g{low}.one>|how much more did <p.he>"
            f" (pay|spend) (for|on) the <g{high}.one> than (for|on) the <g{low}.one>|how much less did the"
            f" <g{low}.one> cost)"
        )
        return scene.draft(
            "spending",
            facts,
            ask,
            "Subtract the lower price from the higher one.",
            [f"difference = {{c{high}}} - {{c{low}}}"],
            prices[high] - prices[low],
        )
    budget = int(total) + rng.randint(1, 60)
    scene.give_money("b", budget, "money")
    facts = ["<p> (had|has|started with|went shopping with|took) <b>( to spend|)", facts[0].replace("<p>", "<p.he>")]
    ask = "(how much( money|) (does <p.he> have left|is left|did <p.he> have left|remains)|how many dollars are left)"
    return scene.draft(
        "spending",
        facts,
        ask,
        "Subtract the prices from the money.",
        [f"left = {{b}} - {' - '.join(names)}"],
        budget - total,
    )


GENERATORS: dict[str, Generator] = {family.__name__: family for family in (total_price, baskets, spending)}
