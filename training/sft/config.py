"""What one training run is: the corpus and its curriculum, the model's shape, the optimizers, the schedule."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tora_agent.errors import UserError
from tora_agent.validation import validated

Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a Llama model that starts from random weights; its output matrix is its embedding."""

    layers: int = 6
    width: int = 384
    heads: int = 6
    feed_forward: int = 1024
    vocabulary: int = 4096
    context: int = 2048


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the curriculum, up to a share of the whole budget.

    `weights` multiply how often a family is drawn, which is else as often as it stands in the corpora; a key is
    a family's name or a pattern such as `algebra*`, and the first one that matches counts.
    """

    until: float = 1.0
    weights: dict[str, float] = field(default_factory=dict)


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
        ends = [stage.until for stage in self.stages]
        if not ends or ends != sorted(ends) or ends[-1] != 1.0:
            raise ValueError("the stages' `until` must grow and the last one must be 1.0")


@dataclass(frozen=True, slots=True)
class Optimizers:
    """Muon for the matrices inside the layers, AdamW for embeddings and norms."""

    matrix_rate: float = 5e-3
    other_rate: float = 3e-3
    weight_decay: float = 0.01
    clip: float = 1.0  # the largest norm of a step's gradient


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long the run lasts, in tokens or in minutes of training (the first to be used up ends it), and the rate.

    The rate rises over the share `warmup` of the budget, stays, and falls to zero over the share `cooldown`.
    A budget in tokens makes a resumed run equal to an unbroken one; one in minutes ends it at a chosen time.
    """

    tokens: int | None = None
    minutes: float | None = None
    warmup: float = 0.01
    cooldown: float = 0.4

    def __post_init__(self) -> None:
        if self.tokens is None and self.minutes is None:
            raise ValueError("the run needs an end: tokens or minutes")

    def progress(self, tokens: int, seconds: float) -> float:
        """The share of the budget that is used, from 0 to 1."""
        by_tokens = tokens / self.tokens if self.tokens else 0.0
        by_time = seconds / 60 / self.minutes if self.minutes else 0.0
        return min(1.0, max(by_tokens, by_time))

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
        init: `random`, or a model to start from: a folder or a name on the hub.
        batch_tokens: tokens of one forward pass, padding included.
        accumulate: forward passes per step of the optimizers.
    """

    output: Path
    curriculum: Curriculum
    schedule: Schedule
    init: str = "random"
    shape: Shape = field(default_factory=Shape)
    optimizers: Optimizers = field(default_factory=Optimizers)
    batch_tokens: int = 8192
    accumulate: int = 1
    seed: int = 0
    device: Device = "auto"
    threads: int | None = None
    compile: bool = True
    recompute: bool = False  # trade time for memory: activations are computed again in the backward pass
    checkpoint_minutes: float = 5.0


def load_training(path: Path) -> Training:
    """Read a run from its YAML file.

    Raises:
        UserError: the file cannot be read, or a key or value in it is wrong.
    """
    import yaml

    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"the config file {path} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise UserError(f"the config file {path} is not YAML: {' '.join(str(error).split())}") from error
    return validated(Training, tree, str(path))
