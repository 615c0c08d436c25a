"""Word problems of the synthetic curriculum: families by name, each with a grammar of its own."""

from tora_agent.training.corpus.draft import Generator
from tora_agent.training.corpus.word_problems import (
    bare,
    chains,
    change,
    combine,
    compare,
    groups,
    measures,
    money,
    pairs,
    parts,
    rates,
    stories,
    tables,
    twostep,
)

MODULES = (
    change,
    combine,
    compare,
    groups,
    rates,
    money,
    pairs,
    parts,
    measures,
    bare,
    tables,
    twostep,
    chains,
    stories,
)
GENERATORS: dict[str, Generator] = {
    name: generator for module in MODULES for name, generator in module.GENERATORS.items()
}
