"""Expressions and functions: evaluated, composed, expanded, factored."""

import random

from tora_agent.training.corpus.symbolic.algebra import PAIRS
from tora_agent.training.corpus.symbolic.notation import (
    factor,
    polynomial,
    polynomial_code,
    printed,
)
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import given, math, nonzero, one_of


def evaluate(rng: random.Random) -> Solved:
    """The value of an expression for given values of its variables."""
    u, v = rng.choice(PAIRS)
    a, b, p, q = rng.randint(-6, 9), nonzero(rng, -6, 9), rng.randint(2, 9), rng.randint(1, 9)
    latex, code, value = rng.choice(
        [
            (f"{p}{u} + {q}{v}", f"{p}*{u} + {q}*{v}", p * a + q * b),
            (f"{p}{u} - {q}{v}", f"{p}*{u} - {q}*{v}", p * a - q * b),
            (f"{u}^2 + {v}^2", f"{u}**2 + {v}**2", a * a + b * b),
            (f"{u}^2 - {p}{u}{v}", f"{u}**2 - {p}*{u}*{v}", a * a - p * a * b),
            (f"{p}{u}^2 - {q}{v}", f"{p}*{u}**2 - {q}*{v}", p * a * a - q * b),
            (f"({u} + {v})^2", f"({u} + {v})**2", (a + b) ** 2),
            (f"({u} - {v})({u} + {v})", f"({u} - {v})*({u} + {v})", a * a - b * b),
            (f"{u}{v} + {p}", f"{u}*{v} + {p}", a * b + p),
            (f"{u}^3 - {v}", f"{u}**3 - {v}", a**3 - b),
            (f"{p}({u} - {v}) + {q}", f"{p}*({u} - {v}) + {q}", p * (a - b) + q),
            (f"|{u} - {p}{v}|", f"abs({u} - {p}*{v})", abs(a - p * b)),
        ]
    )
    conditions = f"${u} = {a}$ and ${v} = {b}$"
    question = rng.choice(
        [
            f"What is the value of ${latex}$ when {conditions}?",
            f"Evaluate ${latex}$ for {conditions}.",
            f"Evaluate {latex} if {u} = {a} and {v} = {b}.",
            f"Find ${latex}$ if {conditions}.",
            f"Let {conditions}. Compute ${latex}$.",
            given(rng, conditions, f"${latex}$"),
            given(rng, conditions, f"the value of ${latex}$"),
        ]
    )
    return Solved(question, "Put in the values.", f"{u} = {a}\n{v} = {b}\nprint({code})", str(value))


def function_value(rng: random.Random) -> Solved:
    """The value of a polynomial or rational function, or a sum of two values."""
    f = rng.choice("ffffgh")
    coefficients = (
        [nonzero(rng, -5, 6), rng.randint(-9, 9), rng.randint(-12, 12)]
        if rng.random() < 0.6
        else [nonzero(rng, -9, 9), rng.randint(-20, 20)]
    )
    e, code = polynomial(coefficients), polynomial_code(coefficients)
    x, z = rng.randint(-6, 9), rng.randint(-6, 9)

    def at(number: int) -> int:
        total = 0
        for coefficient in coefficients:
            total = total * number + coefficient
        return total

    wanted, shown, value = rng.choice(
        [
            (f"{f}({x})", f"{f}({x})", at(x)),
            (f"{f}({x})", f"{f}({x})", at(x)),
            (f"{f}({x}) + {f}({z})", f"{f}({x}) + {f}({z})", at(x) + at(z)),
            (f"{f}({x}) - {f}({z})", f"{f}({x}) - {f}({z})", at(x) - at(z)),
            (f"{f}({f}({x}))", f"{f}({f}({x}))", at(at(x))),
        ]
    )
    question = given(rng, math(rng, f"{f}(x) = {e}"), math(rng, wanted))
    return Solved(
        question, "Define the function and evaluate it.", f"{f} = lambda x: {code}\nprint({shown})", str(value)
    )


def composition(rng: random.Random) -> Solved:
    """The composition of two functions at a number."""
    a, b, c, d = nonzero(rng, -5, 7), rng.randint(-9, 9), nonzero(rng, -4, 5), rng.randint(-9, 9)
    x = rng.randint(-5, 6)
    f, g = [a, b], [1, c, d] if rng.random() < 0.5 else [c, d]

    def at(coefficients: list[int], number: int) -> int:
        total = 0
        for coefficient in coefficients:
            total = total * number + coefficient
        return total

    wanted, value = rng.choice([(f"f(g({x}))", at(f, at(g, x))), (f"g(f({x}))", at(g, at(f, x)))])
    conditions = rng.choice(["$f(x) = {f}$ and $g(x) = {g}$", "$f(x)={f}$, $g(x)={g}$"]).format(
        f=polynomial(f), g=polynomial(g)
    )
    program = f"f = lambda x: {polynomial_code(f)}\ng = lambda x: {polynomial_code(g)}\nprint({wanted})"
    return Solved(given(rng, conditions, f"${wanted}$"), "Define both functions and compose them.", program, str(value))


def inverse_value(rng: random.Random) -> Solved:
    """The inverse of a linear function, at a number."""
    a, x, b = nonzero(rng, -6, 9), rng.randint(-9, 12), rng.randint(-12, 12)
    y = a * x + b
    e, code = polynomial([a, b]), polynomial_code([a, b])
    question = rng.choice(
        [
            given(rng, f"$f(x) = {e}$", f"$f^{{-1}}({y})$"),
            f"For what value of $x$ is $f(x) = {y}$, where $f(x) = {e}$?",
            f"If $f(x) = {e}$ and $f(a) = {y}$, what is $a$?",
        ]
    )
    program = f"from sympy import symbols, Eq, solve\nx = symbols('x')\nprint(solve(Eq({code}, {y}), x)[0])"
    return Solved(question, f"Solve f(x) = {y}.", program, str(x))


def expand_product(rng: random.Random) -> Solved:
    """A product of polynomials to expand."""
    v = rng.choice("xxxxyzt")
    a, b, c, d = rng.choice([1, 1, 2, 3, 4]), nonzero(rng, -9, 9), rng.choice([1, 1, 2, 3, 5]), nonzero(rng, -9, 9)
    e = rng.randint(-5, 5)
    if rng.random() < 0.25:
        left, right, result = [a, b], [a, b], [a * a, 2 * a * b, b * b]
        latex, code = f"({polynomial(left, v)})^2", f"({polynomial_code(left, v)})**2"
    elif rng.random() < 0.2:
        right = [c, e, d]
        result = [a * c, a * e + b * c, a * d + b * e, b * d]
        latex, code = (
            f"({polynomial([a, b], v)})({polynomial(right, v)})",
            f"({polynomial_code([a, b], v)})*({polynomial_code(right, v)})",
        )
    else:
        result = [a * c, a * d + b * c, b * d]
        latex, code = (
            f"({polynomial([a, b], v)})({polynomial([c, d], v)})",
            f"({polynomial_code([a, b], v)})*({polynomial_code([c, d], v)})",
        )
    question = one_of(
        rng,
        (
            "Expand {e}.",
            "Expand the product {e}.",
            "Expand and simplify {e}.",
            "Multiply out {e}.",
            "Simplify {e}.",
            "Write {e} as a polynomial.",
            "Expand: {e}",
            "Find the product {e}.",
        ),
        e=math(rng, latex),
    )
    return Solved(
        question,
        "Expand the product.",
        f"from sympy import symbols, expand\n{v} = symbols('{v}')\nprint(expand({code}))",
        printed(result, v),
    )


def combine_terms(rng: random.Random) -> Solved:
    """Sums and differences of polynomials to simplify."""
    v = rng.choice("xxxyzt")
    p, q = ([rng.randint(-9, 9) for _ in range(3)] for _ in range(2))
    p[0], q[0] = p[0] or 2, q[0] or 3
    if rng.random() < 0.5:
        latex, code, result = (
            f"({polynomial(p, v)}) + ({polynomial(q, v)})",
            f"({polynomial_code(p, v)}) + ({polynomial_code(q, v)})",
            [a + b for a, b in zip(p, q, strict=True)],
        )
    else:
        latex, code, result = (
            f"({polynomial(p, v)}) - ({polynomial(q, v)})",
            f"({polynomial_code(p, v)}) - ({polynomial_code(q, v)})",
            [a - b for a, b in zip(p, q, strict=True)],
        )
    if rng.random() < 0.3:
        k, m = rng.randint(2, 7), rng.randint(2, 7)
        a, b = nonzero(rng, -9, 9), nonzero(rng, -9, 9)
        latex, code = (
            f"{k}({polynomial([1, a], v)}) + {m}({polynomial([1, b], v)})",
            f"{k}*({polynomial_code([1, a], v)}) + {m}*({polynomial_code([1, b], v)})",
        )
        result = [k + m, k * a + m * b]
    question = one_of(
        rng,
        (
            "Simplify {e}.",
            "Simplify the expression {e}.",
            "Expand and simplify {e}.",
            "Simplify {e} by combining like terms.",
            "Write {e} in simplest form.",
        ),
        e=math(rng, latex),
    )
    return Solved(
        question,
        "Expand and collect terms.",
        f"from sympy import symbols, expand\n{v} = symbols('{v}')\nprint(expand({code}))",
        printed(result, v),
    )


def factoring(rng: random.Random) -> Solved:
    """A quadratic to factor."""
    v = rng.choice("xxxxyztn")
    k = rng.choice([1, 1, 1, 1, 2, 3, 5])
    r, s = sorted(rng.sample([*range(-12, 0), *range(1, 13)], 2), reverse=True)  # sympy's order of factors
    if rng.random() < 0.25:
        r, s = abs(r), -abs(r)
    coefficients = [k, -k * (r + s), k * r * s]
    answer = ("" if k == 1 else str(k)) + f"{factor(r, v)}{factor(s, v)}"
    question = one_of(
        rng,
        (
            "Factor {e}.",
            "Factor {e}.",
            "Factor the quadratic {e}.",
            "Factor {e} completely.",
            "Factor the expression {e}.",
            "Completely factor {e}.",
            "Write {e} as a product of factors.",
        ),
        e=math(rng, polynomial(coefficients, v)),
    )
    program = (
        f"from sympy import symbols, factor\n{v} = symbols('{v}')\nprint(factor({polynomial_code(coefficients, v)}))"
    )
    return Solved(question, "Factor the polynomial.", program, answer)


GENERATORS = generators(evaluate, function_value, composition, inverse_value, expand_product, combine_terms, factoring)
