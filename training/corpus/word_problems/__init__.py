"""Word problems of the synthetic curriculum: families by name, each with a grammar of its own."""

from tora_agent.training.corpus.draft import Generator
from tora_agent.training.corpus.word_problems import (
    bare,
    chains,
    change,
    combine,
    compare,
    episodes,
    groups,
    measures,
    money,
    pairs,
    parts,
    plots,
    portions,
    rates,
    regroup,
    relations,
    stories,
    tables,
    trade,
    twostep,
)

GENERATORS: dict[str, Generator] = (
    change.GENERATORS
    | combine.GENERATORS
    | compare.GENERATORS
    | pairs.GENERATORS
    | groups.GENERATORS
    | regroup.GENERATORS
    | portions.GENERATORS
    | rates.GENERATORS
    | money.GENERATORS
    | trade.GENERATORS
    | parts.GENERATORS
    | relations.GENERATORS
    | measures.GENERATORS
    | bare.GENERATORS
    | tables.GENERATORS
    | twostep.GENERATORS
    | chains.GENERATORS
    | stories.GENERATORS
    | plots.GENERATORS
    | episodes.GENERATORS
)
