"""The engine for GGUF files: many sequences in one llama.cpp context, in this process."""

import asyncio
import weakref
from collections.abc import AsyncGenerator, AsyncIterator
from collections.abc import Sequence as Strings
from contextlib import asynccontextmanager
from pathlib import Path

from tora_agent.engines.base import Completion, ContextFull, Sampling
from tora_agent.engines.llama_cpp.config import LlamaCppConfig
from tora_agent.engines.llama_cpp.context import Context
from tora_agent.engines.llama_cpp.generation import Generation, Inbox, Track
from tora_agent.engines.llama_cpp.memory import allowed_memory
from tora_agent.engines.llama_cpp.model import Model, ModelInfo
from tora_agent.engines.llama_cpp.sampler import Sampler
from tora_agent.engines.llama_cpp.scheduler import Scheduler
from tora_agent.engines.llama_cpp.slots import Slots
from tora_agent.engines.llama_cpp.tokenizer import Tokenizer
from tora_agent.errors import UserError

_DEFAULT = LlamaCppConfig()


class LlamaCpp:
    """An `Engine` over llama.cpp; any number of tasks, threads and event loops may use one at once."""

    def __init__(self, model: Model, context: Context, config: LlamaCppConfig) -> None:
        """Take over a loaded model and its context; `load` makes both."""
        self.config = config
        self._context = context
        self._info = model.info
        self.tokenizer = Tokenizer(model)
        self._free_slots = Slots(context.slots)
        self._scheduler = Scheduler(context, self.tokenizer, self._free_slots, config.n_ctx, config.n_batch)
        # an engine that nobody closes ends with its last reference, or with the interpreter
        weakref.finalize(self, self._scheduler.close)

    @classmethod
    def load(cls, path: Path, config: LlamaCppConfig = _DEFAULT) -> "LlamaCpp":
        """Load a GGUF file; blocks for as long as that takes.

        Raises:
            UserError: llama-cpp-python is missing; the file is missing, broken or no text generator; the
                configuration does not suit it.
        """
        memory = allowed_memory(config)  # before the weights take their share of it
        model = Model(path, config.n_gpu_layers)
        try:
            return cls(model, Context(path, model, config, memory), config)
        except BaseException:
            model.free()
            raise

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self._info.name

    @property
    def slots(self) -> int:
        """How many sequences it holds at once; a further one waits."""
        return self._context.slots

    @property
    def info(self) -> ModelInfo:
        """What the model file says of itself."""
        return self._info

    async def cells(self) -> int:
        """How many tokens the open sequences have in the KV cache now, by llama.cpp's own account.

        One that several share is counted for each of them.
        """
        return await asyncio.wrap_future(self._scheduler.cells())

    @asynccontextmanager
    async def sequence(self, prompt: str, sampling: Sampling) -> AsyncIterator["LlamaCppSequence"]:
        """Open a sequence that starts with `prompt`, as soon as a slot is free; leaving the context frees it.

        Raises:
            ContextFull: the prompt leaves no room for a new token.
            EngineError: the engine is closed.
            UserError: the prompt is empty, and the model has no token to begin a text with.
        """
        sampler = Sampler(sampling, self.tokenizer.size, self.config.n_ctx)
        async with self.sequence_with(prompt, sampler) as sequence:
            yield sequence

    @asynccontextmanager
    async def sequence_with(self, prompt: str, sampler: Sampler) -> AsyncIterator["LlamaCppSequence"]:
        """`sequence` with a sampler of the caller's own."""
        tokens = await asyncio.wrap_future(self._scheduler.ask(lambda: self.tokenizer.prompt(prompt)))
        if not tokens:
            raise UserError("the prompt is empty: give the model something to read")
        if len(tokens) >= self.config.n_ctx:
            raise ContextFull(f"the prompt has {len(tokens)} tokens and the context {self.config.n_ctx}")
        sequence = LlamaCppSequence(self._scheduler, Track(await self._free_slots.take(), tokens, sampler))
        try:
            yield sequence
        finally:
            sequence.end()

    async def close(self) -> None:
        """Free the model, after the step that is being computed; what runs ends with an `EngineError`."""
        await asyncio.to_thread(self._scheduler.close)


class LlamaCppSequence:
    """A `Sequence` whose text stays in the KV cache from one generation to the next."""

    def __init__(self, scheduler: Scheduler, track: Track) -> None:
        self._scheduler = scheduler
        self._track = track
        self._appended = ""
        self._running: Generation | None = None
        self._left = False

    async def generate(self, stop: Strings[str], max_tokens: int) -> AsyncGenerator[str | Completion, None]:
        """See `Sequence.generate`; a generation that reaches the end of the context ends with "length".

        Raises:
            ValueError: `max_tokens` is below 1, or a stop string is empty.
            RuntimeError: the last generation has neither ended nor been closed, or the sequence was left.
        """
        if max_tokens < 1:
            raise ValueError("max_tokens must be at least 1")
        if self._left:
            raise RuntimeError("this sequence was left: its place belongs to another")
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
                if isinstance(item, Exception):
                    self._running = None
                    raise item
                if isinstance(item, Completion):
                    self._running = None
                    yield item
                    return
                yield item
        finally:
            self._cancel()

    async def append(self, text: str) -> None:
        """Add text that the model did not write; only its tokens are computed, with the next generation."""
        self._appended += text

    def end(self) -> None:
        """Free the slot and its cache, also in mid-generation."""
        self._cancel()
        self._left = True
        self._scheduler.free(self._track)

    def _cancel(self) -> None:
        if self._running:
            self._scheduler.cancel(self._running)
            self._running = None
