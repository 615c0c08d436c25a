"""One sequence's place in the cache, and one generation that makes it grow."""

import asyncio
import time
from dataclasses import dataclass, field

from tora_agent.engines.base import Completion, ContextFull, FinishReason
from tora_agent.engines.batching.context import Sampler, Vocabulary
from tora_agent.engines.text import TextStream


@dataclass(slots=True, eq=False)
class Track:
    """A sequence as the scheduler's thread, which owns it, sees it.

    Attributes:
        slot: the context's number for the sequence.
        tokens: the text so far.
        prompt: how many of them it was opened with.
        cached: how many of them, from the start, the KV cache holds.
        remainder: the text after the last token, where a stop string began inside a token.
        age: its place in the order in which tracks first ran.
        left: whether its slot belongs to another.
    """

    slot: int
    tokens: list[int]
    sampler: Sampler
    prompt: int = field(init=False)
    cached: int = 0
    remainder: bytes = b""
    age: int = 0
    left: bool = False

    def __post_init__(self) -> None:
        self.prompt = len(self.tokens)

    @property
    def uncached(self) -> int:
        """How many tokens are still to be computed."""
        return len(self.tokens) - self.cached


Item = str | Completion | Exception


class Inbox:
    """Where a generation's pieces, then its completion or failure, arrive; for one task of one event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.items: asyncio.Queue[Item] = asyncio.Queue()


class Generation:
    """One run of the model on a track, from the text appended to it to a `Completion`.

    `prompt_tokens` is counted by whoever computes them.
    """

    def __init__(self, track: Track, appended: str, stop: tuple[str, ...], max_tokens: int, inbox: Inbox) -> None:
        self.track = track
        self.inbox = inbox
        self.prompt_tokens = 0
        self._appended = appended
        self._text = TextStream(stop)
        self._max_tokens = max_tokens
        self._left = 0
        self._start = 0  # of the new tokens in the track's
        self._began = time.perf_counter()

    def begin(self, vocabulary: Vocabulary, n_ctx: int) -> None:
        """Add the appended text to the track; at least one token is then to be computed.

        Raises:
            ContextFull: no new token fits.
        """
        track = self.track
        track.tokens += vocabulary.continuation(track.remainder + self._appended.encode(errors="replace"))
        track.remainder = b""
        self._start = len(track.tokens)
        if self._start >= n_ctx:
            raise ContextFull(f"the text has {self._start} tokens and the context {n_ctx}: no new one fits")
        track.cached = min(track.cached, self._start - 1)
        self._left = min(self._max_tokens, n_ctx - self._start)
        track.sampler.begin(track.tokens)

    def accept(self, token: int, piece: bytes | None) -> tuple[str, FinishReason | None]:
        """Take the model's next token: its bytes are `piece`, which is None for the one that ends the text.

        Returns the text that became final and, at the end, the reason for it.
        """
        self.track.tokens.append(token)
        self._left -= 1
        if piece is None:
            return self._end("eos")
        text = self._text.push(piece)
        if self._text.stopped:
            return text, "stop"
        if self._left:
            return text, None
        rest, finish = self._end("length")
        return text + rest, finish

    def complete(self, finish: FinishReason, vocabulary: Vocabulary) -> Completion:
        """Cut the track back to the kept text."""
        track = self.track
        written = len(track.tokens) - self._start
        self._cut(vocabulary)
        seconds = time.perf_counter() - self._began
        return Completion(self._text.text, finish, self.prompt_tokens, written, seconds)

    def undo(self) -> None:
        """Cut the track back to where the new tokens began."""
        del self.track.tokens[self._start :]
        self.track.remainder = b""

    def _end(self, finish: FinishReason) -> tuple[str, FinishReason]:
        text = self._text.finish()
        return text, "stop" if self._text.stopped else finish

    def _cut(self, vocabulary: Vocabulary) -> None:
        """Keep the new tokens that lie within the kept text, and the rest of it as the remainder."""
        kept, end, length = self._text.data, self._start, 0
        for token in self.track.tokens[self._start :]:
            piece = vocabulary.pieces[token]
            if piece is None or length + len(piece) > len(kept):
                break
            length += len(piece)
            end += 1
        del self.track.tokens[end:]
        self.track.remainder = kept[length:]
