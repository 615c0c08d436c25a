"""What one training run is: the corpus and its curriculum, the model's shape, the optimizers, the schedule."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tora_agent.training.families import check_positive

Device = Literal["auto", "cpu", "cuda"]

QUANTISED_TOGETHER = 32  # weights of a row that share a scale in a GGUF file


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a Llama model that starts from random weights; its output matrix is its embedding."""

    layers: int = 6
    width: int = 384
    heads: int = 6
    feed_forward: int = 1024
    vocabulary: int = 4096
    context: int = 2048

    def __post_init__(self) -> None:
        if min(self.layers, self.heads, self.feed_forward, self.context) < 1 or self.width % (2 * self.heads):
            raise ValueError("every size must be at least 1, and the width an even number for each head")
        if self.vocabulary < 300:
            raise ValueError("the vocabulary must be at least 300: it holds every byte and some words")
        if self.width % QUANTISED_TOGETHER or self.feed_forward % QUANTISED_TOGETHER:
            raise ValueError(f"width and feed_forward must be multiples of {QUANTISED_TOGETHER}: Q8_0 stores no others")


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the curriculum, up to a share of the whole budget.

    `weights` multiply how often a family is drawn, which is else as often as it stands in the corpora; a key is
    a family's name or a pattern such as `algebra*`, and the first one that matches counts.
    """

    until: float = 1.0
    weights: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_positive(self.weights.values())


@dataclass(frozen=True, slots=True)
class Curriculum:
    """The corpora (JSONL files with family, question and text), and in which mix they are seen over time."""

    corpora: tuple[Path, ...]
    stages: tuple[Stage, ...] = (Stage(),)
    prompt: str = "tora"
    max_tokens: int = 512  # longer trajectories are left out
    held_out: int = 400  # one in so many questions is kept for the loss on unseen ones
    tokenizer_sample: tuple[Path, ...] = ()  # plain text that the tokenizer learns from besides the corpora

    def __post_init__(self) -> None:
        if self.held_out < 2:
            raise ValueError("held_out must be at least 2: one in so many questions is not trained on")
        ends = [stage.until for stage in self.stages]
        if not ends or ends != sorted(ends) or ends[-1] != 1.0:
            raise ValueError("the stages' `until` must grow and the last one must be 1.0")


@dataclass(frozen=True, slots=True)
class Optimizers:
    """Muon for the matrices inside the layers, AdamW for embeddings and norms; or AdamW for all."""

    matrix_rate: float | None = 5e-3  # Muon's; None: the matrices are AdamW's too
    other_rate: float = 3e-3
    weight_decay: float = 0.01
    clip: float = 1.0  # the largest norm of a step's gradient


@dataclass(frozen=True, slots=True)
class Lora:
    """Low-rank adapters beside every matrix of a frozen base model; what they add is scaled by `alpha / rank`."""

    rank: int = 64
    alpha: int = 64

    def __post_init__(self) -> None:
        if self.rank < 1 or self.alpha < 1:
            raise ValueError("rank and alpha must be at least 1")


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long the run lasts, in epochs, tokens or minutes of training (the first used up ends it), and the rate.

    The rate rises over the share `warmup` of the budget, stays, and falls to zero over the share `cooldown`.
    A budget in epochs or tokens makes a resumed run equal to an unbroken one; one in minutes ends it at a chosen time.
    """

    epochs: float | None = None  # how often the corpora's tokens are seen, padding counted in
    tokens: int | None = None
    minutes: float | None = None
    warmup: float = 0.01
    cooldown: float = 0.4

    def __post_init__(self) -> None:
        budgets = [budget for budget in (self.epochs, self.tokens, self.minutes) if budget is not None]
        if not budgets:
            raise ValueError("the run needs an end: epochs, tokens or minutes")
        if not all(0 < budget < float("inf") for budget in budgets):
            raise ValueError("epochs, tokens and minutes must be above 0, and finite")
        if not (0 <= self.warmup <= 1 and 0 <= self.cooldown <= 1):
            raise ValueError("warmup and cooldown are shares of the budget, from 0 to 1")

    def progress(self, tokens: int, seconds: float, corpus_tokens: int) -> float:
        """The share of the budget that is used, from 0 to 1."""
        by_epochs = tokens / corpus_tokens / self.epochs if self.epochs else 0.0
        by_tokens = tokens / self.tokens if self.tokens else 0.0
        by_time = seconds / 60 / self.minutes if self.minutes else 0.0
        return min(1.0, max(by_epochs, by_tokens, by_time))

    def rate_factor(self, progress: float) -> float:
        """What the learning rates are multiplied with at this point."""
        rising = (progress + 1e-4) / self.warmup if self.warmup else 1.0
        falling = (1.0 - progress) / self.cooldown if self.cooldown else 1.0
        return min(1.0, rising, falling)


@dataclass(frozen=True, slots=True)
class Training:
    """One run.

    Attributes:
        output: the folder of checkpoints, log, learning curve and the model in Hugging Face's layout.
        init: `random`, or a model to start from: a folder, a name on the hub, or a GGUF file that `train export` wrote.
        lora: adapters that are trained instead of the model of `init`, and merged into it at the end.
        batch_tokens: tokens of one forward pass, padding included.
        accumulate: forward passes per step of the optimizers.
    """

    output: Path
    curriculum: Curriculum
    schedule: Schedule
    init: str = "random"
    shape: Shape = field(default_factory=Shape)
    lora: Lora | None = None
    optimizers: Optimizers = field(default_factory=Optimizers)
    batch_tokens: int = 8192
    accumulate: int = 1
    seed: int = 0
    device: Device = "auto"
    threads: int | None = None
    compile: bool = True
    recompute: bool = False  # trade time for memory: activations are computed again in the backward pass
    checkpoint_minutes: float = 5.0

    def __post_init__(self) -> None:
        if self.lora and self.init == "random":
            raise ValueError("lora needs a model to start from: name it with init")
        if min(self.batch_tokens, self.accumulate, self.threads or 1) < 1:
            raise ValueError("batch_tokens, accumulate and threads must be at least 1")
