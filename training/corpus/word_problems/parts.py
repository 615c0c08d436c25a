"""Fractions and percentages of quantities, ratios, averages, ages, and two unknowns from their sum."""

import math
import random
from fractions import Fraction

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.combine import IN_ALL, listed
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
        OWNS.replace("there (are|were) <a> <things>( in (a|the) <box.one>|)", "<p> had <a> <things>"),
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
        "how many <things> (does|did) <p.he> have (in all|altogether|in total|at first)",
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
            ("there (are|were) <a> <group> (in a school|at a party|in a club|in the hall|at a camp|in a company)"),
            "<b> of (them|the <group>) are <trait>",
        ]
        ask, rest_ask = (
            "how many (of them |<group> |)are <trait>",
            "how many (of them |<group> |)are not <trait>",
        )
    else:
        facts = [OWNS, "<b> of (them|the <things>) (are|were) <color>"]
        ask, rest_ask = (
            "how many (of them |<things> |)(are|were) <color>",
            "how many (of them |<things> |)(are|were) not <color>",
        )
    form = rng.random()
    if form < 0.5:
        return scene.draft(
            "percent_of",
            facts,
            ask,
            "Multiply by the percentage and divide by 100.",
            ["part = {a} * {b} / 100"],
            part,
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
            (
                "(how much (does|did|will) <p> (pay|have to pay)( for it|)|what is the"
                " (sale|final|new|discounted) price)"
            ),
            -1,
        ),
        "tax": (
            [
                "(a|the|one) <things.one> costs <a>",
                "(the sales tax is <b>|there is a <b> (sales |)tax|<p> must pay <b> tax)",
            ],
            ("(how much (does|did|will) <p> pay( in all| altogether|)|what is the total (price|cost)( with tax|))"),
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


def average(rng: random.Random) -> Draft:
    """The mean of numbers, a total from a mean, or a missing number."""
    scene = owner(rng)
    form = rng.choice(["mean", "mean", "total", "missing"])
    size = rng.randint(3, 5)
    mean = rng.randint(5, 95)
    if form == "total":
        scene.give("m", mean, "average")
        scene.give("n", rng.randint(3, 40), "count")
        count = scene.slots["n"].value  # type: ignore[union-attr]
        facts = rng.choice(
            [
                ["the average (weight|age|height|score) of <n> (children|students|players|people) is <m>"],
                ["<p> (sold|made|collected) an average of <m> <things> (a day|each day|per day) for <n> days"],
            ]
        )
        ask = (
            "(what is (the sum|the total)|what is their total)"
            if "children" in facts[0]
            else "how many <things> (is that|are there) in all"
        )
        return scene.draft(
            "average",
            facts,
            ask,
            "Multiply the average by the count.",
            ["total = {m} * {n}"],
            mean * int(count),
        )
    spread = [rng.randint(-min(mean - 1, 20), 20) for _ in range(size - 1)]
    values = [mean + offset for offset in spread] + [mean - sum(spread)]
    if values[-1] < 1:
        return average(rng)
    keys = [f"v{place}" for place in range(size)]
    scored = rng.random() < 0.5
    people = lexicon.people(rng, size)
    for place, (key, value) in enumerate(zip(keys, values, strict=True)):
        scene.bind(**{f"who{place}": people[place]})
        scene.give(key, value, f"<who{place}>" if scored else f"{'abcde'[place]}", str(value))
    if form == "missing":
        scene.give("m", mean, "average")
        scene.bind(size=numbers.words(size))
        known = listed([f"<{key}>" for key in keys[:-1]])
        facts = [
            f"<p>'s (scores on the first {numbers.words(size - 1)} tests|first {numbers.words(size - 1)}"
            f" scores) (are|were) {known}"
        ]
        for place, key in enumerate(keys[:-1]):
            scene.give(key, values[place], "abcde"[place], str(values[place]))
        ask = (
            f"(what score does <p.he> need on the next test (for an average of <m>|to have an average of"
            f" <m>|so that the average of all <size> is <m>))"
        )
        total = " + ".join(f"{{{key}}}" for key in keys[:-1])
        return scene.draft(
            "average",
            facts,
            ask,
            "Multiply the average by the number of tests, then subtract the known scores.",
            [f"total = {{m}} * {size}", f"needed = total - ({total})"],
            values[-1],
        )
    if scored:
        verb = rng.choice(
            [
                "scored <# points",
                "has <# <things>",
                "ran <# miles",
                "collected <# <things>",
                "is <# years old",
                "weighs <# pounds",
            ]
        )
        facts = [listed([f"<who{place}> {verb.replace('#', key + '>')}" for place, key in enumerate(keys)])]
        ask = (
            "(what is (the|their) average|what is the (mean|average) of (these numbers|all of them)|how much"
            " is that on average)"
        )
    else:
        numbers_listed = listed([f"<{key}>" for key in keys])
        facts = rng.choice(
            [
                [
                    f"<p> (scored|got) {numbers_listed} (on {numbers.words(size)} tests|points in"
                    f" {numbers.words(size)} games)"
                ],
                [f"(the numbers are|the temperatures were|the weights are) {numbers_listed}"],
                [f"<p> (sold|made) {numbers_listed} <things> on {numbers.words(size)} days"],
            ]
        )
        ask = "(what (is|was) the (average|mean)|what is the average of (these|the numbers))"
    total = " + ".join(f"{{{key}}}" for key in keys)
    return scene.draft(
        "average",
        facts,
        ask,
        f"Add the {numbers.words(size)} numbers and divide by {size}.",
        [f"total = {total}", f"average = total / {size}"],
        mean,
        extras=False,
    )


def ratio(rng: random.Random) -> Draft:
    """Parts in a ratio: one from the other, or from the whole."""
    scene = Scene(rng)
    r, s = rng.sample(range(1, 10), 2)
    r, s = r // math.gcd(r, s), s // math.gcd(r, s)
    unit = rng.randint(2, 30)
    first, second = rng.choice(
        [
            ("boys", "girls"),
            ("cats", "dogs"),
            ("red marbles", "blue marbles"),
            ("apples", "oranges"),
            ("roses", "tulips"),
            ("adults", "children"),
            ("cars", "trucks"),
            ("pens", "pencils"),
            ("teachers", "students"),
            ("cups of flour", "cups of sugar"),
            ("cows", "sheep"),
            ("white balls", "black balls"),
            ("novels", "comics"),
            ("chickens", "ducks"),
            ("oaks", "pines"),
        ]
    )
    scene.bind(
        x=first,
        y=second,
        where="(in a class|in a shelter|in a box|at a school|on a farm|in a store|in the park|)",
    )
    x, y = (
        part.split()[-1] if part.split()[-1] not in ("marbles", "balls") else part.split()[0]
        for part in (first, second)
    )
    scene.give("r", r, f"{x}_part", str(r))
    scene.give("s", s, f"{y}_part", str(s))
    relation = (
        "(the ratio of <x> to <y>( <where>|) is <r>:<s>|the ratio of <x> to <y>( <where>|) is <r> to <s>|for"
        " every <r> <x>( <where>|) there are <s> <y>|there are <r> <x> for every <s> <y>)"
    )
    form = rng.choice(["other", "whole", "sum"])
    if min(r, s) == 1:
        relation = "(the ratio of <x> to <y>( <where>|) is <r>:<s>|the ratio of <x> to <y>( <where>|) is <r> to <s>)"
    if form == "other":
        scene.give("a", r * unit, x)
        return scene.draft(
            "ratio",
            [relation, "there are <a> <x>"],
            "how many <y> are there",
            "Divide by the part of the <x>, then multiply by the part of the <y>.",
            ["unit = {a} // {r}", f"{y} = unit * {{s}}"],
            s * unit,
        )
    if form == "whole":
        scene.give("a", (r + s) * unit, "total")
        ask, answer, name, key = rng.choice(
            [("how many <x> are there", r * unit, x, "{r}"), ("how many <y> are there", s * unit, y, "{s}")]
        )
        return scene.draft(
            "ratio",
            [
                relation,
                ("(there are <a> (<x> and <y>) (in all|altogether|in total)|the total number of <x> and <y> is <a>)"),
            ],
            ask,
            "Divide the total by the sum of the parts.",
            ["unit = {a} // ({r} + {s})", f"{name} = unit * {key}"],
            answer,
        )
    scene.give("a", s * unit, y)
    return scene.draft(
        "ratio",
        [relation, "there are <a> <y>"],
        f"how many <x> and <y> are there {IN_ALL}",
        "Find one unit, then multiply by the sum of the parts.",
        ["unit = {a} // {s}", "total = unit * ({r} + {s})"],
        (r + s) * unit,
    )


def ages(rng: random.Random) -> Draft:
    """Ages now, in years to come and in years gone by."""
    scene = Scene(rng)
    first, second = lexicon.people(rng, 2)
    scene.bind(
        p=first,
        q=second,
        kin=rng.choice(["brother", "sister", "cousin", "uncle", "aunt", "father", "mother"]),
    )
    a, gap, years = rng.randint(6, 60), rng.randint(2, 30), rng.randint(2, 20)
    scene.give("a", a, "<p>")
    form = rng.choice(["future", "past", "other", "other_future", "times", "sum", "years_gone"])
    scene.give("y", years, "years")
    if form in ("future", "past", "years_gone"):
        if form == "past" and a <= years:
            return ages(rng)
        facts = [
            ("<p> is (now |)<a> years old" if form != "years_gone" else "<y> years ago(,|) <p> was <a>( years old|)")
        ]
        ask = {
            "future": "how old will <p.he> be in <y> years",
            "past": "how old was <p.he> <y> years ago",
            "years_gone": "how old is <p.he> now",
        }[form]
        sign = "-" if form == "past" else "+"
        return scene.draft(
            "ages",
            facts,
            ask,
            f"{'Subtract' if sign == '-' else 'Add'} the years.",
            [f"age = {{a}} {sign} {{y}}"],
            a - years if sign == "-" else a + years,
            extras=False,
        )
    older = rng.random() < 0.5
    if form == "times":
        factor = rng.choice([2, 3, 4, 5])
        scene.bind(times=numbers.TIMES[factor])
        asked = rng.choice(["age", "sum", "future"])
        facts = ["<p> is <a> years old", "<q> is <times> as old( as <p>|)"]
        steps, value = [f"<q> = {{a}} * {factor}"], a * factor
        if asked == "age":
            return scene.draft(
                "ages",
                facts,
                "how old is <q>",
                f"Multiply the age of <p> by {factor}.",
                steps,
                value,
                extras=False,
            )
        if asked == "sum":
            return scene.draft(
                "ages",
                facts,
                "what is the sum of their ages",
                f"Multiply the age of <p> by {factor}, then add both.",
                [*steps, "total = {a} + <q>"],
                value + a,
                extras=False,
            )
        return scene.draft(
            "ages",
            facts,
            "how old will <q> be in <y> years",
            f"Multiply the age of <p> by {factor}, then add the years.",
            [*steps, "age = <q> + {y}"],
            value + years,
            extras=False,
        )
    if not older and a - gap < 1:
        return ages(rng)
    scene.give("g", gap, "gap")
    other, sign = (a + gap, "+") if older else (a - gap, "-")
    facts = ["<p> is <a>( years old|)", f"<q> is <g> years {'older' if older else 'younger'} than <p>"]
    step = f"<q> = {{a}} {sign} {{g}}"
    rationale = f"<q> is {'older: add' if older else 'younger: subtract'} the gap."
    if form == "other":
        return scene.draft("ages", facts, "how old is <q>", rationale, [step], other, extras=False)
    if form == "sum":
        return scene.draft(
            "ages",
            facts,
            "(what is the sum of their ages|how old are they together)",
            rationale + " Then add both ages.",
            [step, "total = {a} + <q>"],
            a + other,
            extras=False,
        )
    return scene.draft(
        "ages",
        facts,
        "how old will <q> be in <y> years",
        rationale + " Then add the years.",
        [step, "age = <q> + {y}"],
        other + years,
        extras=False,
    )


def two_unknowns(rng: random.Random) -> Draft:
    """Two amounts from their sum and their difference, or from their sum and how many times one is the other."""
    scene = owner(rng)
    first, second = lexicon.people(rng, 2)
    scene.bind(p=first, q=second)
    small = numbers.count(rng, 2, 60)
    together = (
        "(<p> and <q> have <t> <things> (together|in all|altogether|in total)|together(,|) <p> and <q> have"
        " <t> <things>|the total number of <things> of <p> and <q> is <t>)"
    )
    larger = rng.random() < 0.5
    asked = "how many( <things>|) does <# have"
    if rng.random() < 0.5:
        gap = numbers.below(rng, 60)
        large = small + gap
        scene.give("t", small + large, "total")
        scene.give("d", gap, "difference")
        facts = [
            together,
            "(<p> has <d> more( <things>|) than <q>|<q> has <d> (fewer|less)( <things>|) than <p>)",
        ]
        step = "<p> = ({t} + {d}) // 2" if larger else "<q> = ({t} - {d}) // 2"
        rationale = f"{'Add the difference to' if larger else 'Subtract the difference from'} the total, then halve it."
        return scene.draft(
            "two_unknowns",
            facts,
            asked.replace("#", "p>" if larger else "q>"),
            rationale,
            [step],
            large if larger else small,
        )
    factor = rng.choice([2, 2, 3, 4, 5])
    scene.bind(times=numbers.TIMES[factor])
    scene.give("t", small * (factor + 1), "total")
    facts = [together, "<p> has <times> as many( <things>|) as <q>"]
    rationale = f"The total is {factor + 1} times the number of <q>."
    steps = [f"<q> = {{t}} // {factor + 1}"]
    if larger:
        steps.append(f"<p> = <q> * {factor}")
    return scene.draft(
        "two_unknowns",
        facts,
        asked.replace("#", "p>" if larger else "q>"),
        rationale,
        steps,
        small * factor if larger else small,
    )


GENERATORS: dict[str, Generator] = {
    family.__name__: family
    for family in (
        fraction_of,
        whole_of,
        fraction_chain,
        percent_of,
        percent_change,
        average,
        ratio,
        ages,
        two_unknowns,
    )
}
