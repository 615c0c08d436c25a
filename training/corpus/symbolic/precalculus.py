"""Precalculus: trigonometry, angles, vectors, matrices, polar coordinates."""

import random
from fractions import Fraction

from tora_agent.training.corpus.symbolic.notation import (
    bracketed,
    fraction,
    imported,
    linear,
    multiple_of_pi,
    point,
    surd,
)
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import ask, nonzero, one_of

# sine of the first quadrant, as (coefficient, radicand); the others follow by symmetry
HALF = Fraction(1, 2)
SINES = {0: (Fraction(0), 1), 30: (HALF, 1), 45: (HALF, 2), 60: (HALF, 3), 90: (Fraction(1), 1)}
TANGENTS = {0: (Fraction(0), 1), 30: (Fraction(1, 3), 3), 45: (Fraction(1), 1), 60: (Fraction(1), 3)}
ANGLES = [angle for angle in range(0, 361, 15) if angle % 30 == 0 or angle % 45 == 0]


def sine(degrees: int, times: int = 1) -> str:
    """The exact sine of a multiple of 30 or 45 degrees, times a whole number."""
    degrees %= 360
    sign = 1 if degrees <= 180 else -1
    degrees %= 180
    coefficient, radicand = SINES[min(degrees, 180 - degrees)]
    return surd(sign * times * coefficient, radicand)


def tangent(degrees: int) -> str:
    """The exact tangent of a multiple of 30 or 45 degrees other than 90."""
    degrees %= 180
    sign, degrees = (1, degrees) if degrees < 90 else (-1, 180 - degrees)
    coefficient, radicand = TANGENTS[degrees]
    return surd(sign * coefficient, radicand)


def trig_value(rng: random.Random) -> Solved:
    """A trigonometric function of a special angle, in degrees or radians."""
    name = rng.choice(["sin", "cos", "tan", "sin", "cos"])
    degrees = rng.choice([angle for angle in ANGLES if name != "tan" or angle % 180 != 90])
    if rng.random() < 0.2:
        degrees += rng.choice([-360, 360])
    value = {"sin": sine, "cos": lambda angle: sine(angle + 90), "tan": tangent}[name](degrees)
    if rng.random() < 0.5:
        latex = f"\\{name} {degrees}^\\circ" if degrees >= 0 else f"\\{name} ({degrees}^\\circ)"
    else:
        latex = (
            f"\\{name} {multiple_of_pi(Fraction(degrees, 180))}"
            if degrees >= 0
            else f"\\{name} \\left({multiple_of_pi(Fraction(degrees, 180))}\\right)"
        )
    code = f"{name}({degrees}*pi/180)"
    if "circ" not in latex:
        angle = Fraction(degrees, 180)
        top = (
            "0" if not angle else f"{angle.numerator}*pi" if abs(angle.numerator) != 1 else "pi" if angle > 0 else "-pi"
        )
        code = f"{name}({top})" if angle.denominator == 1 else f"{name}({top}/{angle.denominator})"
    imports = f"{name}, pi" if "pi" in code else name
    return Solved(
        ask(rng, f"${latex}$"),
        f"Evaluate the { ({'sin': 'sine', 'cos': 'cosine', 'tan': 'tangent'}[name]) } exactly.",
        f"from sympy import {imports}\nprint({code})",
        value,
    )


def radians(rng: random.Random) -> Solved:
    """Degrees to radians and back."""
    if rng.random() < 0.5:
        degrees = rng.choice([5 * rng.randint(1, 80), 15 * rng.randint(1, 30), 18 * rng.randint(1, 20)])
        question = one_of(rng, ("Convert {d} degrees to radians.", "Express ${d}^\\circ$ in radians.", "What is ${d}^\\circ$ in radians?", "How many radians are {d} degrees? Express your answer in terms of $\\pi$.", "Write {d} degrees as radians."), d=degrees)  # fmt: skip
        return Solved(
            question,
            "Multiply by pi/180.",
            f"from sympy import Rational, pi\nprint(Rational({degrees}, 180) * pi)",
            multiple_of_pi(Fraction(degrees, 180)),
        )
    bottom = rng.choice([2, 3, 4, 5, 6, 9, 10, 12, 15, 18, 20])
    value = Fraction(rng.randint(1, 3 * bottom), bottom)
    question = one_of(rng, ("Convert ${r}$ radians to degrees.", "Express ${r}$ radians in degrees.", "How many degrees are in ${r}$ radians?", "What is the degree measure of an angle of ${r}$ radians?"), r=multiple_of_pi(value))  # fmt: skip
    return Solved(
        question,
        "Multiply by 180/pi.",
        f"from sympy import Rational\nprint(Rational({value.numerator}, {value.denominator}) * 180)",
        fraction(value * 180),
    )


TRIPLES = (
    (3, 4, 5),
    (5, 12, 13),
    (8, 15, 17),
    (7, 24, 25),
    (20, 21, 29),
    (4, 3, 5),
    (12, 5, 13),
    (15, 8, 17),
    (24, 7, 25),
)


def trig_from_side(rng: random.Random) -> Solved:
    """One trigonometric ratio from another, or from the sides of a right triangle."""
    a, b, c = rng.choice(TRIPLES)
    ratios = {"sin": (a, c), "cos": (b, c), "tan": (a, b)}
    given_, wanted = rng.sample(list(ratios), 2)
    first, second = Fraction(*ratios[given_]), Fraction(*ratios[wanted])
    v = rng.choice(["\\theta", "\\theta", "x", "A", "\\alpha"])
    if rng.random() < 0.6:
        question = one_of(rng, ("If $\\{g} {v} = {f}$ and ${v}$ is acute, what is $\\{w} {v}$?", "Suppose ${v}$ is an acute angle with $\\{g} {v} = {f}$. Find $\\{w} {v}$.", "Given $\\{g} {v} = {f}$ for an acute angle ${v}$, find $\\{w} {v}$.", "The angle ${v}$ is between $0^\\circ$ and $90^\\circ$ and $\\{g} {v} = {f}$. What is $\\{w} {v}$?"), g=given_, w=wanted, v=v, f=fraction(first))  # fmt: skip
        sides = {
            ("sin", "cos"): f"sqrt(1 - Rational({first.numerator}, {first.denominator})**2)",
            ("cos", "sin"): f"sqrt(1 - Rational({first.numerator}, {first.denominator})**2)",
            ("sin", "tan"): f"tan(asin(Rational({first.numerator}, {first.denominator})))",
            ("cos", "tan"): f"tan(acos(Rational({first.numerator}, {first.denominator})))",
            ("tan", "sin"): f"sin(atan(Rational({first.numerator}, {first.denominator})))",
            ("tan", "cos"): f"cos(atan(Rational({first.numerator}, {first.denominator})))",
        }[given_, wanted]
        imports = imported(sides, "Rational", "acos", "asin", "atan", "cos", "sin", "sqrt", "tan")
        return Solved(question, "Use the identities of an acute angle.", f"{imports}print({sides})", fraction(second))
    question = one_of(rng, ("In right triangle $ABC$ with right angle at $C$, $AC = {b}$ and $BC = {a}$. What is $\\{w} A$?", "A right triangle has legs $BC = {a}$ and $AC = {b}$ and hypotenuse $AB = {c}$. Find $\\{w} A$.", "In triangle $ABC$, $\\angle C = 90^\\circ$, $BC = {a}$ and $AB = {c}$. What is $\\{w} A$?"), a=a, b=b, c=c, w=wanted)  # fmt: skip
    lines = [f"a = {a}"]
    has_b, has_c = "AC =" in question, "AB =" in question
    lines += [f"b = {b}"] if has_b else []
    lines += [f"c = {c}"] if has_c else []
    if not has_c and wanted != "tan":
        lines.append("c = sqrt(a**2 + b**2)")
    if not has_b and wanted != "sin":
        lines.append("b = sqrt(c**2 - a**2)")
    shown = {"sin": "a / c", "cos": "b / c", "tan": "a / b"}[wanted]
    top, bottom = shown.split(" / ")
    program = "\n".join(lines)
    imports = "Integer" + (", sqrt" if "sqrt" in program else "")
    return Solved(
        question,
        "Take the ratio of the sides.",
        f"from sympy import {imports}\n{program}\nprint(Integer({top}) / {bottom})",
        fraction(second),
    )


def components(vector: tuple[int, ...]) -> str:
    """A column vector in LaTeX."""
    return "\\begin{pmatrix} " + " \\\\ ".join(map(str, vector)) + " \\end{pmatrix}"


def dot_product(rng: random.Random) -> Solved:
    """Dot products, lengths and orthogonality of vectors."""
    size = rng.choice([2, 2, 3])
    u, v = (tuple(rng.randint(-8, 9) for _ in range(size)) for _ in range(2))
    brackets = rng.choice(["column", "round", "angle"])

    def write(vector: tuple[int, ...]) -> str:
        text = ", ".join(map(str, vector))
        return {"column": components(vector), "round": f"({text})", "angle": f"\\langle {text} \\rangle"}[brackets]

    if rng.random() < 0.6:
        value = sum(a * b for a, b in zip(u, v, strict=True))
        question = one_of(rng, ("Compute the dot product of ${u}$ and ${v}$.", "Find the dot product ${u} \\cdot {v}$.", "What is the dot product of the vectors ${u}$ and ${v}$?", "If $\\mathbf{{a}} = {u}$ and $\\mathbf{{b}} = {v}$, what is $\\mathbf{{a}} \\cdot \\mathbf{{b}}$?", "Evaluate ${u} \\cdot {v}$."), u=write(u), v=write(v))  # fmt: skip
        return Solved(
            question,
            "Multiply the components and add.",
            f"from sympy import Matrix\nprint(Matrix({list(u)}).dot(Matrix({list(v)})))",
            str(value),
        )
    question = one_of(rng, ("What is the length of the vector ${u}$?", "Find the magnitude of ${u}$.", "Compute the norm of the vector ${u}$.", "If $\\mathbf{{v}} = {u}$, what is $\\|\\mathbf{{v}}\\|$?"), u=write(u))  # fmt: skip
    return Solved(
        question,
        "Take the root of the sum of squares.",
        f"from sympy import Matrix\nprint(Matrix({list(u)}).norm())",
        surd(1, sum(a * a for a in u)),
    )


def cross_product(rng: random.Random) -> Solved:
    """The cross product of two vectors."""
    (a, b, c), (d, e, f) = (tuple(rng.randint(-7, 8) for _ in range(3)) for _ in range(2))
    answer = (b * f - c * e, c * d - a * f, a * e - b * d)
    column = rng.random() < 0.6
    u, v = (components((a, b, c)), components((d, e, f))) if column else (f"({a}, {b}, {c})", f"({d}, {e}, {f})")
    question = one_of(rng, ("Compute the cross product of ${u}$ and ${v}$.", "Find ${u} \\times {v}$.", "What is the cross product ${u} \\times {v}$?", "Find the cross product of the vectors ${u}$ and ${v}$."), u=u, v=v)  # fmt: skip
    product = f"Matrix({[a, b, c]}).cross(Matrix({[d, e, f]}))"
    program = f"from sympy import Matrix\nprint({f'{product}.tolist()' if column else f'tuple({product})'})"
    return Solved(question, "Compute the cross product.", program, components(answer) if column else point(*answer))


def determinant(rng: random.Random) -> Solved:
    """The determinant of a matrix of two or three rows."""
    size = rng.choice([2, 2, 2, 3])
    rows = [[rng.randint(-7, 9) for _ in range(size)] for _ in range(size)]
    (a, b), (c, d) = rows[0][:2], rows[1][:2]
    value = a * d - b * c
    if size == 3:
        e, f, (g, h, i) = rows[0][2], rows[1][2], rows[2]
        value = a * (d * i - f * h) - b * (c * i - f * g) + e * (c * h - d * g)
    body = " \\\\ ".join(" & ".join(map(str, row)) for row in rows)
    question = one_of(rng, ("Compute the determinant of $\\begin{{pmatrix}} {m} \\end{{pmatrix}}$.", "Find the determinant of the matrix $\\begin{{pmatrix}} {m} \\end{{pmatrix}}$.", "What is the determinant of $\\begin{{pmatrix}} {m} \\end{{pmatrix}}$?", "Compute $\\begin{{vmatrix}} {m} \\end{{vmatrix}}$.", "Evaluate $\\begin{{vmatrix}} {m} \\end{{vmatrix}}$.", "Find the determinant of $\\begin{{bmatrix}} {m} \\end{{bmatrix}}$."), m=body)  # fmt: skip
    return Solved(
        question, "Compute the determinant.", f"from sympy import Matrix\nprint(Matrix({rows}).det())", str(value)
    )


def matrix(rows: list[list[int]] | list[list[Fraction]]) -> str:
    """A matrix in LaTeX."""
    return "\\begin{pmatrix} " + " \\\\ ".join(" & ".join(map(fraction, row)) for row in rows) + " \\end{pmatrix}"


def matrix_operation(rng: random.Random) -> Solved:
    """Products, sums, multiples and inverses of matrices of two rows."""
    m, n = ([[rng.randint(-5, 7) for _ in range(2)] for _ in range(2)] for _ in range(2))
    (a, b), (c, d) = m
    kind = rng.choice(["product", "product", "sum", "multiple", "inverse", "vector"])
    k = rng.choice([2, 3, 4, 5, -1, -2, -3])
    v = [[row[0]] for row in n]
    if kind == "inverse":
        while a * d - b * c == 0:
            a, b, c, d = (rng.randint(-5, 7) for _ in range(4))
        m = [[a, b], [c, d]]
        det = a * d - b * c
        question = one_of(rng, ("Find the inverse of the matrix ${m}$.", "Compute ${m}^{{-1}}$.", "What is the inverse of ${m}$?", "If $A = {m}$, find $A^{{-1}}$."), m=matrix(m))  # fmt: skip
        inverse = [[Fraction(d, det), Fraction(-b, det)], [Fraction(-c, det), Fraction(a, det)]]
        return Solved(
            question,
            "Invert the matrix.",
            f"from sympy import Matrix\nprint(Matrix({m}).inv().tolist())",
            matrix(inverse),
        )
    latex, code, result = {
        "product": (f"{matrix(m)} {matrix(n)}", f"(Matrix({m}) * Matrix({n}))", [[sum(row[k] * n[k][j] for k in range(2)) for j in range(2)] for row in m]),
        "sum": (f"{matrix(m)} + {matrix(n)}", f"(Matrix({m}) + Matrix({n}))", [[x + y for x, y in zip(r, s, strict=True)] for r, s in zip(m, n, strict=True)]),
        "multiple": (f"{k} {matrix(m)}", f"({k} * Matrix({m}))", [[k * x for x in row] for row in m]),
        "vector": (f"{matrix(m)} {matrix(v)}", f"(Matrix({m}) * Matrix({v}))", [[sum(row[k] * v[k][0] for k in range(2))] for row in m]),
    }[kind]  # fmt: skip
    question = one_of(
        rng, ("Compute ${e}$.", "Find ${e}$.", "Evaluate ${e}$.", "What is ${e}$?", "Calculate ${e}$."), e=latex
    )
    return Solved(
        question, "Compute with matrices.", f"from sympy import Matrix\nprint({code}.tolist())", matrix(result)
    )


def vector_sum(rng: random.Random) -> Solved:
    """A linear combination of vectors."""
    size = rng.choice([2, 2, 3])
    u, v = (tuple(rng.randint(-8, 9) for _ in range(size)) for _ in range(2))
    p, q = rng.randint(1, 6), nonzero(rng, -6, 6)
    result = tuple(p * a + q * b for a, b in zip(u, v, strict=True))
    if rng.random() < 0.5:
        terms = linear([(p, components(u)), (q, components(v))])
        question = one_of(rng, ("Compute ${t}$.", "Find ${t}$.", "Simplify ${t}$.", "Evaluate ${t}$."), t=terms)
    else:
        question = one_of(rng, ("If $\\mathbf{{u}} = {u}$ and $\\mathbf{{v}} = {v}$, what is ${t}$?", "Let $\\mathbf{{u}} = {u}$ and $\\mathbf{{v}} = {v}$. Find ${t}$."), u=components(u), v=components(v), t=linear([(p, "\\mathbf{u}"), (q, "\\mathbf{v}")]))  # fmt: skip
    program = f"from sympy import Matrix\nu = Matrix({list(u)})\nv = Matrix({list(v)})\nprint(({linear([(p, 'u'), (q, 'v')], '*')}).tolist())"
    return Solved(question, "Combine the vectors.", program, components(result))


def polar(rng: random.Random) -> Solved:
    """Between polar and rectangular coordinates."""
    r, degrees = rng.randint(1, 12), rng.choice([angle for angle in ANGLES if angle < 360])
    angle = multiple_of_pi(Fraction(degrees, 180))
    x, y = sine(degrees + 90, r), sine(degrees, r)
    code = f"{degrees}*pi/180"
    if rng.random() < 0.5:
        question = one_of(rng, ("Convert the point $(r, \\theta) = \\left({r}, {t}\\right)$ from polar to rectangular coordinates.", "A point has polar coordinates $\\left({r}, {t}\\right)$. Find its rectangular coordinates.", "What are the rectangular coordinates of the point with polar coordinates $\\left({r}, {t}\\right)$?"), r=r, t=angle)  # fmt: skip
        fraction_code = Fraction(degrees, 180)
        code = f"Rational({fraction_code.numerator}, {fraction_code.denominator})*pi" if degrees else "0"
        imports = "Rational, cos, pi, sin" if degrees else "cos, sin"
        return Solved(
            question,
            "Use x = r cos(t) and y = r sin(t).",
            f"from sympy import {imports}\nt = {code}\nprint(({r} * cos(t), {r} * sin(t)))",
            f"({x}, {y})",
        )
    a, b = rng.choice([(3, 4), (5, 12), (8, 15), (6, 8), (1, 1), (1, 2), (2, 3), (7, 24), (9, 12)])
    a, b = a * rng.choice([1, -1]), b * rng.choice([1, -1])
    question = one_of(rng, ("The point $({a}, {b})$ has polar coordinates $(r, \\theta)$ with $r > 0$. What is $r$?", "Find $r$ if $({a}, {b})$ is written in polar coordinates $(r, \\theta)$ with $r > 0$."), a=a, b=b)  # fmt: skip
    return Solved(
        question,
        "The radius is the distance from the origin.",
        f"from sympy import sqrt\nprint(sqrt({bracketed(a)}**2 + {bracketed(b)}**2))",
        surd(1, a * a + b * b),
    )


def periods(rng: random.Random) -> Solved:
    """Amplitude, period, phase shift and extremes of sine waves."""
    a, b, d = nonzero(rng, -8, 9), rng.randint(2, 9), rng.randint(-7, 9)
    name = rng.choice(["sin", "cos"])
    shift = f" {'+' if d > 0 else '-'} {abs(d)}" if d and rng.random() < 0.6 else ""
    offset = d if shift else 0
    coefficient = "" if a == 1 else "-" if a == -1 else str(a)
    e = f"{coefficient}\\{name} {b}x{shift}"
    wording, code, answer = rng.choice(
        [
            (("What is the amplitude of $y = {e}$?", "Find the amplitude of the graph of $y = {e}$."), f"print(abs({a}))", str(abs(a))),
            (("What is the period of $y = {e}$?", "Find the period of the graph of $y = {e}$.", "What is the smallest positive period of $y = {e}$?"), f"from sympy import pi\nprint(2 * pi / {b})", multiple_of_pi(Fraction(2, b))),
            (("What is the maximum value of $y = {e}$?", "Find the largest value of ${e}$ over all real $x$."), f"print(abs({a}) + {offset})".replace("+ -", "- "), str(abs(a) + offset)),
            (("What is the minimum value of $y = {e}$?", "Find the smallest value of ${e}$ over all real $x$."), f"print(-abs({a}) + {offset})".replace("+ -", "- "), str(offset - abs(a))),
        ]
    )  # fmt: skip
    return Solved(one_of(rng, wording, e=e), "Read it off the equation of the wave.", code, answer)


GENERATORS = generators(
    trig_value, radians, trig_from_side, dot_product, cross_product, determinant, matrix_operation, vector_sum, polar,
    periods,
)  # fmt: skip
