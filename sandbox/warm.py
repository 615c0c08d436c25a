"""Typical work done once in the zygote, so that every child finds sympy's caches filled and its lazy parts loaded."""

import contextlib
from collections.abc import Callable


def warm_up() -> None:
    """Solve, simplify, integrate and print a little of everything."""
    import datetime
    import hashlib
    import time

    import numpy as np
    import sympy

    x, y, z = sympy.symbols("x y z")
    n = sympy.Symbol("n", integer=True, positive=True)
    work: tuple[Callable[[], object], ...] = (
        lambda: sympy.solve(x**2 - 5 * x + 6, x),
        lambda: sympy.solve([x + y - 3, x - y - 1], [x, y]),
        lambda: sympy.solve(sympy.Eq(sympy.sqrt(x + 1), x - 1), x),
        lambda: sympy.solve([x**2 + y**2 - 25, x - y - 1], (x, y)),
        lambda: sympy.solve(x**3 + 2 * x - 5, x),
        lambda: sympy.solve(sympy.Abs(x - 2) - 3, x),
        lambda: sympy.solve(x**2 - 4 > 0, x),
        lambda: sympy.solveset(sympy.sin(x) - sympy.Rational(1, 2), x, sympy.Interval(0, 7)),
        lambda: sympy.simplify((x**2 - 1) / (x - 1) + sympy.sin(x) ** 2 + sympy.cos(x) ** 2),
        lambda: sympy.simplify(sympy.sqrt(12) + sympy.log(8) / sympy.log(2)),
        lambda: sympy.factor(sympy.expand((x + y) ** 3 - z**3)),
        lambda: sympy.integrate(x * sympy.exp(x), (x, 0, 1)),
        lambda: sympy.diff(sympy.sin(x) * sympy.log(x), x).subs(x, sympy.pi).evalf(),
        lambda: sympy.limit(sympy.sin(x) / x, x, 0),
        lambda: sympy.summation(n**2, (n, 1, 10)),
        lambda: sympy.Matrix([[1, 2], [3, 4]]).inv() * sympy.Matrix([1, 2]),
        lambda: sympy.Matrix([[2, 1], [1, 2]]).eigenvals(),
        lambda: (sympy.factorint(360360), sympy.divisors(360), sympy.isprime(10**9 + 7), sympy.primerange(1, 100)),
        lambda: sympy.Poly(x**3 - 6 * x**2 + 11 * x - 6, x).all_roots(),
        lambda: sympy.nsimplify(sympy.N(sympy.Rational(1, 3))),
        lambda: sympy.lambdify(x, x**2 + sympy.sin(x))(1.0),
        lambda: (str(sympy.sqrt(x) / y), sympy.latex(sympy.sqrt(x) / y), sympy.pretty(sympy.sqrt(x) / y)),
        lambda: (datetime.datetime.strptime("2020", "%Y"), time.localtime(), hashlib.sha256()),
        lambda: (str(np.arange(3)), repr(np.eye(2)), np.linalg.solve(np.eye(2), np.ones(2)), np.median([1.0, 2.0])),
    )
    for step in work:
        with contextlib.suppress(Exception):  # warmth is worth no failure
            step()
