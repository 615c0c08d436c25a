"""The same entropy in every process: what generators draw that are given no seed, so that programs can be run again."""

import random
from typing import Any

_SOURCE = random.Random()
_seed = random.Random.seed


def fix() -> None:
    """Put our source under `random` and numpy; before façades are made."""
    import numpy as np

    random.Random.seed = seed  # type: ignore[method-assign]
    random.seed = random._inst.seed
    vars(np.random.bit_generator)["randbits"] = _SOURCE.getrandbits  # of which a SeedSequence takes 128


def begin() -> None:
    """Start the source and all generators that exist already, for the processes that are forked from here on."""
    import numpy as np
    from sympy.core.random import seed as seed_sympy

    _seed(_SOURCE, 0)
    np.random.seed(0)
    seed_sympy(0)
    begin_forked()


def begin_forked() -> None:
    """In a forked process: start `random`'s own generator, which a fork seeds anew."""
    random.seed(0)


def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
    """`random.Random.seed`, with entropy of our source where none is given."""
    _seed(self, _SOURCE.getrandbits(128) if a is None else a, version)
