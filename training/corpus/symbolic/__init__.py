"""Symbolic problems of the synthetic curriculum, in the style of MATH: families by name, grouped by subject."""

from tora_agent.training.corpus.draft import Generator
from tora_agent.training.corpus.symbolic import (
    algebra,
    angles,
    calculus,
    coordinates,
    counting,
    expressions,
    geometry,
    intermediate_algebra,
    number_theory,
    percentages,
    polynomials,
    prealgebra,
    precalculus,
    probability,
    remainders,
    sequences,
)

MODULES = (
    algebra,
    angles,
    calculus,
    coordinates,
    counting,
    expressions,
    geometry,
    intermediate_algebra,
    number_theory,
    percentages,
    polynomials,
    prealgebra,
    precalculus,
    probability,
    remainders,
    sequences,
)
GENERATORS: dict[str, Generator] = {
    name: generator for module in MODULES for name, generator in module.GENERATORS.items()
}
