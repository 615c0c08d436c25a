"""Number theory: divisors, primes, remainders, congruences, bases, digits, multiples."""

import random
from math import gcd, lcm, prod

from tora_agent.training.corpus.symbolic.notation import ordinal
from tora_agent.training.corpus.symbolic.solved import Solved, generators
from tora_agent.training.corpus.symbolic.wording import ask_for, math, one_of

PRIMES = [number for number in range(2, 700) if all(number % small for small in range(2, int(number**0.5) + 1))]
DIGITS = "0123456789ABCDEF"


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


def remainder(rng: random.Random) -> Solved:
    """The remainder of a number, a sum, a product or a power."""
    m = rng.randint(2, 25)
    a, b, c = rng.randint(10, 5000), rng.randint(10, 500), rng.randint(10, 300)
    base, exponent = rng.randint(2, 30), rng.randint(3, 2100)
    kind = rng.choice(["plain", "plain", "sum", "product", "power", "power"])
    latex, code, value = {
        "plain": (f"{a}", f"{a} % {m}", a % m),
        "sum": (f"{a} + {b} + {c}", f"({a} + {b} + {c}) % {m}", (a + b + c) % m),
        "product": (f"{b} \\cdot {c}", f"{b} * {c} % {m}", b * c % m),
        "power": (f"{base}^{{{exponent}}}", f"pow({base}, {exponent}, {m})", pow(base, exponent, m)),
    }[kind]
    question = one_of(
        rng,
        (
            "What is the remainder when {a} is divided by {m}?",
            "What is the remainder when {a} is divided by {m}?",
            "Find the remainder when {a} is divided by {m}.",
            "Find the remainder of {a} divided by {m}.",
            "When {a} is divided by {m}, what is the remainder?",
            "Determine the remainder when {a} is divided by {m}.",
            "What is the remainder of {a} when it is divided by {m}?",
        ),
        a=f"${latex}$" if kind != "plain" else math(rng, latex),
        m=math(rng, str(m)),
    )
    if rng.random() < 0.2:
        question = one_of(rng, ("Compute ${a} \\pmod{{{m}}}$.", "What is ${a} \\bmod {m}$?", "Find the integer $n$ with $0 \\le n < {m}$ such that $n \\equiv {a} \\pmod{{{m}}}$."), a=latex, m=m)  # fmt: skip
    return Solved(question, f"Compute the remainder modulo {m}.", f"print({code})", str(value))


def remainder_told(rng: random.Random) -> Solved:
    """The remainder of a multiple or a sum, from the remainders of the numbers."""
    m = rng.randint(3, 15)
    r, k, s, _c = rng.randint(1, m - 1), rng.randint(2, 9), rng.randint(1, m - 1), rng.randint(1, 9)
    if rng.random() < 0.5:
        question = one_of(rng, ("When $n$ is divided by {m}, the remainder is {r}. What is the remainder when ${k}n$ is divided by {m}?", "If $n$ leaves a remainder of {r} when divided by {m}, what remainder does ${k}n$ leave when divided by {m}?", "The remainder when a number is divided by {m} is {r}. What is the remainder when {k} times the number is divided by {m}?", "If $n \\equiv {r} \\pmod{{{m}}}$, what is the remainder when ${k}n$ is divided by ${m}$?"), m=m, r=r, k=k)  # fmt: skip
        return Solved(question, "Multiply the remainder and reduce it.", f"print({k} * {r} % {m})", str(k * r % m))
    question = one_of(rng, ("The remainders of $a$ and $b$ when divided by {m} are {r} and {s}. What is the remainder when $a + b$ is divided by {m}?", "If $a \\equiv {r} \\pmod{{{m}}}$ and $b \\equiv {s} \\pmod{{{m}}}$, find the remainder when $a + b$ is divided by ${m}$.", "When divided by {m}, $x$ leaves a remainder of {r} and $y$ leaves a remainder of {s}. What remainder does $x + y$ leave?"), m=m, r=r, s=s)  # fmt: skip
    return Solved(question, "Add the remainders and reduce.", f"print(({r} + {s}) % {m})", str((r + s) % m))


def modular_inverse(rng: random.Random) -> Solved:
    """The inverse of a number modulo another, or a linear congruence."""
    m = rng.randint(5, 60)
    a = rng.choice([k for k in range(2, m) if gcd(k, m) == 1])
    inverse = next(k for k in range(m) if a * k % m == 1)
    if rng.random() < 0.5:
        question = one_of(rng, ("What is the modular inverse of {a}, modulo {m}?", "Find ${a}^{{-1}} \\pmod{{{m}}}$.", "Find the inverse of {a} modulo {m}.", "Find the multiplicative inverse of {a} modulo {m}, as an integer from 0 to {last}.", "What is ${a}^{{-1}} \\pmod{{{m}}}$, as a residue modulo {m}?"), a=a, m=m, last=m - 1)  # fmt: skip
        return Solved(question, "Compute the inverse modulo the number.", f"print(pow({a}, -1, {m}))", str(inverse))
    b = rng.randrange(m)
    question = one_of(rng, ("Solve ${a}x \\equiv {b} \\pmod{{{m}}}$.", "Find the smallest nonnegative integer $x$ such that ${a}x \\equiv {b} \\pmod{{{m}}}$.", "What is the smallest whole number $x$ for which ${a}x \\equiv {b} \\pmod{{{m}}}$?", "Solve the congruence ${a}x \\equiv {b} \\pmod{{{m}}}$ for $0 \\le x < {m}$."), a=a, b=b, m=m)  # fmt: skip
    return Solved(question, "Multiply by the inverse.", f"print({b} * pow({a}, -1, {m}) % {m})", str(b * inverse % m))


def two_congruences(rng: random.Random) -> Solved:
    """The smallest number with two given remainders."""
    m, n = rng.choice([(m, n) for m in range(3, 14) for n in range(3, 14) if gcd(m, n) == 1])
    r, s = rng.randint(1, m - 1), rng.randint(1, n - 1)
    value = next(k for k in range(1, m * n + 1) if k % m == r and k % n == s)
    question = one_of(
        rng,
        (
            "What is the smallest positive integer that leaves a remainder of {r} when divided by {m} and a remainder of {s} when divided by {n}?",
            "Find the least positive integer $x$ such that $x \\equiv {r} \\pmod{{{m}}}$ and $x \\equiv {s} \\pmod{{{n}}}$.",
            "A number leaves remainder {r} when divided by {m} and remainder {s} when divided by {n}. What is the smallest such positive number?",
            "What is the least positive integer with remainder {r} upon division by {m} and remainder {s} upon division by {n}?",
        ),
        r=r,
        m=m,
        s=s,
        n=n,
    )
    program = f"print(next(n for n in range(1, 1000) if n % {m} == {r} and n % {n} == {s}))"
    return Solved(question, "Search for the smallest number.", program, str(value))


def digits_in_base(number: int, base: int) -> str:
    """A number written in a base."""
    text = ""
    while number:
        number, digit = divmod(number, base)
        text = DIGITS[digit] + text
    return text or "0"


def to_base(rng: random.Random) -> Solved:
    """A decimal number written in another base."""
    base, number = rng.randint(2, 9), rng.randint(5, 999)
    text = digits_in_base(number, base)
    name = {2: "binary", 8: "octal"}.get(base, f"base {base}")
    question = one_of(
        rng,
        (
            "Write {n} in base {b}.",
            "Convert {n} to base {b}.",
            "Express ${n}$ in base ${b}$.",
            "Convert ${n}_{{10}}$ to base {b}.",
            "What is ${n}_{{10}}$ in base {b}?",
            "What is the base-{b} representation of {n}?",
            "Find the base ${b}$ representation of the base 10 number ${n}$.",
            "What is {n} written in {name}?",
        ),
        n=number,
        b=base,
        name=name,
    )
    program = f"n = {number}\ndigits = ''\nwhile n > 0:\n    digits = str(n % {base}) + digits\n    n //= {base}\nprint(digits + '_{base}')"
    return Solved(question, f"Divide by {base} and collect the remainders.", program, f"{text}_{base}")


def from_base(rng: random.Random) -> Solved:
    """A number of another base in decimal, or a sum of two in their base."""
    base = rng.randint(2, 9)
    a, b = rng.randint(base + 1, 600), rng.randint(base + 1, 600)
    x, y = digits_in_base(a, base), digits_in_base(b, base)
    if rng.random() < 0.6:
        question = one_of(rng, ("Convert ${x}_{b}$ to base 10.", "What is ${x}_{b}$ in base 10?", "Write ${x}_{b}$ as a decimal number.", "Express the base-{b} number {x} in base 10.", "What base-10 number is equal to ${x}_{b}$?", "Find the base 10 value of ${x}_{b}$.", "What is {x} in base {b}, written in base 10?"), x=x, b=base)  # fmt: skip
        return Solved(question, f"Read the digits in base {base}.", f"print(int('{x}', {base}))", str(a))
    question = one_of(rng, ("Compute ${x}_{b} + {y}_{b}$. Express your answer in base 10.", "What is the sum of ${x}_{b}$ and ${y}_{b}$ in base 10?", "Find ${x}_{b} + {y}_{b}$ as a base 10 number."), x=x, y=y, b=base)  # fmt: skip
    return Solved(
        question, f"Read both numbers in base {base}.", f"print(int('{x}', {base}) + int('{y}', {base}))", str(a + b)
    )


def units_digit(rng: random.Random) -> Solved:
    """The last digit of a power, a product or a sum of powers."""
    a, b = rng.randint(2, 99), rng.randint(2, 60)
    m, n = rng.randint(2, 2000), rng.randint(2, 80)
    latex, code, value = rng.choice(
        [
            (f"{a}^{{{m}}}", f"pow({a}, {m}, 10)", pow(a, m, 10)),
            (f"{a}^{{{m}}}", f"pow({a}, {m}, 10)", pow(a, m, 10)),
            (f"{a} \\cdot {b}", f"{a} * {b} % 10", a * b % 10),
            (f"{a}^{{{n}}} + {b}^{{{n}}}", f"({a}**{n} + {b}**{n}) % 10", (a**n + b**n) % 10),
            (f"{a}^{{{n}}} \\cdot {b}^{{{n}}}", f"{a}**{n} * {b}**{n} % 10", a**n * b**n % 10),
        ]
    )
    digit = rng.choice(["units digit", "ones digit", "last digit", "units digit"])
    question = one_of(
        rng,
        (
            "What is the {d} of ${e}$?",
            "Find the {d} of ${e}$.",
            "Determine the {d} of ${e}$.",
            "What is the {d} when ${e}$ is computed?",
        ),
        d=digit,
        e=latex,
    )
    return Solved(question, "Compute modulo 10.", f"print({code})", str(value))


def digit_sum(rng: random.Random) -> Solved:
    """The sum or number of digits of a number given by an expression."""
    a, b = rng.randint(2, 40), rng.randint(2, 15)
    number = a**b
    latex, code = f"{a}^{{{b}}}" if b > 9 else f"{a}^{b}", f"{a}**{b}"
    if rng.random() < 0.3:
        number = rng.randint(100, 99_999)
        latex = code = str(number)
    if rng.random() < 0.7 or code.isdigit():
        question = one_of(
            rng,
            (
                "What is the sum of the digits of ${e}$?",
                "Find the sum of the digits of ${e}$.",
                "Compute the sum of the digits of ${e}$ when it is written in base 10.",
                "What is the digit sum of ${e}$?",
            ),
            e=latex,
        )
        return Solved(
            question,
            "Add the digits.",
            f"n = {code}\nprint(sum(int(d) for d in str(n)))",
            str(sum(map(int, str(number)))),
        )
    question = one_of(
        rng,
        (
            "How many digits does ${e}$ have?",
            "Find the number of digits of ${e}$.",
            "How many digits are in ${e}$ when it is written out?",
        ),
        e=latex,
    )
    return Solved(question, "Count the digits.", f"n = {code}\nprint(len(str(n)))", str(len(str(number))))


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
    greatest_common_divisor, least_common_multiple, gcd_and_lcm, divisor_count, prime_factor, primes, remainder,
    remainder_told, modular_inverse, two_congruences, to_base, from_base, units_digit, digit_sum, multiples,
    consecutive_integers, sum_of_integers, perfect_powers,
)  # fmt: skip
