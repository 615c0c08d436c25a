"""What every engine in this process is: sequences that wait for a slot and keep their place in the cache."""

import asyncio
import weakref
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator
from collections.abc import Sequence as Strings
from contextlib import asynccontextmanager

from tora_agent.engines.base import Completion, ContextFull, Sampling
from tora_agent.engines.batching.context import Context, Sampler, Vocabulary
from tora_agent.engines.batching.generation import Generation, Inbox, Track
from tora_agent.engines.batching.scheduler import Scheduler
from tora_agent.engines.batching.slots import Slots
from tora_agent.errors import UserError


class BatchingEngine(ABC):
    """The base of an `Engine` over a context; any number of tasks, threads and event loops may use one at once."""

    def __init__(self, context: Context, vocabulary: Vocabulary, n_ctx: int, n_batch: int) -> None:
        """Take over a context, and with it a loaded model.

        `n_ctx` are the tokens of one sequence at most, `n_batch` those of one step.
        """
        self._vocabulary = vocabulary
        self._n_ctx = n_ctx
        self._slots = context.slots
        self._free_slots = Slots(context.slots)
        self._scheduler = Scheduler(context, vocabulary, self._free_slots, n_ctx, n_batch)
        # an engine that nobody closes ends with its last reference, or with the interpreter
        weakref.finalize(self, self._scheduler.close)

    @property
    def slots(self) -> int:
        """How many sequences it holds at once; a further one waits."""
        return self._slots

    @abstractmethod
    def _sampler(self, sampling: Sampling) -> Sampler:
        """A sequence's own sampler."""

    @asynccontextmanager
    async def sequence(self, prompt: str, sampling: Sampling) -> AsyncIterator["CachedSequence"]:
        """Open a sequence that starts with `prompt`, as soon as a slot is free; leaving the context frees it.

        Raises:
            ContextFull: the prompt leaves no room for a new token.
            EngineError: the engine is closed.
            UserError: the prompt is empty, and the model has no token to begin a text with.
        """
        async with self.sequence_with(prompt, self._sampler(sampling)) as sequence:
            yield sequence

    @asynccontextmanager
    async def sequence_with(self, prompt: str, sampler: Sampler) -> AsyncIterator["CachedSequence"]:
        """Open a sequence with this sampler, as soon as a slot is free; raises as `sequence` does."""
        tokens = await asyncio.wrap_future(self._scheduler.ask(lambda: self._vocabulary.prompt(prompt)))
        if not tokens:
            raise UserError("the prompt is empty: give the model something to read")
        if len(tokens) >= self._n_ctx:
            raise ContextFull(f"the prompt has {len(tokens)} tokens and the context {self._n_ctx}")
        sequence = CachedSequence(self._scheduler, Track(await self._free_slots.take(), tokens, sampler))
        try:
            yield sequence
        finally:
            sequence.end()

    async def close(self) -> None:
        """Free the model, after the step that is being computed; what runs ends with an `EngineError`."""
        await asyncio.to_thread(self._scheduler.close)


class CachedSequence:
    """A `Sequence` whose text stays in the KV cache from one generation to the next."""

    def __init__(self, scheduler: Scheduler, track: Track) -> None:
        self._scheduler = scheduler
        self._track = track
        self._appended = ""
        self._running: Generation | None = None
        # one that nobody leaves, since its event loop was closed, ends with its last reference
        self._free = weakref.finalize(self, scheduler.free, track)

    async def generate(self, stop: Strings[str], max_tokens: int) -> AsyncGenerator[str | Completion, None]:
        """See `Sequence.generate`; a generation that reaches the end of the context ends with "length".

        Raises:
            ValueError: `max_tokens` is below 1, or a stop string is empty.
            RuntimeError: the last generation has neither ended nor been closed, or the sequence was left.
        """
        if max_tokens < 1:
            raise ValueError("max_tokens must be at least 1")
        if self._running:
            raise RuntimeError("this sequence is generating already: close that generator first")
        inbox = Inbox()
        generation = Generation(self._track, self._appended, tuple(stop), max_tokens, inbox)
        self._scheduler.start(generation)
        self._appended = ""
        self._running = generation
        try:
            while True:
                item = await inbox.items.get()
                if not isinstance(item, str):
                    self._running = None
                if isinstance(item, Exception):
                    raise item
                yield item
                if isinstance(item, Completion):
                    return
        finally:
            if self._running is generation:
                self._scheduler.cancel(generation)
                self._running = None

    async def append(self, text: str) -> None:
        """Add text that the model did not write; only its tokens are computed, with the next generation."""
        self._appended += text

    def end(self) -> None:
        """Free the slot and its cache; a generation that another task still reads fails."""
        self._running = None
        self._free()
