"""Percentages, proportions, ratios and averages."""

import random
from fractions import Fraction
from math import prod
from statistics import median

from tora_agent.training.corpus.symbolic.notation import fraction
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import ask, ask_for, given, math, one_of


def percent_of(rng: random.Random) -> Solved:
    """A percentage of a number; a percentage of a percentage."""
    percent, whole = (
        rng.choice([5, 10, 12, 15, 20, 25, 30, 35, 40, 45, 50, 60, 75, 80, 90, 120, 150, rng.randint(1, 99)]),
        20 * rng.randint(1, 60),
    )
    if rng.random() < 0.2:
        second = rng.choice([10, 20, 25, 40, 50, 75, 80])
        value = Fraction(percent * second * whole, 10_000)
        question = ask(
            rng,
            f"{math(rng, f'{percent}')}% of {second}% of {whole}".replace("%", "\\%" if rng.random() < 0.2 else "%"),
        )
        program = f"from sympy import Rational\nprint(Rational({percent} * {second} * {whole}, 10000))"
        return Solved(
            question, f"Take {percent} hundredths of {second} hundredths of {whole}.", program, fraction(value)
        )
    value = Fraction(percent * whole, 100)
    sign = rng.choice(["%", "%", "%", " percent"])
    shape = rng.choice(["{p}{s} of {w}", "{p}{s} of {w}", "${p}\\%$ of ${w}$", "{p}{s} of the number {w}"])
    question = ask(rng, shape.format(p=percent, s=sign, w=whole))
    program = f"percent = {percent}\nwhole = {whole}\nresult = percent * whole / 100\nprint(result)"
    if value.denominator == 1:
        program = program.replace("/ 100", "// 100")
    return Solved(
        question,
        "Multiply by the percentage and divide by 100.",
        program,
        f"{float(value):g}" if value.denominator > 1 else f"{value}",
    )


def what_percent(rng: random.Random) -> Solved:
    """Which percentage one number is of another."""
    whole = rng.choice([4, 5, 8, 10, 20, 25, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500])
    percent = rng.choice([value for value in range(1, 200) if value * whole % 100 == 0])
    part = percent * whole // 100
    question = one_of(
        rng,
        (
            "What percent of {w} is {p}?",
            "{p} is what percent of {w}?",
            "What percentage of {w} is {p}?",
            "The number {p} is what percent of {w}?",
            "Find the percent of {w} that {p} is.",
            "Express {p} as a percentage of {w}.",
        ),
        w=whole,
        p=part,
    )
    return Solved(
        question,
        "Divide the part by the whole and multiply by 100.",
        f"part = {part}\nwhole = {whole}\nprint(part * 100 // whole)",
        str(percent),
    )


def whole_from_percent(rng: random.Random) -> Solved:
    """The whole, from a percentage of it."""
    percent = rng.choice([5, 10, 15, 20, 25, 30, 40, 45, 50, 60, 75, 80, 90, 120, 125, 150])
    whole = 20 * rng.randint(1, 50)
    part = percent * whole // 100
    question = one_of(
        rng,
        (
            "{p}% of what number is {part}?",
            "{part} is {p}% of what number?",
            "If {p}% of a number is {part}, what is the number?",
            "If ${p}\\%$ of a number is ${part}$, what is the number?",
            "{p} percent of a number is {part}. What is the number?",
            "A number's {p}% equals {part}. Find the number.",
            "The number {part} is {p} percent of what number?",
        ),
        p=percent,
        part=part,
    )
    return Solved(
        question,
        "Divide the part by the percentage.",
        f"percent = {percent}\npart = {part}\nprint(part * 100 // percent)",
        str(whole),
    )


def percent_change(rng: random.Random) -> Solved:
    """A number after an increase or decrease by a percentage, or two of them."""
    number = 100 * rng.randint(1, 20)
    up, down = rng.choice([10, 20, 25, 30, 40, 50]), rng.choice([10, 20, 25, 30, 40, 50])
    forms = [
        (f"increasing {number} by {up}%", f"{number} * (100 + {up}) // 100", number * (100 + up) // 100),
        (f"decreasing {number} by {down}%", f"{number} * (100 - {down}) // 100", number * (100 - down) // 100),
    ]
    what, code, value = rng.choice(forms)
    verb, amount = what.split(f" {number} by ")
    question = one_of(
        rng,
        (
            "What is the result of {what}?",
            "What number do you get by {what}?",
            "The number {n} is {verb}d by {amount}. What is the new number?",
            "If {n} is {verb}d by {amount}, what is the result?",
            "What is {n} {verb}d by {amount}?",
        ),
        what=what,
        n=number,
        verb=verb.removesuffix("ing") + "e",
        amount=amount,
    )
    return Solved(question, "Apply the percentage to the number.", f"result = {code}\nprint(result)", str(value))


def proportion(rng: random.Random) -> Solved:
    """The missing number of a proportion."""
    a, b, k = rng.randint(1, 15), rng.randint(2, 15), rng.randint(2, 12)
    name = rng.choice("xxxyna")
    bottom = b * k
    x = Fraction(a * bottom, b)
    formula, code = rng.choice(
        [
            (f"\\frac{{{name}}}{{{bottom}}} = \\frac{{{a}}}{{{b}}}", f"Rational({a} * {bottom}, {b})"),
            (f"\\frac{{{a}}}{{{b}}} = \\frac{{{name}}}{{{bottom}}}", f"Rational({a} * {bottom}, {b})"),
            (f"{a}:{b} = {name}:{bottom}", f"Rational({a} * {bottom}, {b})"),
        ]
    )
    question = rng.choice(
        [
            given(rng, f"${formula}$", f"${name}$"),
            f"Solve for ${name}$: ${formula}$.",
            f"Find ${name}$ such that ${formula}$.",
            f"Solve the proportion ${formula}$ for ${name}$.",
            f"What value of ${name}$ makes ${formula}$ true?",
        ]
    )
    return Solved(
        question, "Multiply crosswise.", f"from sympy import Rational\n{name} = {code}\nprint({name})", fraction(x)
    )


def average(rng: random.Random) -> Solved:
    """The mean, median, mode or range of a list of numbers."""
    size = rng.randint(3, 7)
    kind = rng.choice(["mean", "mean", "median", "median", "range", "sum", "product"])
    size = min(size, 4) if kind == "product" else size
    numbers = [rng.randint(1, 12 if kind == "product" else 60) for _ in range(size)]
    listing = ", ".join(map(str, numbers[:-1])) + rng.choice([" and ", ", and ", ", "]) + str(numbers[-1])
    listing = f"${listing}$" if "and" not in listing and rng.random() < 0.5 else listing
    names = {
        "mean": ("the mean of {}", "the average of {}", "the arithmetic mean of {}", "the average of the numbers {}", "the mean of the data set {}"),
        "median": ("the median of {}", "the median of the numbers {}", "the median of the data set {}", "the median of the set {}"),
        "range": ("the range of {}", "the range of the numbers {}", "the range of the data {}"),
        "sum": ("the sum of {}", "the sum of the numbers {}"),
        "product": ("the product of {}",),
    }  # fmt: skip
    rationales = {
        "mean": "Divide the sum by how many numbers there are.",
        "median": "Sort the numbers and take the middle.",
        "range": "Subtract the smallest number from the largest.",
        "sum": "Add the numbers.",
        "product": "Multiply the numbers.",
    }
    programs = {
        "mean": "from sympy import Rational\nnumbers = {}\nprint(Rational(sum(numbers), len(numbers)))",
        "median": "from statistics import median\nnumbers = {}\nprint(median(numbers))",
        "range": "numbers = {}\nprint(max(numbers) - min(numbers))",
        "sum": "numbers = {}\nprint(sum(numbers))",
        "product": "from math import prod\nnumbers = {}\nprint(prod(numbers))",
    }
    values = {
        "mean": fraction(Fraction(sum(numbers), size)),
        "median": f"{median(numbers):g}" if size % 2 == 0 else str(sorted(numbers)[size // 2]),
        "range": str(max(numbers) - min(numbers)),
        "sum": str(sum(numbers)),
        "product": str(prod(numbers)),
    }
    question = ask_for(rng, rng.choice(names[kind]).format(listing))
    return Solved(question, rationales[kind], programs[kind].format(numbers), values[kind])


def missing_from_average(rng: random.Random) -> Solved:
    """A number of a list whose average is known."""
    size = rng.randint(3, 6)
    known = [rng.randint(1, 40) for _ in range(size - 1)]
    mean = rng.randint(max(known) // 2, 45)
    x = mean * size - sum(known)
    listing = ", ".join(map(str, known))
    name = rng.choice("xxynk")
    question = one_of(
        rng,
        (
            "The average of {l}, and ${x}$ is {m}. What is ${x}$?",
            "The mean of the numbers {l} and ${x}$ is {m}. Find ${x}$.",
            "If the average of ${l}, {x}$ is ${m}$, what is the value of ${x}$?",
            "What value of ${x}$ makes the mean of {l} and ${x}$ equal to {m}?",
            "The arithmetic mean of ${l}$ and ${x}$ is ${m}$. What is ${x}$?",
        ),
        l=listing,
        x=name,
        m=mean,
    )
    return Solved(
        question,
        "The sum is the mean times how many numbers there are.",
        f"known = {known}\n{name} = {mean} * {size} - sum(known)\nprint({name})",
        str(x),
    )


def split_by_ratio(rng: random.Random) -> Solved:
    """A total divided in a ratio; the larger or smaller part."""
    a, b = rng.sample(range(1, 12), 2)
    k = rng.randint(2, 25)
    total = (a + b) * k
    which = rng.choice(["larger", "smaller"])
    share = max(a, b) if which == "larger" else min(a, b)
    question = one_of(
        rng,
        (
            "Two numbers are in the ratio ${a}:{b}$ and their sum is {t}. What is the {w} number?",
            "The ratio of two numbers is {a} to {b}, and they add up to {t}. Find the {w} of the two numbers.",
            "{t} is divided in the ratio {a}:{b}. What is the {w} part?",
            "A rope {t} feet long is cut into two pieces in the ratio {a}:{b}. How long is the {w} piece, in feet?",
            "The sum of two numbers is {t} and their ratio is ${a}:{b}$. What is the {w} number?",
            "The measures of two segments that total {t} inches are in the ratio {a} to {b}. How many inches is the {w} one?",
        ),
        a=a,
        b=b,
        t=total,
        w=which,
    )
    return Solved(
        question,
        f"There are {a} + {b} equal parts.",
        f"part = {total} // ({a} + {b})\nprint(part * {share})",
        str(share * k),
    )


GENERATORS = generators(
    percent_of,
    what_percent,
    whole_from_percent,
    percent_change,
    proportion,
    average,
    missing_from_average,
    split_by_ratio,
)
