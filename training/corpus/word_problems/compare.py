"""Compare problems: how many more or fewer, how many times as many, and totals over such chains."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers, settings
from tora_agent.training.corpus.word_problems.combine import IN_ALL
from tora_agent.training.corpus.word_problems.phrasing import Template
from tora_agent.training.corpus.word_problems.scene import Scene

SIZES = (
    ("tall", "taller", "shorter", "inches", "how tall is"),
    ("tall", "taller", "shorter", "centimeters", "how tall is"),
    ("long", "longer", "shorter", "feet", "how long is"),
    ("long", "longer", "shorter", "meters", "how long is"),
    ("heavy", "heavier", "lighter", "pounds", "how heavy is"),
    ("heavy", "heavier", "lighter", "kilograms", "how heavy is"),
    ("old", "older", "younger", "years", "how old is"),
    ("deep", "deeper", "shallower", "feet", "how deep is"),
    ("wide", "wider", "narrower", "inches", "how wide is"),
    ("expensive", "more expensive", "cheaper", "dollars", "how expensive is"),
)
OBJECTS: dict[str, tuple[str, ...]] = {
    "tall": ("tree", "building", "tower", "ladder", "plant", "statue", "fence", "giraffe", "lamp"),
    "long": ("rope", "ribbon", "snake", "board", "bridge", "table", "river", "train", "pipe", "boat"),
    "heavy": ("box", "dog", "rock", "suitcase", "pumpkin", "cat", "package", "elephant", "barrel", "bag"),
    "old": ("house", "tree", "church", "castle", "turtle", "horse"),
    "deep": ("pool", "lake", "pond", "well", "hole", "canyon"),
    "wide": ("door", "window", "desk", "road", "shelf", "picture"),
    "expensive": ("jacket", "lamp", "bike", "camera", "watch", "toy", "chair", "tent", "coat", "guitar"),
}
QUALITIES = (
    ("red", "blue"),
    ("first", "second"),
    ("old", "new"),
    ("green", "yellow"),
    ("black", "white"),
    ("big", "small"),
)


def pair(rng: random.Random) -> tuple[Scene, str, str]:
    """Cast two people with the same kind of thing; the verb phrases say how they have it, stated and asked."""
    scene = Scene(rng)
    first, second = lexicon.people(rng, 2)
    scene.bind(p=first, q=second)
    if rng.random() < 0.45:
        deed = settings.activity(rng)
        scene.bind(things=deed.things, v=deed.verb)
        return scene, "<v.past>", "did # <v>"
    things, kind = lexicon.thing(rng)
    scene.bind(things=things, v=lexicon.getting(rng, kind))
    has, asked = rng.choice(
        [
            ("has", "does # have"),
            ("has", "does # have"),
            ("had", "did # have"),
            ("owns", "does # own"),
            ("<v.past>", "did # <v>"),
        ]
    )
    return scene, has, asked


def difference(rng: random.Random) -> Draft:
    """Two amounts are known, the difference is asked for."""
    scene, has, asked = pair(rng)
    low, high = sorted(rng.sample(range(2, rng.choice([15, 50, 100, 100, 400, 2000])), 2))
    swapped = rng.random() < 0.5
    scene.give("a", low if swapped else high, "<p>")
    scene.give("b", high if swapped else low, "<q>")
    more, less = ("q", "p") if swapped else ("p", "q")
    larger, smaller = ("b", "a") if swapped else ("a", "b")
    facts: list[Template] = rng.choice(
        [
            [f"<p> {has} <a> <things>", f"<q> {has} <b>( <things>|)"],
            [f"<p> {has} <a> <things>", f"<q> {has} <b>( <things>|)"],
            [f"<p> {has} <a> <things> (and|while|but) <q> {has} <b>( <things>|)"],
        ]
    )
    auxiliary, verb = asked.split(" # ")
    ask = (
        f"(how many more <things> {auxiliary} <{more}> {verb} than <{less}>|how many fewer <things>"
        f" {auxiliary} <{less}> {verb} than <{more}>|how many more( <things>|) {auxiliary} <{more}> {verb}("
        f" than <{less}>|)|what is the difference between the numbers of <things>|by how many <things>"
        f" {auxiliary} <{more}> {'have more than' if verb == 'have' else 'beat'} <{less}>)"
    )
    if verb != "have":
        ask = ask.rsplit("|", 1)[0] + ")"
    rationale = f"Subtract the smaller number, of <{less}>, from the larger one, of <{more}>."
    return scene.draft("difference", facts, ask, rationale, [f"difference = {{{larger}}} - {{{smaller}}}"], high - low)


def compared(rng: random.Random) -> Draft:
    """One amount and the difference are known; the other amount, or both together, is asked for."""
    scene, has, asked = pair(rng)
    base = numbers.count(rng, 4)
    gap = numbers.below(rng, base)
    more, said_of_unknown = rng.random() < 0.5, rng.random() < 0.65
    scene.give("a", base, "<p>")
    scene.give("b", gap, "more" if more else "fewer")
    word = "(more|more)" if more else "(fewer|fewer|less)"
    who, whom = ("q", "p") if said_of_unknown else ("p", "q")
    grows = more == said_of_unknown
    other = base + gap if grows else base - gap
    relation = f"(<{who}> {has} <b> {word} <things> than <{whom}>|<{who}> {has} <b> {word} than <{whom}>)"
    if has in ("has", "had") and rng.random() < 0.3:
        relation = f"that is <b> {word} than <q> {has}" if not said_of_unknown else relation
    facts: list[Template] = [f"<p> {has} <a> <things>", relation]
    if rng.random() < 0.25 and "that is" not in relation:
        facts.reverse()
        facts[0] = f"<{who}> {has} <b> {word} <things> than <{whom}>"
    sign = "+" if grows else "-"
    steps = [f"<q> = {{a}} {sign} {{b}}"]
    rationale = f"<q> {has} {'more' if grows else 'less'} than <p>: {'add' if grows else 'subtract'} the difference."
    if rng.random() < 0.35:
        together = asked.replace("#", "they").replace("does", "do")
        ask = f"(how many <things> {together} {IN_ALL}|what is their total number of <things>)"
        steps.append("total = {a} + <q>")
        rationale += " Then add both."
        return scene.draft("compared", facts, ask, rationale, steps, base + other)
    ask = f"how many <things> {asked.replace('#', '<q>')}"
    return scene.draft("compared", facts, ask, rationale, steps, other)


def times_as_many(rng: random.Random) -> Draft:
    """A multiple or a fraction of another's amount; it, its inverse, the sum or the difference is asked for."""
    scene, has, asked = pair(rng)
    factor = rng.choice([2, 2, 2, 3, 3, 4, 5, 6, 8, 10])
    small = numbers.count(rng, 2, 50)
    large = small * factor
    text = numbers.TIMES.get(factor, f"{factor} times")
    known_small = rng.random() < 0.6
    scene.give("a", small if known_small else large, "<p>")
    times = f"({text}|{text}|{factor} times)" if factor != 2 else "(twice|twice|two times)"
    who, whom = ("q", "p") if known_small else ("p", "q")
    half = factor == 2 and not known_small and rng.random() < 0.6
    relation = (
        f"(<{who}> {has} {times} as many( <things>|) as <{whom}>|<{who}> {has} {times} the number of <things> that"
        f" <{whom}> {has})"
    )
    if half:
        relation = f"<q> {has} half as many( <things>|) as <p>"
    facts: list[Template] = [f"<p> {has} <a> <things>", relation]
    operator = "*" if known_small else "//"
    steps = [f"<q> = {{a}} {operator} {factor}"]
    other = large if known_small else small
    verb = "multiply by" if known_small else "divide by"
    rationale = f"To find the number of <q>, {verb} {factor}."
    kind = rng.random()
    plural = asked.replace("#", "they").replace("does", "do")
    if kind < 0.45:
        ask = f"how many <things> {asked.replace('#', '<q>')}"
        return scene.draft("times_as_many", facts, ask, rationale, steps, other)
    if kind < 0.8:
        ask = f"(how many <things> {plural} {IN_ALL}|what is the total number of <things>)"
        steps.append("total = {a} + <q>")
        return scene.draft("times_as_many", facts, ask, rationale + " Then add both.", steps, small + large)
    auxiliary, does = asked.split(" # ")
    more, less = ("q", "p") if known_small else ("p", "q")
    ask = f"how many more <things> {auxiliary} <{more}> {does} than <{less}>"
    steps.append("difference = <q> - {a}" if known_small else "difference = {a} - <q>")
    return scene.draft("times_as_many", facts, ask, rationale + " Then subtract.", steps, large - small)


def how_many_times(rng: random.Random) -> Draft:
    """Two amounts are known, their quotient is asked for."""
    scene, has, asked = pair(rng)
    factor, small = rng.randint(2, 12), numbers.count(rng, 2, 40)
    scene.give("a", small * factor, "<p>")
    scene.give("b", small, "<q>")
    facts: list[Template] = [f"<p> {has} <a> <things>", f"<q> {has} <b>( <things>|)"]
    if rng.random() < 0.4:
        facts.reverse()
        facts = [f"<q> {has} <b> <things>", f"<p> {has} <a>( <things>|)"]
    auxiliary, verb = asked.split(" # ")
    ask = (
        f"(how many times as many( <things>|) {auxiliary} <p> {verb} (as|compared to) <q>|how many times more"
        f" <things> {auxiliary} <p> {verb} than <q>|the number of <things> of <p> is how many times (that|the"
        " number) of <q>)"
    )
    return scene.draft(
        "how_many_times", facts, ask, "Divide the number of <p> by the number of <q>.", ["times = {a} // {b}"], factor
    )


def sizes(rng: random.Random) -> Draft:
    """Two objects that differ in height, length, weight, age, depth or price."""
    scene = Scene(rng)
    quality, greater, lesser, unit, how = rng.choice(SIZES)
    thing = rng.choice(OBJECTS[quality])
    first, second = rng.sample(rng.choice(QUALITIES), 2)
    low, high = sorted(rng.sample(range(2, rng.choice([20, 60, 100, 300])), 2))
    scene.bind(thing=thing, first=first, second=second)
    says = f"(is # {unit} {quality}|is # {unit} {quality})" if quality != "expensive" else "costs #"
    give = scene.give_money if quality == "expensive" else scene.give
    question = (
        f"{how} the <second> (<thing>|one)"
        if quality != "expensive"
        else "how much does the <second> (<thing>|one) cost"
    )
    amount = "<b>" if quality == "expensive" else f"<b> {unit}"
    form = rng.choice(["difference", "difference", "more", "less", "more_of_known", "less_of_known"])
    known = f"(the <first> <thing> {says.replace('#', '<a>')})"
    if form == "difference":
        swapped = rng.random() < 0.5
        give("a", low if swapped else high, "<first>")
        give("b", high if swapped else low, "<second>")
        facts: list[Template] = [known, f"the <second> (<thing>|one) {says.replace('#', '<b>')}"]
        larger, smaller = ("second", "first") if swapped else ("first", "second")
        unit_ask = f"(how many {unit} {greater}|how much {greater})"
        ask = (
            f"({unit_ask} is the <{larger}> <thing>( than the <{smaller}>( one|)|)|how (many {unit}|much)"
            f" {lesser} is the <{smaller}> <thing>)"
        )
        step = "difference = {b} - {a}" if swapped else "difference = {a} - {b}"
        return scene.draft("sizes", facts, ask, "Subtract the smaller measure from the larger one.", [step], high - low)
    of_known, grows = form.endswith("known"), form in ("more", "less_of_known")
    word = greater if form.startswith("more") else lesser
    gap = high - low
    give("a", low if grows else high, "<first>")
    give("b", gap, "difference")
    subject, object_ = ("first", "second") if of_known else ("second", "first")
    facts = [
        known,
        (
            f"(the <{subject}> (<thing>|one) is {amount} {word} than the <{object_}> (<thing>|one)|it is"
            f" {amount} {word} than the <second> (<thing>|one))"
        ),
    ]
    if not of_known:
        facts[1] = f"the <{subject}> (<thing>|one) is {amount} {word} than the <{object_}> (<thing>|one)"
    sign = "+" if grows else "-"
    rationale = (
        f"The <second> <thing> is {greater if grows else lesser}: {'add' if grows else 'subtract'} the difference."
    )
    return scene.draft("sizes", facts, question, rationale, [f"<second> = {{a}} {sign} {{b}}"], high if grows else low)


GENERATORS: dict[str, Generator] = {
    family.__name__: family for family in (difference, compared, times_as_many, how_many_times, sizes)
}
