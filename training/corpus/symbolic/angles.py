"""Angles of triangles and polygons, similar and special triangles, perimeters."""

import random
from fractions import Fraction

from tora_agent.training.corpus.symbolic.notation import fraction, surd
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import one_of

TRIANGLES = ("ABC", "PQR", "XYZ", "DEF", "JKL", "RST")


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


GENERATORS = generators(triangle_angles, angle_pairs, polygon_angles, similar, special_right, perimeter)
