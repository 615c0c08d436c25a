"""Exponents, radicals, logarithms, complex numbers, variation, defined operations."""

import random
from fractions import Fraction

from tora_agent.training.corpus.symbolic.notation import (
    Rational,
    bracketed,
    complex_number,
    fraction,
    imported,
    linear,
    polynomial,
    polynomial_code,
    surd,
)
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import ask, math, nonzero, one_of


def exponent_equation(rng: random.Random) -> Solved:
    """An equation with the unknown in the exponent."""
    base, x = rng.randint(2, 9), rng.randint(1, 6)
    b, k = rng.randint(-3, 5), rng.choice([1, 1, 2, 3])
    v = rng.choice("xxxn")
    total = k * x + b
    if total < 1 or base**total > 10**7:
        k, b, total = 1, 0, x
    exponent = polynomial([k, b], v)
    exponent = exponent if len(exponent) == 1 else f"{{{exponent}}}"
    question = one_of(rng, ("Solve ${a}^{e} = {n}$.", "If ${a}^{e} = {n}$, what is ${v}$?", "Find the value of ${v}$ such that ${a}^{e} = {n}$.", "For what value of ${v}$ is ${a}^{e} = {n}$?", "Solve for ${v}$: ${a}^{e} = {n}$.", "What is ${v}$ if ${a}^{e} = {n}$?"), a=base, e=exponent, n=base**total, v=v)  # fmt: skip
    program = f"from sympy import symbols, log, solve\n{v} = symbols('{v}')\nprint(solve({polynomial_code([k, b], v)} - log({base**total}, {base}), {v})[0])"
    return Solved(question, f"The exponent is the logarithm to base {base}.", program, fraction(Fraction(total - b, k)))


def logarithm(rng: random.Random) -> Solved:
    """The value of a logarithm, or of a sum of logarithms."""
    base, x, y = rng.choice([2, 2, 3, 3, 4, 5, 6, 7, 10]), rng.randint(1, 6), rng.randint(1, 4)
    name = f"\\log_{{{base}}}" if base == 10 else f"\\log_{base}"
    k = rng.randint(2, 9)
    forms = [
        (f"{name} {base**x}", f"log({base**x}, {base})", Fraction(x)),
        (f"{name} {{{base**x}}}", f"log({base**x}, {base})", Fraction(x)),
        (f"{name} \\frac{{1}}{{{base**y}}}", f"log(Rational(1, {base**y}), {base})", Fraction(-y)),
        (f"{name} {base**x} + {name} {base**y}", f"log({base**x}, {base}) + log({base**y}, {base})", Fraction(x + y)),
        (f"{name} {base**x} - {name} {base**y}", f"log({base**x}, {base}) - log({base**y}, {base})", Fraction(x - y)),
        (f"{name} {base * k} - {name} {k}", f"log(Rational({base * k}, {k}), {base})", Fraction(1)),
        (f"{name} \\sqrt{{{base}}}", f"log(sqrt({base}), {base})", Fraction(1, 2)),
        (f"\\log_{{{base**y}}} {base**x}", f"log({base**x}, {base**y})", Fraction(x, y)),
    ]
    latex, code, value = rng.choice(forms)
    code = f"simplify({code})"
    question = rng.choice([ask(rng, f"${latex}$"), ask(rng, f"${latex}$"), f"Simplify ${latex}$."])
    return Solved(
        question,
        "Evaluate the logarithms.",
        f"{imported(code, 'Rational', 'log', 'simplify', 'sqrt')}print({code})",
        fraction(value),
    )


def logarithm_equation(rng: random.Random) -> Solved:
    """An equation with a logarithm."""
    base, e = rng.choice([2, 2, 3, 4, 5]), rng.randint(1, 4)
    a, b = rng.choice([1, 1, 2, 3]), rng.randint(-9, 9)
    x = Fraction(base**e - b, a)
    inside = polynomial([a, b])
    question = one_of(rng, ("Solve $\\log_{b} ({i}) = {e}$.", "If $\\log_{b} ({i}) = {e}$, what is $x$?", "Find $x$ if $\\log_{b} ({i}) = {e}$.", "For what value of $x$ is $\\log_{b} ({i}) = {e}$?"), b=base, i=inside, e=e)  # fmt: skip
    program = f"from sympy import symbols, solve\nx = symbols('x')\nprint(solve({polynomial_code([a, b])} - {base}**{e}, x)[0])"
    return Solved(question, f"The inside of the logarithm is {base}^{e}.", program, fraction(x))


def simplify_radical(rng: random.Random) -> Solved:
    """A radical, a sum or product of radicals, a denominator to rationalise."""
    k = rng.choice([2, 3, 5, 6, 7, 10, 11])
    a, b, c = rng.randint(2, 9), rng.randint(2, 9), rng.randint(2, 9)
    m = rng.choice([2, 3, 5, 7])
    latex, code, answer = rng.choice(
        [
            (f"\\sqrt{{{a * a * k}}}", f"sqrt({a * a * k})", surd(a, k)),
            (f"\\sqrt{{{a * a * k}}}", f"sqrt({a * a * k})", surd(a, k)),
            (f"\\sqrt{{{a * a * k}}} + \\sqrt{{{b * b * k}}}", f"sqrt({a * a * k}) + sqrt({b * b * k})", surd(a + b, k)),
            (f"\\sqrt{{{a * a * k}}} - \\sqrt{{{b * b * k}}}", f"sqrt({a * a * k}) - sqrt({b * b * k})", surd(a - b, k)),
            (f"\\sqrt{{{a * k}}} \\cdot \\sqrt{{{c}}}", f"sqrt({a * k}) * sqrt({c})", surd(1, a * k * c)),
            (f"\\frac{{{a}}}{{\\sqrt{{{k}}}}}", f"{a} / sqrt({k})", surd(Fraction(a, k), k)),
            (f"\\frac{{\\sqrt{{{k * m}}}}}{{\\sqrt{{{m}}}}}", f"sqrt({k * m}) / sqrt({m})", surd(1, k)),
            (f"{b}\\sqrt{{{a * a * k}}}", f"{b} * sqrt({a * a * k})", surd(a * b, k)),
            (f"({a}\\sqrt{{{k}}})^2", f"({a} * sqrt({k}))**2", str(a * a * k)),
            (f"\\sqrt{{\\frac{{{k}}}{{{b * b}}}}}", f"sqrt({k}) / {b}", surd(Fraction(1, b), k)),
        ]
    )  # fmt: skip
    question = rng.choice(
        [
            f"Simplify ${latex}$.",
            f"Simplify ${latex}$.",
            f"Express ${latex}$ in simplest radical form.",
            f"Write ${latex}$ in simplest radical form.",
            ask(rng, f"${latex}$"),
            f"Simplify the radical expression ${latex}$.",
        ]
    )
    return Solved(question, "Simplify the radicals.", f"from sympy import sqrt\nprint({code})", answer)


def radical_equation(rng: random.Random) -> Solved:
    """An equation with a square or cube root."""
    a, b, c = rng.choice([1, 1, 2, 3, 4, 5]), rng.randint(-15, 15), rng.randint(1, 12)
    power, root = rng.choice([(2, "\\sqrt"), (2, "\\sqrt"), (3, "\\sqrt[3]")])
    e, code = polynomial([a, b]), polynomial_code([a, b])
    question = one_of(rng, ("Solve ${r}{{{e}}} = {c}$.", "If ${r}{{{e}}} = {c}$, what is $x$?", "Find $x$ if ${r}{{{e}}} = {c}$.", "For what value of $x$ is ${r}{{{e}}} = {c}$?", "Solve for $x$: ${r}{{{e}}} = {c}$.", "What value of $x$ satisfies ${r}{{{e}}} = {c}$?"), r=root, e=e, c=c)  # fmt: skip
    program = f"from sympy import symbols, solve\nx = symbols('x')\nprint(solve({code} - {c}**{power}, x)[0])"
    return Solved(question, "Raise both sides to remove the root.", program, fraction(Fraction(c**power - b, a)))


def monomials(rng: random.Random) -> Solved:
    """Products, quotients and powers of monomials to simplify."""
    v = rng.choice("xxxyazt")
    a, b = rng.randint(2, 9), rng.randint(2, 9)
    m, n = rng.randint(2, 9), rng.randint(2, 6)
    k = rng.randint(2, 4)

    def power(exponent: int) -> str:
        return v if exponent == 1 else f"{v}^{exponent}" if exponent < 10 else f"{v}^{{{exponent}}}"

    latex, code, answer = rng.choice(
        [
            (f"({a}{power(m)})({b}{power(n)})", f"{a}*{v}**{m} * {b}*{v}**{n}", f"{a * b}{power(m + n)}"),
            (f"{a}{power(m)} \\cdot {b}{power(n)}", f"{a}*{v}**{m} * {b}*{v}**{n}", f"{a * b}{power(m + n)}"),
            (f"({a}{power(n)})^{k}", f"({a}*{v}**{n})**{k}", f"{a**k}{power(n * k)}"),
            (f"\\frac{{{a * b}{power(m + n)}}}{{{a}{power(n)}}}", f"{a * b}*{v}**{m + n} / ({a}*{v}**{n})", f"{b}{power(m)}"),
            (f"({power(m)})^{k} \\cdot {power(n)}", f"({v}**{m})**{k} * {v}**{n}", power(m * k + n)),
            (f"{power(m)} \\cdot {power(n)} \\cdot {v}", f"{v}**{m} * {v}**{n} * {v}", power(m + n + 1)),
        ]
    )  # fmt: skip
    question = rng.choice(
        [
            f"Simplify {math(rng, latex)}.",
            f"Simplify the expression ${latex}$.",
            f"Write {math(rng, latex)} in simplest form.",
            f"Simplify ${latex}$. Express your answer with a single power of ${v}$.",
        ]
    )
    return Solved(
        question,
        "Use the laws of exponents.",
        f"from sympy import symbols\n{v} = symbols('{v}', positive=True)\nprint({code})",
        answer,
    )


REWRITE = (
    "Simplify ${}$.",
    "Compute ${}$. Express your answer in the form $a + bi$.",
    "Write ${}$ in the form $a + bi$.",
    "Express ${}$ in the form $a + bi$, where $a$ and $b$ are real.",
)


def complex_arithmetic(rng: random.Random) -> Solved:
    """Sums, products, quotients and powers of complex numbers."""
    a, b, c, d = (nonzero(rng, -9, 9) for _ in range(4))
    n = rng.randint(2, 60)
    z, w = complex_number(a, b), complex_number(c, d)
    pz, pw = linear([(a, ""), (b, "I")], "*"), linear([(c, ""), (d, "I")], "*")
    norm = c * c + d * d
    forms: list[tuple[str, str, Rational, Rational]] = [
        (f"({z}) + ({w})", f"({pz}) + ({pw})", a + c, b + d),
        (f"({z}) - ({w})", f"({pz}) - ({pw})", a - c, b - d),
        (f"({z})({w})", f"expand(({pz}) * ({pw}))", a * c - b * d, a * d + b * c),
        (f"({z})({w})", f"expand(({pz}) * ({pw}))", a * c - b * d, a * d + b * c),
        (f"({z})^2", f"expand(({pz})**2)", a * a - b * b, 2 * a * b),
        (
            f"\\frac{{{z}}}{{{w}}}",
            f"simplify(({pz}) / ({pw}))",
            Fraction(a * c + b * d, norm),
            Fraction(b * c - a * d, norm),
        ),
        (f"i^{{{n}}}", f"I**{n}", (1, 0, -1, 0)[n % 4], (0, 1, 0, -1)[n % 4]),
    ]
    latex, code, real, imaginary = rng.choice(forms)
    question = ask(rng, f"${latex}$") if rng.random() < 0.5 else rng.choice(REWRITE).format(latex)
    program = f"{imported(code, 'I', 'expand', 'simplify')}print({code})"
    return Solved(question, "Compute with complex numbers.", program, complex_number(real, imaginary))


def complex_parts(rng: random.Random) -> Solved:
    """The absolute value or the conjugate of a complex number."""
    a, b = nonzero(rng, -15, 15), nonzero(rng, -15, 15)
    if rng.random() < 0.4:
        a, b = rng.choice([(3, 4), (-3, 4), (5, -12), (8, 15), (6, 8), (-7, 24), (20, -21), (9, 12)])
    z = complex_number(a, b)
    question = one_of(rng, ("Find $|{z}|$.", "Compute $|{z}|$.", "What is the magnitude of ${z}$?", "Find the absolute value of the complex number ${z}$.", "What is the modulus of ${z}$?", "If $z = {z}$, what is $|z|$?", "Evaluate $\\left|{z}\\right|$."), z=z)  # fmt: skip
    program = f"from sympy import sqrt\nprint(sqrt({bracketed(a)}**2 + {bracketed(b)}**2))"
    return Solved(question, "Take the root of the sum of squares.", program, surd(1, a * a + b * b))


def complex_roots(rng: random.Random) -> Solved:
    """A quadratic with roots that are irrational or not real."""
    p, q = rng.randint(-6, 6), rng.randint(1, 6)
    if rng.random() < 0.5:
        k = rng.choice([2, 3, 5, 6, 7])
        coefficients = [1, -2 * p, p * p - q * q * k]
        pair = conjugates(p, q, k)
        wording = (
            "Solve ${e} = 0$.",
            "Find all solutions of ${e} = 0$, in simplest radical form.",
            "Find the roots of ${e} = 0$.",
            "Solve {e} = 0.",
        )
    else:
        coefficients = [1, -2 * p, p * p + q * q]
        root = complex_number(p, -q), complex_number(p, q)
        pair = ", ".join(root)
        wording = (
            "Solve ${e} = 0$ over the complex numbers.",
            "Find all complex solutions of ${e} = 0$.",
            "Find the complex roots of ${e} = 0$.",
            "What are the complex roots of ${e}$?",
        )
    question = one_of(rng, wording, e=polynomial(coefficients))
    program = f"from sympy import symbols, solve\nx = symbols('x')\nprint(solve({polynomial_code(coefficients)}, x))"
    return Solved(question, "Solve the quadratic equation.", program, pair)


def conjugates(p: int, q: int, k: int) -> str:
    """The roots p - q sqrt(k) and p + q sqrt(k), in the order and the form in which sympy writes them."""
    root = surd(q, k)
    mixed = p * p < q * q * k
    if p == 0:
        return f"-{root}, {root}"
    if p < 0 and mixed:
        return f"{p} + {root}, -{root} - {-p}"
    if p > 0 and not mixed:
        return f"{p} - {root}, {root} + {p}"
    return f"{p} - {root}, {p} + {root}"


def variation(rng: random.Random) -> Solved:
    """Direct and inverse variation."""
    x, k, z = rng.randint(2, 12), rng.randint(2, 15), rng.randint(2, 20)
    u, v = rng.choice([("x", "y"), ("a", "b"), ("p", "q"), ("m", "n"), ("x", "w")])
    wording, code, value = rng.choice(
        [
            (("${v}$ varies directly as ${u}$. If ${v} = {y}$ when ${u} = {x}$, what is ${v}$ when ${u} = {z}$?", "${v}$ is directly proportional to ${u}$, and ${v} = {y}$ when ${u} = {x}$. Find ${v}$ when ${u} = {z}$.", "If ${v}$ is proportional to ${u}$, and ${v} = {y}$ when ${u} = {x}$, what is the value of ${v}$ when ${u} = {z}$?"), "Rational({y} * {z}, {x})", Fraction(k * x * z, x)),
            (("${v}$ varies inversely as ${u}$. If ${v} = {y}$ when ${u} = {x}$, what is ${v}$ when ${u} = {z}$?", "${v}$ is inversely proportional to ${u}$, and ${v} = {y}$ when ${u} = {x}$. Find ${v}$ when ${u} = {z}$.", "The quantities ${u}$ and ${v}$ are inversely proportional. When ${u} = {x}$, ${v} = {y}$. What is ${v}$ when ${u} = {z}$?"), "Rational({y} * {x}, {z})", Fraction(k * x * x, z)),
            (("${v}$ varies directly as the square of ${u}$. If ${v} = {y}$ when ${u} = {x}$, what is ${v}$ when ${u} = {z}$?", "${v}$ is proportional to the square of ${u}$, and ${v} = {y}$ when ${u} = {x}$. Find ${v}$ when ${u} = {z}$."), "Rational({y} * {z}**2, {x}**2)", Fraction(k * x * z * z, x * x)),
        ]
    )  # fmt: skip
    slots = {"x": x, "y": k * x, "z": z}
    return Solved(
        one_of(rng, wording, u=u, v=v, **slots),
        "Use the constant of proportionality.",
        f"from sympy import Rational\nprint({code.format(**slots)})",
        fraction(value),
    )


def custom_operation(rng: random.Random) -> Solved:
    """An operation defined by a formula."""
    symbol = rng.choice(["*", "\\star", "\\oplus", "\\otimes", "\\#", "\\diamond", "@", "\\&"])
    p, q, r = rng.randint(2, 6), rng.randint(2, 6), rng.randint(1, 9)
    a, b = rng.randint(-5, 12), rng.randint(-5, 12)
    latex, code, value = rng.choice(
        [
            (f"{p}a + {q}b", f"{p}*a + {q}*b", p * a + q * b),
            (f"a^2 - {q}b", f"a**2 - {q}*b", a * a - q * b),
            (f"ab + {r}", f"a*b + {r}", a * b + r),
            (f"{p}a - b^2", f"{p}*a - b**2", p * a - b * b),
            ("a^2 + ab - b^2", "a**2 + a*b - b**2", a * a + a * b - b * b),
            (f"{p}ab - a - b", f"{p}*a*b - a - b", p * a * b - a - b),
            (f"(a + b)^2 - {r}", f"(a + b)**2 - {r}", (a + b) ** 2 - r),
        ]
    )
    shown = f"{a} {symbol} {b}" if b >= 0 else f"{a} {symbol} ({b})"
    shown = shown if a >= 0 else shown.replace(str(a), f"({a})", 1)
    question = one_of(rng, ("If $a {s} b = {e}$, what is ${w}$?", "Define $a {s} b = {e}$. What is ${w}$?", "The operation ${s}$ is defined by $a {s} b = {e}$. Find ${w}$.", "Let $a {s} b = {e}$ for all numbers $a$ and $b$. Compute ${w}$.", "Suppose $a {s} b$ means ${e}$. What is the value of ${w}$?"), s=symbol, e=latex, w=shown)  # fmt: skip
    return Solved(question, "Put the numbers into the formula.", f"a = {a}\nb = {b}\nprint({code})", str(value))


GENERATORS = generators(
    exponent_equation,
    logarithm,
    logarithm_equation,
    simplify_radical,
    radical_equation,
    monomials,
    complex_arithmetic,
    complex_parts,
    complex_roots,
    variation,
    custom_operation,
)
