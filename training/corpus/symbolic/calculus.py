"""Calculus: derivatives, integrals, limits, tangents, extremes."""

import random
from fractions import Fraction

from tora_agent.training.corpus.symbolic.notation import fraction, polynomial, polynomial_code, printed
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import math, nonzero, one_of

START = "from sympy import symbols, {}\n{} = symbols('{}')\n"


def draw_polynomial(rng: random.Random, degree: int = 4) -> list[int]:
    """A polynomial with few terms, coefficients from the highest power down."""
    degree = rng.randint(2, degree)
    return [nonzero(rng, -6, 8), *(rng.choice([0, rng.randint(-9, 9)]) for _ in range(degree))]


def slopes(coefficients: list[int]) -> list[int]:
    """The derivative's coefficients."""
    degree = len(coefficients) - 1
    return [coefficient * (degree - position) for position, coefficient in enumerate(coefficients[:-1])]


def areas(coefficients: list[int]) -> list[Fraction]:
    """The coefficients of the antiderivative that is zero at zero."""
    degree = len(coefficients) - 1
    return [*(Fraction(c, degree - position + 1) for position, c in enumerate(coefficients)), Fraction(0)]


def value_at(coefficients: list[int] | list[Fraction], x: int) -> Fraction:
    """A polynomial's value by Horner's rule."""
    value = Fraction(0)
    for coefficient in coefficients:
        value = value * x + coefficient
    return value


def derivative(rng: random.Random) -> Solved:
    """The derivative of a polynomial."""
    v, f = rng.choice("xxxxtu"), rng.choice("ffgh")
    coefficients = draw_polynomial(rng, 5)
    e, code = polynomial(coefficients, v), polynomial_code(coefficients, v)
    question = rng.choice(
        [
            f"Find the derivative of {math(rng, e)}.",
            f"Differentiate {math(rng, e)}.",
            f"Find the derivative of {math(rng, f'{f}({v}) = {e}')}.",
            f"What is the derivative of {math(rng, e)} with respect to {math(rng, v)}?",
            f"If {math(rng, f'{f}({v}) = {e}')}, find {math(rng, f + chr(39) + f'({v})')}.",
            f"Compute $\\frac{{d}}{{d{v}}} ({e})$.",
            f"Differentiate {math(rng, f'y = {e}')} with respect to {math(rng, v)}.",
        ]
    )
    return Solved(
        question,
        f"Differentiate with respect to {v}.",
        START.format("diff", v, v) + f"print(diff({code}, {v}))",
        printed(slopes(coefficients), v),
    )


def derivative_value(rng: random.Random) -> Solved:
    """The derivative at a point, or the second derivative."""
    coefficients = draw_polynomial(rng)
    x = rng.randint(-4, 5)
    e, code = polynomial(coefficients), polynomial_code(coefficients)
    if rng.random() < 0.3 and len(coefficients) > 3:
        question = one_of(
            rng,
            (
                "Find the second derivative of ${e}$.",
                "What is the second derivative of $f(x) = {e}$?",
                "If $f(x) = {e}$, find $f''(x)$.",
            ),
            e=e,
        )
        return Solved(
            question,
            "Differentiate twice.",
            START.format("diff", "x", "x") + f"print(diff({code}, x, 2))",
            printed(slopes(slopes(coefficients))),
        )
    question = one_of(rng, ("If $f(x) = {e}$, what is $f'({x})$?", "Let $f(x) = {e}$. Find $f'({x})$.", "Find the slope of the tangent line to $y = {e}$ at $x = {x}$.", "What is the slope of the curve $y = {e}$ at $x = {x}$?", "Evaluate the derivative of ${e}$ at $x = {x}$.", "Find the instantaneous rate of change of $f(x) = {e}$ at $x = {x}$."), e=e, x=x)  # fmt: skip
    return Solved(
        question,
        f"Differentiate and put in x = {x}.",
        START.format("diff", "x", "x") + f"print(diff({code}, x).subs(x, {x}))",
        fraction(value_at(slopes(coefficients), x)),
    )


def elementary_derivative(rng: random.Random) -> Solved:
    """Derivatives of elementary functions."""
    a, b = rng.randint(2, 9), rng.randint(2, 9)
    latex, code, imports, answer = rng.choice(
        [
            (f"\\sin {a}x", f"sin({a}*x)", "sin", f"{a}\\cos({a}x)"),
            (f"\\cos {a}x", f"cos({a}*x)", "cos", f"-{a}\\sin({a}x)"),
            (f"e^{{{a}x}}", f"exp({a}*x)", "exp", f"{a}e^{{{a}x}}"),
            (f"{b} e^{{{a}x}}", f"{b}*exp({a}*x)", "exp", f"{a * b}e^{{{a}x}}"),
            (f"{b}\\sin x", f"{b}*sin(x)", "sin", f"{b}\\cos(x)"),
            (f"{b}\\ln x", f"{b}*log(x)", "log", f"\\frac{{{b}}}{{x}}"),
            ("x \\ln x", "x*log(x)", "log", "\\ln(x) + 1"),
            (f"\\ln({a}x)", f"log({a}*x)", "log", "\\frac{1}{x}"),
            (f"{b}\\cos {a}x", f"{b}*cos({a}*x)", "cos", f"-{a * b}\\sin({a}x)"),
        ]
    )
    question = one_of(
        rng,
        (
            "Find the derivative of ${e}$.",
            "Differentiate ${e}$.",
            "What is the derivative of $f(x) = {e}$?",
            "Compute $\\frac{{d}}{{dx}} \\left({e}\\right)$.",
            "If $y = {e}$, find $\\frac{{dy}}{{dx}}$.",
        ),
        e=latex,
    )
    return Solved(
        question,
        "Differentiate with respect to x.",
        f"from sympy import symbols, diff, {imports}\nx = symbols('x')\nprint(diff({code}, x))",
        answer,
    )


def indefinite_integral(rng: random.Random) -> Solved:
    """An antiderivative of a polynomial."""
    v = rng.choice("xxxxt")
    degree = rng.randint(1, 3)
    whole = [
        nonzero(rng, -4, 4) * (degree - position + 1) if rng.random() < 0.8 or not position else 0
        for position in range(degree + 1)
    ]
    e, code = polynomial(whole, v), polynomial_code(whole, v)
    question = one_of(rng, ("Find the integral of ${e}$.", "Compute $\\int ({e}) \\, d{v}$.", "Find an antiderivative of ${e}$.", "Evaluate the indefinite integral $\\int ({e}) \\, d{v}$.", "Integrate ${e}$ with respect to ${v}$.", "Integrate {e}."), e=e, v=v)  # fmt: skip
    return Solved(
        question,
        f"Integrate with respect to {v}.",
        START.format("integrate", v, v) + f"print(integrate({code}, {v}))",
        printed(areas(whole), v),
    )


def definite_integral(rng: random.Random) -> Solved:
    """A definite integral of a polynomial, also as an area."""
    coefficients = draw_polynomial(rng, 3)
    low = rng.randint(-3, 2)
    high = low + rng.randint(1, 5)
    whole = areas(coefficients)
    e, code = polynomial(coefficients), polynomial_code(coefficients)
    question = one_of(rng, ("Compute $\\int_{{{a}}}^{{{b}}} ({e}) \\, dx$.", "Evaluate $\\int_{{{a}}}^{{{b}}} ({e}) \\, dx$.", "Integrate ${e}$ from ${a}$ to ${b}$.", "Find the definite integral of ${e}$ from $x = {a}$ to $x = {b}$.", "What is the value of $\\int_{{{a}}}^{{{b}}} ({e}) \\, dx$?", "Integrate {e} from {a} to {b}."), a=low, b=high, e=e)  # fmt: skip
    program = START.format("integrate", "x", "x") + f"print(integrate({code}, (x, {low}, {high})))"
    return Solved(
        question, f"Integrate from {low} to {high}.", program, fraction(value_at(whole, high) - value_at(whole, low))
    )


def limit(rng: random.Random) -> Solved:
    """Limits of rational functions, at a point and at infinity, and of sin(ax)/x."""
    r, s = rng.sample([n for n in range(-7, 8) if n], 2)
    a, b, c, d = nonzero(rng, -6, 7), rng.randint(-9, 9), rng.randint(1, 6), rng.randint(-9, 9)
    k, m = rng.randint(2, 9), rng.randint(1, 6)
    hole, divisor = [1, -(r + s), r * s], [1, -r]
    latex, code, imports, value = rng.choice(
        [
            (f"\\lim_{{x \\to {r}}} \\frac{{{polynomial(hole)}}}{{{polynomial(divisor)}}}", f"limit(({polynomial_code(hole)})/({polynomial_code(divisor)}), x, {r})", "", Fraction(r - s)),
            (f"\\lim_{{x \\to \\infty}} \\frac{{{polynomial([a, b, d])}}}{{{polynomial([c, d, b])}}}", f"limit(({polynomial_code([a, b, d])})/({polynomial_code([c, d, b])}), x, oo)", ", oo", Fraction(a, c)),
            (f"\\lim_{{x \\to 0}} \\frac{{\\sin {k}x}}{{{m if m > 1 else ''}x}}", f"limit(sin({k}*x)/({m}*x), x, 0)", ", sin", Fraction(k, m)),
            (f"\\lim_{{x \\to {s}}} ({polynomial([a, b, d])})", f"limit({polynomial_code([a, b, d])}, x, {s})", "", Fraction(a * s * s + b * s + d)),
        ]
    )  # fmt: skip
    question = one_of(
        rng,
        ("Compute ${e}$.", "Find ${e}$.", "Evaluate ${e}$.", "What is ${e}$?", "Determine the limit ${e}$."),
        e=latex,
    )
    return Solved(
        question,
        "Take the limit.",
        f"from sympy import symbols, limit{imports}\nx = symbols('x')\nprint({code})",
        fraction(value),
    )


def critical_points(rng: random.Random) -> Solved:
    """Critical points and extreme values of polynomials."""
    p, q = sorted(rng.sample(range(-5, 6), 2))
    k = rng.choice([1, 1, 2, -1])
    coefficients = [Fraction(2 * k), Fraction(-3 * k * (p + q)), Fraction(6 * k * p * q), Fraction(rng.randint(-9, 9))]
    e, code = polynomial(coefficients), polynomial_code(coefficients)
    a, h, c = nonzero(rng, -5, 5), rng.randint(-6, 6), rng.randint(-12, 12)
    square = [a, -2 * a * h, a * h * h + c]
    if rng.random() < 0.6:
        question = one_of(rng, ("Find the critical points of $f(x) = {e}$.", "For what values of $x$ is the derivative of ${e}$ equal to zero?", "Find all $x$ at which the graph of $y = {e}$ has a horizontal tangent.", "Find the $x$-values of the local extrema of $f(x) = {e}$."), e=e)  # fmt: skip
        return Solved(
            question,
            "Set the derivative to zero.",
            f"from sympy import symbols, diff, solve\nx = symbols('x')\nprint(solve(diff({code}, x), x))",
            f"{p}, {q}",
        )
    word = "maximum" if a < 0 else "minimum"
    question = one_of(rng, ("Use calculus to find the {w} value of $f(x) = {e}$.", "Find the {w} value of the function $f(x) = {e}$ by differentiation.", "At which $x$ does $f(x) = {e}$ have its {w}? Use the derivative."), e=polynomial(square), w=word)  # fmt: skip
    if question.startswith("At"):
        return Solved(
            question,
            "Set the derivative to zero.",
            f"from sympy import symbols, diff, solve\nx = symbols('x')\nprint(solve(diff({polynomial_code(square)}, x), x)[0])",
            str(h),
        )
    program = f"from sympy import symbols, diff, solve\nx = symbols('x')\nf = {polynomial_code(square)}\nprint(f.subs(x, solve(diff(f, x), x)[0]))"
    return Solved(question, "Set the derivative to zero and evaluate there.", program, str(c))


def tangent_line(rng: random.Random) -> Solved:
    """The tangent line of a parabola or cubic at a point."""
    coefficients = [nonzero(rng, -3, 4), rng.randint(-6, 6), rng.randint(-9, 9)]
    if rng.random() < 0.3:
        coefficients = [1, 0, *coefficients[1:]]
    x = rng.randint(-3, 4)
    m, y = int(value_at(slopes(coefficients), x)), int(value_at(coefficients, x))
    question = one_of(rng, ("Find the equation of the tangent line to $y = {e}$ at $x = {x}$, in the form $y = mx + b$.", "What is the equation of the line tangent to $y = {e}$ at the point where $x = {x}$?", "Write the equation of the tangent to the curve $y = {e}$ at $x = {x}$."), e=polynomial(coefficients), x=x)  # fmt: skip
    shift = f"x - {x}" if x > 0 else f"x + {-x}" if x < 0 else "x"
    program = f"from sympy import symbols, diff, expand\nx = symbols('x')\nf = {polynomial_code(coefficients)}\nm = diff(f, x).subs(x, {x})\nprint(expand(f.subs(x, {x}) + m*({shift})))"
    return Solved(question, "The slope is the derivative at the point.", program, "y = " + printed([m, y - m * x]))


GENERATORS = generators(
    derivative, derivative_value, elementary_derivative, indefinite_integral, definite_integral, limit,
    critical_points, tangent_line,
)  # fmt: skip
