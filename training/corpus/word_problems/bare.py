"""Number problems without a story: operations in words, common multiples and divisors, a missing number."""

import math
import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.combine import listed
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

WHAT = "(what is|what is|what's|find|calculate|compute|determine|give)"


def named(ask: Template) -> Template:
    """Ask for a quantity by name, as a question."""
    return (
        f"(what is {ask}|what's {ask}|what is the value of {ask}|{ask} is how much|what do you get for"
        f" {ask}|can you (find|tell|give|compute) {ask}|how much is {ask}|what number is {ask}|do you know"
        f" {ask}|(can|could) you (calculate|work out) {ask}|<p> (wants to know|asks for|is looking for|needs)"
        f" {ask}. what is it|<p> (must|has to|wants to) (find|compute|calculate|work out) {ask}. what (is the"
        " answer|does <p.he> get|should <p.he> get))"
    )


def operation(rng: random.Random) -> Draft:
    """The sum, difference, product or quotient of numbers."""
    scene = Scene(rng)
    scene.bind(p=lexicon.person(rng))
    a, b = numbers.count(rng, 2, 100), numbers.count(rng, 2, 100)
    form = rng.choice(["sum", "sum3", "difference", "product", "quotient", "times", "divided"])
    if form == "difference" and a < b:
        a, b = b, a
    if form in ("product", "times"):
        a, b = rng.randint(2, 99), rng.randint(2, 99)
    if form in ("quotient", "divided"):
        b = rng.randint(2, 30)
        a = b * rng.randint(2, 60)
    scene.give("a", a, "a")
    scene.give("b", b, "b")
    if form == "sum3":
        c = numbers.count(rng, 2, 100)
        scene.give("c", c, "c")
        return scene.draft(
            "operation",
            [],
            named("(the sum of|the total of) <a>, <b> and <c>"),
            "Add the three numbers.",
            ["total = {a} + {b} + {c}"],
            a + b + c,
            extras=False,
            opening=scene.task(),
        )
    phrases: dict[str, tuple[Template, str, str, int]] = {
        "sum": (
            (
                "(the sum of <a> and <b>|the total of <a> and <b>|<a> plus <b>|<a> added to <b>|<b> more than"
                " <a>|<a> increased by <b>)"
            ),
            "Add the numbers.",
            "total = {a} + {b}",
            a + b,
        ),
        "difference": (
            (
                "(the difference (between|of) <a> and <b>|<a> minus <b>|<b> subtracted from <a>|<b> less than"
                " <a>|<a> decreased by <b>|<a> reduced by <b>)"
            ),
            "Subtract the second number from the first.",
            "difference = {a} - {b}",
            a - b,
        ),
        "product": (
            "(the product of <a> and <b>|<a> multiplied by <b>)",
            "Multiply the numbers.",
            "product = {a} * {b}",
            a * b,
        ),
        "times": ("<a> times <b>", "Multiply the numbers.", "product = {a} * {b}", a * b),
        "quotient": (
            "(the quotient of <a> and <b>|<a> divided by <b>|<a> split into <b> equal parts)",
            "Divide the first number by the second.",
            "quotient = {a} // {b}",
            a // b,
        ),
        "divided": ("<a> divided by <b>", "Divide the first number by the second.", "quotient = {a} // {b}", a // b),
    }
    phrase, rationale, step, answer = phrases[form]
    return scene.draft("operation", [], named(phrase), rationale, [step], answer, extras=False, opening=scene.task())


def missing_number(rng: random.Random) -> Draft:
    """A number from what an operation makes of it; one or two steps back."""
    scene = Scene(rng)
    scene.bind(p=lexicon.person(rng))
    x = numbers.count(rng, 2, 60)
    b = rng.randint(2, 40)
    form = rng.choice(["plus", "minus", "times", "divided", "two", "two", "two_minus"])
    if form == "two":
        k = rng.randint(2, 12)
        scene.give("k", k, "factor")
        scene.give("b", b, "added")
        scene.give("c", k * x + b, "result")
        facts: list[Template] = [
            "(<k> times a number plus <b> (is|equals) <c>|a number is multiplied by <k>, then <b> is added,"
            " and the result is <c>|<b> more than <k> times a number is <c>|<p> thinks of a number,"
            " multiplies it by <k> and adds <b>. the result is <c>)"
        ]
        steps, rationale = ["number = ({c} - {b}) // {k}"], "Undo the steps: subtract, then divide."
    elif form == "two_minus":
        k = rng.randint(2, 12)
        b = rng.randint(1, k * x - 1)
        scene.give("k", k, "factor")
        scene.give("b", b, "subtracted")
        scene.give("c", k * x - b, "result")
        facts = [
            "(<k> times a number minus <b> (is|equals) <c>|a number is multiplied by <k>, then <b> is"
            " subtracted, and the result is <c>|<b> less than <k> times a number is <c>)"
        ]
        steps, rationale = ["number = ({c} + {b}) // {k}"], "Undo the steps: add, then divide."
    else:
        result = {"plus": x + b, "minus": x, "times": x * b, "divided": x}[form]
        start = {"plus": x, "minus": x + b, "times": x, "divided": x * b}[form]
        scene.give("b", b, "change")
        scene.give("c", result, "result")
        told = {
            "plus": (
                "(a number plus <b> (is|equals) <c>|when <b> is added to a number(,|) the result is <c>|the"
                " sum of a number and <b> is <c>|<p> thinks of a number and adds <b>. the result is <c>)"
            ),
            "minus": (
                "(a number minus <b> (is|equals) <c>|when <b> is subtracted from a number(,|) the result is"
                " <c>|<b> less than a number is <c>|<p> thinks of a number and subtracts <b>. the result is"
                " <c>)"
            ),
            "times": (
                "(a number times <b> (is|equals) <c>|when a number is multiplied by <b>(,|) the result is"
                " <c>|<b> times a number is <c>|the product of a number and <b> is <c>)"
            ),
            "divided": (
                "(a number divided by <b> (is|equals) <c>|when a number is divided by <b>(,|) the result is <c>)"
            ),
        }[form]
        facts = [told]
        sign, undo = {
            "plus": ("-", "subtract"),
            "minus": ("+", "add"),
            "times": ("//", "divide"),
            "divided": ("*", "multiply"),
        }[form]
        steps, rationale, x = [f"number = {{c}} {sign} {{b}}"], f"Undo the step: {undo}.", start
    return scene.draft(
        "missing_number",
        facts,
        "(what is (the|this|that) number|which number is it|what was the number)",
        rationale,
        steps,
        x,
        extras=False,
        opening=scene.task(),
    )


def common(rng: random.Random) -> Draft:
    """Greatest common divisors and least common multiples, bare and in stories."""
    scene = Scene(rng)
    g = rng.randint(2, 15)
    x, y = rng.sample(range(1, 13), 2)
    a, b = g * x, g * y
    things, kind = lexicon.thing(rng)
    other = lexicon.others(rng, [things], kind, 1)[0]
    scene.bind(p=lexicon.person(rng), things=things, others=other, box=rng.choice(lexicon.CONTAINERS))
    if rng.random() < 0.5:
        scene.give("a", a, "a")
        scene.give("b", b, "b")
        facts: list[Template] = []
        ask = named("the (greatest common (divisor|factor)|GCF|GCD|highest common factor) of <a> and <b>")
        if rng.random() < 0.6:
            facts = [
                "<p> (has|bought) <a> <things> and <b> <others>",
                (
                    "<p.he> wants to (make|pack) (identical|equal) <box> with (nothing left over|no items"
                    " left|all of them)"
                ),
            ]
            ask = (
                "(what is the (greatest|largest) number of <box> <p.he> can (make|pack)|at most how many"
                " <box> can <p.he> (make|pack))"
            )
        return scene.draft(
            "common",
            facts,
            ask,
            "Take the greatest common divisor.",
            ["from math import gcd", "groups = gcd({a}, {b})"],
            math.gcd(a, b),
            extras=False,
            opening=scene.task(),
        )
    a, b = rng.sample(range(2, 25), 2)
    scene.give("a", a, "a")
    scene.give("b", b, "b")
    scene.bind(unit="(minutes|days|hours|seconds)")
    facts = []
    ask = named("the (least common multiple|lowest common multiple|LCM|smallest common multiple) of <a> and <b>")
    if rng.random() < 0.6:
        signal = rng.choice(
            ["bus comes", "bell rings", "light blinks", "train leaves", "timer beeps", "fountain sprays"]
        )
        facts = [
            f"one {signal} every <a> <unit> and another every <b> <unit>",
            "both happen (together|at the same time) now",
        ]
        ask = "(after|in) how many <unit> (will|do) both happen together again"
        if rng.random() < 0.5:
            scene.bind(unit="days", act=rng.choice(["swimming", "to the gym", "running", "to the library", "shopping"]))
            facts = ["<p> goes <act> every <a> <unit> and <p.own> friend every <b> <unit>", "they both go today"]
            ask = "(after|in) how many <unit> will they (both go|go) on the same day again"
    return scene.draft(
        "common",
        facts,
        ask,
        "Take the least common multiple.",
        ["from math import lcm", "least = lcm({a}, {b})"],
        math.lcm(a, b),
        extras=False,
        opening=scene.task(),
    )


def consecutive(rng: random.Random) -> Draft:
    """Consecutive numbers from their sum; two numbers from sum and difference."""
    scene = Scene(rng)
    form = rng.choice(["consecutive", "consecutive", "larger", "smaller", "times"])
    if form == "consecutive":
        size = rng.choice([2, 3, 3, 4, 5])
        step, word = rng.choice([(1, ""), (2, "even "), (2, "odd ")])
        first = rng.randint(1, 60)
        first += (word == "even " and first % 2) + (word == "odd " and 1 - first % 2)
        members = [first + step * place for place in range(size)]
        offset = sum(members) - size * first
        scene.give("t", sum(members), "total")
        largest = rng.random() < 0.5
        facts = [f"the sum of {numbers.words(size)} consecutive {word}(numbers|integers) is <t>"]
        ask = f"what is the {'largest' if largest else 'smallest'}( one| number| of them|)"
        steps = [f"smallest = ({{t}} - {offset}) // {size}"]
        if largest:
            steps.append(f"largest = smallest + {members[-1] - first}")
        return scene.draft(
            "consecutive",
            facts,
            ask,
            f"The numbers are {step} apart.",
            steps,
            members[-1] if largest else first,
            extras=False,
            opening=scene.task(),
        )
    small, gap = numbers.count(rng, 2, 60), rng.randint(1, 50)
    large = small + gap
    if form == "times":
        factor = rng.randint(2, 6)
        scene.give("t", small * (factor + 1), "total")
        scene.bind(times=numbers.TIMES[factor])
        facts = ["the sum of two numbers is <t>", "one is <times> the other"]
        return scene.draft(
            "consecutive",
            facts,
            "what is the smaller( number|)( of them|)",
            f"The sum is {factor + 1} times the smaller number.",
            [f"smaller = {{t}} // {factor + 1}"],
            small,
            extras=False,
            opening=scene.task(),
        )
    scene.give("t", small + large, "total")
    scene.give("d", gap, "difference")
    facts = rng.choice(
        [
            ["the sum of two numbers is <t>", "their difference is <d>"],
            ["two numbers add up to <t>", "one is <d> (more|larger) than the other"],
            ["two numbers have a sum of <t> and a difference of <d>"],
        ]
    )
    sign = "+" if form == "larger" else "-"
    return scene.draft(
        "consecutive",
        facts,
        f"what is the {form}( number|)( of them|)",
        "Halve the sum plus or minus the difference.",
        [f"{form} = ({{t}} {sign} {{d}}) // 2"],
        large if form == "larger" else small,
        extras=False,
        opening=scene.task(),
    )


def many_added(rng: random.Random) -> Draft:
    """Longer lists of numbers to add, or the largest minus the smallest."""
    scene = Scene(rng)
    size = rng.randint(3, 5)
    values = [numbers.count(rng, 2, 200) for _ in range(size)]
    keys = list("abcde"[:size])
    for key, value in zip(keys, values, strict=True):
        scene.give(key, value, key)
    facts: list[Template] = [
        f"(the numbers are|here are {numbers.words(size)} numbers:|consider the numbers|take the numbers)"
        f" {listed([f'<{key}>' for key in keys])}"
    ]
    if rng.random() < 0.6:
        return scene.draft(
            "many_added",
            facts,
            "(what is their (sum|total)|what do they add up to|what is the sum of (these|the) numbers)",
            "Add all numbers.",
            [f"total = {' + '.join('{' + key + '}' for key in keys)}"],
            sum(values),
            extras=False,
            opening=scene.task(),
        )
    listing = ", ".join("{" + key + "}" for key in keys)
    return scene.draft(
        "many_added",
        facts,
        "(what is the (range|difference between the largest and the smallest)|by how much is the largest more"
        " than the smallest)",
        "Subtract the smallest from the largest.",
        [f"difference = max({listing}) - min({listing})"],
        max(values) - min(values),
        extras=False,
        opening=scene.task(),
    )


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (operation, missing_number, common, consecutive, many_added)
}
