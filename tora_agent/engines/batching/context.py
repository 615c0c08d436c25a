"""What an engine in this process brings along: a context that computes, a vocabulary, and a sampler for a sequence."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class Batch(Protocol):
    """The tokens that the next step computes."""

    def add(self, slot: int, position: int, tokens: list[int], output: bool) -> int:
        """Put tokens of a sequence in, the first at `position`; `output` asks for the logits of the last.

        Returns the index that names those logits after `Context.decode`.
        """
        ...


class Context(Protocol):
    """The KV cache of all sequences, and the batch that is computed in it; for one thread only."""

    @property
    def slots(self) -> int:
        """How many sequences it holds."""
        ...

    @property
    def shares(self) -> bool:
        """Whether a sequence may use what another has in the cache."""
        ...

    @property
    def least_copied(self) -> int:
        """How many tokens a copy must save, so that it is cheaper than to compute them."""
        ...

    @property
    def batch(self) -> Batch:
        """What the next `decode` computes."""
        ...

    @property
    def handle(self) -> Any:
        """Where a sampler finds the logits of the last `decode`."""
        ...

    def decode(self) -> bool:
        """Compute what was added to `batch` since the last call; False where the cache has no room for it.

        Raises:
            EngineError: it failed; what the cache holds of these sequences is then unknown.
        """
        ...

    def truncate(self, slot: int, length: int) -> bool:
        """Drop what the cache holds of a sequence from position `length` on.

        False where the model's kind of cache can only drop a sequence as a whole: then that is done.
        """
        ...

    def copy(self, source: int, target: int, start: int, end: int) -> None:
        """Let a sequence share what another has in the cache from position `start` to before `end`; needs `shares`."""
        ...

    def free(self) -> None:
        """Give back the cache, and the model with it."""
        ...


class Vocabulary(Protocol):
    """Text to tokens and back, byte for byte. Text never becomes a control token."""

    @property
    def pieces(self) -> Mapping[int, bytes | None]:
        """The bytes of each token; None for one that ends the generation."""
        ...

    def prompt(self, text: str) -> list[int]:
        """The tokens of a text that begins a sequence, as the model was trained to see it."""
        ...

    def continuation(self, data: bytes) -> list[int]:
        """The tokens of a text that follows another; their pieces joined are the text again."""
        ...


class Sampler(Protocol):
    """Picks the next token of one sequence, from its own random stream, whatever else is in the batch."""

    def begin(self, tokens: Iterable[int]) -> None:
        """Prepare to continue a text of these tokens: they are what the repetition penalty counts."""
        ...

    def pick(self, context: Any, index: int) -> int:
        """The next token, from the logits at `index` of the last batch of the context with the handle `context`."""
        ...
