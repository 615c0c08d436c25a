"""Which examples are seen when: drawn by the curriculum, grouped by length, in an order that a state can restore."""

import random
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray

from tora_agent.training.families import check_weights, weight_of
from tora_agent.training.sft.config import Stage
from tora_agent.training.sft.examples import Examples

POOL = 24  # batches that are drawn together and sorted by length
UNUSED = 0  # what fills a row after its end: any token, for no later one of the row counts


@dataclass(slots=True)
class Position:
    """Where a run is in its data: enough to draw the same batches again.

    `drawn` counts, by family, the examples of the pools before this one; `progress` is the share of the budget
    at which this pool was drawn.
    """

    pool: int
    batch: int
    progress: float
    drawn: dict[str, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples of about the same length, padded on the right: both tensors are (examples, tokens)."""

    tokens: torch.Tensor
    learned: torch.Tensor


class Batches:
    """An endless stream of batches.

    A family's examples come in a random order, all of them before one comes again; how often a family's turn
    is follows from its share of the corpora times its weight in the stage.
    """

    def __init__(self, examples: Examples, stages: tuple[Stage, ...], batch_tokens: int, seed: int) -> None:
        """Refuses (UserError) a stage whose weights name no family of the examples, or leave none."""
        for number, stage in enumerate(stages, 1):
            check_weights(stage.weights, examples.names, f"stage {number} of the curriculum")
        self._examples = examples
        self._stages = stages
        self._batch_tokens = batch_tokens
        self._seed = seed
        self._members = {
            name: np.flatnonzero(examples.families == family) for family, name in enumerate(examples.names)
        }
        self._orders: dict[str, tuple[int, NDArray[np.int64]]] = {}
        self._position = Position(pool=-1, batch=0, progress=0.0, drawn={})
        self._drawn: dict[str, int] = {}
        self._pool: list[list[int]] = []

    def next(self, progress: float) -> Batch:
        """The next batch; `progress` chooses the stage whenever a new pool is drawn."""
        if self._position.batch == len(self._pool):
            self._position = Position(self._position.pool + 1, 0, progress, dict(self._drawn))
            self._pool = self._draw()
        chosen = self._pool[self._position.batch]
        self._position.batch += 1
        return self.collate(chosen)

    def state(self) -> dict[str, Any]:
        """The position as plain values."""
        return asdict(self._position)

    def restore(self, state: dict[str, Any]) -> None:
        """Go to a position; with the same corpora and seed, the batches after it are the same."""
        self._position = Position(**state)
        self._drawn = dict(self._position.drawn)
        self._pool = self._draw()
        self._position.batch = min(self._position.batch, len(self._pool))

    def collate(self, chosen: list[int]) -> Batch:
        """The examples with these indices as one batch."""
        starts = self._examples.starts
        lengths = [int(starts[index + 1] - starts[index]) for index in chosen]
        tokens = np.full((len(chosen), max(lengths)), UNUSED, np.int64)
        learned = np.zeros(tokens.shape, np.bool_)
        for row, (index, length) in enumerate(zip(chosen, lengths, strict=True)):
            span = slice(starts[index], starts[index + 1])
            tokens[row, :length] = self._examples.tokens[span]
            learned[row, :length] = self._examples.learned[span]
        return Batch(torch.from_numpy(tokens), torch.from_numpy(learned))

    def all_in_order(self) -> list[Batch]:
        """Every example once, for measuring."""
        return [self.collate(chosen) for chosen in self._by_length(range(len(self._examples)))]

    def _draw(self) -> list[list[int]]:
        """The batches of the current pool; counts what it draws."""
        chance = random.Random(f"{self._seed} {self._position.pool}")
        weights = self._weights()
        mean_length = self._examples.starts[-1] / len(self._examples)
        count = max(1, int(POOL * self._batch_tokens / mean_length))
        families = chance.choices(list(weights), list(weights.values()), k=count)
        batches = self._by_length([self._take(family) for family in families])
        chance.shuffle(batches)
        return batches

    def _weights(self) -> dict[str, float]:
        stage = next(stage for stage in self._stages if self._position.progress <= stage.until)
        return {name: len(members) * weight_of(stage.weights, name) for name, members in self._members.items()}

    def _take(self, family: str) -> int:
        """The family's next example."""
        count = self._drawn.get(family, 0)
        self._drawn[family] = count + 1
        members = self._members[family]
        epoch, place = divmod(count, len(members))
        if family not in self._orders or self._orders[family][0] != epoch:
            generator = np.random.default_rng([self._seed, crc32(family.encode()), epoch])
            self._orders[family] = (epoch, generator.permutation(members))
        return int(self._orders[family][1][place])

    def _by_length(self, indices: Iterable[int]) -> list[list[int]]:
        """Group examples of similar length, as many together as the tokens of a batch allow."""
        lengths = np.diff(self._examples.starts)
        batches: list[list[int]] = []
        for index in sorted(indices, key=lambda index: (lengths[index], index)):
            if batches and lengths[index] * (len(batches[-1]) + 1) <= self._batch_tokens:
                batches[-1].append(index)
            else:
                batches.append([index])
        return batches
