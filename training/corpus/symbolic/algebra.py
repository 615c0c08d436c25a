"""Equations: linear and quadratic ones, systems."""

import random
from fractions import Fraction

from tora_agent.training.corpus.symbolic.notation import (
    fraction,
    imported,
    linear,
    polynomial,
    polynomial_code,
)
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import given, nonzero, one_of

VARIABLES = "xxxxxyztnabkmp"
PAIRS = (("x", "y"), ("x", "y"), ("x", "y"), ("a", "b"), ("m", "n"), ("p", "q"), ("x", "z"))
SOLVE = (
    "Solve for {x}: {e}.",
    "Solve {e} for {x}.",
    "Solve {e}.",
    "Solve the equation {e}.",
    "Find {x} if {e}.",
    "If {e}, what is {x}?",
    "If {e}, what is the value of {x}?",
    "If {e}, then what is {x}?",
    "What value of {x} satisfies {e}?",
    "For what value of {x} is {e}?",
    "Find the value of {x} such that {e}.",
    "What is the solution of {e}?",
    "Given {e}, find {x}.",
    "Determine {x} if {e}.",
    "Find the solution to {e}.",
)


def solve(rng: random.Random, equation: str, variable: str) -> str:
    """Ask for the solution of an equation."""
    if rng.random() < 0.3 and "\\" not in equation:
        return rng.choice(SOLVE).format(x=variable, e=equation)
    return rng.choice(SOLVE).format(x=f"${variable}$", e=f"${equation}$")


Sides = tuple[tuple[str, str], tuple[str, str]]
"""Both sides of an equation, each in LaTeX and in Python."""


def side(*terms: tuple[Fraction | int, str]) -> tuple[str, str]:
    """One side of an equation as a sum of terms."""
    return linear(terms), linear(terms, "*")


def on_one_side(rng: random.Random, v: str, x: Fraction) -> Sides:
    """ax + b = c."""
    a, b = nonzero(rng, -12, 12), rng.randint(-30, 30)
    return side((a, v), (b, "")), side((a * x + b, ""))


def on_both_sides(rng: random.Random, v: str, x: Fraction) -> Sides:
    """ax + b = cx + d."""
    a, c = rng.sample([number for number in range(-9, 13) if number], 2)
    d = rng.randint(-30, 30)
    return side((a, v), ((c - a) * x + d, "")), side((c, v), (d, ""))


def in_brackets(rng: random.Random, v: str, x: Fraction) -> Sides:
    """a(x + b) = c."""
    a, b = rng.choice([-5, -4, -3, -2, 2, 3, 4, 5, 6, 7, 8]), nonzero(rng, -9, 12)
    latex, code = side((1, v), (b, ""))
    return (f"{a}({latex})", f"{a}*({code})"), side((a * (x + b), ""))


def over_a_number(rng: random.Random, v: str, x: Fraction) -> Sides:
    """x/k + b = c."""
    k, b = rng.randint(2, 9), rng.randint(-9, 12)
    return side((1, f"\\frac{{{v}}}{{{k}}}"), (b, ""))[:1] + side((1, f"{v}/{k}"), (b, ""))[1:], side((x / k + b, ""))


def linear_equation(rng: random.Random) -> Solved:
    """A linear equation in one variable, in several forms."""
    v = rng.choice(VARIABLES)
    whole = rng.random() < 0.75
    x = Fraction(rng.randint(-15, 20)) if whole else Fraction(nonzero(rng, -20, 20), rng.randint(2, 9))
    form = rng.choice([on_one_side, on_one_side, on_both_sides, on_both_sides, in_brackets, over_a_number])
    left, right = form(rng, v, x)
    if rng.random() < 0.15:
        left, right = right, left
    equation = f"Eq({left[1]}, {right[1]})"
    names = imported(equation + "symbols solve", "Eq", "Rational", "solve", "symbols")
    program = f"{names}{v} = symbols('{v}')\nprint(solve({equation}, {v})[0])"
    return Solved(solve(rng, f"{left[0]} = {right[0]}", v), f"Solve the equation for {v}.", program, fraction(x))


def linear_value(rng: random.Random) -> Solved:
    """The value of another expression, from a linear equation."""
    v = rng.choice(VARIABLES)
    a, x, b, c, d = rng.randint(2, 9), rng.randint(-9, 12), rng.randint(1, 20), rng.randint(2, 9), rng.randint(1, 20)
    equation, wanted = f"{a}{v} + {b} = {a * x + b}", f"{c}{v} + {d}"
    question = given(rng, f"${equation}$", f"${wanted}$")
    program = f"from sympy import symbols, Eq, solve\n{v} = symbols('{v}')\nsolution = solve(Eq({a}*{v} + {b}, {a * x + b}), {v})[0]\nprint({c}*solution + {d})"
    return Solved(question, f"Solve for {v}, then put it into the expression.", program, str(c * x + d))


def quadratic_roots(rng: random.Random) -> Solved:
    """A quadratic equation with rational roots."""
    v = rng.choice("xxxxyztn")
    r, s = rng.randint(-10, 10), nonzero(rng, -10, 10)
    roots = sorted({Fraction(r), Fraction(s)})
    coefficients = [1, -(r + s), r * s]
    if rng.random() < 0.2:
        k = rng.randint(2, 4)
        roots = sorted({Fraction(r, k), Fraction(s)})
        coefficients = [k, -(r + k * s), r * s]
    e, code = polynomial(coefficients, v), polynomial_code(coefficients, v)
    equation = f"{e} = 0"
    code_right = "0"
    if rng.random() < 0.25:
        equation, code, code_right = (
            f"{polynomial([*coefficients[:-1], 0], v)} = {-coefficients[-1]}",
            polynomial_code([*coefficients[:-1], 0], v),
            str(-coefficients[-1]),
        )
    wording = (
        "Solve {e}.", "Solve {e}.", "Solve {e} for {x}.", "Solve for {x}: {e}.", "Find all solutions of {e}.", "Find all values of {x} such that {e}.",
        "Solve the quadratic equation {e}.", "Find the roots of {e}.", "What are the solutions of {e}?", "Find all {x} that satisfy {e}.",
        "Find the solutions to {e}, separated by commas.", "What are the roots of the equation {e}?", "For what values of {x} is {e}?",
    )  # fmt: skip
    dollars = "$" if rng.random() < 0.7 else ""
    question = rng.choice(wording).format(e=f"{dollars}{equation}{dollars}", x=f"{dollars}{v}{dollars}")
    program = f"from sympy import symbols, Eq, solve\n{v} = symbols('{v}')\nprint(solve(Eq({code}, {code_right}), {v}))"
    return Solved(question, f"Solve the quadratic equation for {v}.", program, ", ".join(map(fraction, roots)))


def quadratic_one_root(rng: random.Random) -> Solved:
    """The larger, smaller, positive or negative root; the sum, product or difference of the roots."""
    v = rng.choice("xxxxyz")
    r, s = rng.sample([*range(-12, 0), *range(1, 13)], 2)
    b, c = -(r + s), r * s
    e, code = polynomial([1, b, c], v), polynomial_code([1, b, c], v)
    options = {
        "largest": (max(r, s), "max(roots)", ("the larger solution", "the greater root", "the largest root")),
        "smallest": (min(r, s), "min(roots)", ("the smaller solution", "the lesser root", "the smallest root")),
        "sum": (r + s, "sum(roots)", ("the sum of the solutions", "the sum of the roots")),
        "product": (r * s, "roots[0] * roots[1]", ("the product of the solutions", "the product of the roots")),
        "difference": (abs(r - s), "max(roots) - min(roots)", ("the positive difference between the solutions", "the difference between the larger and the smaller root")),
        "squares": (r * r + s * s, "roots[0]**2 + roots[1]**2", ("the sum of the squares of the roots", "the sum of the squares of the solutions")),
    }  # fmt: skip
    if r * s < 0:
        options["positive"] = (max(r, s), "max(roots)", ("the positive solution", "the positive root"))
    value, shown, names = rng.choice(list(options.values()))
    wanted = rng.choice(names).format(v=v)
    question = one_of(
        rng,
        (
            "What is {w} of ${e} = 0$?",
            "Find {w} of the equation ${e} = 0$.",
            "What is {w} of the equation {e} = 0?",
            "For the equation ${e} = 0$, find {w}.",
            "Consider the equation ${e} = 0$. What is {w}?",
            "Determine {w} of ${e} = 0$.",
        ),
        w=wanted,
        e=e,
    )
    program = f"from sympy import symbols, solve\n{v} = symbols('{v}')\nroots = solve({code}, {v})\nprint({shown})"
    return Solved(question, "Find the roots of the equation.", program, str(value))


def discriminant(rng: random.Random) -> Solved:
    """The discriminant of a quadratic; the value of a coefficient for a double root."""
    a, b, c = nonzero(rng, -6, 9), nonzero(rng, -12, 12), nonzero(rng, -9, 12)
    if rng.random() < 0.3:
        root = rng.randint(2, 12)
        question = one_of(rng, ("For what positive value of $k$ does $x^2 + kx + {c} = 0$ have exactly one solution?", "Find the positive number $k$ for which $x^2 + kx + {c}$ has a double root.", "The quadratic $x^2 + kx + {c}$ is the square of a binomial, and $k > 0$. What is $k$?"), c=root**2)  # fmt: skip
        return Solved(
            question,
            "The discriminant must be zero.",
            f"from math import isqrt\nk = isqrt(4 * {root**2})\nprint(k)",
            str(2 * root),
        )
    e = polynomial([a, b, c])
    question = one_of(
        rng,
        (
            "What is the discriminant of ${e}$?",
            "Find the discriminant of ${e}$.",
            "Compute the discriminant of the quadratic ${e}$.",
            "Find the discriminant of ${e} = 0$.",
            "What is the discriminant of {e}?",
        ),
        e=e,
    )
    return Solved(
        question,
        "The discriminant is b^2 - 4ac.",
        f"a, b, c = {a}, {b}, {c}\nprint(b**2 - 4*a*c)",
        str(b * b - 4 * a * c),
    )


def system(rng: random.Random) -> Solved:
    """Two linear equations: the solution, one variable, or a combination."""
    x, y = rng.randint(-9, 12), rng.randint(-9, 12)
    u, v = rng.choice(PAIRS)
    while True:
        a, b, c, d = (nonzero(rng, -6, 7) for _ in range(4))
        if a * d != b * c:
            break
    first, second = linear([(a, u), (b, v)]), linear([(c, u), (d, v)])
    codes = [linear([(a, u), (b, v)], "*"), linear([(c, u), (d, v)], "*")]
    wanted, shown, answer = rng.choice(
        [
            (f"({u},{v})", f"(s[{u}], s[{v}])", f"({x}, {y})"),
            (f"({u},{v})", f"(s[{u}], s[{v}])", f"({x}, {y})"),
            (u, f"s[{u}]", str(x)),
            (v, f"s[{v}]", str(y)),
            (f"{u} + {v}", f"s[{u}] + s[{v}]", str(x + y)),
            (f"{u} - {v}", f"s[{u}] - s[{v}]", str(x - y)),
            (f"{u}{v}", f"s[{u}] * s[{v}]", str(x * y)),
        ]
    )
    e, f = a * x + b * y, c * x + d * y
    question = one_of(
        rng,
        (
            "If ${A} = {e}$ and ${B} = {f}$, what is ${w}$?",
            "If ${A} = {e}$ and ${B} = {f}$, find ${w}$.",
            "Given that ${A} = {e}$ and ${B} = {f}$, find ${w}$.",
            "Solve the system of equations\n\\begin{{align*}}\n{A} &= {e},\\\\\n{B} &= {f}.\n\\end{{align*}}\nWhat is ${w}$?",
            "Solve the system ${A} = {e}$, ${B} = {f}$. Find ${w}$.",
            "Solve the system {A} = {e} and {B} = {f} for {w}.",
            "Suppose ${A} = {e}$ and ${B} = {f}$. Find ${w}$.",
            "What is ${w}$ if ${A} = {e}$ and ${B} = {f}$?",
            "Find ${w}$ if \\[{A} = {e}\\] and \\[{B} = {f}.\\]",
            "The numbers ${u}$ and ${v}$ satisfy ${A} = {e}$ and ${B} = {f}$. Compute ${w}$.",
        ),
        A=first,
        B=second,
        e=e,
        f=f,
        w=wanted,
        u=u,
        v=v,
    )
    program = f"from sympy import symbols, Eq, solve\n{u}, {v} = symbols('{u} {v}')\ns = solve([Eq({codes[0]}, {e}), Eq({codes[1]}, {f})], [{u}, {v}])\nprint({shown})"
    return Solved(question, "Solve the system of two equations.", program, answer)


def sum_and_difference(rng: random.Random) -> Solved:
    """Two numbers from their sum and difference, or sum and product."""
    a, b = sorted(rng.sample(range(1, 60), 2))
    which = rng.choice(["larger", "smaller", "product"])
    value = {"larger": b, "smaller": a, "product": a * b}[which]
    wanted = {"larger": "the larger number", "smaller": "the smaller number", "product": "their product"}[which]
    question = one_of(
        rng,
        (
            "The sum of two numbers is {s} and their difference is {d}. What is {w}?",
            "Two numbers have a sum of {s} and a difference of {d}. Find {w}.",
            "Two numbers add up to {s} and differ by {d}. What is {w}?",
            "The difference of two numbers is {d} and their sum is {s}. What is {w}?",
            "The sum of two numbers is ${s}$. The difference of the same numbers is ${d}$. Find {w}.",
        ),
        s=a + b,
        d=b - a,
        w=wanted,
    )
    shown = {"larger": "larger", "smaller": "smaller", "product": "larger * smaller"}[which]
    return Solved(
        question,
        "Half of sum plus difference is the larger number.",
        f"larger = ({a + b} + {b - a}) // 2\nsmaller = {a + b} - larger\nprint({shown})",
        str(value),
    )


GENERATORS = generators(
    linear_equation, linear_value, quadratic_roots, quadratic_one_root, discriminant, system, sum_and_difference
)
