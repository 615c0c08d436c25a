"""Fractions and percentages of quantities, and the whole from a part."""

import random
from fractions import Fraction

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

FRACTION_WORDS = {
    (1, 2): ("half", "half", "one half", "1/2"),
    (1, 3): ("a third", "one third", "one-third", "1/3"),
    (2, 3): ("two thirds", "two-thirds", "2/3"),
    (1, 4): ("a quarter", "one quarter", "a fourth", "one fourth", "1/4"),
    (3, 4): ("three quarters", "three fourths", "3/4"),
    (1, 5): ("a fifth", "one fifth", "one-fifth", "1/5"),
    (2, 5): ("two fifths", "2/5"),
    (3, 5): ("three fifths", "3/5"),
    (4, 5): ("four fifths", "4/5"),
    (1, 6): ("a sixth", "one sixth", "1/6"),
    (1, 8): ("one eighth", "1/8"),
    (3, 8): ("three eighths", "3/8"),
    (5, 6): ("five sixths", "5/6"),
    (1, 10): ("one tenth", "a tenth", "1/10"),
    (3, 10): ("three tenths", "3/10"),
}


def owner(rng: random.Random) -> Scene:
    """Cast a person with things, and what may happen to them."""
    scene = Scene(rng)
    things, kind = lexicon.thing(rng)
    first = lexicon.person(rng)
    scene.bind(
        p=first,
        q=lexicon.person(rng, first, roles=0),
        things=things,
        w=lexicon.losing(rng, kind),
        box=rng.choice(lexicon.CONTAINERS),
    )
    one, two = rng.sample(lexicon.COLORS, 2)
    scene.bind(kin=rng.choice(lexicon.RELATIVES), color=one, rest=two)
    return scene


def fraction_text(rng: random.Random) -> tuple[int, int, str]:
    """Draw a fraction and its writing."""
    top, bottom = rng.choice([*FRACTION_WORDS, (1, 2), (1, 2), (1, 3), (1, 4), (3, 4)])
    return top, bottom, rng.choice(FRACTION_WORDS[top, bottom])


def times_fraction(value: str, top: int, bottom: int) -> str:
    """The expression of a fraction of a whole number."""
    return f"{value} // {bottom}" if top == 1 else f"{value} * {top} // {bottom}"


OWNS = "(<p> (has|had|bought|made|collected) <a> <things>|there (are|were) <a> <things>( in (a|the) <box.one>|))"


def fraction_of(rng: random.Random) -> Draft:
    """A fraction of a whole, or what is left of it."""
    scene = owner(rng)
    top, bottom, text = fraction_text(rng)
    whole = bottom * numbers.count(rng, 2, 30)
    part = whole * top // bottom
    scene.give("a", whole, "<things>")
    scene.bind(f=text)
    expression = times_fraction("{a}", top, bottom)
    form = rng.choice(["part", "left", "left", "color", "rest"])
    if form in ("color", "rest"):
        facts: list[Template] = [
            OWNS,
            f"{text} of (them|the <things>) are <color>" + ("" if form == "color" else " and the rest are <rest>"),
        ]
        if form == "color":
            return scene.draft(
                "fraction_of",
                facts,
                "how many (<things> |of them |of the <things> |)are <color>",
                f"Take {top}/{bottom} of the <things>.",
                [f"part = {expression}"],
                part,
            )
        return scene.draft(
            "fraction_of",
            facts,
            "how many (<things> |of them |of the <things> |)are <rest>",
            f"Take {top}/{bottom} of the <things> away from all.",
            [f"part = {expression}", "rest = {a} - part"],
            whole - part,
        )
    facts = [
        "<p> (has|had|bought|made|collected) <a> <things>",
        (
            f"(<p.he> (<w.past>|gave away|used) {text} of (them|the <things>|<p.own> <things>)|<p.he> gave"
            f" {text} of (them|the <things>) to (<q>|<p.own> <kin>)|<q> took {text} of (them|the <things>))"
        ),
    ]
    if form == "part":
        return scene.draft(
            "fraction_of",
            facts,
            "how many( <things>|) (is that|are gone|did <p.he> (lose|part with))",
            f"Take {top}/{bottom} of the <things>.",
            [f"part = {expression}"],
            part,
        )
    ask = (
        "how many <things> (are left|does <p.he> have left|remain|does <p.he> still have|did <p.he> have"
        " left|does <p.he> have now)"
    )
    return scene.draft(
        "fraction_of",
        facts,
        ask,
        f"Take {top}/{bottom} of the <things> away.",
        [f"part = {expression}", "left = {a} - part"],
        whole - part,
    )


def whole_of(rng: random.Random) -> Draft:
    """The whole from a fraction or a percentage of it."""
    scene = owner(rng)
    top, bottom, text = fraction_text(rng)
    part = top * numbers.count(rng, 2, 30)
    whole = part // top * bottom
    if bottom in (4, 5, 10) and rng.random() < 0.5:
        percent = 100 * top // bottom
        scene.give("p_", percent, "percent", f"{percent}{rng.choice(['%', '%', ' percent'])}")
        scene.give("a", part, "part")
        facts = rng.choice(
            [
                ["<p_> of <p>'s <things> are <color>", "<p.he> has <a> <color> <things>"],
                ["<p> <w.past> <a> <things>", "(this|that) (is|was) <p_> of (all|<p.own>) <things>"],
            ]
        )
        return scene.draft(
            "whole_of",
            facts,
            "how many <things> (does|did) <p.he> have (in all|altogether|in total)",
            "Divide the part by its percentage of the whole.",
            ["whole = {a} * 100 // {p_}"],
            whole,
        )
    scene.give("a", part, "part")
    facts = rng.choice(
        [
            [f"{text} of <p>'s <things> are <color>", "<p.he> has <a> <color> <things>"],
            ["<p> <w.past> <a> <things>", f"(this|that) (is|was) {text} of (all|<p.own>) <things>"],
            [f"<p> gave {text} of <p.own> <things> to <q>", "<q> got <a>( <things>|)"],
        ]
    )
    expression = "{a} * " + (f"{bottom}" if top == 1 else f"{bottom} // {top}")
    return scene.draft(
        "whole_of",
        facts,
        "how many <things> (did <p.he> have at first|does <p.he> have (in all|altogether|in total))",
        f"The part is {top}/{bottom} of the whole.",
        [f"whole = {expression}"],
        whole,
    )


def fraction_chain(rng: random.Random) -> Draft:
    """Fractions and numbers taken from a whole one after the other."""
    scene = owner(rng)
    top, bottom, text = fraction_text(rng)
    unit = rng.randint(2, 24)
    whole = bottom * unit
    rest = whole - whole * top // bottom
    form = rng.choice(["number", "half", "share"])
    other = next((divisor for divisor in (2, 3, 4, 5) if rest % divisor == 0 and rest > divisor), None)
    scene.give("a", whole, "<things>")
    first = f"<p.he> (gave {text} of (them|the <things>) to <q>|<w.past> {text} of (them|the <things>))"
    steps = [f"gone = {times_fraction('{a}', top, bottom)}", "rest = {a} - gone"]
    if form == "number" or other is None:
        less = numbers.below(rng, rest, 1) if rest > 2 else 1
        scene.give("b", less, "more")
        facts = [
            "<p> (had|has|bought) <a> <things>",
            first,
            (
                "(then |later |after that, |)<p.he> (gave <b> more to <p.own> <kin>|lost <b> more|<w.past>"
                " another <b>|sold <b> (of the rest|more))"
            ),
        ]
        ask = "how many <things> (are left|does <p.he> have left|remain|does <p.he> have now)"
        return scene.draft(
            "fraction_chain",
            facts,
            ask,
            f"Take {top}/{bottom} away, then the other <things>.",
            [*steps, "left = rest - {b}"],
            rest - less,
        )
    if form == "half":
        part = rng.choice(FRACTION_WORDS[1, other])
        facts = [
            "<p> (had|has|bought) <a> <things>",
            first,
            (
                f"(then |later |after that, |)<p.he> (gave {part} of the (rest|remaining <things>) to <p.own>"
                f" <kin>|<w.past> {part} of (the rest|what was left|the remaining <things>))"
            ),
        ]
        ask = "how many <things> (are left|does <p.he> have left|remain|does <p.he> have now)"
        return scene.draft(
            "fraction_chain",
            facts,
            ask,
            f"Take {top}/{bottom} away, then 1/{other} of the rest.",
            [*steps, f"left = rest - rest // {other}"],
            rest - rest // other,
        )
    scene.bind(friends="(friends|children|cousins|classmates|boxes)")
    scene.give("n", other, "<friends>")
    facts = [
        "<p> (had|has|bought) <a> <things>",
        first,
        "<p.he> (divided|split|shared) the rest (equally|evenly) (among|between) <n> <friends>",
    ]
    ask = "how many( <things>|) did each (get|receive)"
    return scene.draft(
        "fraction_chain",
        facts,
        ask,
        f"Take {top}/{bottom} away, then divide the rest.",
        [*steps, "each = rest // {n}"],
        rest // other,
    )


def percent_of(rng: random.Random) -> Draft:
    """A percentage of a count, the rest, or the percentage itself."""
    scene = owner(rng)
    percent = rng.choice([10, 20, 25, 30, 40, 50, 60, 75, 80, 5, 15, 35, 45, 90])
    step = 100 // next(divisor for divisor in (50, 25, 20, 10, 5) if percent % divisor == 0)
    whole = step * numbers.count(rng, 1, 20)
    part = whole * percent // 100
    scene.give("a", whole, "total")
    scene.give("b", percent, "percent", f"{percent}{rng.choice(['%', '%', '%', ' percent'])}")
    scene.bind(
        group="(students|people|workers|children|members|players|guests)",
        trait="(girls|boys|tall|left-handed|absent|from out of town|wearing hats|new)",
    )
    if rng.random() < 0.5:
        facts: list[Template] = [
            "there (are|were) <a> <group> (in a school|at a party|in a club|in the hall|at a camp|in a company)",
            "<b> of (them|the <group>) are <trait>",
        ]
        ask, rest_ask = ("how many (of them |<group> |)are <trait>", "how many (of them |<group> |)are not <trait>")
    else:
        facts = [OWNS, "<b> of (them|the <things>) (are|were) <color>"]
        ask, rest_ask = (
            "how many (of them |<things> |)(are|were) <color>",
            "how many (of them |<things> |)(are|were) not <color>",
        )
    form = rng.random()
    if form < 0.5:
        return scene.draft(
            "percent_of", facts, ask, "Multiply by the percentage and divide by 100.", ["part = {a} * {b} / 100"], part
        )
    if form < 0.8:
        return scene.draft(
            "percent_of",
            facts,
            rest_ask,
            "Find the percentage, then subtract it from the total.",
            ["part = {a} * {b} / 100", "rest = {a} - part"],
            whole - part,
        )
    scene.give("c", part, "part")
    facts[1] = facts[1].replace("<b> of (them|the", "<c> of (them|the")
    asked = ask.replace("how many (of them |<group> |)", "what (percent|percentage) of (them|the <group>) ").replace(
        "how many (of them |<things> |)", "what (percent|percentage) of (them|the <things>) "
    )
    return scene.draft(
        "percent_of",
        facts,
        asked,
        "Divide the part by the total and multiply by 100.",
        ["percent = {c} * 100 / {a}"],
        percent,
    )


def percent_change(rng: random.Random) -> Draft:
    """A price or an amount that rises or falls by a percentage: discount, tax, tip, raise."""
    scene = owner(rng)
    percent = rng.choice([5, 10, 15, 20, 25, 30, 40, 50, 60, 75])
    base = rng.choice([rng.randint(1, 40) * 20, rng.randint(1, 40) * 10, rng.randint(8, 300)])
    scene.give_money("a", base, "price")
    scene.give("b", percent, "percent", f"{percent}{rng.choice(['%', '%', '%', ' percent'])}")
    change = Fraction(base * percent, 100)
    cases: dict[str, tuple[list[Template], Template, int]] = {
        "discount": (
            [
                "(a|the|one) <things.one> (costs|cost) <a>( in a store|)",
                (
                    "(<p> (gets|got|has) a <b> discount|it is on sale for <b> off|the store"
                    " (gives|offers|takes) (a discount of <b>|<b> off)|the price is reduced by <b>|<p> has a"
                    " coupon for <b> off)"
                ),
            ],
            "(how much (does|did|will) <p> (pay|have to pay)( for it|)|what is the (sale|final|new|discounted) price)",
            -1,
        ),
        "tax": (
            [
                "(a|the|one) <things.one> costs <a>",
                "(the sales tax is <b>|there is a <b> (sales |)tax|<p> must pay <b> tax)",
            ],
            "(how much (does|did|will) <p> pay( in all| altogether|)|what is the total (price|cost)( with tax|))",
            1,
        ),
        "tip": (
            [
                "<p>'s (meal|dinner|lunch|bill|haircut|taxi ride) (costs|cost|was|came to) <a>",
                "<p.he> (leaves|left|gave|adds) a <b> tip",
            ],
            (
                "(how much did <p.he> pay (in all|in total|altogether)|what is the total (cost|amount)|how"
                " much (does|did) <p.he> (spend|pay) (with the tip|including the tip))"
            ),
            1,
        ),
        "raise": (
            ["<p> (earns|makes) <a> a (week|day|month)", "<p.he> (gets|got) a raise of <b>"],
            "(how much (does|will) <p.he> (earn|make) now|what is <p.his> new pay)",
            1,
        ),
        "rise": (
            ["the price of a <things.one> was <a>", "the price (rose|went up|increased) by <b>"],
            "(what is the (new price|price now)|how much does it cost now)",
            1,
        ),
    }
    case = rng.choice(list(cases))
    facts, ask, sign = cases[case]
    if rng.random() < 0.22:
        what = "saved" if sign < 0 else "added"
        ask = (
            "how much (money |)(does|did) <p> save"
            if sign < 0
            else {
                "tax": "(how much is the tax|how many dollars is the tax)",
                "tip": "(how much is the tip|how many dollars is the tip)",
                "raise": "(how much is the raise|how many dollars more is that)",
                "rise": "(how much is the increase|by how many dollars did it go up)",
            }[case]
        )
        return scene.draft(
            "percent_change",
            facts,
            ask,
            "Multiply by the percentage and divide by 100.",
            [f"{what} = {{a}} * {{b}} / 100"],
            change,
        )
    rationale = f"Find the percentage of the price, then {'subtract' if sign < 0 else 'add'} it."
    steps = ["change = {a} * {b} / 100", f"total = {{a}} {'-' if sign < 0 else '+'} change"]
    return scene.draft("percent_change", facts, ask, rationale, steps, base + sign * change)


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (fraction_of, whole_of, fraction_chain, percent_of, percent_change)
}
