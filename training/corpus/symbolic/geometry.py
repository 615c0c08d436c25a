"""Lengths, areas and volumes by formula."""

import random
from fractions import Fraction
from math import isqrt

from tora_agent.training.corpus.symbolic.notation import fraction, multiple_of_pi, surd
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import math, one_of

TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (9, 40, 41))
UNITS = ("inches", "centimeters", "feet", "meters", "units", "cm", "yards")


def sizes(rng: random.Random, value: int, unit: str) -> str:
    """A length with its unit: "5 inches" or "$5$ inches"."""
    return f"{math(rng, str(value))} {unit}" if unit != "units" or rng.random() < 0.7 else str(value)


def rectangle(rng: random.Random) -> Solved:
    """Area, perimeter or a side of a rectangle."""
    a, b = rng.sample(range(2, 40), 2)
    u = rng.choice(UNITS)
    A, B = sizes(rng, a, u), sizes(rng, b, u)
    kind = rng.choice(["area", "perimeter", "side from area", "area from perimeter", "perimeter from area"])
    if kind in ("area", "perimeter"):
        question = one_of(rng, ("A rectangle has length {a} and width {b}. What is its {k}?", "What is the {k} of a rectangle with sides of {a} and {b}?", "Find the {k} of a rectangle that is {a} long and {b} wide.", "The sides of a rectangle are {a} and {b}. Find its {k}.", "A rectangle measures {a} by {b}. What is the {k} of the rectangle?"), a=A, b=B, k=kind)  # fmt: skip
        code, value = (f"{a} * {b}", a * b) if kind == "area" else (f"2 * ({a} + {b})", 2 * (a + b))
    elif kind == "side from area":
        question = one_of(rng, ("The area of a rectangle is {s}. One side is {a}. How long is the other side?", "A rectangle has an area of {s} and a length of {a}. What is its width?", "A rectangle of length {a} has area {s}. Find its width."), a=A, s=a * b)  # fmt: skip
        code, value = f"{a * b} // {a}", b
    elif kind == "perimeter from area":
        question = one_of(rng, ("The area of a rectangle is {s}. One side is {a}. What is its perimeter?", "A rectangle has an area of {s} and a length of {a}. What is its perimeter?"), a=A, s=a * b)  # fmt: skip
        code, value = f"2 * ({a} + {a * b} // {a})", 2 * (a + b)
    else:
        question = one_of(rng, ("The perimeter of a rectangle is {p}. One side is {a}. What is its area?", "A rectangle has a perimeter of {p} and a length of {a}. Find the area of the rectangle."), a=A, p=2 * (a + b))  # fmt: skip
        code, value = f"{a} * ({2 * (a + b)} // 2 - {a})", a * b
    return Solved(
        question, "Use area = length * width and perimeter = 2 * (length + width).", f"print({code})", str(value)
    )


def square(rng: random.Random) -> Solved:
    """Area, perimeter, side and diagonal of a square."""
    s = rng.randint(2, 40)
    u = rng.choice(UNITS)
    wording, code, answer = rng.choice(
        [
            (("What is the area of a square with a side of {s}?", "A square has side length {s}. Find its area.", "Each side of a square is {s}. What is the area of the square?", "Find the area of a square with side length {s}."), f"{s}**2", str(s * s)),
            (("What is the perimeter of a square with a side of {s}?", "A square has side length {s}. Find its perimeter."), f"4 * {s}", str(4 * s)),
            (("The perimeter of a square is {p}. What is its area?", "A square has perimeter {p}. Find its area.", "What is the area of a square whose perimeter is {p}?"), f"({4 * s} // 4)**2", str(s * s)),
            (("The area of a square is {a}. What is its perimeter?", "A square has area {a}. Find its perimeter.", "What is the perimeter of a square whose area is {a}?"), f"4 * sqrt({s * s})", str(4 * s)),
            (("The area of a square is {a}. What is its side length?", "A square has area {a}. How long is each side?"), f"sqrt({s * s})", str(s)),
            (("What is the length of the diagonal of a square with side length {s}?", "A square has side length {s}. How long is its diagonal?", "Find the length of a diagonal of a square with side {s}."), f"sqrt({s}**2 + {s}**2)", surd(s, 2)),
            (("The diagonal of a square is {s}. What is its area?", "A square has a diagonal of length {s}. Find its area."), f"Rational({s}**2, 2)", fraction(Fraction(s * s, 2))),
        ]
    )  # fmt: skip
    question = one_of(rng, wording, s=sizes(rng, s, u), p=sizes(rng, 4 * s, u), a=s * s)
    imports = "".join(f"from sympy import {name}\n" for name in ("sqrt", "Rational") if name in code)
    return Solved(question, "Use the formulas of the square.", f"{imports}print({code})", answer)


def triangle_area(rng: random.Random) -> Solved:
    """The area of a triangle from base and height, two legs, or three sides."""
    a, b = rng.randint(2, 30), rng.randint(2, 30)
    u = rng.choice(UNITS)
    kind = rng.choice(["base", "base", "legs", "heron", "equilateral", "height"])
    if kind == "base":
        question = one_of(rng, ("What is the area of a triangle with base {a} and height {b}?", "A triangle has a base of {a} and a height of {b}. Find its area.", "Find the area of a triangle whose base is {a} and whose height is {b}."), a=sizes(rng, a, u), b=sizes(rng, b, u))  # fmt: skip
        return Solved(
            question,
            "The area is half of base times height.",
            f"from sympy import Rational\nprint(Rational({a} * {b}, 2))",
            fraction(Fraction(a * b, 2)),
        )
    if kind == "legs":
        question = one_of(rng, ("What is the area of a right triangle with legs of {a} and {b}?", "The legs of a right triangle are {a} and {b}. Find its area.", "A right triangle has legs of length {a} and {b}. What is the area of the triangle?"), a=sizes(rng, a, u), b=sizes(rng, b, u))  # fmt: skip
        return Solved(
            question,
            "The area is half of the product of the legs.",
            f"from sympy import Rational\nprint(Rational({a} * {b}, 2))",
            fraction(Fraction(a * b, 2)),
        )
    if kind == "height":
        b = 2 * rng.randint(1, 20)
        question = one_of(rng, ("A triangle has area {s} and base {a}. What is its height?", "The area of a triangle is {s} and its base is {a}. Find the height to that base."), a=sizes(rng, a, u), s=a * b // 2)  # fmt: skip
        return Solved(
            question, "The height is twice the area divided by the base.", f"print(2 * {a * b // 2} // {a})", str(b)
        )
    if kind == "equilateral":
        question = one_of(rng, ("What is the area of an equilateral triangle with side length {a}?", "An equilateral triangle has sides of length {a}. Find its area.", "Each side of an equilateral triangle is {a}. What is the area of the triangle?"), a=sizes(rng, a, u))  # fmt: skip
        return Solved(
            question,
            "The area is sqrt(3)/4 times the side squared.",
            f"from sympy import sqrt\nprint({a}**2 * sqrt(3) / 4)",
            surd(Fraction(a * a, 4), 3),
        )
    x, y, z = sorted(rng.randint(3, 25) for _ in range(3))
    z = min(z, x + y - 1)
    product = (x + y + z) * (x + y - z) * (x - y + z) * (y + z - x)
    question = one_of(rng, ("What is the area of a triangle with sides {x}, {y} and {z}?", "Find the area of a triangle whose sides are {x}, {y} and {z}.", "The sides of a triangle measure {x}, {y}, and {z}. What is its area?"), x=x, y=y, z=z)  # fmt: skip
    program = f"from sympy import Rational, sqrt\na, b, c = {x}, {y}, {z}\ns = Rational(a + b + c, 2)\nprint(sqrt(s * (s - a) * (s - b) * (s - c)))"
    return Solved(question, "Use Heron's formula.", program, surd(Fraction(1, 4), product))


def right_triangle(rng: random.Random) -> Solved:
    """The third side of a right triangle, also as a ladder, a path or a diagonal."""
    if rng.random() < 0.6:
        k = rng.randint(1, 6)
        a, b, c = (k * side for side in rng.choice(TRIPLES))
        if rng.random() < 0.5:
            a, b = b, a
        square_c = c * c
    else:
        a, b = rng.randint(1, 15), rng.randint(1, 15)
        square_c = a * a + b * b
        c = isqrt(square_c)
    u = rng.choice(UNITS)
    A, B = sizes(rng, a, u), sizes(rng, b, u)
    if c * c == square_c and rng.random() < 0.4:
        C = sizes(rng, c, u)
        question = one_of(rng, ("A right triangle has a hypotenuse of {c} and one leg of {a}. How long is the other leg?", "The hypotenuse of a right triangle is {c} and one leg is {a}. Find the other leg.", "A ladder {c} long leans against a wall, with its foot {a} from the wall. How high up does it reach?", "One leg of a right triangle measures {a} and the hypotenuse measures {c}. What is the length of the other leg?"), c=C, a=A)  # fmt: skip
        return Solved(
            question, "Use the Pythagorean theorem.", f"from sympy import sqrt\nprint(sqrt({c}**2 - {a}**2))", str(b)
        )
    question = one_of(
        rng,
        (
            "A right triangle has legs of {a} and {b}. How long is the hypotenuse?",
            "What is the length of the hypotenuse of a right triangle with legs {a} and {b}?",
            "The legs of a right triangle measure {a} and {b}. Find its hypotenuse.",
            "What is the length of a diagonal of a rectangle with sides {a} and {b}?",
            "Someone walks {a} north and then {b} east. How far is the start, in a straight line?",
            "A rectangle is {a} long and {b} wide. How long is its diagonal?",
            "In triangle $ABC$, $\\angle B = 90^\\circ$, $AB = {an}$ and $BC = {bn}$. What is $AC$?",
            "In right triangle $XYZ$ with right angle at $Y$, $XY = {an}$ and $YZ = {bn}$. Find $XZ$.",
        ),
        a=A,
        b=B,
        an=a,
        bn=b,
    )
    return Solved(
        question,
        "Use the Pythagorean theorem.",
        f"from sympy import sqrt\nprint(sqrt({a}**2 + {b}**2))",
        surd(1, square_c),
    )


def circle(rng: random.Random) -> Solved:
    """Area and circumference of a circle, and back."""
    r = rng.randint(1, 30)
    u = rng.choice(UNITS)
    wording, code, value = rng.choice(
        [
            (("What is the area of a circle with radius {r}?", "A circle has a radius of {r}. Find its area.", "Find the area of a circle of radius {r}. Express your answer in terms of $\\pi$."), f"pi * {r}**2", Fraction(r * r)),
            (("What is the circumference of a circle with radius {r}?", "A circle has a radius of {r}. Find its circumference.", "Find the circumference of a circle of radius {r}, in terms of $\\pi$."), f"2 * pi * {r}", Fraction(2 * r)),
            (("What is the area of a circle with diameter {d}?", "A circle has a diameter of {d}. What is its area?", "Find the area of a circle whose diameter is {d}."), f"pi * {r}**2", Fraction(r * r)),
            (("What is the circumference of a circle with diameter {d}?", "A circle has a diameter of {d}. Find its circumference."), f"pi * {2 * r}", Fraction(2 * r)),
            (("The circumference of a circle is ${c}$. What is its area?", "A circle has circumference ${c}$. Find its area."), f"pi * ({2 * r} // 2)**2", Fraction(r * r)),
            (("The area of a circle is ${s}$. What is its circumference?", "A circle has area ${s}$. Find its circumference."), f"2 * pi * sqrt({r * r})", Fraction(2 * r)),
        ]
    )  # fmt: skip
    if "diameter" in wording[0] and "area" in wording[0]:
        code = f"pi * ({2 * r} // 2)**2"
    question = one_of(
        rng, wording, r=sizes(rng, r, u), d=sizes(rng, 2 * r, u), c=multiple_of_pi(2 * r), s=multiple_of_pi(r * r)
    )
    imports = "pi, sqrt" if "sqrt" in code else "pi"
    return Solved(
        question,
        "Use area = pi r^2 and circumference = 2 pi r.",
        f"from sympy import {imports}\nprint({code})",
        multiple_of_pi(value),
    )


def radius(rng: random.Random) -> Solved:
    """The radius or diameter from area or circumference."""
    r = rng.randint(1, 40)
    wording, code, value = rng.choice(
        [
            (
                (
                    "The area of a circle is ${s}$. What is its radius?",
                    "What is the radius of a circle with area ${s}$?",
                    "A circle has area ${s}$ square units. How many units long is its radius?",
                ),
                f"sqrt({r * r})",
                r,
            ),
            (
                (
                    "The area of a circle is ${s}$. What is its diameter?",
                    "Find the diameter of a circle with area ${s}$.",
                ),
                f"2 * sqrt({r * r})",
                2 * r,
            ),
            (
                (
                    "The circumference of a circle is ${c}$. What is its radius?",
                    "What is the radius of a circle with circumference ${c}$?",
                ),
                f"{2 * r} // 2",
                r,
            ),
        ]
    )
    imports = "from sympy import sqrt\n" if "sqrt" in code else ""
    return Solved(
        one_of(rng, wording, s=multiple_of_pi(r * r), c=multiple_of_pi(2 * r)),
        "Undo the formula of the circle.",
        f"{imports}print({code})",
        str(value),
    )


def sector(rng: random.Random) -> Solved:
    """The area or arc length of a sector."""
    r, angle = rng.randint(1, 24), rng.choice([30, 36, 40, 45, 60, 72, 90, 120, 135, 150, 180, 240, 270])
    share = Fraction(angle, 360)
    if rng.random() < 0.5:
        question = one_of(rng, ("What is the area of a sector with radius {r} and central angle ${a}^\\circ$?", "A sector of a circle has radius {r} and a central angle of {a} degrees. Find its area.", "A ${a}^\\circ$ sector is cut from a circle with radius {r}. What is the area of the sector?"), r=r, a=angle)  # fmt: skip
        return Solved(
            question,
            "Take the angle's share of the circle's area.",
            f"from sympy import Rational, pi\nprint(Rational({angle}, 360) * pi * {r}**2)",
            multiple_of_pi(share * r * r),
        )
    question = one_of(rng, ("What is the length of an arc of ${a}^\\circ$ in a circle of radius {r}?", "A circle has radius {r}. How long is the arc of a central angle of {a} degrees?", "Find the arc length of a ${a}^\\circ$ sector of a circle with radius {r}."), r=r, a=angle)  # fmt: skip
    return Solved(
        question,
        "Take the angle's share of the circumference.",
        f"from sympy import Rational, pi\nprint(Rational({angle}, 360) * 2 * pi * {r})",
        multiple_of_pi(share * 2 * r),
    )


def box(rng: random.Random) -> Solved:
    """Volume and surface of boxes and cubes, and back."""
    a, b, c = (rng.randint(2, 15) for _ in range(3))
    u = rng.choice(UNITS)
    wording, code, value = rng.choice(
        [
            (("What is the volume of a box that is {a} by {b} by {c}?", "A rectangular box measures {a} by {b} by {c}. Find its volume.", "A rectangular prism has a length of {a}, a width of {b} and a height of {c}. What is its volume?"), "{an} * {bn} * {cn}", a * b * c),
            (("What is the surface area of a box that is {a} by {b} by {c}?", "A rectangular prism measures {a} by {b} by {c}. Find its surface area.", "Find the total surface area of a rectangular box with dimensions {a}, {b} and {c}."), "2 * ({an} * {bn} + {bn} * {cn} + {an} * {cn})", 2 * (a * b + b * c + a * c)),
            (("What is the volume of a cube with an edge of {a}?", "A cube has side length {a}. Find its volume."), "{an}**3", a**3),
            (("What is the surface area of a cube with an edge of {a}?", "A cube has side length {a}. Find its surface area."), "6 * {an}**2", 6 * a * a),
            (("The volume of a cube is {v}. What is the length of an edge?", "A cube has a volume of {v}. Find its side length."), "round({v} ** (1 / 3))", a),
            (("The surface area of a cube is {s}. What is its volume?", "A cube has a surface area of {s}. Find its volume."), "isqrt({s} // 6)**3", a**3),
            (("The volume of a cube is {v}. What is its surface area?", "A cube has a volume of {v}. What is the surface area of the cube?"), "6 * round({v} ** (1 / 3))**2", 6 * a * a),
        ]
    )  # fmt: skip
    slots = {"v": a**3, "s": 6 * a * a, "an": a, "bn": b, "cn": c}
    question = one_of(rng, wording, a=sizes(rng, a, u), b=sizes(rng, b, u), c=sizes(rng, c, u), **slots)
    imports = "from math import isqrt\n" if "isqrt" in code else ""
    return Solved(question, "Use the formulas of the box.", f"{imports}print({code.format(**slots)})", str(value))


def round_solid(rng: random.Random) -> Solved:
    """Volumes and surfaces of cylinders, cones and spheres."""
    r, h = rng.randint(1, 15), rng.randint(1, 20)
    u = rng.choice(UNITS)
    wording, code, value = rng.choice(
        [
            (("What is the volume of a cylinder with radius {r} and height {h}?", "A cylinder has a radius of {r} and a height of {h}. Find its volume.", "Find the volume of a right circular cylinder of radius {r} and height {h}, in terms of $\\pi$."), f"pi * {r}**2 * {h}", Fraction(r * r * h)),
            (("What is the volume of a cone with radius {r} and height {h}?", "A cone has a base radius of {r} and a height of {h}. Find its volume.", "Find the volume of a cone whose radius is {r} and whose height is {h}."), f"pi * {r}**2 * {h} / 3", Fraction(r * r * h, 3)),
            (("What is the volume of a sphere with radius {r}?", "A sphere has a radius of {r}. Find its volume.", "Find the volume of a sphere of radius {r} in terms of $\\pi$."), f"4 * pi * {r}**3 / 3", Fraction(4 * r**3, 3)),
            (("What is the surface area of a sphere with radius {r}?", "A sphere has a radius of {r}. Find its surface area."), f"4 * pi * {r}**2", Fraction(4 * r * r)),
            (("What is the lateral surface area of a cylinder with radius {r} and height {h}?", "Find the lateral area of a cylinder of radius {r} and height {h}."), f"2 * pi * {r} * {h}", Fraction(2 * r * h)),
            (("What is the total surface area of a cylinder with radius {r} and height {h}?", "A closed cylinder has a radius of {r} and a height of {h}. Find its total surface area."), f"2 * pi * {r} * ({r} + {h})", Fraction(2 * r * (r + h))),
        ]
    )  # fmt: skip
    question = one_of(rng, wording, r=sizes(rng, r, u), h=sizes(rng, h, u))
    return Solved(
        question, "Use the formula of the solid.", f"from sympy import pi\nprint({code})", multiple_of_pi(value)
    )


def trapezoid(rng: random.Random) -> Solved:
    """Areas of trapezoids, parallelograms, rhombi; volumes of pyramids and prisms."""
    a, b, h = rng.randint(2, 24), rng.randint(2, 24), rng.randint(2, 18)
    wording, code, value = rng.choice(
        [
            (("A trapezoid has bases {a} and {b} and height {h}. What is its area?", "Find the area of a trapezoid with bases of length {a} and {b} and a height of {h}.", "The parallel sides of a trapezoid are {a} and {b}, and they are {h} apart. What is the area of the trapezoid?"), "Rational(({a} + {b}) * {h}, 2)", Fraction((a + b) * h, 2)),
            (("A parallelogram has base {a} and height {h}. What is its area?", "What is the area of a parallelogram with a base of {a} and a height of {h}?"), "{a} * {h}", Fraction(a * h)),
            (("The diagonals of a rhombus are {a} and {b}. What is its area?", "Find the area of a rhombus with diagonals of length {a} and {b}."), "Rational({a} * {b}, 2)", Fraction(a * b, 2)),
            (("A pyramid has a square base of side {a} and a height of {h}. What is its volume?", "Find the volume of a pyramid of height {h} whose base is a square with side length {a}."), "Rational({a}**2 * {h}, 3)", Fraction(a * a * h, 3)),
            (("A prism has a base of area {a} and a height of {h}. What is its volume?",), "{a} * {h}", Fraction(a * h)),
            (("A pyramid has a base of area {a} and a height of {h}. What is its volume?",), "Rational({a} * {h}, 3)", Fraction(a * h, 3)),
        ]
    )  # fmt: skip
    slots = {"a": a, "b": b, "h": h}
    imports = "from sympy import Rational\n" if "Rational" in code else ""
    return Solved(
        one_of(rng, wording, **slots),
        "Use the area formula." if "olume" not in wording[0] else "Use the volume formula.",
        f"{imports}print({code.format(**slots)})",
        fraction(value),
    )


GENERATORS = generators(
    rectangle, square, triangle_area, right_triangle, circle, radius, sector, box, round_solid, trapezoid
)
