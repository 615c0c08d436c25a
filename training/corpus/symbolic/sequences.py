"""Arithmetic and geometric sequences and series, recursions, and sums in sigma notation."""

import random
from fractions import Fraction

from tora_agent.training.corpus.symbolic.notation import fraction, ordinal, polynomial, polynomial_code, python
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import ask, nonzero, one_of


def shown(rng: random.Random, terms: list[int]) -> str:
    """The first terms of a sequence with dots: "$3, 7, 11, \\dots$"."""
    text = ", ".join(map(str, terms))
    return rng.choice([f"${text}, \\dots$", f"${text}, \\ldots$", f"{text}, ..."])


def arithmetic_term(rng: random.Random) -> Solved:
    """A term, a difference or a position in an arithmetic sequence."""
    first, step, n = rng.randint(-10, 40), nonzero(rng, -9, 15), rng.randint(6, 100)
    terms = [first + step * k for k in range(rng.choice([3, 3, 4]))]
    last = first + step * (n - 1)
    listing = shown(rng, terms)
    kind = rng.choice(["term", "term", "term", "position", "difference", "between"])
    if kind == "term":
        question = one_of(rng, ("What is the {n} term of the arithmetic sequence {l}?", "Find the {n} term of the arithmetic sequence {l}.", "The first terms of an arithmetic sequence are {l}. What is the {n} term?", "An arithmetic sequence has first term ${a}$ and common difference ${d}$. What is its {n} term?", "In an arithmetic sequence, the first term is ${a}$ and the common difference is ${d}$. Find the {n} term.", "What is the {n} number in the sequence {l}, which goes up or down by the same amount each time?"), n=ordinal(n), l=listing, a=first, d=step)  # fmt: skip
        return Solved(
            question,
            "Add the common difference to the first term.",
            f"print({first} + ({n} - 1) * {step if step > 0 else f'({step})'})",
            str(last),
        )
    if kind == "position":
        question = one_of(rng, ("How many terms are in the arithmetic sequence {l0}, {last}?", "How many numbers are in the list {l0}, {last}?", "The arithmetic sequence {l} contains the number {last}. Which term is it?"), l0=", ".join(map(str, terms)) + ", ...", l=listing, last=last)  # fmt: skip
        return Solved(
            question,
            "Divide the range by the common difference and add one.",
            f"print(({last} - {first if first >= 0 else f'({first})'}) // {step if step > 0 else f'({step})'} + 1)",
            str(n),
        )
    if kind == "difference":
        m = n + rng.randint(2, 12)
        other = first + step * (m - 1)
        question = one_of(rng, ("The {n} term of an arithmetic sequence is {x} and the {m} term is {y}. What is the common difference?", "In an arithmetic sequence, the {n} term is ${x}$ and the {m} term is ${y}$. Find the common difference."), n=ordinal(n), m=ordinal(m), x=last, y=other)  # fmt: skip
        return Solved(
            question,
            "Divide the change by the number of steps.",
            f"print(({other} - {last if last >= 0 else f'({last})'}) // ({m} - {n}))",
            str(step),
        )
    middle = Fraction(2 * first + 2 * step, 2)
    question = one_of(rng, ("The numbers ${a}$, $x$ and ${c}$ form an arithmetic sequence. What is $x$?", "What is $x$ if ${a}, x, {c}$ is an arithmetic sequence?", "Find the arithmetic mean between ${a}$ and ${c}$."), a=first, c=first + 2 * step)  # fmt: skip
    return Solved(
        question,
        "The middle term is the average of the others.",
        f"print(({first} + {first + 2 * step}) // 2)".replace("+ -", "- "),
        fraction(middle),
    )


def arithmetic_sum(rng: random.Random) -> Solved:
    """The sum of an arithmetic series."""
    first, step, n = rng.randint(-5, 30), rng.randint(1, 12), rng.randint(5, 60)
    terms = [first + step * k for k in range(3)]
    last = first + step * (n - 1)
    total = n * (first + last) // 2
    if rng.random() < 0.5:
        question = one_of(rng, ("What is the sum of the first {n} terms of the arithmetic sequence {l}?", "Find the sum of the first {n} terms of the arithmetic series with first term ${a}$ and common difference ${d}$.", "An arithmetic sequence starts with ${a}$ and has common difference ${d}$. What is the sum of its first {n} terms?"), n=n, l=shown(rng, terms), a=first, d=step)  # fmt: skip
        return Solved(
            question,
            "Add the terms of the sequence.",
            f"print(sum({first} + k * {step} for k in range({n})))",
            str(total),
        )
    listing = " + ".join(map(str, terms)).replace("+ -", "- ")
    question = one_of(rng, ("What is the sum ${l} + \\dots + {z}$?", "Compute ${l} + \\cdots + {z}$.", "Find the value of the arithmetic series ${l} + \\dots + {z}$.", "Evaluate the sum {l} + ... + {z}.", "The terms of a sum go up by {d}: ${l} + \\dots + {z}$. Find the sum."), l=listing, z=last, d=step)  # fmt: skip
    return Solved(
        question, "Add the terms of the sequence.", f"print(sum(range({first}, {last} + 1, {step})))", str(total)
    )


def geometric_term(rng: random.Random) -> Solved:
    """A term of a geometric sequence, also with a fraction as ratio."""
    first, n = rng.randint(1, 12), rng.randint(4, 9)
    ratio = Fraction(rng.choice([-3, -2, 2, 2, 3, 3, 4, 5]))
    if rng.random() < 0.35:
        ratio = Fraction(rng.choice([1, 1, 2, -1]), rng.choice([2, 3]))
        first = first * ratio.denominator ** rng.randint(2, 4)
    terms = [first * ratio**k for k in range(3)]
    listing = ", ".join(map(fraction, terms))
    question = one_of(
        rng,
        (
            "What is the {n} term of the geometric sequence ${l}, \\dots$?",
            "Find the {n} term of the geometric sequence ${l}, \\ldots$.",
            "The first terms of a geometric sequence are ${l}$. What is the {n} term?",
            "A geometric sequence has first term ${a}$ and common ratio ${r}$. What is its {n} term?",
            "In a geometric sequence, the first term is ${a}$ and the common ratio is ${r}$. Find the {n} term.",
        ),
        n=ordinal(n),
        l=listing,
        a=first,
        r=fraction(ratio),
    )
    code = python(ratio) if ratio > 0 else f"({python(ratio)})"
    imports = "from sympy import Rational\n" if "Rational" in code else ""
    return Solved(
        question,
        "Multiply by the common ratio again and again.",
        f"{imports}print({first} * {code}**({n} - 1))",
        fraction(first * ratio ** (n - 1)),
    )


def geometric_sum(rng: random.Random) -> Solved:
    """The sum of a finite or an infinite geometric series."""
    first = rng.randint(1, 12)
    if rng.random() < 0.5:
        ratio = Fraction(rng.choice([1, 1, 1, 2, -1, -2, 3]), rng.choice([4, 5, 7, 8]))
        if rng.random() < 0.5:
            ratio = Fraction(rng.choice([1, -1]), rng.choice([2, 2, 3]))
        terms = [first * ratio**k for k in range(3)]
        listing = " + ".join(map(fraction, terms)).replace("+ -", "- ")
        question = one_of(rng, ("What is the sum of the infinite geometric series ${l} + \\dots$?", "Find the sum of the infinite geometric series ${l} + \\cdots$.", "Compute ${l} + \\dots$.", "An infinite geometric series has first term ${a}$ and common ratio ${r}$. What is its sum?", "Find the sum of the infinite series with first term ${a}$ and common ratio ${r}$."), l=listing, a=first, r=fraction(ratio))  # fmt: skip
        question = question.replace(
            "$" + listing + " + \\dots$", "$" + listing + (" + \\dots$" if ratio > 0 else " - \\dots$")
        )
        return Solved(
            question,
            "The sum is a / (1 - r).",
            f"from sympy import Rational\nprint({first} / (1 - {python(ratio)}))".replace(
                "1 - Rational(-", "1 + Rational("
            ),
            fraction(first / (1 - ratio)),
        )
    r, n = rng.choice([2, 2, 3, 3, 4, 5, -2]), rng.randint(4, 9)
    total = sum(first * r**k for k in range(n))
    listing = " + ".join(str(first * r**k) for k in range(3)).replace("+ -", "- ")
    question = one_of(rng, ("What is the sum of the first {n} terms of the geometric sequence with first term ${a}$ and common ratio ${r}$?", "Find the sum of the first {n} terms of the geometric series ${l} + \\dots$.", "A geometric series has first term ${a}$ and ratio ${r}$. Find the sum of its first {n} terms."), n=n, a=first, r=r, l=listing)  # fmt: skip
    return Solved(
        question,
        "Add the terms of the sequence.",
        f"print(sum({first} * {r if r > 0 else f'({r})'}**k for k in range({n})))",
        str(total),
    )


def sigma(rng: random.Random) -> Solved:
    """A sum in sigma notation."""
    low, high = rng.choice([0, 1, 1, 1, 2, 3]), rng.randint(4, 30)
    k = rng.choice("knij")
    a, b = nonzero(rng, 1, 6), rng.randint(-5, 9)
    coefficients = rng.choice([[a, b], [1, 0, 0], [1, a, b], [a, 0], [1, 0, b]])
    body, code = polynomial(coefficients, k), polynomial_code(coefficients, k)
    total = sum(sum(c * n**p for p, c in enumerate(reversed(coefficients))) for n in range(low, high + 1))
    if rng.random() < 0.2:
        high = rng.randint(3, 9)
        body, code, total = f"{a + 1}^{k}", f"{a + 1}**{k}", sum((a + 1) ** n for n in range(low, high + 1))
    inner = body if " " not in body else f"({body})"
    question = ask(rng, f"$\\sum_{{{k}={low}}}^{{{high}}} {inner}$")
    return Solved(question, "Add the terms.", f"print(sum({code} for {k} in range({low}, {high} + 1)))", str(total))


def recursion(rng: random.Random) -> Solved:
    """A term of a sequence given by a recursion."""
    first, second = rng.randint(1, 9), rng.randint(1, 9)
    a, b, n = rng.choice([1, 2, 3, -1]), nonzero(rng, -6, 9), rng.randint(4, 8)
    v = rng.choice("axut")
    if rng.random() < 0.35:
        terms = [first, second]
        while len(terms) < n:
            terms.append(terms[-1] + terms[-2])
        question = one_of(rng, ("A sequence has ${v}_1 = {x}$, ${v}_2 = {y}$ and ${v}_n = {v}_{{n-1}} + {v}_{{n-2}}$ for $n \\ge 3$. What is ${v}_{{{n}}}$?", "Each term of a sequence after the second is the sum of the two terms before it. The first two terms are {x} and {y}. What is the {o} term?", "The first two terms of a sequence are {x} and {y}, and each later term is the sum of the previous two. Find the {o} term."), v=v, x=first, y=second, n=n, o=ordinal(n))  # fmt: skip
        program = f"terms = [{first}, {second}]\nwhile len(terms) < {n}:\n    terms.append(terms[-1] + terms[-2])\nprint(terms[-1])"
        return Solved(question, "Build the sequence term by term.", program, str(terms[-1]))
    value = first
    for _ in range(n - 1):
        value = a * value + b
    rule = polynomial([a, b], "@").replace("@", f"{v}_{{n-1}}")
    question = one_of(rng, ("A sequence has ${v}_1 = {x}$ and ${v}_n = {r}$ for $n \\ge 2$. What is ${v}_{{{n}}}$?", "If ${v}_1 = {x}$ and ${v}_n = {r}$ for every $n > 1$, find ${v}_{{{n}}}$.", "Let ${v}_1 = {x}$ and ${v}_n = {r}$. Compute ${v}_{{{n}}}$."), v=v, x=first, r=rule, n=n)  # fmt: skip
    program = f"{v} = {first}\nfor n in range(2, {n} + 1):\n    {v} = {polynomial_code([a, b], v)}\nprint({v})"
    return Solved(question, "Apply the rule again and again.", program, str(value))


GENERATORS = generators(arithmetic_term, arithmetic_sum, geometric_term, geometric_sum, sigma, recursion)
