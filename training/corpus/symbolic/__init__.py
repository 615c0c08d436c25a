"""Symbolic problems of the synthetic curriculum, in the style of MATH: families by name, one module a subject."""

from tora_agent.training.corpus.draft import Generator

from tora_agent.training.corpus.symbolic import algebra, prealgebra

MODULES = (prealgebra, algebra)
GENERATORS: dict[str, Generator] = {
    name: generator for module in MODULES for name, generator in module.GENERATORS.items()
}
