"""What a user chooses when loading a GGUF file."""

from dataclasses import dataclass

MOST_SLOTS = 256  # sequences that llama.cpp keeps apart in one cache
_MOST_THREADS = 512  # that llama.cpp starts
_MOST_BATCH = 1 << 16
_MOST = 2**31 - 1  # of any number of llama.cpp's


@dataclass(frozen=True, slots=True)
class LlamaCppConfig:
    """How a GGUF model is loaded and how much of it runs at once.

    Attributes:
        n_ctx: tokens of one trajectory at most: prompt, programs and outputs together.
        slots: trajectories at once; None is as many as memory allows, up to 16. Each may grow to `n_ctx` tokens;
            where the KV cache is too small for that, the youngest wait, and are read anew.
        memory_mb: MiB that the weights and the KV cache may take; None is four fifths of the RAM that is free, or
            nine tenths of the GPUs' where all layers go there.
        n_gpu_layers: layers on the GPU; -1 is all, where llama.cpp was built with GPU support.
        threads: CPU threads; None is every CPU that this process may use, or what OMP_NUM_THREADS says, and one for a
            model below 50M weights.
        n_batch: tokens of one call of llama.cpp at most. A long prompt goes in over several calls, in each of
            which every other trajectory moves one token ahead; where one does, the calls are shorter.
    """

    n_ctx: int = 2048
    slots: int | None = None
    memory_mb: int | None = None
    n_gpu_layers: int = -1
    threads: int | None = None
    n_batch: int = 512

    def __post_init__(self) -> None:
        if not 2 <= self.n_ctx <= _MOST:
            raise ValueError(f"n_ctx must be from 2, one token of prompt and one new one, to {_MOST}")
        if self.slots is not None and not 1 <= self.slots <= MOST_SLOTS:
            raise ValueError(f"slots must be from 1 to {MOST_SLOTS}")
        if self.memory_mb is not None and not 1 <= self.memory_mb <= _MOST:
            raise ValueError(f"memory_mb must be from 1 to {_MOST}")
        if not -1 <= self.n_gpu_layers <= _MOST:
            raise ValueError("n_gpu_layers must be -1 (all) or the number of layers")
        if self.threads is not None and not 1 <= self.threads <= _MOST_THREADS:
            raise ValueError(f"threads must be from 1 to {_MOST_THREADS}")
        if not (self.slots or 1) <= self.n_batch <= _MOST_BATCH:
            raise ValueError(f"n_batch must be from the number of slots, {self.slots or 1}, to {_MOST_BATCH}")
