"""Lines, points, circles and parabolas in the plane; inequalities and absolute values."""

import random
from fractions import Fraction

from tora_agent.training.corpus.symbolic.notation import (
    fraction,
    linear,
    point,
    polynomial,
    polynomial_code,
    printed,
    surd,
)
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import ask_for, math, nonzero, one_of

Point = tuple[int, int]


def two_points(rng: random.Random, size: int = 12) -> tuple[Point, Point]:
    """Two points that differ in both coordinates."""
    x1, x2 = rng.sample(range(-size, size + 1), 2)
    y1, y2 = rng.sample(range(-size, size + 1), 2)
    return (x1, y1), (x2, y2)


def minus(number: int) -> str:
    """What follows a value when a number is subtracted from it in a program: " - 3", " + 3"."""
    return f" + {-number}" if number < 0 else f" - {number}"


def rational(code: str) -> str:
    """A program that prints an exact quotient."""
    return f"from sympy import Rational\nprint(Rational({code}))"


def slope(rng: random.Random) -> Solved:
    """The slope of a line from two points or from its equation."""
    (x1, y1), (x2, y2) = two_points(rng)
    if rng.random() < 0.55:
        question = one_of(rng, ("What is the slope of the line through {p} and {q}?", "Find the slope of the line passing through the points {p} and {q}.", "What is the slope of the line that contains {p} and {q}?", "Compute the slope of the line through {p} and {q}.", "A line passes through {p} and {q}. What is its slope?", "Find the slope of the segment from {p} to {q}."), p=f"$({x1}, {y1})$", q=f"$({x2}, {y2})$")  # fmt: skip
        return Solved(
            question,
            "The slope is the change in y over the change in x.",
            rational(f"{y2}{minus(y1)}, {x2}{minus(x1)}"),
            fraction(Fraction(y2 - y1, x2 - x1)),
        )
    a, b, c = nonzero(rng, -9, 9), nonzero(rng, -9, 9), rng.randint(-20, 20)
    kind = rng.choice(["itself", "itself", "parallel", "perpendicular"])
    value = Fraction(-a, b) if kind != "perpendicular" else Fraction(b, a)
    code = f"{-a}, {b}" if kind != "perpendicular" else f"{b}, {a}"
    what = {
        "itself": "the line",
        "parallel": "a line parallel to the line",
        "perpendicular": "a line perpendicular to the line",
    }[kind]
    question = ask_for(rng, f"the slope of {what} " + math(rng, f"{linear([(a, 'x'), (b, 'y')])} = {c}"))
    return Solved(
        question,
        "Solve for y and read off the slope."
        if kind != "perpendicular"
        else "Take the negative reciprocal of the slope.",
        rational(code),
        fraction(value),
    )


def intercept(rng: random.Random) -> Solved:
    """The intercepts of a line."""
    a, b, c = nonzero(rng, -9, 9), nonzero(rng, -9, 9), nonzero(rng, -30, 30)
    axis = rng.choice("xy")
    value = Fraction(c, a if axis == "x" else b)
    equation = f"{linear([(a, 'x'), (b, 'y')])} = {c}"
    if rng.random() < 0.4:
        pair = (value, 0) if axis == "x" else (0, value)
        question = one_of(rng, ("At what point does the line ${e}$ cross the ${a}$-axis?", "Find the point where the line ${e}$ meets the ${a}$-axis.", "The line ${e}$ intersects the ${a}$-axis at which point? Give an ordered pair."), e=equation, a=axis)  # fmt: skip
        shown = f"(Rational({c}, {a}), 0)" if axis == "x" else f"(0, Rational({c}, {b}))"
        return Solved(
            question, "Set the other variable to zero.", f"from sympy import Rational\nprint({shown})", point(*pair)
        )
    question = one_of(rng, ("What is the ${a}$-intercept of the line ${e}$?", "Find the ${a}$-intercept of ${e}$.", "Find the ${a}$-coordinate of the point where ${e}$ crosses the ${a}$-axis.", "What is the {a}-intercept of {e}?"), e=equation, a=axis)  # fmt: skip
    return Solved(
        question, "Set the other variable to zero.", rational(f"{c}, {a if axis == 'x' else b}"), fraction(value)
    )


def line_through(rng: random.Random) -> Solved:
    """The equation of a line, or its value somewhere, from two points or a slope and a point."""
    (x1, y1), (x2, _) = two_points(rng, 8)
    m = nonzero(rng, -6, 6)
    b, y2 = y1 - m * x1, y1 + m * (x2 - x1)
    x3 = rng.randint(-12, 12)
    p, q = f"$({x1}, {y1})$", f"$({x2}, {y2})$"
    kind = rng.choice(["equation", "equation from slope", "sum", "value"])
    program = f"m = ({y2}{minus(y1)}) // ({x2}{minus(x1)})\nb = {y1} - m * {x1 if x1 >= 0 else f'({x1})'}\n"
    line = "y = " + printed([m, b])
    if kind == "equation":
        question = one_of(rng, ("Find the equation of the line through {p} and {q}, in the form $y = mx + b$.", "What is the equation of the line passing through {p} and {q}? Write it as $y = mx + b$.", "A line passes through {p} and {q}. Write its equation in slope-intercept form."), p=p, q=q)  # fmt: skip
        return Solved(
            question,
            "Find the slope, then the intercept.",
            "from sympy import symbols\nx = symbols('x')\n" + program + "print(m*x + b)",
            line,
        )
    if kind == "equation from slope":
        question = one_of(rng, ("Find the equation of the line with slope ${m}$ through {p}, in the form $y = mx + b$.", "A line has slope ${m}$ and passes through {p}. Write its equation in slope-intercept form."), p=p, m=m)  # fmt: skip
        program = f"from sympy import symbols\nx = symbols('x')\nb = {y1} - ({m}) * ({x1})\nprint({m}*x + b)"
        return Solved(question, "Find the intercept from the point.", program, line)
    if kind == "sum":
        question = one_of(rng, ("The equation of the line through {p} and {q} is $y = mx + b$. What is $m + b$?", "A line through {p} and {q} has the equation $y = mx + b$. Find $m + b$.", "What is the value of $m + b$ if the line $y = mx + b$ contains {p} and {q}?"), p=p, q=q)  # fmt: skip
        return Solved(question, "Find the slope, then the intercept.", program + "print(m + b)", str(m + b))
    question = one_of(rng, ("A line passes through {p} and {q}. What is the $y$-coordinate of the point on the line with $x$-coordinate ${x}$?", "The point $({x}, y)$ lies on the line through {p} and {q}. What is $y$?", "If $({x}, k)$ is on the line through {p} and {q}, what is $k$?"), p=p, q=q, x=x3)  # fmt: skip
    return Solved(
        question,
        "Find the slope, then the intercept.",
        program + f"print(m * {x3 if x3 >= 0 else f'({x3})'} + b)",
        str(m * x3 + b),
    )


def midpoint(rng: random.Random) -> Solved:
    """The midpoint of a segment, or an endpoint from it."""
    (x1, y1), (x2, y2) = two_points(rng, 15)
    p, q = f"$({x1}, {y1})$", f"$({x2}, {y2})$"
    if rng.random() < 0.6:
        question = one_of(rng, ("What is the midpoint of the segment with endpoints {p} and {q}?", "Find the midpoint of the line segment joining {p} and {q}.", "Find the coordinates of the midpoint of {p} and {q}. Give an ordered pair.", "What is the midpoint between {p} and {q}?", "The endpoints of a segment are {p} and {q}. What is its midpoint?", "The endpoints of a diameter of a circle are {p} and {q}. What is the center of the circle?"), p=p, q=q)  # fmt: skip
        program = f"from sympy import Rational\nprint((Rational({x1} + {x2}, 2), Rational({y1} + {y2}, 2)))".replace(
            "+ -", "- "
        )
        return Solved(question, "Average the coordinates.", program, point(Fraction(x1 + x2, 2), Fraction(y1 + y2, 2)))
    question = one_of(rng, ("One endpoint of a segment is {p}, and its midpoint is {q}. What is the other endpoint?", "The midpoint of a segment is {q}, and one endpoint is {p}. Find the other endpoint.", "If {q} is the midpoint of the segment from {p} to $B$, what are the coordinates of $B$?"), p=p, q=q)  # fmt: skip
    return Solved(
        question,
        "Double the midpoint and subtract the endpoint.",
        f"print((2 * {x2}{minus(x1)}, 2 * {y2}{minus(y1)}))",
        point(2 * x2 - x1, 2 * y2 - y1),
    )


def distance(rng: random.Random) -> Solved:
    """The distance of two points, or of one from the origin."""
    (x1, y1), (x2, y2) = two_points(rng)
    if rng.random() < 0.4:
        dx, dy = rng.choice([(3, 4), (6, 8), (5, 12), (8, 15), (4, 3), (12, 5), (9, 12)])
        x2, y2 = x1 + dx * rng.choice([1, -1]), y1 + dy * rng.choice([1, -1])
    if rng.random() < 0.15:
        x1 = y1 = 0
    p, q = ("the origin" if (x1, y1) == (0, 0) else f"$({x1}, {y1})$"), f"$({x2}, {y2})$"
    if (x2, y2) == (0, 0):
        q = "the origin"
    question = one_of(rng, ("What is the distance between {p} and {q}?", "Find the distance between the points {p} and {q}.", "How far is {q} from {p}?", "What is the length of the segment from {p} to {q}?", "Compute the distance from {p} to {q}. Express your answer in simplest radical form.", "What is the distance, in units, between {p} and {q}?"), p=p, q=q).replace("the points the origin", "the origin")  # fmt: skip
    program = f"from sympy import sqrt\nprint(sqrt(({x2}{minus(x1)})**2 + ({y2}{minus(y1)})**2))"
    return Solved(question, "Use the distance formula.", program, surd(1, (x2 - x1) ** 2 + (y2 - y1) ** 2))


def intersection(rng: random.Random) -> Solved:
    """Where two lines meet."""
    x, y = rng.randint(-9, 9), rng.randint(-9, 9)
    m, n = rng.sample([k for k in range(-6, 7) if k], 2)
    b, c = y - m * x, y - n * x
    first, second = polynomial([m, b]), polynomial([n, c])
    question = one_of(rng, ("At what point do the lines $y = {f}$ and $y = {g}$ intersect?", "Find the intersection of the lines $y = {f}$ and $y = {g}$.", "What is the point of intersection of $y = {f}$ and $y = {g}$? Give an ordered pair.", "The lines $y = {f}$ and $y = {g}$ meet at a point. What is it?", "Where do the lines y = {f} and y = {g} cross?"), f=first, g=second)  # fmt: skip
    program = f"from sympy import symbols, solve\nx = symbols('x')\na = solve({polynomial_code([m, b])} - ({polynomial_code([n, c])}), x)[0]\nprint((a, {f'{m}*a' if abs(m) > 1 else 'a' if m > 0 else '-a'}{minus(-b) if b else ''}))"
    return Solved(question, "Set the two sides equal.", program, f"({x}, {y})")


def circle_equation(rng: random.Random) -> Solved:
    """The centre or radius of a circle from its equation, and the area."""
    h, k, r = rng.randint(-9, 9), rng.randint(-9, 9), rng.randint(1, 10)
    d, e, f = -2 * h, -2 * k, h * h + k * k - r * r
    terms = (
        "x^2"
        + (f" {'+' if d > 0 else '-'} {abs(d)}x" if d else "")
        + " + y^2"
        + (f" {'+' if e > 0 else '-'} {abs(e)}y" if e else "")
    )
    expanded = (
        f"{terms} = {-f}" if rng.random() < 0.5 else f"{terms}{f' + {f}' if f > 0 else f' - {-f}' if f else ''} = 0"
    )
    standard = f"{f'(x{minus(h)})' if h else 'x'}^2 + {f'(y{minus(k)})' if k else 'y'}^2 = {r * r}"
    equation = rng.choice([expanded, expanded, standard])
    kind = rng.choice(["center", "radius", "radius", "area"])
    code, answer = {
        "center": ("print(({h}, {k}))", f"({h}, {k})"),
        "radius": ("from sympy import sqrt\nprint(sqrt({q}))", str(r)),
        "area": ("from sympy import pi\nprint(pi * ({q}))", f"{r * r if r > 1 else ''}\\pi"),
    }[kind]
    question = one_of(rng, ("What is the {w} of the circle ${e}$?", "Find the {w} of the circle with equation ${e}$.", "The equation of a circle is ${e}$. What is its {w}?", "A circle is given by ${e}$. Find its {w}.", "What is the {w} of the circle defined by ${e}$?"), w=kind, e=equation)  # fmt: skip
    if equation == standard:
        program = code.format(h=h, k=k, q=r * r)
    else:
        program = code.format(h=f"{-d} // 2", k=f"{-e} // 2", q=f"({d} // 2)**2 + ({e} // 2)**2{minus(f)}")
    return Solved(
        question, "Complete the squares." if equation != standard else "Read it off the equation.", program, answer
    )


def vertex(rng: random.Random) -> Solved:
    """The vertex of a parabola, its axis, its least or greatest value; completing the square."""
    a, h, k = rng.choice([1, 1, 1, 2, 3, -1, -2, -3]), rng.randint(-8, 8), rng.randint(-12, 12)
    b, c = -2 * a * h, a * h * h + k
    e, _code = polynomial([a, b, c]), polynomial_code([a, b, c])
    extreme, name = ("minimum", "smallest") if a > 0 else ("maximum", "largest")
    kind = rng.choice(["vertex", "vertex", "value", "value", "axis", "square"])
    head = f"h = -({b}) // (2 * {a})\n" if a > 0 else f"h = -({b}) // (2 * ({a}))\n"
    value = polynomial_code([a, b, c], "h")
    if kind == "vertex":
        question = one_of(
            rng,
            (
                "What is the vertex of the parabola $y = {e}$?",
                "Find the vertex of the graph of $y = {e}$.",
                "What are the coordinates of the vertex of $f(x) = {e}$?",
                "Find the vertex of y = {e}.",
            ),
            e=e,
        )
        return Solved(question, "The vertex is at x = -b/(2a).", head + f"print((h, {value}))", f"({h}, {k})")
    if kind == "value":
        question = one_of(
            rng,
            (
                "What is the {x} value of ${e}$?",
                "Find the {x} value of ${e}$, where $x$ is a real number.",
                "What is the {n} possible value of ${e}$ over all real numbers $x$?",
                "Find the {x} of the function $f(x) = {e}$.",
                "Determine the {x} value of {e}.",
            ),
            e=e,
            x=extreme,
            n=name,
        )
        return Solved(question, f"The {extreme} is at x = -b/(2a).", head + f"print({value})", str(k))
    if kind == "axis":
        question = one_of(
            rng,
            (
                "For what value of $x$ does ${e}$ reach its {x}?",
                "At what value of $x$ is the {x} of $y = {e}$?",
                "What is the $x$-coordinate of the vertex of $y = {e}$?",
            ),
            e=e,
            x=extreme,
        )
        return Solved(question, f"The {extreme} is at x = -b/(2a).", head + "print(h)", str(h))
    a, b, c = 1, -2 * h, h * h + k
    e = polynomial([1, b, c])
    part = rng.choice(["h", "k", "both"])
    answer = {"h": -h, "k": k, "both": k - h}[part]
    wanted = {"h": "h", "k": "k", "both": "h + k"}[part]
    question = one_of(rng, ("If ${e}$ is written in the form $(x + h)^2 + k$, what is ${w}$?", "The expression ${e}$ can be written as $(x + h)^2 + k$. Find ${w}$.", "When ${e}$ is rewritten as $(x + h)^2 + k$ by completing the square, what is ${w}$?", "Complete the square: ${e} = (x + h)^2 + k$. What is ${w}$?"), e=e, w=wanted)  # fmt: skip
    return Solved(
        question, "Half of the coefficient of x is h.", f"h = {b} // 2\nk = {c} - h**2\nprint({wanted})", str(answer)
    )


def interval(low: Fraction | None, high: Fraction | None, closed: bool) -> str:
    """An interval in LaTeX; None is infinite."""
    left = f"{'[' if closed else '('}{fraction(low)}" if low is not None else "(-\\infty"
    right = f"{fraction(high)}{']' if closed else ')'}" if high is not None else "\\infty)"
    return f"{left}, {right}"


SIGNS = (("<", "<"), (">", ">"), ("\\le", "<="), ("\\ge", ">="), ("\\leq", "<="), ("\\geq", ">="))


def linear_inequality(rng: random.Random) -> Solved:
    """A linear inequality, as an interval or by its extreme integer."""
    a, b = nonzero(rng, -9, 9), rng.randint(-20, 20)
    c = a * rng.randint(-9, 9) + b if rng.random() < 0.6 else rng.randint(-30, 30)
    sign, code = rng.choice(SIGNS)
    bound = Fraction(c - b, a)
    above = (">" in code) == (a > 0)
    left = polynomial([a, b])
    question = one_of(
        rng,
        (
            "Solve ${l} {s} {c}$. Express your answer in interval notation.",
            "Find the solution set of ${l} {s} {c}$, in interval notation.",
            "For what values of $x$ is ${l} {s} {c}$? Give an interval.",
            "Solve the inequality ${l} {s} {c}$ and write the solution as an interval.",
            "Solve the inequality ${l} {s} {c}$.",
        ),
        l=left,
        s=sign,
        c=c,
    )
    program = f"from sympy import symbols, S, solveset\nx = symbols('x')\nprint(solveset({polynomial_code([a, b])} {code} {c}, x, S.Reals))"
    return Solved(
        question,
        "Solve the inequality over the reals.",
        program,
        interval(bound if above else None, None if above else bound, "=" in code),
    )


def quadratic_inequality(rng: random.Random) -> Solved:
    """A quadratic inequality, as an interval or a count of integers."""
    r, s = sorted(rng.sample(range(-9, 10), 2))
    coefficients = [1, -(r + s), r * s]
    e, code = polynomial(coefficients), polynomial_code(coefficients)
    sign, comparison = rng.choice(SIGNS)
    closed = "=" in comparison
    if "<" in comparison and rng.random() < 0.5:
        question = one_of(rng, ("How many integers $x$ satisfy ${e} {s} 0$?", "For how many integer values of $x$ is ${e} {s} 0$?", "How many integers satisfy the inequality ${e} {s} 0$?"), e=e, s=sign)  # fmt: skip
        return Solved(
            question,
            "Test the integers near the roots.",
            f"print(sum(1 for x in range(-50, 51) if {code} {comparison} 0))",
            str(s - r + 1 if closed else s - r - 1),
        )
    question = one_of(rng, ("Solve ${e} {s} 0$. Give your answer in interval notation.", "Find all $x$ such that ${e} {s} 0$, in interval notation.", "Find the values of $x$ for which ${e} {s} 0$. Express your answer in interval notation.", "Solve the inequality ${e} {s} 0$."), e=e, s=sign)  # fmt: skip
    low, high = Fraction(r), Fraction(s)
    answer = (
        interval(low, high, closed)
        if "<" in comparison
        else f"{interval(None, low, closed)} \\cup {interval(high, None, closed)}"
    )
    program = (
        f"from sympy import symbols, S, solveset\nx = symbols('x')\nprint(solveset({code} {comparison} 0, x, S.Reals))"
    )
    return Solved(question, "Solve the inequality over the reals.", program, answer)


def absolute_value(rng: random.Random) -> Solved:
    """An equation with an absolute value."""
    a, b, c = rng.choice([1, 1, 1, 2, 3, 4]), rng.randint(-12, 12), rng.randint(1, 15)
    roots = sorted({Fraction(c - b, a), Fraction(-c - b, a)})
    e, code = polynomial([a, b]), polynomial_code([a, b])
    wording, shown, value = rng.choice(
        [
            (("Solve $|{e}| = {c}$.", "Find all values of $x$ such that $|{e}| = {c}$.", "Find all solutions of $|{e}| = {c}$, separated by commas.", "Solve |{e}| = {c} for x."), "roots", ", ".join(map(fraction, roots))),
            (("What is the sum of the solutions of $|{e}| = {c}$?", "Find the sum of all values of $x$ such that $|{e}| = {c}$."), "sum(roots)", fraction(sum(roots))),
            (("What is the largest value of $x$ such that $|{e}| = {c}$?", "Find the greatest solution of $|{e}| = {c}$."), "max(roots)", fraction(max(roots))),
            (("What is the smallest value of $x$ such that $|{e}| = {c}$?", "Find the least solution of $|{e}| = {c}$."), "min(roots)", fraction(min(roots))),
            (("What is the product of the solutions of $|{e}| = {c}$?",), "roots[0] * roots[1]", fraction(roots[0] * roots[1])),
        ]
    )  # fmt: skip
    program = f"from sympy import symbols, solve\nx = symbols('x', real=True)\nroots = solve(abs({code}) - {c}, x)\nprint({shown})"
    return Solved(one_of(rng, wording, e=e, c=c), f"The inside is {c} or -{c}.", program, value)


def triangle_of_points(rng: random.Random) -> Solved:
    """The area of a triangle from its vertices; reflections and translations of a point."""
    (x1, y1), (x2, y2) = two_points(rng, 9)
    x3, y3 = rng.randint(-9, 9), rng.randint(-9, 9)
    doubled = (x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)
    if doubled and rng.random() < 0.5:
        question = one_of(rng, ("What is the area of the triangle with vertices {p}, {q} and {r}?", "Find the area of the triangle whose vertices are {p}, {q}, and {r}.", "A triangle has vertices at {p}, {q} and {r}. Compute its area."), p=f"$({x1}, {y1})$", q=f"$({x2}, {y2})$", r=f"$({x3}, {y3})$")  # fmt: skip
        program = f"from sympy import Rational\narea = ({x2}{minus(x1)}) * ({y3}{minus(y1)}) - ({x3}{minus(x1)}) * ({y2}{minus(y1)})\nprint(Rational(abs(area), 2))"
        return Solved(
            question, "Use the coordinate formula for the area.", program, fraction(Fraction(abs(doubled), 2))
        )
    target, code, (u, v) = rng.choice(
        [
            ("reflected over the $x$-axis", "({x}, -({y}))", (x1, -y1)),
            ("reflected over the $y$-axis", "(-({x}), {y})", (-x1, y1)),
            ("reflected over the line $y = x$", "({y}, {x})", (y1, x1)),
            ("reflected through the origin", "(-({x}), -({y}))", (-x1, -y1)),
            (f"moved {abs(x2) + 2} units to the right and {abs(y2) + 2} units up", f"({{x}} + {abs(x2) + 2}, {{y}} + {abs(y2) + 2})", (x1 + abs(x2) + 2, y1 + abs(y2) + 2)),
            (f"moved {abs(x2) + 2} units to the left and {abs(y2) + 2} units down", f"({{x}} - {abs(x2) + 2}, {{y}} - {abs(y2) + 2})", (x1 - abs(x2) - 2, y1 - abs(y2) - 2)),
        ]
    )  # fmt: skip
    question = one_of(rng, ("The point $({x}, {y})$ is {t}. What are the coordinates of its image?", "What is the image of $({x}, {y})$ when it is {t}?", "If $({x}, {y})$ is {t}, what point results?", "The point $A({x}, {y})$ is {t}. Find the new point."), x=x1, y=y1, t=target)  # fmt: skip
    return Solved(question, "Change the coordinates.", f"print({code.format(x=x1, y=y1)})", f"({u}, {v})")


def graph_points(rng: random.Random) -> Solved:
    """A missing coordinate or coefficient for a graph through a point."""
    x, m, b = nonzero(rng, -8, 8), nonzero(rng, -7, 7), rng.randint(-12, 12)
    y = m * x + b
    a, c = nonzero(rng, -6, 6), nonzero(rng, -6, 6)
    total = a * x + c * y
    question, program, value = rng.choice(
        [
            (one_of(rng, ("The point $({x}, {y})$ lies on the line $y = kx {b}$. What is $k$?", "For what value of $k$ does the line $y = kx {b}$ pass through $({x}, {y})$?"), x=x, y=y, b=f"+ {b}" if b >= 0 else f"- {-b}"), rational(f"{y}{minus(b)}, {x}"), m),
            (one_of(rng, ("The line ${l} = k$ contains the point $({x}, {y})$. Find $k$.", "What is the value of $k$ if the point $({x}, {y})$ is on the line ${l} = k$?"), x=x, y=y, l=linear([(a, "x"), (c, "y")])), f"x = {x}\ny = {y}\nprint({linear([(a, 'x'), (c, 'y')], '*')})", total),
            (one_of(rng, ("The graph of $y = {e} + c$ passes through $({x}, {q})$. What is $c$?", "Find $c$ if the parabola $y = {e} + c$ contains the point $({x}, {q})$."), e=polynomial([1, m, 0]), x=x, q=x * x + m * x + b), f"x = {x}\nprint({x * x + m * x + b} - ({polynomial_code([1, m, 0])}))", b),
        ]
    )  # fmt: skip
    return Solved(question, "Put the point into the equation.", program, str(value))


GENERATORS = generators(
    slope, intercept, line_through, midpoint, distance, intersection, circle_equation, vertex, linear_inequality,
    quadratic_inequality, absolute_value, triangle_of_points, graph_points,
)  # fmt: skip
