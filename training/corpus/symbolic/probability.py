"""Probability: coins, dice, cards, urns, independent events, expected values."""

import random
from fractions import Fraction
from itertools import product

from tora_agent.training.corpus.symbolic.counting import NUMBERS, number
from tora_agent.training.corpus.symbolic.notation import fraction
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import one_of

COLOURS = ("red", "blue", "green", "yellow", "white", "black", "orange", "purple")
MARBLES = ("marbles", "balls", "chips", "beads", "candies", "socks", "tiles", "cubes")


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


GENERATORS = generators(drawing, coins, dice, one_number, cards, expected_value, independent_events)
