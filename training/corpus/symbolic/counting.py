"""Counting: arrangements, choices, the product rule, binomials, sets."""

import random
from collections import Counter
from math import factorial, prod

from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import ask, one_of

PEOPLE = (
    "people",
    "students",
    "players",
    "children",
    "members",
    "runners",
    "actors",
    "teachers",
    "friends",
    "volunteers",
    "candidates",
    "employees",
)
THINGS = (
    "books",
    "flags",
    "toys",
    "trophies",
    "photos",
    "paintings",
    "cups",
    "plants",
    "stickers",
    "cards",
    "blocks",
    "songs",
    "hats",
    "statues",
)
WORDS = ("LEVEL", "BANANA", "APPLE", "LETTER", "COFFEE", "SUMMER", "PEPPER", "BALLOON", "TOMATO", "GEESE", "NOON", "MAMMAL", "ORANGE", "PLANET", "MATH", "TIGER", "HAPPY", "PIZZA", "SCHOOL", "SEVEN", "KAYAK", "PUPPY", "CHEESE", "COOKIE", "EGGS", "MOON", "STATS", "DADDY", "ROBOT", "CIVIC", "RADAR", "ERROR", "MIRROR", "BUBBLE", "PAPAYA", "TREE", "CARROT", "FOOD", "GRAPE", "LEMON")  # fmt: skip
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def falling(n: int, k: int) -> int:
    """The product of k numbers going down from n."""
    return prod(range(n - k + 1, n + 1))


def choose(n: int, k: int) -> int:
    """The binomial coefficient, by Pascal's rule in product form."""
    return falling(n, k) // factorial(k)


def number(rng: random.Random, value: int) -> str:
    """A number as digits, in dollars or as a word."""
    shape = rng.random()
    return NUMBERS[value] if value < 13 and shape < 0.3 else f"${value}$" if shape < 0.45 else str(value)


def arrange(rng: random.Random) -> Solved:
    """All of a number of distinct things in a row."""
    n = rng.randint(3, 10)
    people, things = rng.choice(PEOPLE), rng.choice(THINGS)
    question = one_of(
        rng,
        (
            "In how many ways can {n} {p} stand in a line?",
            "In how many different ways can {n} {p} line up?",
            "How many ways are there to arrange {n} different {t} in a row?",
            "In how many ways can {n} different {t} be placed in a row on a shelf?",
            "How many ways can {n} {p} be seated in a row of {n} chairs?",
            "In how many different orders can {n} {p} finish a race if there are no ties?",
            "In how many orders can {n} {t} be put in a line if all are different?",
            "How many different ways are there to order {n} distinct {t}?",
        ),
        n=number(rng, n),
        p=people,
        t=things,
    )
    return Solved(
        question,
        "Count the orders of all of them.",
        f"from math import factorial\nprint(factorial({n}))",
        str(prod(range(1, n + 1))),
    )


def around_a_table(rng: random.Random) -> Solved:
    """Seatings around a round table."""
    n = rng.randint(3, 9)
    question = one_of(rng, ("In how many ways can {n} {p} sit around a round table, if rotations are considered the same?", "In how many different ways can {n} {p} be seated around a circular table? Two seatings are the same if one is a rotation of the other.", "How many ways are there to seat {n} {p} at a round table, where only the relative order matters?"), n=number(rng, n), p=rng.choice(PEOPLE))  # fmt: skip
    return Solved(
        question,
        "Fix one seat and order the others.",
        f"from math import factorial\nprint(factorial({n} - 1))",
        str(prod(range(1, n))),
    )


def arrange_letters(rng: random.Random) -> Solved:
    """The arrangements of a word's letters."""
    word = (
        rng.choice(WORDS) if rng.random() < 0.7 else "".join(rng.choice("ABCDEMNOST") for _ in range(rng.randint(3, 7)))
    )
    counts = sorted((count for count in Counter(word).values() if count > 1), reverse=True)
    value = factorial(len(word)) // prod(map(factorial, counts))
    question = one_of(
        rng,
        (
            "How many ways are there to arrange the letters of the word {w}?",
            "In how many ways can the letters of {w} be arranged?",
            "How many distinct arrangements of the letters in {w} are there?",
            "How many different arrangements can be made from the letters of the word {w}?",
            "In how many distinct ways can the letters in {w} be ordered?",
            "How many different words, with or without meaning, can be formed from all letters of {w}?",
        ),
        w=rng.choice([word, f"$\\text{{{word}}}$", f'"{word}"']),
    )
    below = "".join(f" // factorial({count})" for count in counts)
    program = f"from math import factorial\nprint(factorial({len(word)}){below})"
    return Solved(
        question, f"There are {len(word)} letters; divide by the orders of repeated ones.", program, str(value)
    )


def committee(rng: random.Random) -> Solved:
    """A choice without order, from one group or two."""
    n, k = rng.randint(4, 16), rng.randint(2, 5)
    k = min(k, n - 1)
    people, things = rng.choice(PEOPLE), rng.choice(THINGS)
    if rng.random() < 0.3:
        m, j = rng.randint(3, 10), rng.randint(1, 3)
        question = one_of(
            rng,
            (
                "A club has {n} boys and {m} girls. In how many ways can a committee of {k} boys and {j} girls be chosen?",
                "How many ways are there to choose {k} of {n} men and {j} of {m} women for a team?",
                "From {n} seniors and {m} juniors, in how many ways can {k} seniors and {j} juniors be selected?",
                "A box holds {n} different red {t} and {m} different blue {t}. In how many ways can {k} red and {j} blue ones be chosen?",
            ),
            n=n,
            m=m,
            k=k,
            j=j,
            t=things,
        )
        return Solved(
            question,
            "Choose from both groups and multiply.",
            f"from math import comb\nprint(comb({n}, {k}) * comb({m}, {j}))",
            str(choose(n, k) * choose(m, j)),
        )
    question = one_of(
        rng,
        (
            "How many ways are there to choose {k} {p} from a group of {n}?",
            "In how many ways can a committee of {k} {p} be chosen from {n} {p}?",
            "How many different {k}-person committees can be formed from {n0} {p}?",
            "A class has {n} {p}. In how many ways can {k} of them be picked for a team?",
            "In how many ways can you select {k} of {n} different {t}?",
            "How many ways are there to pick {k} {t} out of {n} different ones, if the order does not matter?",
            "A coach must choose {k} starters from a team of {n} players. In how many ways can this be done?",
            "How many subsets with exactly {k} elements does a set of {n} elements have?",
            "There are {n} points on a circle. How many {shape} can be drawn with vertices at these points?",
            "In how many ways can {k} of {n} {p} be chosen to go on a trip?",
        ),
        n=number(rng, n),
        k=number(rng, k),
        n0=n,
        p=people,
        t=things,
        shape={2: "chords", 3: "triangles", 4: "quadrilaterals", 5: "pentagons"}[k],
    ).replace(f"{NUMBERS[k]}-person", f"{k}-person")
    return Solved(
        question,
        f"Choose {k} of {n}; the order does not matter.",
        f"from math import comb\nprint(comb({n}, {k}))",
        str(choose(n, k)),
    )


def officers(rng: random.Random) -> Solved:
    """A choice with order."""
    n, k = rng.randint(4, 25), rng.randint(2, 4)
    people = rng.choice(PEOPLE)
    roles = rng.sample(["president", "vice president", "secretary", "treasurer", "captain"], k)
    listed = ", ".join(f"a {role}" for role in roles[:-1]) + f" and a {roles[-1]}"
    question = one_of(
        rng,
        (
            "A club has {n} {p}. In how many ways can {l} be chosen, if nobody may hold two offices?",
            "In how many ways can {l} be elected from {n} {p}, if they must be different people?",
            "How many ways are there to choose {l} from a group of {n} {p}? No one can have more than one role.",
            "There are {n} {p} in a race. In how many ways can the first {kw} places be taken?",
            "From {n} different {t}, in how many ways can {k} be placed in a row?",
            "How many {k}-letter codes can be made from {n} different letters, if no letter may be repeated?",
        ),
        n=number(rng, n),
        k=k,
        kw=NUMBERS[k],
        l=listed,
        p=people,
        t=rng.choice(THINGS),
    )
    return Solved(
        question, f"Choose {k} of {n} in order.", f"from math import perm\nprint(perm({n}, {k}))", str(falling(n, k))
    )


def outfits(rng: random.Random) -> Solved:
    """The product rule."""
    a, b, c, d = (rng.randint(2, 9) for _ in range(4))
    wording, code, value = rng.choice(
        [
            (("{n} has {a} shirts, {b} pairs of pants and {c} hats. How many outfits of one of each are possible?", "How many different outfits can be made from {a} shirts, {b} pairs of pants and {c} hats?"), "{a} * {b} * {c}", a * b * c),
            (("A restaurant offers {a} appetizers, {b} main courses and {c} desserts. How many different three-course meals are there?", "A menu has {a} soups, {b} main dishes and {c} desserts. In how many ways can a meal of one of each be chosen?"), "{a} * {b} * {c}", a * b * c),
            (("There are {a} roads from A to B and {b} roads from B to C. How many routes are there from A to C through B?", "{a} trails lead up a hill and {b} other trails lead down on the other side. How many ways are there to go over the hill?"), "{a} * {b}", a * b),
            (("How many {k}-digit codes can be made from {a} different digits, if digits may be repeated?", "A lock has {k} wheels, each with {a} symbols. How many settings are there?"), "{a}**{k}", a ** (2 + d % 3)),
            (("A test has {k} questions with {a} choices each. In how many ways can it be answered?", "{n} answers {k} multiple-choice questions, each with {a} choices. How many sets of answers are possible?"), "{a}**{k}", a ** (2 + d % 3)),
            (("How many license plates have {k} letters followed by {j} digits?", "A license plate consists of {k} letters and then {j} digits. How many plates are possible?", "How many codes consist of {k} letters followed by {j} digits?"), "26**{k} * 10**{j}", 26 ** (2 + d % 3) * 10 ** (1 + a % 4)),
            (("A coin is flipped {m} times. How many different sequences of heads and tails are possible?", "How many outcomes are there when a coin is tossed {m} times?", "How many subsets does a set with {m} elements have?"), "2**{m}", 2 ** (a + 2)),
        ]
    )  # fmt: skip
    slots = {
        "a": a,
        "b": b,
        "c": c,
        "k": 2 + d % 3,
        "j": 1 + a % 4,
        "m": a + 2,
        "n": rng.choice(["Maya", "Leo", "Nina", "Omar", "Ella", "Finn"]),
    }
    return Solved(
        one_of(rng, wording, **slots), "Multiply the numbers of choices.", f"print({code.format(**slots)})", str(value)
    )


def handshakes(rng: random.Random) -> Solved:
    """Pairs: handshakes, games, diagonals."""
    n = rng.randint(4, 30)
    wording, code, value = rng.choice(
        [
            (("At a party of {n} people, everyone shakes hands with everyone else once. How many handshakes are there?", "{n} {p} meet, and each shakes hands with each of the others exactly once. How many handshakes take place?", "If each of {n} {p} shakes hands with every other one once, how many handshakes are there?"), "comb({n}, 2)", n * (n - 1) // 2),
            (("In a league of {n} teams, each team plays each other team once. How many games are played?", "{n} players take part in a chess tournament in which everyone plays everyone else once. How many games are there?", "Each of {n} teams plays every other team twice. How many games are played in all?"), "comb({n}, 2)", n * (n - 1) // 2),
            (("How many diagonals does a polygon with {n} sides have?", "How many diagonals does a regular {n}-sided polygon have?", "Find the number of diagonals of a convex polygon with {n} sides.", "A convex polygon has {n} sides. How many diagonals can be drawn?"), "comb({n}, 2) - {n}", n * (n - 3) // 2),
            (("How many segments can be drawn between {n} points, no three of which are on a line?", "{n} points lie on a circle. How many chords connect two of them?"), "comb({n}, 2)", n * (n - 1) // 2),
        ]
    )  # fmt: skip
    question = one_of(rng, wording, n=n, p=rng.choice(PEOPLE))
    if "twice" in question:
        code, value = "2 * comb({n}, 2)", n * (n - 1)
    return Solved(question, "Count the pairs.", f"from math import comb\nprint({code.format(n=n)})", str(value))


def binomial(rng: random.Random) -> Solved:
    """Binomial coefficients, factorials and their quotients."""
    n = rng.randint(3, 20)
    k = rng.randint(0, n)
    m = rng.randint(4, 12)
    j = rng.randint(2, m - 1)
    latex, code, imports, value = rng.choice(
        [
            (f"\\binom{{{n}}}{{{k}}}", f"comb({n}, {k})", "comb", choose(n, k)),
            (f"\\dbinom{{{n}}}{{{k}}}", f"comb({n}, {k})", "comb", choose(n, k)),
            (f"\\frac{{{m}!}}{{{j}!}}", f"factorial({m}) // factorial({j})", "factorial", falling(m, m - j)),
            (f"\\frac{{{m}!}}{{{j}!{m - j}!}}", f"factorial({m}) // (factorial({j}) * factorial({m - j}))", "factorial", choose(m, j)),
            (f"{m}! - {j}!", f"factorial({m}) - factorial({j})", "factorial", prod(range(1, m + 1)) - prod(range(1, j + 1))),
            (f"{j}! + {m - j}!", f"factorial({j}) + factorial({m - j})", "factorial", prod(range(1, j + 1)) + prod(range(1, m - j + 1))),
        ]
    )  # fmt: skip
    return Solved(
        ask(rng, f"${latex}$"),
        "Compute with factorials." if imports == "factorial" else "Compute the binomial coefficient.",
        f"from math import {imports}\nprint({code})",
        str(value),
    )


def binomial_coefficient(rng: random.Random) -> Solved:
    """A coefficient of the power of a binomial."""
    n = rng.randint(3, 9)
    k = rng.randint(1, n - 1)
    a, b = rng.choice([1, 1, 2, 3]), rng.choice([-3, -2, -1, 1, 1, 2, 3, 4])
    inner = f"{a if a > 1 else ''}x {'+' if b > 0 else '-'} {abs(b)}"
    term = f"x^{k}" if k > 1 else "x"
    question = one_of(
        rng,
        (
            "What is the coefficient of ${t}$ in the expansion of $({e})^{n}$?",
            "Find the coefficient of ${t}$ in $({e})^{n}$.",
            "What is the coefficient of ${t}$ when $({e})^{n}$ is expanded?",
            "In the expansion of $({e})^{n}$, what is the coefficient of the ${t}$ term?",
            "Determine the coefficient of {t} in the expansion of ({e})^{n}.",
        ),
        t=term,
        e=inner,
        n=n,
    )
    code = inner.replace("x", "*x" if a > 1 else "x", 1)
    program = f"from sympy import symbols, expand\nx = symbols('x')\nprint(expand(({code})**{n}).coeff(x, {k}))"
    return Solved(question, "Expand and read off the coefficient.", program, str(choose(n, k) * a**k * b ** (n - k)))


def two_sets(rng: random.Random) -> Solved:
    """How many are in both of two sets, in one of them or in neither."""
    both, only_a, only_b, neither = (rng.randint(2, 25) for _ in range(4))
    total = both + only_a + only_b + neither
    a, b = both + only_a, both + only_b
    first, second = rng.sample(
        [
            "math",
            "art",
            "music",
            "chess",
            "soccer",
            "tennis",
            "French",
            "Spanish",
            "physics",
            "drama",
            "swimming",
            "history",
        ],
        2,
    )
    verb = rng.choice(["like", "take", "do", "are in", "have chosen"])
    start = f"Of {total} {rng.choice(PEOPLE)}, {a} {verb} {first} and {b} {verb} {second}"
    ending, code, value = rng.choice(
        [
            (f"; {both} {verb} both. How many {verb} neither?", f"{total} - ({a} + {b} - {both})", neither),
            (f"; {neither} {verb} neither. How many {verb} both?", f"{a} + {b} + {neither} - {total}", both),
            (f"; {both} {verb} both. How many {verb} at least one of them?", f"{a} + {b} - {both}", total - neither),
            (f"; {both} {verb} both. How many {verb} {first} but not {second}?", f"{a} - {both}", only_a),
            (
                f"; {both} {verb} both. How many {verb} exactly one of the two?",
                f"{a} + {b} - 2 * {both}",
                only_a + only_b,
            ),
        ]
    )
    joint = rng.choice(["; ", ". ", ", and "])
    tail = ending[2:]
    question = start + joint + tail
    return Solved(question, "Use inclusion and exclusion.", f"print({code})", str(value))


def counted_digits(rng: random.Random) -> Solved:
    """How many numbers with a number of digits have a property; integers in a range."""
    low = rng.randint(1, 300)
    high = low + rng.randint(3, 500)
    digits = rng.sample(range(1, 10), rng.randint(3, 6))
    k = rng.randint(2, min(4, len(digits)))
    listing = ", ".join(map(str, digits[:-1])) + f" and {digits[-1]}"
    size = {2: "two", 3: "three", 4: "four"}[k]
    wording, code, value = rng.choice(
        [
            (("How many integers are there from {low} to {high}, inclusive?", "How many whole numbers are there from {low} through {high}?", "How many numbers are in the list {low}, {low1}, ..., {high}?"), "{high} - {low} + 1", high - low + 1),
            (("How many integers are strictly between {low} and {high}?", "How many integers are greater than {low} and less than {high}?", "How many whole numbers lie between {low} and {high}?"), "{high} - {low} - 1", high - low - 1),
            (("How many {size}-digit numbers can be formed from the digits {l}, if digits may be repeated?", "Using the digits {l}, how many {size}-digit numbers can be made if repetition is allowed?"), "{n}**{k}", len(digits) ** k),
            (("How many {size}-digit numbers can be formed from the digits {l}, if no digit is used twice?", "Using each of the digits {l} at most once, how many {size}-digit numbers can be made?"), "perm({n}, {k})", falling(len(digits), k)),
            (("How many positive {size}-digit integers are there?", "How many {size}-digit positive whole numbers are there?"), "9 * 10**({k} - 1)", 9 * 10 ** (k - 1)),
        ]
    )  # fmt: skip
    slots = {"low": low, "high": high, "low1": low + 1, "n": len(digits), "k": k}
    question = one_of(rng, wording, l=listing, size=size, **slots)
    code = code.format(**slots)
    imports = "from math import perm\n" if "perm" in code else ""
    return Solved(question, "Count them.", f"{imports}print({code})", str(value))


GENERATORS = generators(
    arrange,
    around_a_table,
    arrange_letters,
    committee,
    officers,
    outfits,
    handshakes,
    binomial,
    binomial_coefficient,
    two_sets,
    counted_digits,
)
