"""Many sequences in one KV cache, in this process: what an engine needs beside a context that computes batches."""

from tora_agent.engines.batching.engine import BatchingEngine, CachedSequence

__all__ = ["BatchingEngine", "CachedSequence"]
