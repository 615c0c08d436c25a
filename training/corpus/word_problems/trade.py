"""Money over time and in trade: saving up, profit, discounts and fees, coins."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import numbers
from tora_agent.training.corpus.word_problems.combine import IN_ALL
from tora_agent.training.corpus.word_problems.money import HOW_MUCH, shopping

COINS = (("penny", 1), ("nickel", 5), ("dime", 10), ("quarter", 25))

WORK = (
    "(washing cars|mowing lawns|babysitting|walking dogs|raking leaves|selling lemonade|delivering papers|doing chores)"
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
                "saving_up", facts, ask, "Subtract the money saved from the price.", ["needed = {g} - {a}"], goal - have
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
        "<p.he> (sells|sold) (them for <s> each|all of them for <s> each|each one for <s>)",
    ]
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


GENERATORS: dict[str, Generator] = {family.__name__: family for family in (discounts, coins, profit, saving_up)}
