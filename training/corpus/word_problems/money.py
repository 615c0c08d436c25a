"""Money: prices and totals, change, unit prices, budgets, saving up, profit, coins."""

import random
from fractions import Fraction

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.combine import IN_ALL, listed
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

COINS = (("penny", 1), ("nickel", 5), ("dime", 10), ("quarter", 25))
HOW_MUCH = "(how much|how much money|how many dollars|what amount)"
COST = (
    f"({HOW_MUCH} (does|did|will|must) <p.he> (pay|spend)( {IN_ALL}|)|how much (do|does) (they|it"
    f" all|everything) cost( {IN_ALL}|)|what is the total (cost|price))"
)
SPEND = f"({HOW_MUCH} did <p.he> (pay|spend)( {IN_ALL}|)|what (is|was) the total (cost|price|amount <p.he> spent))"
WORK = (
    "(washing cars|mowing lawns|babysitting|walking dogs|raking leaves|selling lemonade|delivering papers|doing chores)"
)


def shopping(rng: random.Random) -> Scene:
    """Cast a person and two things to buy."""
    scene = Scene(rng)
    things, kind = lexicon.thing(rng)
    first = lexicon.person(rng)
    scene.bind(
        p=first,
        q=lexicon.person(rng, first, roles=0),
        things=things,
        others=lexicon.others(rng, [things], kind, 1)[0],
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
            "total_price",
            facts,
            COST,
            "Multiply the number of <things> by the price.",
            ["cost = {n} * {c}"],
            n * price,
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
            "total_price",
            facts,
            ask,
            "Divide the cost by the number of <things>.",
            ["price = {t} / {n}"],
            price,
        )
    facts = rng.choice(
        [
            ["(one|a|each) <things.one> costs <c>", "<p> (has|spent|paid) <t>"],
            ["<p> (has|spent|paid) <t> (on|for) <things> (that cost|at) <c> each"],
        ]
    )
    if "has" in facts[-1] and rng.random() < 0.99:
        facts = ["(one|a|each) <things.one> costs <c>", "<p> (spent|paid) <t>"]
    ask = "how many <things> (did <p.he> buy|did <p.he> get)"
    if rng.random() < 0.5:
        facts, ask = (
            [
                "(one|a|each) <things.one> costs <c>",
                "<p> has <t>",
            ],
            "how many <things> can <p.he> (buy|afford)",
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
    cents = 0.25
    for place, good in enumerate(goods):
        n, price = rng.randint(2, 15), numbers.price(rng, 1, 30, cents)
        scene.bind(**{f"g{place}": good})
        scene.give(f"n{place}", n, f"<g{place}>")
        scene.give_money(f"c{place}", price, f"price_{place + 1}")
        clauses.append(f"<n{place}> <g{place}> (at|for) <c{place}> (each|apiece|each)")
        products.append(f"{{n{place}}} * {{c{place}}}")
        total += n * price
    facts = [f"<p> (bought|buys|ordered|sold) {listed(clauses)}"]
    if rng.random() < 0.35:
        costs = listed([f"(a|one|each) <g{place}.one> costs <c{place}>" for place in range(size)])
        facts = [
            costs,
            f"<p> (buys|bought|orders) {listed([f'<n{place}> <g{place}>' for place in range(size)])}",
        ]
    steps = [f"cost = {' + '.join(products)}"]
    if rng.random() < 0.35:
        paid = int(total) + rng.choice([1, 5, 8, 10, 20])
        scene.give_money("m", paid, "paid")
        facts = [fact.replace("|sold", "") for fact in facts]
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
    ask = SPEND if "sold" not in facts[0] else f"(how much money is that {IN_ALL}|what is the total amount)"
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
    facts = [
        "<p> (had|has|started with|went shopping with|took) <b>( to spend|)",
        facts[0].replace("<p>", "<p.he>"),
    ]
    ask = "(how much( money|) (does <p.he> have left|is left|did <p.he> have left|remains)|how many dollars are left)"
    return scene.draft(
        "spending",
        facts,
        ask,
        "Subtract the prices from the money.",
        [f"left = {{b}} - {' - '.join(names)}"],
        budget - total,
    )


def saving_up(rng: random.Random) -> Draft:
    """How much is missing for a purchase, or how long it takes to save for it."""
    scene = shopping(rng)
    form = rng.choice(["missing", "missing_two", "weeks", "weeks_after"])
    scene.bind(unit="(week|month|day)")
    have = numbers.count(rng, 3, 80)
    more = numbers.count(rng, 3, 60)
    rate, time = rng.randint(2, 30), rng.randint(2, 30)
    wants = (
        "(<p> wants to buy a <things.one> that costs <g>|a <things.one> costs <g>|<p> is saving (up |)for a"
        " <things.one> that costs <g>|<p> needs <g> (for|to buy) a <things.one>)"
    )
    if form.startswith("missing"):
        goal = have + rng.randint(2, 90) + (more if form == "missing_two" else 0)
        scene.give_money("g", goal, "price")
        scene.give_money("a", have, "saved")
        facts = [wants, "<p.he> (has|already has|has saved|saved) <a>( so far| already|)"]
        ask = (
            "how (much more( money|)|many more dollars) (does <p.he> (need|have to save)|must <p.he> save|is"
            " (needed|missing))"
        )
        if form == "missing":
            return scene.draft(
                "saving_up",
                facts,
                ask,
                "Subtract the money saved from the price.",
                ["needed = {g} - {a}"],
                goal - have,
            )
        scene.give_money("m", more, "added")
        facts.append("(<p.his> <kin> (gave|gives) <p.him> <m>|<p.he> (earned|earns) <m> " + WORK + ")")
        return scene.draft(
            "saving_up",
            facts,
            ask,
            "Subtract the money saved and the money added from the price.",
            ["needed = {g} - {a} - {m}"],
            goal - have - more,
        )
    start = have if form == "weeks_after" else 0
    goal = start + rate * time
    scene.give_money("g", goal, "price")
    scene.give_money("r", rate, "per_<unit>")
    facts = [wants]
    steps = ["<unit>s = {g} // {r}"]
    rationale = "Divide the price by the money saved per <unit>."
    if start:
        scene.give_money("a", have, "saved")
        facts.append("<p.he> (already has|has|has saved) <a>( already| so far|)")
        steps = ["needed = {g} - {a}", "<unit>s = needed // {r}"]
        rationale = "Subtract the money saved, then divide by the money saved per <unit>."
    facts.append("<p.he> (saves|can save|earns|puts aside) <r> (a|each|every|per) <unit>")
    ask = (
        "(how many <unit>s (will it take|does <p.he> need|must <p.he> save|will <p.he> need)( to get enough"
        " money| to buy it|)|in how many <unit>s (can|will) <p.he> (buy it|have enough)|after how many"
        " <unit>s can <p.he> (buy|afford) it)"
    )
    return scene.draft("saving_up", facts, ask, rationale, steps, time)


def profit(rng: random.Random) -> Draft:
    """Revenue, cost and profit."""
    scene = shopping(rng)
    n = numbers.count(rng, 3, 60)
    cost, gain = numbers.price(rng, 1, 20, 0.2), numbers.price(rng, 1, 20, 0.2)
    sale = cost + gain
    scene.give("n", n, "<things>")
    scene.give_money("s", sale, "price")
    form = rng.choice(["each", "total", "single"])
    if form == "total":
        spent = max(2, int(n * cost))
        scene.give_money("t", spent, "spent")
        facts = [
            "<p> (spent|paid) <t> on (supplies|materials|ingredients) (to make|for) <n> <things>",
            "<p.he> sold (them all|all of them|them|all the <things>) (for|at) <s> (each|apiece)",
        ]
        if n * sale <= spent:
            return profit(rng)
        return scene.draft(
            "profit",
            facts,
            "(how much profit did <p.he> make|what was <p.his> profit|how much( money|) did <p.he>"
            " (earn|make) after (paying|subtracting) the costs)",
            "Multiply the <things> by the price, then subtract the money spent.",
            ["sales = {n} * {s}", "profit = sales - {t}"],
            n * sale - spent,
        )
    scene.give_money("c", cost, "cost")
    if form == "single":
        facts = ["<p> (bought|buys) a <things.one> for <c>( <shop>|)", "<p.he> (sold|sells) it for <s>"]
        return scene.draft(
            "profit",
            facts,
            "(how much profit (did|does) <p.he> make|what (is|was) the profit|how much( money|) did <p.he> gain)",
            "Subtract the cost from the price.",
            ["profit = {s} - {c}"],
            gain,
        )
    facts = [
        "<p> (buys|makes|bought) <n> <things> for <c> each",
        "<p.he> (sells|sold) (them|all of them|each of them|each one) for <s>( each|)",
    ]
    facts[1] = facts[1].replace(
        "(them|all of them|each of them|each one) for <s>( each|)",
        "(them for <s> each|all of them for <s> each|each one for <s>)",
    )
    return scene.draft(
        "profit",
        facts,
        "(how much profit (does|did) <p.he> make( in all|)|what is <p.his> total profit)",
        "Multiply the <things> by the price minus the cost.",
        ["gain = {s} - {c}", "profit = {n} * gain"],
        n * gain,
    )


def coins(rng: random.Random) -> Draft:
    """The value of coins in cents."""
    scene = shopping(rng)
    (first, x), (second, y) = rng.sample(COINS, 2)
    plural = {"penny": "pennies", "nickel": "nickels", "dime": "dimes", "quarter": "quarters"}
    scene.bind(x=plural[first], y=plural[second])
    n, m = rng.randint(2, 30), rng.randint(2, 30)
    scene.give("n", n, "<x>")
    box = "(| in <p.own> pocket| in a jar| in <p.own> piggy bank)"
    ask = (
        f"(how many cents (does <p.he> have|is that|are they worth)( {IN_ALL}|)|what is the value of (the"
        " coins|these coins) in cents)"
    )
    if rng.random() < 0.35 and x > 1:
        return scene.draft(
            "coins",
            [f"<p> (has|found|saved) <n> <x>{box}"],
            ask,
            f"One of the <x> is worth {x} cents.",
            [f"cents = {{n}} * {x}"],
            n * x,
        )
    scene.give("m", m, "<y>")
    return scene.draft(
        "coins",
        [f"<p> (has|found|saved) <n> <x> and <m> <y>{box}"],
        ask,
        f"The <x> are worth {x} cents each, the <y> {y}.",
        [f"cents = {{n}} * {x} + {{m}} * {y}"],
        n * x + m * y,
    )


def discounts(rng: random.Random) -> Draft:
    """An amount off, a coupon, a fee or a deposit on top of a number of equal prices."""
    scene = shopping(rng)
    n, price = rng.randint(2, 12), numbers.price(rng, 2, 40, 0.2)
    total = n * price
    off = rng.random() < 0.5
    amount = rng.randint(1, max(1, min(30, int(total) - 1)))
    scene.give("n", n, "<things>")
    scene.give_money("c", price, "price")
    scene.give_money("d", amount, "discount" if off else "fee")
    first = (
        "(<p> (buys|bought|orders) <n> <things> (for|at) <c> each|<p> (buys|bought|ordered) <n> <things>."
        " each <things.one> costs <c>)"
    )
    second = (
        "(<p.he> (has|had|used) a coupon for <d> off( the total|)|the (store|shop|clerk) (took|takes) <d>"
        " off( the total|)|<p.he> (gets|got) a discount of <d>( on the total|))"
        if off
        else (
            "(the (delivery|shipping) (fee is|costs|fee was) <d>|<p.he> (also pays|also paid) <d> for"
            " (shipping|delivery|wrapping|tax)|there is (also |)a fee of <d>)"
        )
    )
    sign = "-" if off else "+"
    rationale = f"Multiply the <things> by the price, then {'subtract the discount' if off else 'add the fee'}."
    ask = f"({HOW_MUCH} (does|did|will) <p.he> pay( {IN_ALL}|)|what is the (total|final) (cost|price))"
    return scene.draft(
        "discounts",
        [first, second],
        ask,
        rationale,
        ["cost = {n} * {c}", f"total = cost {sign} {{d}}"],
        total + (-amount if off else amount),
    )


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (total_price, baskets, spending, saving_up, profit, coins, discounts)
}
