"""What a user chooses when loading a GGUF file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LlamaCppConfig:
    """How a GGUF model is loaded and how much of it runs at once.

    Attributes:
        n_ctx: tokens of one trajectory at most: prompt, programs and outputs together.
        slots: trajectories at once; the KV cache holds `slots * n_ctx` tokens.
        n_gpu_layers: layers on the GPU; -1 is all, where llama.cpp was built with GPU support.
        threads: CPU threads; None is every CPU that this process may use, and one for a model below 50M weights.
        n_batch: tokens of one call of llama.cpp at most. A long prompt goes in over several calls, in each of
            which every other trajectory moves one token ahead.
    """

    n_ctx: int = 2048
    slots: int = 1
    n_gpu_layers: int = -1
    threads: int | None = None
    n_batch: int = 512

    def __post_init__(self) -> None:
        if self.n_ctx < 2:
            raise ValueError("n_ctx must be at least 2: one token of prompt and one new one")
        if self.slots < 1:
            raise ValueError("slots must be at least 1")
        if self.n_gpu_layers < -1:
            raise ValueError("n_gpu_layers must be -1 (all) or the number of layers")
        if self.threads is not None and self.threads < 1:
            raise ValueError("threads must be at least 1")
        if self.n_batch < self.slots:
            raise ValueError(f"n_batch must be at least the number of slots, {self.slots}")
