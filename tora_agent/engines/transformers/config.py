"""What a user chooses when loading a checkpoint."""

from dataclasses import dataclass
from typing import Literal

Dtype = Literal["auto", "fp32", "fp16", "bf16"]

_MOST_SLOTS = 256


@dataclass(frozen=True, slots=True)
class TransformersConfig:
    """How a checkpoint is loaded and how much of it runs at once. Code that a repository holds is never run.

    Attributes:
        n_ctx: tokens of one trajectory at most: prompt, programs and outputs together.
        slots: trajectories at once, for each of which `n_ctx` tokens of cache are set aside; None is as many as
            memory allows, up to 16.
        dtype: of the weights and the cache; auto is the checkpoint's own.
        device: a name of PyTorch's, such as cuda:1; auto is all GPUs, or else the CPU.
        revision: a branch, tag or commit of the hub's repository; None is what was fetched, or else the newest.
    """

    n_ctx: int = 2048
    slots: int | None = None
    dtype: Dtype = "auto"
    device: str = "auto"
    revision: str | None = None

    def __post_init__(self) -> None:
        if not 2 <= self.n_ctx < 2**31:
            raise ValueError(f"n_ctx must be from 2, one token of prompt and one new one, to {2**31 - 1}")
        if self.slots is not None and not 1 <= self.slots <= _MOST_SLOTS:
            raise ValueError(f"slots must be from 1 to {_MOST_SLOTS}")
