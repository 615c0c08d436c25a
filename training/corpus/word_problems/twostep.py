"""Two steps on three givens, in every order of operations."""

import random

from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.word_problems import lexicon, numbers
from tora_agent.training.corpus.word_problems.quotients import REST_DIVIDED, SUM_DIVIDED
from tora_agent.training.corpus.word_problems.scenarios import REST_TIMES, SUM_TIMES, Plot
from tora_agent.training.corpus.word_problems.scene import Scene
from tora_agent.training.corpus.word_problems.steps import (
    LESS_PRODUCT,
    PRODUCT_DIVIDED,
    REST_LESS,
    SUM_LESS,
    THREE_FACTORS,
)

Names = tuple[str, str, str]
REST_NAMES: Names = ("total", "gone", "each")
SUM_NAMES: Names = ("first", "second", "each")
IN_ORDER: Names = ("@a@", "@b@", "@c@")  # first, second and third, as the question tells them


def cast(rng: random.Random) -> Scene:
    """Everything that a plot may name."""
    scene = Scene(rng)
    things, kind = lexicon.thing(rng)
    x, y = lexicon.others(rng, [things], kind, 2)
    first = lexicon.person(rng)
    color, shade, rest = rng.sample(lexicon.COLORS, 3)
    day, month = rng.randrange(6), rng.randrange(11)
    scene.bind(
        p=first,
        q=lexicon.person(rng, first, roles=0),
        things=things,
        x=x,
        y=y,
        w=lexicon.losing(rng, kind),
        box=rng.choice(lexicon.CONTAINERS),
        color=color,
        shade=shade,
        rest=rest,
        shop=rng.choice(lexicon.SHOPS),
        kin=rng.choice(lexicon.RELATIVES),
        part="(minutes|pages|laps|stickers|beads|push-ups|points)",
        fluid="(gallons|liters)",
        long="(feet|meters|inches)",
        team="(groups|teams|rows)",
        van="(van|car|boat|cabin)",
        grown="(adults|parents|teachers|grown-ups)",
        young="(children|students|kids|boys|girls)",
        day=lexicon.DAYS[day],
        later=lexicon.DAYS[day + 1],
        month=lexicon.MONTHS[month],
        next=lexicon.MONTHS[month + 1],
    )
    return scene


def tell(
    rng: random.Random,
    family: str,
    plots: tuple[Plot, ...],
    givens: tuple[int, int, int],
    names: Names,
    step: tuple[str, ...],
    rationale: str,
    answer: int,
) -> Draft:
    """Tell one of the plots with these givens."""
    scene, plot = cast(rng), rng.choice(plots)
    for key, value, name in zip("abc", givens, names, strict=True):
        (scene.give_money if key in plot.money else scene.give)(key, value, name)
    return scene.draft(family, plot.facts, plot.ask, rationale, step, answer)


def rest_times(rng: random.Random) -> Draft:
    """(a - b) * c."""
    a, c = rng.randint(4, 60), rng.randint(2, 20)
    b = rng.randint(2, a - 1)
    rationale = "Subtract for the rest, then multiply."
    return tell(
        rng,
        "rest_times",
        REST_TIMES,
        (a, b, c),
        REST_NAMES,
        ("rest = {a} - {b}", "result = rest * {c}"),
        rationale,
        (a - b) * c,
    )


def sum_times(rng: random.Random) -> Draft:
    """(a + b) * c."""
    a, b, c = rng.randint(2, 40), rng.randint(2, 40), rng.randint(2, 20)
    rationale = "Add both, then multiply."
    return tell(
        rng,
        "sum_times",
        SUM_TIMES,
        (a, b, c),
        SUM_NAMES,
        ("total = {a} + {b}", "result = total * {c}"),
        rationale,
        (a + b) * c,
    )


def sum_divided(rng: random.Random) -> Draft:
    """(a + b) / c."""
    c, answer = rng.randint(2, 20), rng.randint(2, 30)
    a = rng.randint(2, max(2, c * answer - 2))
    b = c * answer - a
    rationale = "Add both, then divide."
    return tell(
        rng,
        "sum_divided",
        SUM_DIVIDED,
        (a, b, c),
        SUM_NAMES,
        ("total = {a} + {b}", "result = total // {c}"),
        rationale,
        answer,
    )


def rest_divided(rng: random.Random) -> Draft:
    """(a - b) / c."""
    c, answer, b = rng.randint(2, 20), rng.randint(2, 30), numbers.count(rng, 2, 60)
    rationale = "Subtract for the rest, then divide."
    givens = (c * answer + b, b, c)
    return tell(
        rng,
        "rest_divided",
        REST_DIVIDED,
        givens,
        REST_NAMES,
        ("rest = {a} - {b}", "result = rest // {c}"),
        rationale,
        answer,
    )


def sum_less(rng: random.Random) -> Draft:
    """a + b - c."""
    a, b = numbers.count(rng, 3, 90), numbers.count(rng, 3, 90)
    c = numbers.below(rng, a + b)
    names, steps = ("first", "second", "gone"), ("total = {a} + {b}", "left = total - {c}")
    return tell(rng, "sum_less", SUM_LESS, (a, b, c), names, steps, "Add both, then subtract.", a + b - c)


def rest_less(rng: random.Random) -> Draft:
    """a - b - c."""
    b, c, left = numbers.count(rng, 2, 60), numbers.count(rng, 2, 60), numbers.count(rng, 2, 90)
    names, steps = ("total", "first", "second"), ("left = {a} - {b} - {c}",)
    return tell(rng, "rest_less", REST_LESS, (left + b + c, b, c), names, steps, "Subtract both.", left)


def less_product(rng: random.Random) -> Draft:
    """a - b * c."""
    b, c, left = rng.randint(2, 20), rng.randint(2, 30), numbers.count(rng, 1, 60)
    names, steps = ("total", "groups", "each"), ("used = {b} * {c}", "left = {a} - used")
    givens = (left + b * c, b, c)
    return tell(rng, "less_product", LESS_PRODUCT, givens, names, steps, "Multiply, then subtract.", left)


def three_factors(rng: random.Random) -> Draft:
    """a * b * c."""
    a, b, c = (rng.randint(2, top) for top in (12, 7, 30))
    names, steps = IN_ORDER, ("total = {a} * {b} * {c}",)
    return tell(rng, "three_factors", THREE_FACTORS, (a, b, c), names, steps, "Multiply all three.", a * b * c)


def product_divided(rng: random.Random) -> Draft:
    """a * b / c."""
    c, answer = rng.randint(2, 20), rng.randint(2, 30)
    a = rng.choice([divisor for divisor in range(2, c * answer // 2 + 1) if c * answer % divisor == 0])
    names, steps = IN_ORDER, ("total = {a} * {b}", "result = total // {c}")
    givens = (a, c * answer // a, c)
    return tell(rng, "product_divided", PRODUCT_DIVIDED, givens, names, steps, "Multiply, then divide.", answer)


def regrouped(rng: random.Random) -> Draft:
    """a * b / c: groups are emptied and filled into groups of another size."""
    scene = cast(rng)
    old, new = rng.sample(lexicon.CONTAINERS, 2)
    scene.bind(box=old, tub=new)
    c, answer = rng.randint(2, 15), rng.randint(2, 20)
    total = c * answer
    a = rng.choice([divisor for divisor in range(2, total // 2 + 1) if total % divisor == 0])
    b = total // a
    scene.give("a", a, "<box>")
    scene.give("b", b, "each")
    by_size = rng.random() < 0.6
    scene.give("c", c, "per_<tub.one>" if by_size else "<tub>")
    first = rng.choice(
        [
            "<p> (has|had|bought) <a> <box> (of|with) <b> <things>( each| in each|)",
            "there (are|were) <a> <box> with <b> <things> (each|in each)",
            "<a> <box> (hold|have) <b> <things> each",
        ]
    )
    if by_size:
        facts = [
            first,
            (
                "<p.he> (puts|put|moved|repacked|packs) (them|all the <things>) (in|into) <tub> (of|that"
                " hold|with) <c>( each|)"
            ),
        ]
        ask = "how many <tub> (does|did|will) <p.he> (need|fill|use)"
    else:
        facts = [
            first,
            "<p.he> (divides|divided|shares|spreads) (them|all the <things>) (equally|evenly) (among|over) <c> <tub>",
        ]
        ask = "how many <things> (are|will be|were) in each <tub.one>"
    rationale = "Multiply for all <things>, then divide."
    return scene.draft("regrouped", facts, ask, rationale, ["total = {a} * {b}", "result = total // {c}"], answer)


def shared_and_more(rng: random.Random) -> Draft:
    """a / b + c or a / b - c: an equal share that then changes."""
    scene = cast(rng)
    b, share = rng.randint(2, 12), rng.randint(3, 40)
    grows = rng.random() < 0.5
    c = rng.randint(2, 30) if grows else rng.randint(1, share - 1)
    scene.give("a", b * share, "<things>")
    scene.give("b", b, "people")
    scene.give("c", c, "more" if grows else "gone")
    facts = [
        (
            "(<p> and <p.own> friends, <b> people in all, (share|shared) <a> <things> equally|<a> <things>"
            " (are|were) (shared|divided|split) (equally|evenly) (among|between) <b>"
            " (people|friends|children), one of them <p>)"
        ),
        (
            "(then |later |)<p.he> (gets|got|found|bought) <c> more( <things>|)"
            if grows
            else "(then |later |)<p.he> (<w.past>|gave away|lost) <c>( of them| <things>|)"
        ),
    ]
    ask = "how many <things> does <p.he> have (now|in the end|then)"
    sign = "+" if grows else "-"
    rationale = f"Divide for the share of each, then {'add what came' if grows else 'subtract what is gone'}."
    steps = ["share = {a} // {b}", f"result = share {sign} {{c}}"]
    return scene.draft("shared_and_more", facts, ask, rationale, steps, share + (c if grows else -c))


GENERATORS: dict[str, Generator] = {
    family.__name__: family
    for family in (
        rest_times,
        sum_times,
        sum_divided,
        rest_divided,
        sum_less,
        rest_less,
        less_product,
        three_factors,
        product_divided,
        regrouped,
        shared_and_more,
    )
}
