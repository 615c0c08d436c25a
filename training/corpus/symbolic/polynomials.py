"""Polynomials and rational functions: roots, remainders, quotients, asymptotes."""

import random
from fractions import Fraction

from tora_agent.training.corpus.symbolic.notation import (
    fraction,
    polynomial,
    polynomial_code,
    printed,
)
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import nonzero, one_of


def times(left: list[int], right: list[int]) -> list[int]:
    """The product of two polynomials, coefficients from the highest power down."""
    product = [0] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            product[i + j] += a * b
    return product


def value_at(coefficients: list[int], x: int) -> int:
    """A polynomial's value by Horner's rule."""
    value = 0
    for coefficient in coefficients:
        value = value * x + coefficient
    return value


def polynomial_remainder(rng: random.Random) -> Solved:
    """The remainder of a polynomial by a linear one, or the value that makes it zero."""
    degree = rng.choice([2, 3, 3, 4])
    coefficients = [nonzero(rng, -4, 5), *(rng.randint(-7, 7) for _ in range(degree))]
    r = nonzero(rng, -4, 4)
    e, code = polynomial(coefficients), polynomial_code(coefficients)
    question = one_of(rng, ("What is the remainder when ${e}$ is divided by ${d}$?", "Find the remainder when ${e}$ is divided by ${d}$.", "Compute the remainder of ${e}$ upon division by ${d}$.", "When ${e}$ is divided by ${d}$, what is the remainder?"), e=e, d=polynomial([1, -r]))  # fmt: skip
    return Solved(
        question, f"The remainder is the value at x = {r}.", f"x = {r}\nprint({code})", str(value_at(coefficients, r))
    )


def polynomial_quotient(rng: random.Random) -> Solved:
    """The quotient of two polynomials that divide."""
    quotient = [rng.choice([1, 1, 2, 3]), rng.randint(-7, 7), nonzero(rng, -9, 9)]
    divisor = [1, nonzero(rng, -7, 7)]
    product = times(quotient, divisor)
    question = one_of(rng, ("What is the quotient when ${p}$ is divided by ${d}$?", "Divide ${p}$ by ${d}$.", "Simplify $\\frac{{{p}}}{{{d}}}$.", "Find the quotient of ${p}$ divided by ${d}$."), p=polynomial(product), d=polynomial(divisor))  # fmt: skip
    program = f"from sympy import symbols, cancel\nx = symbols('x')\nprint(cancel(({polynomial_code(product)}) / ({polynomial_code(divisor)})))"
    return Solved(question, "Divide the polynomials.", program, printed(quotient))


def cubic_roots(rng: random.Random) -> Solved:
    """The roots of a cubic with integer roots, or Vieta's sums of any polynomial."""
    roots = sorted(rng.sample(range(-6, 7), 3))
    coefficients = times(times([1, -roots[0]], [1, -roots[1]]), [1, -roots[2]])
    e, code = polynomial(coefficients), polynomial_code(coefficients)
    a, b, c, d = nonzero(rng, -5, 6), rng.randint(-12, 12), rng.randint(-12, 12), nonzero(rng, -12, 12)
    general = polynomial([a, b, c, d])
    kind = rng.choice(["all", "all", "sum", "product", "largest"])
    if kind == "all":
        question = one_of(rng, ("Find all roots of ${e}$.", "Solve ${e} = 0$.", "Find the roots of the polynomial ${e}$, separated by commas.", "Find all solutions of ${e} = 0$.", "What are the zeros of $f(x) = {e}$?"), e=e)  # fmt: skip
        return Solved(
            question,
            "Solve the cubic equation.",
            f"from sympy import symbols, solve\nx = symbols('x')\nprint(solve({code}, x))",
            ", ".join(map(str, roots)),
        )
    if kind == "largest":
        question = one_of(
            rng,
            (
                "What is the largest root of ${e}$?",
                "Find the greatest solution of ${e} = 0$.",
                "What is the largest real root of ${e} = 0$?",
            ),
            e=e,
        )
        return Solved(
            question,
            "Solve the cubic equation.",
            f"from sympy import symbols, solve\nx = symbols('x')\nprint(max(solve({code}, x)))",
            str(roots[2]),
        )
    value, shown = (Fraction(-b, a), f"-({b}), {a}") if kind == "sum" else (Fraction(-d, a), f"-({d}), {a}")
    question = one_of(rng, ("What is the {k} of the roots of ${e} = 0$?", "Find the {k} of the roots of ${e}$.", "What is the {k} of the zeros of the polynomial ${e}$?", "Let $r$, $s$ and $t$ be the roots of ${e} = 0$. Find ${f}$."), k=kind, e=general, f="r + s + t" if kind == "sum" else "rst")  # fmt: skip
    return Solved(
        question,
        "Use Vieta's formulas.",
        f"from sympy import Rational\nprint(Rational({shown}))".replace("-(-", "-1 * (-"),
        fraction(value),
    )


def quadratic_from_roots(rng: random.Random) -> Solved:
    """Symmetric expressions in the roots of a quadratic."""
    a, b, c = rng.choice([1, 1, 1, 2, 3, 4]), nonzero(rng, -12, 12), nonzero(rng, -9, 9)
    s, p = Fraction(-b, a), Fraction(c, a)
    r, t = rng.choice([("r", "s"), ("a", "b"), ("\\alpha", "\\beta"), ("p", "q"), ("m", "n")])
    wanted, code, value = rng.choice(
        [
            (f"{r}^2 + {t}^2", "total**2 - 2 * product", s * s - 2 * p),
            (f"\\frac{{1}}{{{r}}} + \\frac{{1}}{{{t}}}", "total / product", s / p),
            (f"({r} + 1)({t} + 1)", "product + total + 1", p + s + 1),
            (f"({r} - 2)({t} - 2)", "product - 2 * total + 4", p - 2 * s + 4),
            (f"{r}^2 {t} + {r} {t}^2", "product * total", p * s),
            (f"({r} - {t})^2", "total**2 - 4 * product", s * s - 4 * p),
            (f"{r} + {t}", "total", s),
            (f"{r} {t}" if "\\" in r else r + t, "product", p),
        ]
    )
    question = one_of(rng, ("Let ${r}$ and ${s}$ be the roots of ${e} = 0$. Find ${w}$.", "If ${r}$ and ${s}$ are the solutions of ${e} = 0$, what is ${w}$?", "The roots of ${e} = 0$ are ${r}$ and ${s}$. Compute ${w}$.", "The equation ${e} = 0$ has roots ${r}$ and ${s}$. What is the value of ${w}$?"), r=r, s=t, e=polynomial([a, b, c]), w=wanted)  # fmt: skip
    lines = [f"total = Rational({-b}, {a})", f"product = Rational({c}, {a})"]
    used = [line for line in lines if line.split(" ")[0] in code]
    return Solved(
        question,
        "Use the sum and the product of the roots.",
        "from sympy import Rational\n" + "\n".join(used) + f"\nprint({code})",
        fraction(value),
    )


def rational_equation(rng: random.Random) -> Solved:
    """An equation with the variable in a denominator."""
    a, c = nonzero(rng, -9, 9), nonzero(rng, -9, 9)
    x = rng.choice([n for n in range(-9, 10) if n + c])
    b = rng.randint(-9, 9)
    value = Fraction(a * x + b, x + c)
    top, bottom = polynomial([a, b]), polynomial([1, c])
    if Fraction(a) == value:
        b += x + c
        top = polynomial([a, b])
        value = Fraction(a * x + b, x + c)
    question = one_of(rng, ("Solve $\\frac{{{t}}}{{{b}}} = {v}$.", "If $\\frac{{{t}}}{{{b}}} = {v}$, what is $x$?", "Find $x$ if $\\frac{{{t}}}{{{b}}} = {v}$.", "For what value of $x$ is $\\frac{{{t}}}{{{b}}} = {v}$?", "Solve for $x$: $\\frac{{{t}}}{{{b}}} = {v}$."), t=top, b=bottom, v=fraction(value))  # fmt: skip
    right = f"Rational({value.numerator}, {value.denominator})" if value.denominator > 1 else str(value)
    imports = "Eq, Rational, solve, symbols" if "Rational" in right else "Eq, solve, symbols"
    program = f"from sympy import {imports}\nx = symbols('x')\nprint(solve(Eq(({polynomial_code([a, b])})/({polynomial_code([1, c])}), {right}), x)[0])"
    return Solved(question, "Solve the equation for x.", program, str(x))


def rational_function(rng: random.Random) -> Solved:
    """Asymptotes, domains and simplification of rational functions."""
    r, s = sorted(rng.sample([n for n in range(-9, 10) if n], 2))
    a, b = nonzero(rng, -6, 6), rng.choice(list(range(-9, 10)))
    lead = rng.choice([1, 2, 3, 4])
    bottom = [1, -(r + s), r * s]
    kind = rng.choice(["horizontal", "vertical", "undefined", "simplify", "count"])
    if kind == "horizontal":
        question = one_of(rng, ("What is the horizontal asymptote of $y = \\frac{{{t}}}{{{b}}}$? Give the value of $y$.", "The graph of $y = \\frac{{{t}}}{{{b}}}$ has a horizontal asymptote $y = c$. What is $c$?", "Find the horizontal asymptote of $f(x) = \\frac{{{t}}}{{{b}}}$."), t=polynomial([a, b, r]), b=polynomial([lead, s, b]))  # fmt: skip
        return Solved(
            question,
            "Divide the leading coefficients.",
            f"from sympy import Rational\nprint(Rational({a}, {lead}))",
            fraction(Fraction(a, lead)),
        )
    if kind == "vertical":
        c = nonzero(rng, -12, 12)
        question = one_of(rng, ("At what value of $x$ does $y = \\frac{{{t}}}{{{b}}}$ have a vertical asymptote?", "Find the vertical asymptote of $f(x) = \\frac{{{t}}}{{{b}}}$. Give the value of $x$.", "For what value of $x$ is $\\frac{{{t}}}{{{b}}}$ undefined?"), t=abs(a), b=polynomial([lead, c]))  # fmt: skip
        return Solved(
            question,
            "Set the denominator to zero.",
            f"from sympy import Rational\nprint(Rational({-c}, {lead}))",
            fraction(Fraction(-c, lead)),
        )
    if kind == "undefined":
        question = one_of(rng, ("For what values of $x$ is $\\frac{{{t}}}{{{b}}}$ undefined?", "Find all values of $x$ for which the expression $\\frac{{{t}}}{{{b}}}$ is not defined.", "What are the vertical asymptotes of $y = \\frac{{{t}}}{{{b}}}$? List the values of $x$."), t=lead, b=polynomial(bottom))  # fmt: skip
        return Solved(
            question,
            "Set the denominator to zero.",
            f"from sympy import symbols, solve\nx = symbols('x')\nprint(solve({polynomial_code(bottom)}, x))",
            f"{r}, {s}",
        )
    if kind == "count":
        question = one_of(rng, ("How many real solutions does ${e} = 0$ have?", "How many times does the graph of $y = {e}$ cross the $x$-axis?", "How many $x$-intercepts does the parabola $y = {e}$ have?"), e=polynomial([1, a, b]))  # fmt: skip
        discriminant = a * a - 4 * b
        return Solved(
            question,
            "Find the real solutions.",
            f"from sympy import symbols, solve\nx = symbols('x', real=True)\nprint(len(solve({polynomial_code([1, a, b])}, x)))",
            str((discriminant > 0) + (discriminant >= 0)),
        )
    question = one_of(rng, ("Simplify $\\frac{{{t}}}{{{b}}}$.", "Write $\\frac{{{t}}}{{{b}}}$ in simplest form.", "Reduce the rational expression $\\frac{{{t}}}{{{b}}}$."), t=polynomial(bottom), b=polynomial([1, -r]))  # fmt: skip
    program = f"from sympy import symbols, cancel\nx = symbols('x')\nprint(cancel(({polynomial_code(bottom)}) / ({polynomial_code([1, -r])})))"
    return Solved(question, "Cancel the common factor.", program, printed([1, -s]))


GENERATORS = generators(
    polynomial_remainder, polynomial_quotient, cubic_roots, quadratic_from_roots, rational_equation, rational_function
)
