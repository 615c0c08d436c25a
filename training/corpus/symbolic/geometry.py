"""Geometry: angles, lengths, areas and volumes by formula."""

import random
from fractions import Fraction
from math import isqrt

from tora_agent.training.corpus.symbolic.notation import fraction, multiple_of_pi, surd
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import math, one_of

TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (9, 40, 41))
UNITS = ("inches", "centimeters", "feet", "meters", "units", "cm", "yards")
TRIANGLES = ("ABC", "PQR", "XYZ", "DEF", "JKL", "RST")


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


def triangle_angles(rng: random.Random) -> Solved:
    """The third angle, angles in a ratio, exterior and isosceles angles."""
    a = rng.randint(15, 110)
    b = rng.randint(10, 165 - a)
    name = rng.choice(TRIANGLES)
    x, y, z = list(name)
    apex = 2 * rng.randint(5, 80)
    p, q, r = rng.choice(
        [
            (p, q, r)
            for p in range(1, 10)
            for q in range(1, 10)
            for r in range(1, 10)
            if p < q < r and 180 % (p + q + r) == 0
        ]
    )
    wording, code, value = rng.choice(
        [
            (("Two angles of a triangle measure ${a}^\\circ$ and ${b}^\\circ$. What is the measure of the third angle, in degrees?", "In triangle ${n}$, $\\angle {x} = {a}^\\circ$ and $\\angle {y} = {b}^\\circ$. What is $\\angle {z}$, in degrees?", "A triangle has angles of {a} degrees and {b} degrees. How many degrees is the third angle?", "In $\\triangle {n}$, the measure of angle ${x}$ is {a} degrees and that of angle ${y}$ is {b} degrees. Find the measure of angle ${z}$ in degrees.", "If two angles of a triangle are {a} and {b} degrees, find the other angle."), "180 - {a} - {b}", 180 - a - b),
            (("An isosceles triangle has an apex angle of {t} degrees. How many degrees is each base angle?", "The vertex angle of an isosceles triangle is ${t}^\\circ$. What is the measure of a base angle, in degrees?"), "(180 - {t}) // 2", (180 - apex) // 2),
            (("Each base angle of an isosceles triangle measures {h} degrees. What is the measure of the apex angle, in degrees?", "The base angles of an isosceles triangle are ${h}^\\circ$. Find the third angle in degrees."), "180 - 2 * {h}", 180 - 2 * (apex // 2)),
            (("The angles of a triangle are in the ratio ${p}:{q}:{r}$. What is the measure of the largest angle, in degrees?", "The measures of the angles of a triangle are in the ratio {p} to {q} to {r}. How many degrees is the largest angle?"), "180 // ({p} + {q} + {r}) * {r}", 180 // (p + q + r) * r),
            (("The angles of a triangle are in the ratio ${p}:{q}:{r}$. What is the measure of the smallest angle, in degrees?", "The measures of the angles of a triangle are in the ratio {p} to {q} to {r}. How many degrees is the smallest angle?"), "180 // ({p} + {q} + {r}) * {p}", 180 // (p + q + r) * p),
            (("Two interior angles of a triangle measure {a} and {b} degrees. What is the exterior angle at the third vertex, in degrees?",), "{a} + {b}", a + b),
        ]
    )  # fmt: skip
    slots = {"a": a, "b": b, "t": apex, "h": apex // 2, "p": p, "q": q, "r": r}
    question = one_of(rng, wording, n=name, x=x, y=y, z=z, **slots)
    return Solved(
        question, "The angles of a triangle add up to 180 degrees.", f"print({code.format(**slots)})", str(value)
    )


def angle_pairs(rng: random.Random) -> Solved:
    """Complementary and supplementary angles, angles around a point, clock hands."""
    a = rng.randint(3, 87)
    b = rng.randint(92, 178)
    k = rng.choice([1, 2, 4, 5, 8, 9, 14, 17])
    hour = rng.randint(1, 12)
    wording, code, value = rng.choice(
        [
            (("What is the complement of an angle of {a} degrees?", "Find the measure of the complement of a ${a}^\\circ$ angle, in degrees.", "Two angles are complementary. One measures {a} degrees. What is the measure of the other, in degrees?"), "90 - {a}", 90 - a),
            (("What is the supplement of an angle of {b} degrees?", "Two angles are supplementary, and one measures ${b}^\\circ$. How many degrees is the other?", "Find the measure of the supplement of a ${b}^\\circ$ angle, in degrees."), "180 - {b}", 180 - b),
            (("Two complementary angles are in the ratio ${k}:1$. How many degrees is the larger one?", "One angle is {k} times its complement. What is its measure, in degrees?"), "90 * {k} // ({k} + 1)", 90 * k // (k + 1)),
            (("Two supplementary angles are in the ratio ${k}:1$. How many degrees is the smaller one?",), "180 // ({k} + 1)", 180 // (k + 1)),
            (("How many degrees are in the smaller angle between the hands of a clock at {h} o'clock?", "What is the measure, in degrees, of the smaller angle formed by the hour and minute hands at {h}:00?"), "min(30 * {h}, 360 - 30 * {h})", min(30 * hour, 360 - 30 * hour)),
        ]
    )  # fmt: skip
    slots = {"a": a, "b": b, "k": k, "h": hour}
    return Solved(
        one_of(rng, wording, **slots),
        "Subtract from the whole angle." if "{k}" not in code else "Share the whole angle.",
        f"print({code.format(**slots)})",
        str(value),
    )


POLYGONS = {
    3: "triangle",
    4: "square",
    5: "pentagon",
    6: "hexagon",
    8: "octagon",
    9: "nonagon",
    10: "decagon",
    12: "dodecagon",
}


def polygon_angles(rng: random.Random) -> Solved:
    """Interior and exterior angles of polygons, and the number of sides."""
    n = rng.choice([*POLYGONS, *POLYGONS, 15, 18, 20, 24, 30, 36])
    name = POLYGONS.get(n, f"{n}-sided polygon")
    if n in (3, 4):
        name = f"{n}-gon"
    interior = Fraction(180 * (n - 2), n)
    wording, code, value = rng.choice(
        [
            (("What is the sum of the interior angles of a {p}, in degrees?", "Find the sum of the measures of the interior angles of a {p}, in degrees.", "How many degrees are in the sum of the interior angles of a {p}?"), "180 * ({n} - 2)", 180 * (n - 2)),
            (("What is the measure of each interior angle of a regular {p}, in degrees?", "How many degrees is each interior angle of a regular {p}?", "Find the degree measure of an interior angle of a regular {p}."), "180 * ({n} - 2) // {n}", int(interior)),
            (("What is the measure of each exterior angle of a regular {p}, in degrees?", "How many degrees is an exterior angle of a regular {p}?"), "360 // {n}", 360 // n),
            (("Each exterior angle of a regular polygon measures {e} degrees. How many sides does it have?", "An exterior angle of a regular polygon is ${e}^\\circ$. How many sides does the polygon have?"), "360 // {e}", n),
            (("Each interior angle of a regular polygon measures {i} degrees. How many sides does it have?", "The interior angles of a regular polygon each measure ${i}^\\circ$. How many sides does the polygon have?"), "360 // (180 - {i})", n),
        ]
    )  # fmt: skip
    slots = {"n": n, "e": 360 // n, "i": int(interior)}
    question = (
        one_of(rng, wording, p=name, **slots)
        .replace("a octagon", "an octagon")
        .replace("a 8-", "an 8-")
        .replace("a 18-", "an 18-")
    )
    return Solved(question, "Use the angle sum of polygons.", f"print({code.format(**slots)})", str(value))


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


def similar(rng: random.Random) -> Solved:
    """Similar figures: sides, shadows, areas, maps."""
    a, k, b = rng.randint(2, 12), rng.randint(2, 7), rng.randint(2, 15)
    extra = rng.choice([1, 2])
    big = a * k if extra == 1 else a * k + a // 2
    n, m = rng.sample(TRIANGLES, 2)
    value = Fraction(b * big, a)
    wording, code, result = rng.choice(
        [
            (("Triangles ${n}$ and ${m}$ are similar, with ${n0}{n1} = {a}$, ${m0}{m1} = {A}$ and ${n1}{n2} = {b}$. What is ${m1}{m2}$?", "$\\triangle {n} \\sim \\triangle {m}$, ${n0}{n1} = {a}$, ${m0}{m1} = {A}$ and ${n1}{n2} = {b}$. Find ${m1}{m2}$."), "Rational({b} * {A}, {a})", value),
            (("A pole {b} feet tall casts a shadow of {a} feet. At the same time a tower casts a shadow of {A} feet. How tall is the tower, in feet?", "A {b}-foot tree casts a {a}-foot shadow. How many feet tall is a building that casts a {A}-foot shadow at the same time?"), "Rational({b} * {A}, {a})", value),
            (("Two similar triangles have sides in the ratio ${a}:{A}$. What is the ratio of their areas, as a fraction?", "The sides of two similar polygons are in the ratio {a} to {A}. What is the ratio of the smaller area to the larger one?"), "Rational({a}, {A})**2", Fraction(a, big) ** 2),
            (("On a map, {a} inches stand for {A} miles. How many miles do {b} inches stand for?", "A map uses a scale where {a} cm represent {A} km. How many kilometers are {b} cm?"), "Rational({b} * {A}, {a})", value),
        ]
    )  # fmt: skip
    slots = {"a": a, "A": big, "b": b}
    question = one_of(rng, wording, n=n, m=m, n0=n[0], n1=n[1], n2=n[2], m0=m[0], m1=m[1], m2=m[2], **slots)
    return Solved(
        question,
        "Corresponding sides are in the same ratio.",
        f"from sympy import Rational\nprint({code.format(**slots)})",
        fraction(result),
    )


def special_right(rng: random.Random) -> Solved:
    """Sides of 30-60-90 and 45-45-90 triangles."""
    s = rng.randint(1, 24)
    wording, code, answer = rng.choice(
        [
            (("The short leg of a 30-60-90 triangle is {s}. How long is the hypotenuse?", "In a 30-60-90 triangle, the shorter leg has length {s}. Find the hypotenuse."), "2 * {s}", str(2 * s)),
            (("The short leg of a 30-60-90 triangle is {s}. How long is the long leg?", "In a 30-60-90 triangle, the shorter leg has length {s}. Find the longer leg."), "{s} * sqrt(3)", surd(s, 3)),
            (("The hypotenuse of a 30-60-90 triangle is {s}. How long is the longer leg?", "The hypotenuse of a 30-60-90 triangle is {s}. What is the length of the leg opposite the $60^\\circ$ angle?"), "{s} * sqrt(3) / 2", surd(Fraction(s, 2), 3)),
            (("The legs of a 45-45-90 triangle are {s}. How long is the hypotenuse?", "An isosceles right triangle has legs of length {s}. What is the length of its hypotenuse?"), "{s} * sqrt(2)", surd(s, 2)),
            (("The hypotenuse of a 45-45-90 triangle is {s}. How long is each leg?", "An isosceles right triangle has a hypotenuse of {s}. What is the length of a leg?"), "{s} * sqrt(2) / 2", surd(Fraction(s, 2), 2)),
            (("What is the height of an equilateral triangle with side length {s}?", "Find the altitude of an equilateral triangle whose sides are {s}."), "{s} * sqrt(3) / 2", surd(Fraction(s, 2), 3)),
        ]
    )  # fmt: skip
    imports = "from sympy import sqrt\n" if "sqrt" in code else ""
    return Solved(
        one_of(rng, wording, s=s),
        "Use the ratios of the special triangle.",
        f"{imports}print({code.format(s=s)})",
        answer,
    )


def perimeter(rng: random.Random) -> Solved:
    """Perimeters of polygons, and a side from a perimeter; the triangle inequality."""
    n = rng.choice([3, 5, 6, 8, 10, 12])
    s = rng.randint(2, 30)
    a, b = rng.randint(3, 20), rng.randint(3, 20)
    c = rng.randint(abs(a - b) + 1, a + b - 1)
    name = "equilateral triangle" if n == 3 else f"regular {POLYGONS[n]}"
    wording, code, value = rng.choice(
        [
            (("What is the perimeter of a {p} with side length {s}?", "Each side of a {p} is {s}. Find its perimeter."), "{n} * {s}", n * s),
            (("The perimeter of a {p} is {t}. How long is each side?", "A {p} has a perimeter of {t}. Find its side length."), "{t} // {n}", s),
            (("The sides of a triangle are {a}, {b} and {c}. What is its perimeter?", "Find the perimeter of a triangle with sides {a}, {b} and {c}."), "{a} + {b} + {c}", a + b + c),
            (("The perimeter of a triangle is {q}. Two of its sides are {a} and {b}. How long is the third side?",), "{q} - {a} - {b}", c),
            (("Two sides of a triangle are {a} and {b}. How many integers can be the length of the third side?", "A triangle has sides of length {a} and {b}. How many whole-number lengths are possible for the third side?"), "({a} + {b} - 1) - abs({a} - {b})", a + b - 1 - abs(a - b)),
            (("Two sides of a triangle are {a} and {b}. What is the largest possible integer length of the third side?",), "{a} + {b} - 1", a + b - 1),
        ]
    )  # fmt: skip
    slots = {"n": n, "s": s, "t": n * s, "a": a, "b": b, "c": c, "q": a + b + c}
    question = (
        one_of(rng, wording, p=name, **slots)
        .replace("a equilateral", "an equilateral")
        .replace("A equilateral", "An equilateral")
    )
    return Solved(
        question,
        "Add the sides." if "{n}" not in code else "All sides are equal.",
        f"print({code.format(**slots)})",
        str(value),
    )


GENERATORS = generators(
    rectangle, square, triangle_area, right_triangle, circle, radius, sector, triangle_angles, angle_pairs,
    polygon_angles, box, round_solid, trapezoid, similar, special_right, perimeter,
)  # fmt: skip
