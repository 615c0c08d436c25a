"""What an engine's KV cache holds, by llama.cpp's own account."""

import asyncio

from tora_agent.engines.batching import BatchingEngine
from tora_agent.engines.llama_cpp.context import Context
from tora_agent.engines.llama_cpp.native import library


async def cells(engine: BatchingEngine) -> int:
    """How many tokens the open sequences have in the cache; fails where it holds anything that no track accounts for.

    A sequence that was left may only leave its prompt.
    """
    cache, context = engine._scheduler._cache, engine._scheduler._context

    def count() -> int:
        tracks = cache._left | cache._held
        assert len(tracks) == len(cache._left) + len(cache._held)
        assert all(track.cached <= len(track.tokens) for track in tracks.values())
        assert all(len(track.tokens) == track.prompt for track in cache._left.values())
        if isinstance(context, Context):
            last = library().llama_memory_seq_pos_max
            held = [last(context._memory, slot) + 1 for slot in range(context.slots)]
            told = [tracks[slot].cached if slot in tracks else 0 for slot in range(context.slots)]
            assert held == told, f"llama.cpp holds {held}, and the tracks say {told}"
        return sum(track.cached for track in cache._held.values())

    return await asyncio.wrap_future(engine._scheduler.ask(count))
