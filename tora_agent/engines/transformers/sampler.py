"""A sequence's own sampler: transformers' logits processors made from a `Sampling`."""

from collections.abc import Iterable

import torch
from transformers import (
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from tora_agent.engines.base import Sampling
from tora_agent.engines.transformers.context import Logits


class Sampler:
    """Picks the next token of one sequence, from its own random stream, whatever else is in the batch."""

    def __init__(self, sampling: Sampling, device: torch.device) -> None:
        """Make the processors for logits on a device."""
        self._greedy = sampling.temperature == 0
        self._penalises = sampling.repetition_penalty != 1
        self._processors = LogitsProcessorList()
        self._generator = torch.Generator(device).manual_seed(sampling.seed)
        self._tokens: list[int] = []
        if self._penalises:
            self._processors.append(RepetitionPenaltyLogitsProcessor(float(sampling.repetition_penalty)))
        if self._greedy:
            return
        self._processors.append(TemperatureLogitsWarper(float(sampling.temperature)))
        if sampling.top_k:
            self._processors.append(TopKLogitsWarper(sampling.top_k))
        if sampling.top_p < 1:
            self._processors.append(TopPLogitsWarper(sampling.top_p))
        if sampling.min_p:
            self._processors.append(MinPLogitsWarper(sampling.min_p))

    def begin(self, tokens: Iterable[int]) -> None:
        """Prepare to continue a text of these tokens: they are what the repetition penalty counts."""
        self._tokens = list(tokens)

    def pick(self, context: Logits, index: int) -> int:
        """The next token, from the logits at `index` of the last batch."""
        if self._greedy and not self._penalises:
            return context.likeliest[index]
        logits = context.rows[index][None]
        read = torch.tensor([self._tokens if self._penalises else []], device=logits.device, dtype=torch.long)
        scores = self._processors(read, logits)[0]
        token = int(scores.argmax() if self._greedy else self._draw(scores))
        self._tokens.append(token)
        return token

    def _draw(self, scores: torch.Tensor) -> torch.Tensor:
        return torch.multinomial(scores.softmax(-1), 1, generator=self._generator)
