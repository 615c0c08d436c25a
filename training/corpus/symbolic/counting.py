"""Counting and probability: arrangements, choices, coins, dice, cards, urns, expected values, binomials."""

import random
from collections import Counter
from fractions import Fraction
from itertools import product
from math import factorial, prod

from tora_agent.training.corpus.symbolic.notation import fraction
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
COLOURS = ("red", "blue", "green", "yellow", "white", "black", "orange", "purple")
MARBLES = ("marbles", "balls", "chips", "beads", "candies", "socks", "tiles", "cubes")


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


def drawing(rng: random.Random) -> Solved:
    """The probability of a colour, for one draw or two."""
    size = rng.choice([2, 2, 3, 3, 4])
    colours = rng.sample(COLOURS, size)
    counts = [rng.randint(1, 12) for _ in colours]
    total, things = sum(counts), rng.choice(MARBLES)
    listing = ", ".join(
        f"{number(rng, c)} {colour} {things}" if not i else f"{number(rng, c)} {colour}"
        for i, (c, colour) in enumerate(zip(counts[:-1], colours[:-1], strict=True))
    )
    listing += f" and {number(rng, counts[-1])} {colours[-1]} {things}"
    i = rng.randrange(size)
    holder = rng.choice(["bag", "box", "jar", "drawer", "bucket", "basket"])
    one = things.removesuffix("s") if things != "candies" else "candy"
    start = one_of(
        rng,
        ("A {h} contains {l}.", "There are {l} in a {h}.", "A {h} holds {l}.", "In a {h} there are {l}."),
        h=holder,
        l=listing,
    )
    kind = rng.choice(["one", "one", "not", "either", "two"])
    if kind == "two" and counts[i] < 2:
        kind = "one"
    j = (i + 1) % size
    if kind == "one":
        ending = one_of(
            rng,
            (
                "One {o} is drawn at random. What is the probability that it is {c}?",
                "If a {o} is chosen at random, what is the probability that it is {c}?",
                "What is the probability of drawing a {c} {o}?",
                "A {o} is picked at random. Find the probability that it is {c}.",
            ),
            o=one,
            c=colours[i],
        )
        code, value = f"Rational({counts[i]}, {' + '.join(map(str, counts))})", Fraction(counts[i], total)
    elif kind == "not":
        ending = one_of(
            rng,
            (
                "One {o} is drawn at random. What is the probability that it is not {c}?",
                "If a {o} is chosen at random, what is the probability that it is not {c}?",
            ),
            o=one,
            c=colours[i],
        )
        code, value = f"1 - Rational({counts[i]}, {' + '.join(map(str, counts))})", Fraction(total - counts[i], total)
    elif kind == "either":
        ending = one_of(
            rng,
            (
                "One {o} is drawn at random. What is the probability that it is {c} or {d}?",
                "If a {o} is chosen at random, what is the probability that it is either {c} or {d}?",
            ),
            o=one,
            c=colours[i],
            d=colours[j],
        )
        code, value = (
            f"Rational({counts[i]} + {counts[j]}, {' + '.join(map(str, counts))})",
            Fraction(counts[i] + counts[j], total),
        )
    else:
        ending = one_of(
            rng,
            (
                "Two {t} are drawn at random without replacement. What is the probability that both are {c}?",
                "If two {t} are drawn without replacement, what is the probability that both are {c}?",
                "Two of the {t} are chosen at random. Find the probability that both are {c}.",
            ),
            t=things,
            c=colours[i],
        )
        program = f"from sympy import Rational, binomial\ntotal = {' + '.join(map(str, counts))}\nprint(Rational(binomial({counts[i]}, 2), binomial(total, 2)))"
        return Solved(
            f"{start} {ending}",
            f"Count the pairs of {colours[i]} ones among all pairs.",
            program,
            fraction(Fraction(counts[i] * (counts[i] - 1), total * (total - 1))),
        )
    return Solved(
        f"{start} {ending}",
        "Divide the favorable number by the total.",
        f"from sympy import Rational\nprint({code})",
        fraction(value),
    )


def coins(rng: random.Random) -> Solved:
    """The probability of a number of heads in several flips."""
    n = rng.randint(2, 8)
    k = rng.randint(0, n)
    side = rng.choice(["heads", "heads", "tails"])
    flips = rng.choice(
        [
            f"A fair coin is flipped {number(rng, n)} times.",
            f"A coin is tossed {n} times.",
            f"{NUMBERS[n].capitalize()} fair coins are flipped.",
            f"{n} coins are flipped.",
            f"You flip a fair coin {NUMBERS[n]} times.",
        ]
    )
    kind = rng.choice(["exactly", "exactly", "all", "at least one", "at least"])
    wanted, low, high = {
        "exactly": (f"exactly {NUMBERS[k]} {side}", k, k),
        "all": (f"only {side}", n, n),
        "at least one": (f"at least one {'head' if side == 'heads' else 'tail'}", 1, n),
        "at least": (f"at least {NUMBERS[k]} {side}", k, n),
    }[kind]
    wanted = wanted.replace(f" one {side}", f" one {side.removesuffix('s')}")
    question = f"{flips} {one_of(rng, ('What is the probability of getting {w}?', 'What is the probability that there are {w}?', 'Find the probability of {w}.', 'What is the probability of getting {w}? Express your answer as a common fraction.'), w=wanted)}"
    question = question.replace("there are at least one", "there is at least one").replace(
        "there are exactly one", "there is exactly one"
    )
    outcomes = [sum(flips) for flips in product((0, 1), repeat=n)]
    value = Fraction(sum(low <= count <= high for count in outcomes), len(outcomes))
    count = f"comb({n}, {low})" if low == high else f"sum(comb({n}, k) for k in range({low}, {n} + 1))"
    program = f"from math import comb\nfrom sympy import Rational\nprint(Rational({count}, 2**{n}))"
    return Solved(question, f"Count the favorable outcomes among 2^{n}.", program, fraction(value))


def dice(rng: random.Random) -> Solved:
    """Sums, products and other events of two dice, or one."""
    target = rng.randint(2, 12)
    limit = rng.randint(3, 11)
    k = rng.randint(1, 6)
    events = (
        (f"the sum is {target}", f"a + b == {target}", lambda a, b: a + b == target),
        (f"the sum of the numbers is {target}", f"a + b == {target}", lambda a, b: a + b == target),
        (f"the numbers add up to {target}", f"a + b == {target}", lambda a, b: a + b == target),
        (f"the sum is less than {limit}", f"a + b < {limit}", lambda a, b: a + b < limit),
        (f"the sum is greater than {limit}", f"a + b > {limit}", lambda a, b: a + b > limit),
        (f"the sum is at least {limit}", f"a + b >= {limit}", lambda a, b: a + b >= limit),
        ("the sum is even", "(a + b) % 2 == 0", lambda a, b: (a + b) % 2 == 0),
        ("the product is even", "a * b % 2 == 0", lambda a, b: a * b % 2 == 0),
        ("the product is odd", "a * b % 2 == 1", lambda a, b: a * b % 2 == 1),
        ("both dice show the same number", "a == b", lambda a, b: a == b),
        ("the two numbers are different", "a != b", lambda a, b: a != b),
        (f"at least one die shows a {k}", f"a == {k} or b == {k}", lambda a, b: k in (a, b)),
        ("the first number is larger than the second", "a > b", lambda a, b: a > b),
        (f"the product is {target}", f"a * b == {target}", lambda a, b: a * b == target),
        (f"the sum is a multiple of {k % 4 + 2}", f"(a + b) % {k % 4 + 2} == 0", lambda a, b: (a + b) % (k % 4 + 2) == 0),
        (f"the two numbers differ by {k % 5 + 1}", f"abs(a - b) == {k % 5 + 1}", lambda a, b: abs(a - b) == k % 5 + 1),
    )  # fmt: skip
    event, code, holds = rng.choice(events)
    sides = rng.choice([6, 6, 6, 6, 4, 8, 10, 12])
    name = (
        ""
        if sides == 6 and rng.random() < 0.6
        else f"{sides}-sided "
        if sides != 6
        else rng.choice(["six-sided ", "6-sided ", "standard "])
    )
    question = one_of(
        rng,
        (
            "Two fair {s}dice are rolled. What is the probability that {e}?",
            "If two {s}dice are rolled, what is the probability that {e}?",
            "Two {s}dice are thrown. Find the probability that {e}.",
            "A fair {s}die is rolled twice. What is the probability that {e}?",
            "What is the probability that {e} when two {s}dice are rolled?",
            "A pair of {s}dice is rolled. Compute the probability that {e}. Express your answer as a common fraction.",
        ),
        s=name,
        e=event,
    )
    value = Fraction(sum(holds(a, b) for a in range(1, sides + 1) for b in range(1, sides + 1)), sides**2)
    program = f"from sympy import Rational\nrolls = range(1, {sides + 1})\ngood = sum(1 for a in rolls for b in rolls if {code})\nprint(Rational(good, {sides}**2))"
    return Solved(question, f"Count the good rolls among {sides}^2.", program, fraction(value))


def one_number(rng: random.Random) -> Solved:
    """The probability of a property of a number drawn from a range."""
    n = rng.randint(8, 100)
    k = rng.randint(2, 9)
    kind, code, holds = rng.choice(
        [
            (f"a multiple of {k}", f"n % {k} == 0", lambda m: m % k == 0),
            (f"divisible by {k}", f"n % {k} == 0", lambda m: m % k == 0),
            ("even", "n % 2 == 0", lambda m: m % 2 == 0),
            ("odd", "n % 2 == 1", lambda m: m % 2 == 1),
            ("a prime number", "isprime(n)", lambda m: m > 1 and all(m % d for d in range(2, m))),
            ("prime", "isprime(n)", lambda m: m > 1 and all(m % d for d in range(2, m))),
            (f"greater than {n // 2 + k % 3}", f"n > {n // 2 + k % 3}", lambda m: m > n // 2 + k % 3),
            (f"less than {k}", f"n < {k}", lambda m: m < k),
            ("a perfect square", "n in [k**2 for k in range(1, 11)]", lambda m: round(m**0.5) ** 2 == m),
            (f"a factor of {n}", f"{n} % n == 0", lambda m: n % m == 0),
        ]
    )  # fmt: skip
    question = one_of(
        rng,
        (
            "A number is chosen at random from the integers from 1 to {n}. What is the probability that it is {k}?",
            "An integer from 1 to {n}, inclusive, is picked at random. What is the probability that the integer is {k}?",
            "If a positive integer less than or equal to {n} is chosen at random, what is the probability that it is {k}?",
            "Cards are numbered from 1 to {n}. One card is drawn. What is the probability that the number on it is {k}?",
            "What is the probability that a randomly selected integer from 1 to {n} is {k}?",
            "A spinner has {n} equal sections numbered 1 to {n}. What is the probability that it lands on a number that is {k}?",
        ),
        n=n,
        k=kind,
    )
    imports = "Rational, isprime" if "isprime" in code else "Rational"
    program = (
        f"from sympy import {imports}\ngood = sum(1 for n in range(1, {n} + 1) if {code})\nprint(Rational(good, {n}))"
    )
    return Solved(
        question, f"Count the good numbers up to {n}.", program, fraction(Fraction(sum(map(holds, range(1, n + 1))), n))
    )


def cards(rng: random.Random) -> Solved:
    """Draws from a standard deck."""
    kinds = (("a heart", 13), ("a spade", 13), ("an ace", 4), ("a king", 4), ("a red card", 26), ("a face card", 12), ("a black card", 26), ("a club", 13), ("a diamond", 13), ("a queen", 4), ("a jack", 4), ("a red king", 2), ("a black ace", 2))  # fmt: skip
    name, count = rng.choice(kinds)
    if rng.random() < 0.5:
        question = one_of(rng, ("A card is drawn at random from a standard deck of 52 cards. What is the probability that it is {c}?", "What is the probability of drawing {c} from a standard 52-card deck?", "One card is chosen from a standard 52-card deck. Find the probability that it is {c}.", "If the top card of a shuffled standard deck is turned over, what is the probability that it is {c}?"), c=name)  # fmt: skip
        return Solved(
            question,
            f"There are {count} such cards among 52.",
            f"from sympy import Rational\nprint(Rational({count}, 52))",
            fraction(Fraction(count, 52)),
        )
    plural = name.split(" ", 1)[1] + "s"
    question = one_of(rng, ("Two cards are drawn at random from a standard 52-card deck without replacement. What is the probability that both are {p}?", "Two cards are dealt from a standard deck of 52 cards. What is the probability that both are {p}?", "If two cards are chosen at random from a standard 52-card deck, what is the probability that both cards are {p}?"), p=plural)  # fmt: skip
    return Solved(
        question,
        f"There are {count} such cards among 52.",
        f"from sympy import Rational\nprint(Rational({count}, 52) * Rational({count} - 1, 51))",
        fraction(Fraction(count * (count - 1), 52 * 51)),
    )


def expected_value(rng: random.Random) -> Solved:
    """The expected value of a die, or of a game with two outcomes."""
    if rng.random() < 0.4:
        sides = rng.choice([4, 6, 8, 10, 12, 20])
        question = one_of(rng, ("What is the expected value of the roll of a fair {s}-sided die?", "A fair {s}-sided die is rolled. What is the expected value of the number rolled?", "Find the expected value of a roll of a standard {s}-sided die."), s=sides)  # fmt: skip
        program = f"from sympy import Rational\nprint(Rational(sum(range(1, {sides} + 1)), {sides}))"
        return Solved(question, "Average all the numbers.", program, fraction(Fraction(sides + 1, 2)))
    chance = Fraction(rng.randint(1, 5), rng.choice([6, 7, 8, 10]))
    win, other = rng.randint(2, 30), rng.randint(0, 9)
    question = one_of(
        rng,
        (
            "With probability ${p}$ you win \\${w}, and otherwise you win \\${o}. What is the expected value of your winnings, in dollars?",
            "A game pays \\${w} with probability ${p}$ and \\${o} with probability ${q}$. Find the expected payment in dollars.",
            "A variable is {w} with probability ${p}$ and {o} with probability ${q}$. What is its expected value?",
            "A biased coin shows heads with probability ${p}$. Heads pays {w} points and tails pays {o} points. What is the expected number of points?",
        ),
        p=fraction(chance),
        q=fraction(1 - chance),
        w=win,
        o=other,
    )
    program = f"from sympy import Rational\np = Rational({chance.numerator}, {chance.denominator})\nprint(p * {win} + (1 - p) * {other})"
    return Solved(
        question, "Weigh both values with their probabilities.", program, fraction(chance * win + (1 - chance) * other)
    )


def independent_events(rng: random.Random) -> Solved:
    """Two independent events, a complement, and repeated trials."""
    p, q = Fraction(rng.randint(1, 4), rng.randint(5, 7)), Fraction(rng.randint(1, 3), rng.randint(4, 8))
    n = rng.randint(2, 4)
    P, Q = fraction(p), fraction(q)
    wording, code, value = rng.choice(
        [
            (("The probability of rain tomorrow is ${p}$. What is the probability that it will not rain?", "An event has probability ${p}$. What is the probability that it does not happen?", "The probability that a team wins is ${p}$ and there are no ties. What is the probability that it loses?"), "1 - p", 1 - p),
            (("The probability of rain on Saturday is ${p}$, and on Sunday it is ${q}$, independently. What is the probability of rain on both days?", "Two independent events have probabilities ${p}$ and ${q}$. What is the probability that both happen?", "Amy hits a target with probability ${p}$ and Ben with probability ${q}$. What is the probability that both hit?"), "p * q", p * q),
            (("Two independent events have probabilities ${p}$ and ${q}$. What is the probability that at least one happens?", "Amy hits a target with probability ${p}$ and Ben with probability ${q}$, independently. What is the probability that at least one of them hits?"), "1 - (1 - p) * (1 - q)", 1 - (1 - p) * (1 - q)),
            (("A player makes a shot with probability ${p}$. What is the probability of making {nw} shots in a row?", "An experiment succeeds with probability ${p}$. What is the probability that it succeeds all of {nw} times?"), f"p**{n}", p**n),
            (("A player makes a shot with probability ${p}$. What is the probability of making at least one of {nw} shots?", "An experiment succeeds with probability ${p}$. What is the probability that it succeeds at least once in {nw} trials?"), f"1 - (1 - p)**{n}", 1 - (1 - p) ** n),
        ]
    )  # fmt: skip
    question = one_of(rng, wording, p=P, q=Q, nw=NUMBERS[n])
    lines = [f"p = Rational({p.numerator}, {p.denominator})"] + (
        [f"q = Rational({q.numerator}, {q.denominator})"] if "q" in code else []
    )
    program = "from sympy import Rational\n" + "\n".join(lines) + f"\nprint({code})"
    return Solved(question, "Combine the probabilities.", program, fraction(value))


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
    arrange, around_a_table, arrange_letters, committee, officers, outfits, handshakes, binomial, binomial_coefficient,
    drawing, coins, dice, one_number, cards, expected_value, independent_events, two_sets, counted_digits,
)  # fmt: skip
