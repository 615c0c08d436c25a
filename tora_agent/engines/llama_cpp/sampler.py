"""A sequence's own sampler: a chain of llama.cpp's samplers made from a `Sampling`."""

import ctypes
import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np

from tora_agent.engines.base import Sampling
from tora_agent.engines.llama_cpp.native import library, short_call

_RANDOM_SEED = 0xFFFFFFFF  # llama.cpp reads this seed as "any"


class Sampler:
    """Picks the next token of one sequence, from its own random stream, whatever else is in the batch."""

    def __init__(self, sampling: Sampling, vocabulary: int, n_ctx: int) -> None:
        """Make the chain for a vocabulary of so many tokens and texts of at most `n_ctx` tokens."""
        self._penalties: Any = None
        self._chain: Any = None
        greedy, penalty = sampling.temperature == 0, sampling.repetition_penalty
        if greedy and penalty == 1:  # no chain: an argmax takes a sixth of the time of llama.cpp's greedy sampler
            self._row: Any = ctypes.c_float * vocabulary
            self._logits = short_call("llama_get_logits_ith")
            return
        api = library()
        self._pick = short_call("llama_sampler_sample")
        self._chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        # at interpreter exit the scheduler's thread may still use it
        weakref.finalize(self, api.llama_sampler_free, self._chain).atexit = False
        if penalty != 1:
            self._penalties = api.llama_sampler_init_penalties(vocabulary, n_ctx, penalty, 0.0, 0.0)
            self._add(self._penalties)
        if greedy:
            self._add(api.llama_sampler_init_greedy())
            return
        self._add(api.llama_sampler_init_temp(sampling.temperature))
        if sampling.top_k:
            self._add(api.llama_sampler_init_top_k(sampling.top_k))
        if sampling.top_p < 1:
            self._add(api.llama_sampler_init_top_p(sampling.top_p, 1))
        if sampling.min_p:
            self._add(api.llama_sampler_init_min_p(sampling.min_p, 1))
        self._add(api.llama_sampler_init_dist(sampling.seed % _RANDOM_SEED))

    def begin(self, tokens: Iterable[int]) -> None:
        """Prepare to continue a text of these tokens: they are what the repetition penalty counts."""
        if self._penalties:
            api = library()
            api.llama_sampler_reset(self._penalties)
            for token in tokens:
                api.llama_sampler_accept(self._penalties, token)

    def pick(self, context: Any, index: int) -> int:
        """The next token, from the logits at `index` of the last batch."""
        if self._chain is None:
            row = self._row.from_address(ctypes.addressof(self._logits(context, index).contents))
            return int(np.frombuffer(row, np.float32).argmax())
        return self._pick(self._chain, context, index)  # type: ignore[no-any-return]

    def _add(self, sampler: Any) -> None:
        library().llama_sampler_chain_add(self._chain, sampler)
