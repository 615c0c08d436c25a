"""Averages, ratios, ages, and two unknowns from their sum."""

import math
import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers, pairs
from tora_agent.training.corpus.word_problems.combine import IN_ALL, listed
from tora_agent.training.corpus.word_problems.parts import owner
from tora_agent.training.corpus.word_problems.scene import Scene


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
                [
                    "the average (weight|age|height|score) of <n> (children|students|players|people)( in <p>'s"
                    " (class|group|team|family)|) is <m>"
                ],
                ["<p> (sold|made|collected) an average of <m> <things> (a day|each day|per day) for <n> days"],
            ]
        )
        ask = (
            "(what is (the sum|the total)|what is their total)"
            if "children" in facts[0]
            else "how many <things> (is that|are there) in all"
        )
        return scene.draft(
            "average", facts, ask, "Multiply the average by the count.", ["total = {m} * {n}"], mean * int(count)
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
            "(what score does <p.he> need on the next test (for an average of <m>|to have an average of"
            " <m>|so that the average of all <size> is <m>))"
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
                [
                    "(the numbers are|the temperatures were|the weights are|the ages of the children are|the prices"
                    f" are) {numbers_listed}"
                ],
                [
                    f"<p> (sold|made|counted|bought|found) {numbers_listed} <things>( in {numbers.words(size)}"
                    f" weeks| on {numbers.words(size)} days|)"
                ],
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
    first, second, _, where = rng.choice(pairs.KINDS)
    scene.bind(p=lexicon.person(rng), x=first, y=second, where=f"({where}|)")
    x, y = "<x>", "<y>"
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
                "(there are <a> (<x> and <y>) (in all|altogether|in total)|the total number of <x> and <y> is <a>)",
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
    scene.bind(p=first, q=second, kin=rng.choice(["brother", "sister", "cousin", "uncle", "aunt", "father", "mother"]))
    a, gap, years = rng.randint(6, 60), rng.randint(2, 30), rng.randint(2, 20)
    scene.give("a", a, "<p>")
    form = rng.choice(["future", "past", "other", "other_future", "times", "sum", "years_gone"])
    scene.give("y", years, "years")
    if form in ("future", "past", "years_gone"):
        if form == "past" and a <= years:
            return ages(rng)
        facts = [
            "<p> is (now |)<a> years old" if form != "years_gone" else "<y> years ago(,|) <p> was <a>( years old|)"
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
                "ages", facts, "how old is <q>", f"Multiply the age of <p> by {factor}.", steps, value, extras=False
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
        facts = [together, "(<p> has <d> more( <things>|) than <q>|<q> has <d> (fewer|less)( <things>|) than <p>)"]
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


GENERATORS: dict[str, Generator] = {family.__name__: family for family in (ages, average, ratio, two_unknowns)}
