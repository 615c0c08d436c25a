"""Prealgebra: expressions, fractions, decimals, rounding, powers, units."""

import random
from fractions import Fraction
from math import prod

from tora_agent.training.corpus.symbolic.notation import fraction, python
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import ask, math, nonzero, one_of

TIMES = ("\\times", "\\cdot")


def small_fraction(rng: random.Random, top: int = 12, bottom: int = 12) -> Fraction:
    """A fraction that is not whole."""
    while (value := Fraction(rng.randint(1, top), rng.randint(2, bottom))).denominator == 1:
        pass
    return value


def expression(rng: random.Random) -> Solved:
    """A numerical expression with several operations."""
    a, b, c, d = (rng.randint(2, 20) for _ in range(4))
    k = rng.randint(2, 9)
    times = rng.choice(TIMES)
    forms = [
        (f"{a} + {b} {times} {c}", f"{a} + {b} * {c}", a + b * c),
        (f"{a} {times} {b} - {c}", f"{a} * {b} - {c}", a * b - c),
        (f"({a} + {b}) {times} {c}", f"({a} + {b}) * {c}", (a + b) * c),
        (f"{a}({b} - {c}) + {d}", f"{a} * ({b} - {c}) + {d}", a * (b - c) + d),
        (f"{a} - {b} + {c} - {d}", f"{a} - {b} + {c} - {d}", a - b + c - d),
        (f"{a} - ({b} - {c})", f"{a} - ({b} - {c})", a - b + c),
        (f"{a * k} \\div {k} + {b} {times} {c}", f"{a * k} // {k} + {b} * {c}", a + b * c),
        (f"{d} - {a * k} \\div {a}", f"{d} - {a * k} // {a}", d - k),
        (f"{k}^2 + {c}^2", f"{k}**2 + {c}**2", k**2 + c**2),
        (f"{c}^2 - {k}^2", f"{c}**2 - {k}**2", c**2 - k**2),
        (f"{k}^3 - {c}", f"{k}**3 - {c}", k**3 - c),
        (f"{a} + {k}^2 {times} {b}", f"{a} + {k}**2 * {b}", a + k**2 * b),
        (f"({a} - {b})^2 + {c}", f"({a} - {b})**2 + {c}", (a - b) ** 2 + c),
        (f"-{a} + {b} - (-{c})", f"-{a} + {b} - (-{c})", b + c - a),
        (f"(-{a})({b}) + {c}", f"-{a} * {b} + {c}", c - a * b),
        (f"\\frac{{{a * k} + {b * k}}}{{{k}}}", f"({a * k} + {b * k}) // {k}", a + b),
        (f"{a} {times} {b} + {a} {times} {c}", f"{a} * {b} + {a} * {c}", a * (b + c)),
        (f"|{a} - {b}| + |{c} - {d}|", f"abs({a} - {b}) + abs({c} - {d})", abs(a - b) + abs(c - d)),
        (f"|{a} - {b * k}|", f"abs({a} - {b * k})", abs(a - b * k)),
    ]
    latex, code, value = rng.choice(forms)
    question = ask(rng, math(rng, latex))
    return Solved(question, "Compute the expression.", f"result = {code}\nprint(result)", str(value))


def two_numbers(rng: random.Random) -> Solved:
    """One operation on two larger numbers."""
    a, b = rng.randint(2, 9999), rng.randint(2, 999)
    forms = [
        (f"{a} + {b}", f"{a} + {b}", a + b),
        (f"{a} - {b}", f"{a} - {b}", a - b),
        (f"{a % 100 + 2} {rng.choice(TIMES)} {b}", f"{a % 100 + 2} * {b}", (a % 100 + 2) * b),
        (f"{a % 100 + 2} * {b}", f"{a % 100 + 2} * {b}", (a % 100 + 2) * b),
        (f"{a % 100 * b} / {b}", f"{a % 100 * b} // {b}", a % 100),
        (f"{a % 100 * b} \\div {b}", f"{a % 100 * b} // {b}", a % 100),
    ]
    latex, code, value = rng.choice(forms)
    return Solved(ask(rng, math(rng, latex)), "Compute the result.", f"print({code})", str(value))


def fraction_operation(rng: random.Random) -> Solved:
    """A sum, difference, product or quotient of fractions."""
    a, b = small_fraction(rng), small_fraction(rng)
    sign, code, value = rng.choice(
        [
            ("+", "+", a + b),
            ("-", "-", a - b),
            (rng.choice(TIMES), "*", a * b),
            ("\\div", "/", a / b),
        ]
    )
    left, right = fraction(a), fraction(b)
    plain = f"{a.numerator}/{a.denominator} {code} {b.numerator}/{b.denominator}"
    formula = plain if code in "+-" and rng.random() < 0.2 else f"${left} {sign} {right}$"
    question = rng.choice(
        [
            ask(rng, formula),
            ask(rng, formula),
            f"Simplify {formula}.",
            f"Compute {formula}. Express your answer as a common fraction.",
            f"Write {formula} as a simplified fraction.",
            f"Express {formula} as a common fraction in lowest terms.",
        ]
    )
    program = f"from sympy import Rational\nprint({python(a)} {code} {python(b)})"
    return Solved(question, "Compute with exact fractions.", program, fraction(value))


def three_fractions(rng: random.Random) -> Solved:
    """An expression of three fractions or whole numbers."""
    a, b, c = small_fraction(rng), small_fraction(rng), small_fraction(rng)
    k = rng.randint(1, 9)
    A, B, C = map(fraction, (a, b, c))
    pa, pb, pc = map(python, (a, b, c))
    latex, code, value = rng.choice(
        [
            (f"{A} + {B} + {C}", f"{pa} + {pb} + {pc}", a + b + c),
            (f"{A} + {B} - {C}", f"{pa} + {pb} - {pc}", a + b - c),
            (f"{A} \\cdot {B} + {C}", f"{pa} * {pb} + {pc}", a * b + c),
            (f"{A} \\cdot {B} \\cdot {C}", f"{pa} * {pb} * {pc}", a * b * c),
            (f"{k} - {A}", f"{k} - {pa}", k - a),
            (f"{k} + {A}", f"{k} + {pa}", k + a),
            (f"{k} \\div {A}", f"{k} / {pa}", k / a),
            (f"\\frac{{{A}}}{{{k + 1}}}", f"{pa} / {k + 1}", a / (k + 1)),
            (f"\\left({A}\\right)^2", f"({pa})**2", a**2),
            (f"\\left({A}\\right)^{{-1}}", f"({pa})**-1", 1 / a),
            (f"\\frac{{1}}{{{A} + {B}}}", f"1 / ({pa} + {pb})", 1 / (a + b)),
        ]
    )
    question = rng.choice(
        [ask(rng, f"${latex}$"), f"Simplify ${latex}$.", f"Compute ${latex}$ as a fraction in lowest terms."]
    )
    return Solved(
        question, "Compute with exact fractions.", f"from sympy import Rational\nprint({code})", fraction(value)
    )


def lowest_terms(rng: random.Random) -> Solved:
    """A fraction to reduce, or a decimal to write as a fraction."""
    k = rng.randint(2, 20)
    value = small_fraction(rng, 30, 30)
    top, bottom = value.numerator * k, value.denominator * k
    formula = rng.choice([f"$\\frac{{{top}}}{{{bottom}}}$", f"{top}/{bottom}"])
    templates = (
        "Simplify {0}.",
        "Simplify the fraction {0}.",
        "Reduce {0} to lowest terms.",
        "Write {0} in lowest terms.",
        "Express {0} in simplest form.",
        "What is {0} in simplest form?",
    )
    question = rng.choice(templates).format(formula)
    return Solved(
        question,
        "Reduce the fraction.",
        f"from sympy import Rational\nprint(Rational({top}, {bottom}))",
        fraction(value),
    )


def decimal_to_fraction(rng: random.Random) -> Solved:
    """A terminating decimal as a common fraction."""
    places = rng.randint(1, 3)
    digits = nonzero(rng, 1, 10**places - 1)
    value = Fraction(digits, 10**places)
    text = f"0.{digits:0{places}d}".rstrip("0")
    question = one_of(
        rng,
        (
            "Express {x} as a common fraction.",
            "Write {x} as a fraction in lowest terms.",
            "Convert {x} to a fraction.",
            "What common fraction is equal to {x}?",
            "Express the decimal {x} as a simplified fraction.",
            "What is {x} written as a common fraction?",
        ),
        x=math(rng, text),
    )
    return Solved(
        question,
        "Write the decimal over a power of ten and reduce.",
        f"from sympy import Rational\nprint(Rational('{text}'))",
        fraction(value),
    )


def fraction_to_decimal(rng: random.Random) -> Solved:
    """A fraction that terminates, as a decimal."""
    bottom = rng.choice([2, 4, 5, 8, 10, 16, 20, 25, 40, 50])
    top = rng.randint(1, 3 * bottom)
    formula = rng.choice([f"$\\frac{{{top}}}{{{bottom}}}$", f"{top}/{bottom}"])
    templates = (
        "Write {0} as a decimal.",
        "Express {0} as a decimal.",
        "Convert {0} to a decimal.",
        "What is {0} as a decimal?",
    )
    value = Fraction(top, bottom)
    return Solved(
        rng.choice(templates).format(formula),
        "Divide the numerator by the denominator.",
        f"print({top} / {bottom})",
        f"{float(value):g}" if value.denominator > 1 else f"{value}",
    )


def rounding(rng: random.Random) -> Solved:
    """A decimal or a whole number rounded."""
    places, unit = rng.choice([(0, "whole number"), (0, "integer"), (1, "tenth"), (2, "hundredth")])
    number = rng.randint(1000, 99_9999)
    text = f"{number / 1000:.3f}" if number % 10 != 5 else f"{(number + 1) / 1000:.3f}"
    tenths = Fraction(text) * 10**places
    whole = tenths.numerator // tenths.denominator
    rounded = whole + (tenths - whole >= Fraction(1, 2))
    answer = f"{rounded // 10**places}" + (f".{rounded % 10**places:0{places}d}" if places else "")
    question = one_of(
        rng,
        (
            "Round {x} to the nearest {u}.",
            "What is {x} rounded to the nearest {u}?",
            "Express {x} to the nearest {u}.",
            "To the nearest {u}, what is {x}?",
        ),
        x=math(rng, text),
        u=unit,
    )
    code = f"print(round({text}))" if not places else f"print(round({text}, {places}))"
    return Solved(question, f"Round to the nearest {unit}.", code, answer)


UNITS = (
    ("feet", "inches", 12), ("yards", "feet", 3), ("yards", "inches", 36), ("miles", "feet", 5280), ("hours", "minutes", 60),
    ("minutes", "seconds", 60), ("days", "hours", 24), ("weeks", "days", 7), ("meters", "centimeters", 100),
    ("kilometers", "meters", 1000), ("centimeters", "millimeters", 10), ("kilograms", "grams", 1000), ("pounds", "ounces", 16),
    ("gallons", "quarts", 4), ("quarts", "pints", 2), ("liters", "milliliters", 1000), ("dozen", "units", 12),
    ("hours", "seconds", 3600), ("square feet", "square inches", 144), ("square yards", "square feet", 9),
    ("cubic feet", "cubic inches", 1728), ("cubic yards", "cubic feet", 27), ("tons", "pounds", 2000),
)  # fmt: skip


def units(rng: random.Random) -> Solved:
    """A conversion between units, in either direction."""
    large, small, factor = rng.choice(UNITS)
    number = rng.randint(2, 40)
    if rng.random() < 0.6:
        question = one_of(
            rng,
            (
                "How many {s} are in {n} {l}?",
                "How many {s} are there in {n} {l}?",
                "Convert {n} {l} to {s}.",
                "{n} {l} is how many {s}?",
                "What is {n} {l} in {s}?",
            ),
            s=small,
            n=number,
            l=large,
        )
        return Solved(
            question,
            f"There are {factor} {small} for each of the {large}.",
            f"print({number} * {factor})",
            str(number * factor),
        )
    question = one_of(
        rng,
        (
            "How many {l} are in {n} {s}?",
            "How many {l} are there in {n} {s}?",
            "Convert {n} {s} to {l}.",
            "{n} {s} is how many {l}?",
            "What is {n} {s} in {l}?",
        ),
        s=small,
        n=number * factor,
        l=large,
    )
    return Solved(
        question,
        f"There are {factor} {small} for each of the {large}.",
        f"print({number * factor} // {factor})",
        str(number),
    )


def powers(rng: random.Random) -> Solved:
    """Products and quotients of powers of one base, and square roots of squares."""
    base = rng.randint(2, 9)
    m, n = rng.randint(2, 7), rng.randint(2, 6)
    k = rng.randint(0, m + n - 1)
    root = rng.randint(2, 40)
    latex, code, value = rng.choice(
        [
            (f"{base}^{m} \\cdot {base}^{n} \\div {base}^{{{m + n - min(k, 3)}}}", f"{base}**{m} * {base}**{n} // {base}**{m + n - min(k, 3)}", Fraction(base ** min(k, 3))),
            (f"\\frac{{{base}^{{{m + 2}}}}}{{{base}^{{{m}}}}}", f"{base}**{m + 2} // {base}**{m}", Fraction(base**2)),
            (f"{base}^{m}", f"{base}**{m}", Fraction(base**m)),
            (f"(-{base})^{n}", f"(-{base})**{n}", Fraction((-base) ** n)),
            (f"-{base}^{n}", f"-{base}**{n}", Fraction(-(base**n))),
            (f"{base}^{{-{n % 3 + 1}}}", f"Rational(1, {base}**{n % 3 + 1})", Fraction(1, base ** (n % 3 + 1))),
            (f"({base}^2)^{n % 3 + 1}", f"({base}**2)**{n % 3 + 1}", Fraction(base ** (2 * (n % 3 + 1)))),
            (f"\\sqrt{{{root**2}}}", f"isqrt({root**2})", Fraction(root)),
            (f"\\sqrt{{{root**2}}} + {base}", f"isqrt({root**2}) + {base}", Fraction(root + base)),
            (f"\\sqrt{{{(3 * base) ** 2} + {(4 * base) ** 2}}}", f"isqrt({(3 * base) ** 2} + {(4 * base) ** 2})", Fraction(5 * base)),
            (f"\\sqrt[3]{{{base**3}}}", f"round({base**3} ** (1 / 3))", Fraction(base)),
            (f"{m + 2}!", f"factorial({m + 2})", Fraction(prod(range(1, m + 3)))),
        ]
    )  # fmt: skip
    imports = "".join(
        f"from {module} import {name}\n"
        for module, name in (("sympy", "Rational"), ("math", "isqrt"), ("math", "factorial"))
        if f"{name}(" in code
    )
    question = rng.choice([ask(rng, math(rng, latex)), ask(rng, math(rng, latex)), f"Simplify {math(rng, latex)}."])
    return Solved(
        question,
        "Compute the powers." if "sqrt" not in latex else "Compute the root.",
        f"{imports}print({code})",
        fraction(value),
    )


def mixed_number(rng: random.Random) -> Solved:
    """Sums and differences of mixed numbers; an improper fraction from a mixed number."""
    whole, other = rng.randint(1, 9), rng.randint(1, 9)
    a, b = small_fraction(rng, 5, 8) % 1, small_fraction(rng, 5, 8) % 1
    left, right = f"{whole}{fraction(a)}", f"{other}{fraction(b)}"
    value, code, question = rng.choice(
        [
            (whole + a, f"{whole} + {python(a)}", f"Write ${left}$ as an improper fraction."),
            (whole + a, f"{whole} + {python(a)}", f"Express the mixed number ${left}$ as an improper fraction."),
            (whole + a + other + b, f"{whole} + {python(a)} + {other} + {python(b)}", f"Compute ${left} + {right}$. Express your answer as an improper fraction."),
            ((whole + a) * (other + b), f"({whole} + {python(a)}) * ({other} + {python(b)})", f"Compute ${left} \\times {right}$. Express your answer as an improper fraction."),
        ]
    )  # fmt: skip
    return Solved(
        question, "Add the whole part and the fraction.", f"from sympy import Rational\nprint({code})", fraction(value)
    )


GENERATORS = generators(
    expression,
    two_numbers,
    fraction_operation,
    three_fractions,
    lowest_terms,
    decimal_to_fraction,
    fraction_to_decimal,
    rounding,
    units,
    powers,
    mixed_number,
)
