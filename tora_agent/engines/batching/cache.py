"""Which tokens the KV cache holds for whom: a common beginning once, what was left while there is room for it."""

import itertools
from collections.abc import Collection, Sequence

from tora_agent.engines.batching.context import Context
from tora_agent.engines.batching.generation import Track

_WORTH_A_WAIT = 8  # tokens; to have fewer computed twice is cheaper than to wait a step for them


class Cache:
    """The tracks in use, each under its slot, and the prompts of those that ended, which nobody uses any more.

    A track's `cached` is kept in step with the context's cache: but for the tokens of the batch that is being
    computed, it is changed here alone.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._held: dict[int, Track] = {}  # by slot, the oldest first
        self._left: dict[int, Track] = {}  # by slot, the one that ended first comes first
        self._ages = itertools.count()

    def settle(self, track: Track) -> None:
        """Bring the context's cache to what the track's tokens and its `cached` say; ignores one not in use."""
        if self._held.get(track.slot) is not track:
            return
        track.cached = min(track.cached, len(track.tokens))
        self._truncate(track)

    def admit(self, track: Track) -> None:
        """Settle a track that is to grow; a new one takes over its slot, and what it can use of what was left there."""
        if self._held.get(track.slot) is not track:
            track.age = next(self._ages)
            self._held[track.slot] = track
            left = self._left.pop(track.slot, None)
            if left:
                track.cached = _common(left.tokens, track.tokens, 0, min(left.cached, len(track.tokens) - 1))
        self.settle(track)

    def longest(self, track: Track) -> tuple[Track, int]:
        """Whose cache holds the longest beginning of a track, but for its last token, and how many tokens of it.

        It is the track's own where another's saves too little.
        """
        longest, source = track.cached + self._context.least_copied - 1, track
        if self._context.shares:
            for other in (*self._held.values(), *self._left.values()):
                length = _common(other.tokens, track.tokens, longest, min(other.cached, len(track.tokens) - 1))
                if length > longest:
                    longest, source = length, other
        return source, track.cached if source is track else longest

    def waits(self, track: Track, length: int, others: Sequence[Track]) -> bool:
        """Whether one of these, which are being computed, soon has much more to share with the track than a length."""
        end = max(length + _WORTH_A_WAIT, track.cached + self._context.least_copied)
        if not self._context.shares or len(track.tokens) <= end:
            return False
        return any(track.tokens[:end] == other.tokens[:end] for other in others)

    def share(self, track: Track, source: Track, length: int) -> None:
        """Let a track use so many tokens that another, as `longest` found it, has computed."""
        if source is not track:
            self._context.copy(source.slot, track.slot, track.cached, length)
            track.cached = length

    def release(self, track: Track) -> None:
        """Take a track out of use; its prompt stays, for another that begins like it, as long as there is room."""
        if self._held.get(track.slot) is not track:
            return
        del track.tokens[track.prompt :]
        self.settle(track)
        del self._held[track.slot]
        if track.cached:
            self._left[track.slot] = track

    def evict(self, running: Collection[Track]) -> Track | None:
        """Take the cells of a prompt that was left, else of the youngest track; returns whose.

        The oldest of those that are `running` is spared, so that the work comes to an end; None where nothing
        else is left. An evicted track is computed anew when it runs.
        """
        evicted = self._left.pop(next(iter(self._left))) if self._left else self._youngest(running)
        if evicted:
            evicted.cached = 0
            self._truncate(evicted)
        return evicted

    def _youngest(self, running: Collection[Track]) -> Track | None:
        spared = min(running, key=lambda track: track.age)
        others = [track for track in self._held.values() if track is not spared and (track.cached or track in running)]
        return others[-1] if others else None

    def _truncate(self, track: Track) -> None:
        if not self._context.truncate(track.slot, track.cached):
            track.cached = 0


def _common(first: list[int], second: list[int], least: int, most: int) -> int:
    """With how many common tokens two texts begin, counted up to `most`; `least` where there are no more than that."""
    if most <= least or first[: least + 1] != second[: least + 1]:
        return least
    return next((index for index in range(least + 1, most) if first[index] != second[index]), most)
