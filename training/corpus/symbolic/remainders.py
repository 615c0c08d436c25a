"""Remainders, congruences, bases and digits."""

import random
from math import gcd

from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import math, one_of

DIGITS = "0123456789ABCDEF"


def remainder(rng: random.Random) -> Solved:
    """The remainder of a number, a sum, a product or a power."""
    m = rng.randint(2, 25)
    a, b, c = rng.randint(10, 5000), rng.randint(10, 500), rng.randint(10, 300)
    base, exponent = rng.randint(2, 30), rng.randint(3, 2100)
    kind = rng.choice(["plain", "plain", "sum", "product", "power", "power"])
    latex, code, value = {
        "plain": (f"{a}", f"{a} % {m}", a % m),
        "sum": (f"{a} + {b} + {c}", f"({a} + {b} + {c}) % {m}", (a + b + c) % m),
        "product": (f"{b} \\cdot {c}", f"{b} * {c} % {m}", b * c % m),
        "power": (f"{base}^{{{exponent}}}", f"pow({base}, {exponent}, {m})", pow(base, exponent, m)),
    }[kind]
    question = one_of(
        rng,
        (
            "What is the remainder when {a} is divided by {m}?",
            "What is the remainder when {a} is divided by {m}?",
            "Find the remainder when {a} is divided by {m}.",
            "Find the remainder of {a} divided by {m}.",
            "When {a} is divided by {m}, what is the remainder?",
            "Determine the remainder when {a} is divided by {m}.",
            "What is the remainder of {a} when it is divided by {m}?",
        ),
        a=f"${latex}$" if kind != "plain" else math(rng, latex),
        m=math(rng, str(m)),
    )
    if rng.random() < 0.2:
        question = one_of(rng, ("Compute ${a} \\pmod{{{m}}}$.", "What is ${a} \\bmod {m}$?", "Find the integer $n$ with $0 \\le n < {m}$ such that $n \\equiv {a} \\pmod{{{m}}}$."), a=latex, m=m)  # fmt: skip
    return Solved(question, f"Compute the remainder modulo {m}.", f"print({code})", str(value))


def remainder_told(rng: random.Random) -> Solved:
    """The remainder of a multiple or a sum, from the remainders of the numbers."""
    m = rng.randint(3, 15)
    r, k, s, _c = rng.randint(1, m - 1), rng.randint(2, 9), rng.randint(1, m - 1), rng.randint(1, 9)
    if rng.random() < 0.5:
        question = one_of(rng, ("When $n$ is divided by {m}, the remainder is {r}. What is the remainder when ${k}n$ is divided by {m}?", "If $n$ leaves a remainder of {r} when divided by {m}, what remainder does ${k}n$ leave when divided by {m}?", "The remainder when a number is divided by {m} is {r}. What is the remainder when {k} times the number is divided by {m}?", "If $n \\equiv {r} \\pmod{{{m}}}$, what is the remainder when ${k}n$ is divided by ${m}$?"), m=m, r=r, k=k)  # fmt: skip
        return Solved(question, "Multiply the remainder and reduce it.", f"print({k} * {r} % {m})", str(k * r % m))
    question = one_of(rng, ("The remainders of $a$ and $b$ when divided by {m} are {r} and {s}. What is the remainder when $a + b$ is divided by {m}?", "If $a \\equiv {r} \\pmod{{{m}}}$ and $b \\equiv {s} \\pmod{{{m}}}$, find the remainder when $a + b$ is divided by ${m}$.", "When divided by {m}, $x$ leaves a remainder of {r} and $y$ leaves a remainder of {s}. What remainder does $x + y$ leave?"), m=m, r=r, s=s)  # fmt: skip
    return Solved(question, "Add the remainders and reduce.", f"print(({r} + {s}) % {m})", str((r + s) % m))


def modular_inverse(rng: random.Random) -> Solved:
    """The inverse of a number modulo another, or a linear congruence."""
    m = rng.randint(5, 60)
    a = rng.choice([k for k in range(2, m) if gcd(k, m) == 1])
    inverse = next(k for k in range(m) if a * k % m == 1)
    if rng.random() < 0.5:
        question = one_of(rng, ("What is the modular inverse of {a}, modulo {m}?", "Find ${a}^{{-1}} \\pmod{{{m}}}$.", "Find the inverse of {a} modulo {m}.", "Find the multiplicative inverse of {a} modulo {m}, as an integer from 0 to {last}.", "What is ${a}^{{-1}} \\pmod{{{m}}}$, as a residue modulo {m}?"), a=a, m=m, last=m - 1)  # fmt: skip
        return Solved(question, "Compute the inverse modulo the number.", f"print(pow({a}, -1, {m}))", str(inverse))
    b = rng.randrange(m)
    question = one_of(rng, ("Solve ${a}x \\equiv {b} \\pmod{{{m}}}$.", "Find the smallest nonnegative integer $x$ such that ${a}x \\equiv {b} \\pmod{{{m}}}$.", "What is the smallest whole number $x$ for which ${a}x \\equiv {b} \\pmod{{{m}}}$?", "Solve the congruence ${a}x \\equiv {b} \\pmod{{{m}}}$ for $0 \\le x < {m}$."), a=a, b=b, m=m)  # fmt: skip
    return Solved(question, "Multiply by the inverse.", f"print({b} * pow({a}, -1, {m}) % {m})", str(b * inverse % m))


def two_congruences(rng: random.Random) -> Solved:
    """The smallest number with two given remainders."""
    m, n = rng.choice([(m, n) for m in range(3, 14) for n in range(3, 14) if gcd(m, n) == 1])
    r, s = rng.randint(1, m - 1), rng.randint(1, n - 1)
    value = next(k for k in range(1, m * n + 1) if k % m == r and k % n == s)
    question = one_of(
        rng,
        (
            "What is the smallest positive integer that leaves a remainder of {r} when divided by {m} and a remainder of {s} when divided by {n}?",
            "Find the least positive integer $x$ such that $x \\equiv {r} \\pmod{{{m}}}$ and $x \\equiv {s} \\pmod{{{n}}}$.",
            "A number leaves remainder {r} when divided by {m} and remainder {s} when divided by {n}. What is the smallest such positive number?",
            "What is the least positive integer with remainder {r} upon division by {m} and remainder {s} upon division by {n}?",
        ),
        r=r,
        m=m,
        s=s,
        n=n,
    )
    program = f"print(next(n for n in range(1, 1000) if n % {m} == {r} and n % {n} == {s}))"
    return Solved(question, "Search for the smallest number.", program, str(value))


def digits_in_base(number: int, base: int) -> str:
    """A number written in a base."""
    text = ""
    while number:
        number, digit = divmod(number, base)
        text = DIGITS[digit] + text
    return text or "0"


def to_base(rng: random.Random) -> Solved:
    """A decimal number written in another base."""
    base, number = rng.randint(2, 9), rng.randint(5, 999)
    text = digits_in_base(number, base)
    name = {2: "binary", 8: "octal"}.get(base, f"base {base}")
    question = one_of(
        rng,
        (
            "Write {n} in base {b}.",
            "Convert {n} to base {b}.",
            "Express ${n}$ in base ${b}$.",
            "Convert ${n}_{{10}}$ to base {b}.",
            "What is ${n}_{{10}}$ in base {b}?",
            "What is the base-{b} representation of {n}?",
            "Find the base ${b}$ representation of the base 10 number ${n}$.",
            "What is {n} written in {name}?",
        ),
        n=number,
        b=base,
        name=name,
    )
    program = f"n = {number}\ndigits = ''\nwhile n > 0:\n    digits = str(n % {base}) + digits\n    n //= {base}\nprint(digits + '_{base}')"
    return Solved(question, f"Divide by {base} and collect the remainders.", program, f"{text}_{base}")


def from_base(rng: random.Random) -> Solved:
    """A number of another base in decimal, or a sum of two in their base."""
    base = rng.randint(2, 9)
    a, b = rng.randint(base + 1, 600), rng.randint(base + 1, 600)
    x, y = digits_in_base(a, base), digits_in_base(b, base)
    if rng.random() < 0.6:
        question = one_of(rng, ("Convert ${x}_{b}$ to base 10.", "What is ${x}_{b}$ in base 10?", "Write ${x}_{b}$ as a decimal number.", "Express the base-{b} number {x} in base 10.", "What base-10 number is equal to ${x}_{b}$?", "Find the base 10 value of ${x}_{b}$.", "What is {x} in base {b}, written in base 10?"), x=x, b=base)  # fmt: skip
        return Solved(question, f"Read the digits in base {base}.", f"print(int('{x}', {base}))", str(a))
    question = one_of(rng, ("Compute ${x}_{b} + {y}_{b}$. Express your answer in base 10.", "What is the sum of ${x}_{b}$ and ${y}_{b}$ in base 10?", "Find ${x}_{b} + {y}_{b}$ as a base 10 number."), x=x, y=y, b=base)  # fmt: skip
    return Solved(
        question, f"Read both numbers in base {base}.", f"print(int('{x}', {base}) + int('{y}', {base}))", str(a + b)
    )


def units_digit(rng: random.Random) -> Solved:
    """The last digit of a power, a product or a sum of powers."""
    a, b = rng.randint(2, 99), rng.randint(2, 60)
    m, n = rng.randint(2, 2000), rng.randint(2, 80)
    latex, code, value = rng.choice(
        [
            (f"{a}^{{{m}}}", f"pow({a}, {m}, 10)", pow(a, m, 10)),
            (f"{a}^{{{m}}}", f"pow({a}, {m}, 10)", pow(a, m, 10)),
            (f"{a} \\cdot {b}", f"{a} * {b} % 10", a * b % 10),
            (f"{a}^{{{n}}} + {b}^{{{n}}}", f"({a}**{n} + {b}**{n}) % 10", (a**n + b**n) % 10),
            (f"{a}^{{{n}}} \\cdot {b}^{{{n}}}", f"{a}**{n} * {b}**{n} % 10", a**n * b**n % 10),
        ]
    )
    digit = rng.choice(["units digit", "ones digit", "last digit", "units digit"])
    question = one_of(
        rng,
        (
            "What is the {d} of ${e}$?",
            "Find the {d} of ${e}$.",
            "Determine the {d} of ${e}$.",
            "What is the {d} when ${e}$ is computed?",
        ),
        d=digit,
        e=latex,
    )
    return Solved(question, "Compute modulo 10.", f"print({code})", str(value))


def digit_sum(rng: random.Random) -> Solved:
    """The sum or number of digits of a number given by an expression."""
    a, b = rng.randint(2, 40), rng.randint(2, 15)
    number = a**b
    latex, code = f"{a}^{{{b}}}" if b > 9 else f"{a}^{b}", f"{a}**{b}"
    if rng.random() < 0.3:
        number = rng.randint(100, 99_999)
        latex = code = str(number)
    if rng.random() < 0.7 or code.isdigit():
        question = one_of(
            rng,
            (
                "What is the sum of the digits of ${e}$?",
                "Find the sum of the digits of ${e}$.",
                "Compute the sum of the digits of ${e}$ when it is written in base 10.",
                "What is the digit sum of ${e}$?",
            ),
            e=latex,
        )
        return Solved(
            question,
            "Add the digits.",
            f"n = {code}\nprint(sum(int(d) for d in str(n)))",
            str(sum(map(int, str(number)))),
        )
    question = one_of(
        rng,
        (
            "How many digits does ${e}$ have?",
            "Find the number of digits of ${e}$.",
            "How many digits are in ${e}$ when it is written out?",
        ),
        e=latex,
    )
    return Solved(question, "Count the digits.", f"n = {code}\nprint(len(str(n)))", str(len(str(number))))


GENERATORS = generators(
    remainder, remainder_told, modular_inverse, two_congruences, to_base, from_base, units_digit, digit_sum
)
