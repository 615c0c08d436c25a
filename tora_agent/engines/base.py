"""The seam between the loop and whatever generates text: an engine opens sequences, a sequence grows."""

import hashlib
from collections.abc import AsyncGenerator
from collections.abc import Sequence as Strings
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Literal, Protocol

FinishReason = Literal["stop", "length", "eos"]


class EngineError(Exception):
    """The engine failed, through no mistake of the user's: worth a retry or a record."""


class ContextFull(Exception):
    """The sequence no longer fits the model's context: an end of the trajectory, not a failure."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen.

    The repetition penalty counts the whole text, prompt included; then the logits are divided by the
    temperature, and top_k, top_p and min_p cut what remains, in that order. Temperature 0 is greedy: the likeliest
    after the penalty, whatever the other fields say.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0  # 0: all tokens
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not (self.temperature == 0 or 0.001 <= self.temperature <= 100):
            raise ValueError("temperature must be 0 (greedy), or from 0.001 to 100")
        if not 0 < self.top_p <= 1:
            raise ValueError("top_p must be above 0 and at most 1")
        if not 0 <= self.top_k < 2**31:
            raise ValueError(f"top_k must be from 0 (all tokens) to {2**31 - 1}")
        if not 0 <= self.min_p <= 1:
            raise ValueError("min_p must be between 0 and 1")
        if not 0 < self.repetition_penalty <= 100:
            raise ValueError("repetition_penalty must be above 0 and at most 100")
        if not 0 <= self.seed < 2**32:
            raise ValueError("seed must be from 0 to 4294967295")

    def for_sample(self, question: str, number: int) -> "Sampling":
        """The same with the seed of one of a question's samples, which depends on all three and on nothing else.

        Seeds in a row, as people choose them, have no sample in common.
        """
        drawn = hashlib.sha256(f"{self.seed} {number} {question}".encode(errors="replace")).digest()
        return replace(self, seed=int.from_bytes(drawn[:4]))


@dataclass(frozen=True, slots=True)
class Completion:
    """One generation: its text without the stop string and without white space at its end.

    `prompt_tokens` counts the tokens that were computed to read the text (the prompt, or the tool output appended
    since the last generation): fewer where the cache held some already, more where it had lost some;
    `completion_tokens` those that the model wrote, also the ones of the stop string, which are not part of the text.
    """

    text: str
    finish: FinishReason
    prompt_tokens: int
    completion_tokens: int
    seconds: float


class Sequence(Protocol):
    """One growing text with its place in the engine's KV cache."""

    def generate(self, stop: Strings[str], max_tokens: int) -> AsyncGenerator[str | Completion, None]:
        """Yield the text piece by piece, then the `Completion` whose text is the pieces joined.

        The earliest stop string in the text ends it. Afterwards the sequence's text is exactly the old text
        plus the completion's. Closing the generator before the completion has come ends the work for it at
        once, and takes back what it wrote.

        Raises:
            ContextFull: the text so far leaves no room for a new token.
            EngineError: the engine failed.
        """
        ...

    async def append(self, text: str) -> None:
        """Add text that the model did not write, such as a tool's output: the next generation reads it."""
        ...


class Engine(Protocol):
    """A loaded model, a server, or a recording."""

    @property
    def name(self) -> str:
        """What answers, in a few words, for people and for stored results."""
        ...

    @property
    def slots(self) -> int:
        """How many sequences it holds at once; a further one waits."""
        ...

    def sequence(self, prompt: str, sampling: Sampling) -> AbstractAsyncContextManager[Sequence]:
        """Open a sequence that starts with `prompt`; leaving the context frees it, also in mid-generation.

        Raises:
            ContextFull: the prompt alone is longer than the context.
            EngineError: the engine is closed.
        """
        ...

    async def close(self) -> None:
        """Free the model; sequences that still run end with an `EngineError`."""
        ...
