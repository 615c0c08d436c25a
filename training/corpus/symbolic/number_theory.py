"""Divisors, primes, multiples, sums of integers."""

import random
from math import gcd, lcm, prod

from tora_agent.training.corpus.symbolic.notation import ordinal
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import ask_for, math, one_of

PRIMES = [number for number in range(2, 700) if all(number % small for small in range(2, int(number**0.5) + 1))]


def prime_factors(number: int) -> dict[int, int]:
    """The prime factorisation by trial division."""
    factors: dict[int, int] = {}
    for prime in PRIMES:
        while number % prime == 0:
            factors[prime] = factors.get(prime, 0) + 1
            number //= prime
    return factors if number == 1 else {**factors, number: 1}


def divisors(number: int) -> list[int]:
    """All positive divisors, ascending."""
    return [divisor for divisor in range(1, number + 1) if number % divisor == 0]


def listed(rng: random.Random, numbers: list[int]) -> str:
    """Write numbers as "12 and 18" or "12, 18, and 24", each between dollars or none."""
    texts = [f"${number}$" for number in numbers] if rng.random() < 0.4 else list(map(str, numbers))
    return f"{', '.join(texts[:-1])}{',' if len(texts) > 2 else ''} and {texts[-1]}"


def greatest_common_divisor(rng: random.Random) -> Solved:
    """The greatest common divisor of two or three numbers."""
    common = rng.randint(1, 40)
    numbers = [common * factor for factor in rng.sample(range(1, 40), rng.choice([2, 2, 2, 3]))]
    name = rng.choice(["greatest common divisor", "greatest common factor", "GCD", "GCF", "largest common factor"])
    question = ask_for(rng, f"the {name} of {listed(rng, numbers)}")
    if rng.random() < 0.15:
        question = one_of(rng, ("What is the largest integer that divides {l}?", "What is the largest number that is a factor of {l}?", "Compute $\\gcd({c})$.", "Find $\\gcd({c})$."), l="both " + listed(rng, numbers) if len(numbers) == 2 else "all of " + listed(rng, numbers), c=", ".join(map(str, numbers)))  # fmt: skip
    program = f"from math import gcd\nprint(gcd({', '.join(map(str, numbers))}))"
    return Solved(
        question,
        "Take the greatest common divisor.",
        program,
        str(max(d for d in divisors(numbers[0]) if all(n % d == 0 for n in numbers))),
    )


def least_common_multiple(rng: random.Random) -> Solved:
    """The least common multiple of two or three numbers."""
    numbers = rng.sample(range(2, 50), rng.choice([2, 2, 2, 3]))
    name = rng.choice(
        ["least common multiple", "least common multiple", "lowest common multiple", "LCM", "smallest common multiple"]
    )
    question = ask_for(rng, f"the {name} of {listed(rng, numbers)}")
    if rng.random() < 0.25:
        question = one_of(rng, ("What is the smallest positive integer that is divisible by {l}?", "What is the least positive integer that is a multiple of {l}?", "Find the smallest positive number divisible by {l}.", "What is the smallest positive integer that is a multiple of {l}?"), l=("both " if len(numbers) == 2 and rng.random() < 0.5 else "") + listed(rng, numbers))  # fmt: skip
    first = numbers[0]
    multiple = next(k * first for k in range(1, 10**6) if all(k * first % n == 0 for n in numbers))
    return Solved(
        question,
        "Take the least common multiple.",
        f"from math import lcm\nprint(lcm({', '.join(map(str, numbers))}))",
        str(multiple),
    )


def gcd_and_lcm(rng: random.Random) -> Solved:
    """A number from another one and their greatest common divisor and least common multiple."""
    common = rng.randint(2, 15)
    x, y = rng.choice([(x, y) for x in range(1, 12) for y in range(1, 12) if gcd(x, y) == 1 and x != y])
    a, b = common * x, common * y
    question = one_of(
        rng,
        (
            "The greatest common divisor of two numbers is {g} and their least common multiple is {l}. One of the numbers is {a}. What is the other?",
            "The GCD of two integers is ${g}$ and their LCM is ${l}$. If one of the integers is ${a}$, find the other one.",
            "Two positive integers have a greatest common factor of {g} and a least common multiple of {l}. One of them is {a}. Find the other.",
            "The LCM of {a} and $n$ is {l}, and their GCD is {g}. What is $n$?",
        ),
        g=common,
        l=lcm(a, b),
        a=a,
    )
    return Solved(
        question,
        "The product of the numbers is the product of GCD and LCM.",
        f"print({common} * {lcm(a, b)} // {a})",
        str(b),
    )


def divisor_count(rng: random.Random) -> Solved:
    """How many divisors a number has, or their sum."""
    number = prod(prime ** rng.choice([0, 0, 1, 1, 2, 3]) for prime in (2, 3, 5)) * rng.choice([1, 2, 7, 11, 13])
    if rng.random() < 0.3 or number < 4:
        number = rng.randint(6, 400)
    own = divisors(number)
    kind = rng.choice(["count", "count", "count", "sum", "proper", "even", "odd"])
    names = {
        "count": ("How many positive divisors does {n} have?", "How many positive factors does {n} have?", "Find the number of positive divisors of {n}.", "How many positive integers are factors of {n}?", "How many different positive integers divide {n}?", "What is the number of positive factors of {n}?", "How many whole numbers are divisors of {n}?"),
        "sum": ("What is the sum of the positive divisors of {n}?", "Find the sum of all positive factors of {n}.", "What is the sum of all of the positive factors of {n}?", "Compute the sum of the divisors of {n}."),
        "proper": ("What is the sum of the proper divisors of {n}?", "Find the sum of the proper positive divisors of {n}.", "What is the sum of the proper factors of {n}?"),
        "even": ("How many even positive divisors does {n} have?", "How many of the positive factors of {n} are even?", "How many positive divisors of {n} are even?"),
        "odd": ("How many odd positive divisors does {n} have?", "How many of the positive factors of {n} are odd?", "How many positive divisors of {n} are odd?"),
    }  # fmt: skip
    shown, value = {
        "count": ("len(divisors({n}))", len(own)),
        "sum": ("sum(divisors({n}))", sum(own)),
        "proper": ("sum(divisors({n})) - {n}", sum(own) - number),
        "even": ("len([d for d in divisors({n}) if d % 2 == 0])", sum(d % 2 == 0 for d in own)),
        "odd": ("len([d for d in divisors({n}) if d % 2 == 1])", sum(d % 2 == 1 for d in own)),
    }[kind]
    question = rng.choice(names[kind]).format(n=math(rng, str(number)))
    return Solved(
        question,
        f"List the divisors of {number}.",
        f"from sympy import divisors\nprint({shown.format(n=number)})",
        str(value),
    )


def prime_factor(rng: random.Random) -> Solved:
    """Something about the prime factorisation of a number."""
    number = prod(rng.choice(PRIMES[:12]) for _ in range(rng.randint(2, 5)))
    factors = prime_factors(number)
    kind = rng.choice(["largest", "largest", "smallest", "sum", "distinct", "total", "factorization"])
    names = {
        "largest": ("the largest prime factor of {n}", "the greatest prime factor of {n}", "the largest prime divisor of {n}", "the largest prime that divides {n}"),
        "smallest": ("the smallest prime factor of {n}", "the least prime factor of {n}", "the smallest prime divisor of {n}"),
        "sum": ("the sum of the distinct prime factors of {n}", "the sum of the different prime divisors of {n}", "the sum of the prime numbers that divide {n}"),
        "distinct": ("the number of distinct prime factors of {n}", "the number of different primes that divide {n}"),
        "total": ("the number of prime factors of {n}, counted with multiplicity",),
        "factorization": ("the prime factorization of {n}",),
    }  # fmt: skip
    shown, value = {
        "largest": ("max(primefactors({n}))", str(max(factors))),
        "smallest": ("min(primefactors({n}))", str(min(factors))),
        "sum": ("sum(primefactors({n}))", str(sum(factors))),
        "distinct": ("len(primefactors({n}))", str(len(factors))),
        "total": ("sum(factorint({n}).values())", str(sum(factors.values()))),
        "factorization": ("", " \\cdot ".join(f"{p}^{e}" if e > 1 else str(p) for p, e in factors.items())),
    }[kind]
    question = ask_for(rng, rng.choice(names[kind]).format(n=math(rng, str(number))))
    if kind == "factorization":
        question = rng.choice(
            [
                question,
                f"Find the prime factorization of ${number}$.",
                f"Write {number} as a product of primes.",
                f"Write the prime factorization of {number}.",
            ]
        )
        program = f"from sympy import factorint\nprint(' * '.join(f'{{p}}^{{e}}' if e > 1 else str(p) for p, e in factorint({number}).items()))"
        return Solved(question, "Factor the number into primes.", program, value)
    function = "factorint" if kind == "total" else "primefactors"
    return Solved(
        question, "Find the prime factors.", f"from sympy import {function}\nprint({shown.format(n=number)})", value
    )


def primes(rng: random.Random) -> Solved:
    """Counting, adding and finding primes."""
    low = rng.randint(1, 80)
    high = low + rng.randint(5, 60)
    n = rng.randint(3, 60)
    inside = [p for p in PRIMES if low < p < high]
    kind = rng.choice(["count", "sum", "nth", "first", "next", "previous"])
    if kind == "previous" and low < 3:
        low = 90
    wording, shown, imports, value = {
        "count": (("How many prime numbers are between {low} and {high}?", "How many primes are there between {low} and {high}?", "Find the number of primes greater than {low} and less than {high}."), "len(list(primerange({low} + 1, {high})))", "primerange", len(inside)),
        "sum": (("What is the sum of the prime numbers between {low} and {high}?", "Find the sum of all primes between {low} and {high}.", "What is the sum of all prime numbers greater than {low} and less than {high}?"), "sum(primerange({low} + 1, {high}))", "primerange", sum(inside)),
        "nth": (("What is the {nth} prime number?", "Find the {nth} prime.", "What is the {nth} smallest prime number?"), "prime({n})", "prime", PRIMES[n - 1]),
        "first": (("What is the sum of the first {n} prime numbers?", "Find the sum of the first {n} primes.", "What is the sum of the {n} smallest primes?"), "sum(prime(k) for k in range(1, {n} + 1))", "prime", sum(PRIMES[:n])),
        "next": (("What is the smallest prime greater than {high}?", "Find the least prime number larger than {high}.", "What is the first prime after {high}?"), "nextprime({high})", "nextprime", next(p for p in PRIMES if p > high)),
        "previous": (("What is the largest prime less than {low}?", "Find the greatest prime number smaller than {low}.", "What is the largest prime number below {low}?"), "prevprime({low})", "prevprime", max((p for p in PRIMES if p < low), default=0)),
    }[kind]  # fmt: skip
    slots = {"low": low, "high": high, "n": n}
    question = one_of(rng, wording, nth=ordinal(n), **slots)
    return Solved(
        question, "Go through the primes.", f"from sympy import {imports}\nprint({shown.format(**slots)})", str(value)
    )


def multiples(rng: random.Random) -> Solved:
    """Counting multiples in a range; extreme multiples."""
    k = rng.randint(2, 25)
    low = rng.randint(1, 150)
    high = low + rng.randint(2 * k, 400)
    inside = [n for n in range(low + 1, high) if n % k == 0]
    kind = rng.choice(["between", "less", "largest", "smallest", "sum", "both"])
    m = rng.choice([n for n in range(2, 13) if n != k])
    wording, code, value = {
        "between": (("How many multiples of {k} are between {low} and {high}?", "How many integers between {low} and {high} are divisible by {k}?", "How many multiples of {k} are greater than {low} and less than {high}?"), "len([n for n in range({low} + 1, {high}) if n % {k} == 0])", len(inside)),
        "less": (("How many positive multiples of {k} are less than {high}?", "How many positive integers less than {high} are divisible by {k}?", "How many positive integers less than {high} are multiples of {k}?"), "({high} - 1) // {k}", (high - 1) // k),
        "largest": (("What is the largest multiple of {k} that is less than {high}?", "What is the greatest multiple of {k} less than {high}?", "Find the largest multiple of {k} smaller than {high}."), "({high} - 1) // {k} * {k}", max(n for n in range(high) if n % k == 0)),
        "smallest": (("What is the smallest multiple of {k} that is greater than {high}?", "What is the least multiple of {k} greater than {high}?", "Find the smallest multiple of {k} larger than {high}."), "({high} // {k} + 1) * {k}", next(n for n in range(high + 1, high + k + 1) if n % k == 0)),
        "sum": (("What is the sum of the multiples of {k} between {low} and {high}?", "Find the sum of all multiples of {k} between {low} and {high}."), "sum(n for n in range({low} + 1, {high}) if n % {k} == 0)", sum(inside)),
        "both": (("How many positive integers less than {high} are multiples of both {k} and {m}?", "How many positive integers less than {high} are divisible by {k} and by {m}?"), "len([n for n in range(1, {high}) if n % {k} == 0 and n % {m} == 0])", sum(n % k == 0 and n % m == 0 for n in range(1, high))),
    }[kind]  # fmt: skip
    slots = {"k": k, "low": low, "high": high, "m": m}
    return Solved(
        one_of(rng, wording, **slots), f"Count in steps of {k}.", f"print({code.format(**slots)})", str(value)
    )


def consecutive_integers(rng: random.Random) -> Solved:
    """Consecutive, even or odd integers from their sum or product."""
    kind, step = rng.choice([("", 1), ("", 1), ("even ", 2), ("odd ", 2)])
    size = rng.choice([2, 3, 3, 4, 5])
    first = rng.randint(1, 50)
    if step == 2:
        first = 2 * first + (kind == "odd ")
    numbers = [first + step * position for position in range(size)]
    which = rng.choice(["largest", "smallest"])
    count = {2: "two", 3: "three", 4: "four", 5: "five"}[size]
    question = one_of(
        rng,
        (
            "The sum of {count} consecutive {kind}integers is {s}. What is the {w} of them?",
            "The sum of {count} consecutive {kind}integers is ${s}$. What is the {w} integer?",
            "{Count} consecutive {kind}integers add up to {s}. Find the {w} one.",
            "Find the {w} of {count} consecutive {kind}integers whose sum is {s}.",
            "If {count} consecutive {kind}integers have a sum of {s}, what is the {w} of these integers?",
        ),
        count=count,
        Count=count.capitalize(),
        kind=kind,
        s=sum(numbers),
        w="greater" if size == 2 and which == "largest" else "smaller" if size == 2 else which,
    )
    offset = step * (size * (size - 1) // 2)
    last = f" + {step * (size - 1)}" if which == "largest" else ""
    program = f"first = ({sum(numbers)} - {offset}) // {size}\nprint(first{last})"
    return Solved(
        question, f"The integers go up by {step} from the first one.", program, str(numbers[-1] if last else first)
    )


def sum_of_integers(rng: random.Random) -> Solved:
    """Sums of ranges: integers, even or odd numbers, squares."""
    n, low = rng.randint(5, 150), rng.randint(2, 60)
    high = low + rng.randint(5, 80)
    wording, code, value = rng.choice(
        [
            (("the sum of the first {n} positive integers", "the sum of the integers from 1 to {n}", "the sum $1 + 2 + 3 + \\dots + {n}$"), "sum(range(1, {n} + 1))", n * (n + 1) // 2),
            (("the sum of the integers from {low} to {high}, inclusive", "the sum of all integers from {low} through {high}", "${low} + {low1} + \\dots + {high}$"), "sum(range({low}, {high} + 1))", (low + high) * (high - low + 1) // 2),
            (("the sum of the first {n} odd positive integers", "the sum of the first {n} positive odd numbers"), "sum(range(1, 2 * {n}, 2))", n * n),
            (("the sum of the first {n} even positive integers", "the sum of the first {n} positive even numbers"), "sum(range(2, 2 * {n} + 1, 2))", n * (n + 1)),
            (("the sum of the squares of the first {n} positive integers", "the sum $1^2 + 2^2 + \\dots + {n}^2$"), "sum(k**2 for k in range(1, {n} + 1))", n * (n + 1) * (2 * n + 1) // 6),
        ]
    )  # fmt: skip
    slots = {"n": n, "low": low, "high": high, "low1": low + 1}
    question = ask_for(rng, one_of(rng, wording, **slots))
    return Solved(question, "Add the numbers of the range.", f"print({code.format(**slots)})", str(value))


def perfect_powers(rng: random.Random) -> Solved:
    """Squares and cubes in a range; the least multiplier that makes a square."""
    high = rng.randint(20, 2000)
    number = prod(rng.choice([2, 2, 3, 3, 5, 7]) for _ in range(rng.randint(2, 5)))
    least = prod(p for p, e in prime_factors(number).items() if e % 2)
    question, code, value = rng.choice(
        [
            (one_of(rng, ("How many perfect squares are less than {h}?", "How many positive perfect squares are less than {h}?", "How many squares of positive integers are below {h}?"), h=high), f"len([n for n in range(1, {high}) if n**2 < {high}])", sum(n * n < high for n in range(1, high))),
            (one_of(rng, ("How many positive perfect cubes are less than {h}?", "How many cubes of positive integers are less than {h}?"), h=high), f"len([n for n in range(1, {high}) if n**3 < {high}])", sum(n**3 < high for n in range(1, high))),
            (one_of(rng, ("What is the smallest positive integer $n$ such that ${k}n$ is a perfect square?", "Find the least positive integer by which {k} must be multiplied to give a perfect square.", "What is the smallest positive integer whose product with {k} is a perfect square?"), k=number), f"next(n for n in range(1, {number} + 1) if ({number} * n)**0.5 % 1 == 0)", least),
        ]
    )  # fmt: skip
    return Solved(question, "Check one number after the other.", f"print({code})", str(value))


GENERATORS = generators(
    greatest_common_divisor,
    least_common_multiple,
    gcd_and_lcm,
    divisor_count,
    prime_factor,
    primes,
    multiples,
    consecutive_integers,
    sum_of_integers,
    perfect_powers,
)
