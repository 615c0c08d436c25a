"""Symbolic problems of the synthetic curriculum, in the style of MATH: families by name, one module a subject."""

from tora_agent.training.corpus.draft import Generator
from tora_agent.training.corpus.symbolic import (
    algebra,
    calculus,
    coordinates,
    counting,
    geometry,
    intermediate_algebra,
    number_theory,
    prealgebra,
    precalculus,
    sequences,
)

MODULES = (
    prealgebra,
    algebra,
    coordinates,
    sequences,
    number_theory,
    counting,
    geometry,
    intermediate_algebra,
    precalculus,
    calculus,
)
GENERATORS: dict[str, Generator] = {
    name: generator for module in MODULES for name, generator in module.GENERATORS.items()
}
