"""An experiment in one YAML file, made of the components' own settings."""

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tora_agent.agent import Budget
from tora_agent.engines.base import Sampling
from tora_agent.engines.llama_cpp import MOST_SLOTS, LlamaCppConfig
from tora_agent.engines.openai.config import OpenAIConfig
from tora_agent.engines.transformers.config import TransformersConfig
from tora_agent.errors import UserError
from tora_agent.eval.cluster.config import RayConfig
from tora_agent.models import BUNDLED, names_checkpoint
from tora_agent.names import EngineKind, ExecutorKind, TrackerName
from tora_agent.sandbox import Limits
from tora_agent.validation import merge, override, read_config, validated

CONFIGS = "tora_agent.configs"
SWEEP = "sweep"  # the key under which a file lists values of other keys
MOST_SAMPLES = 10_000
_OF_ENGINES = {"llama_cpp": ("n_ctx",), "transformers": ("n_ctx", "dtype"), "openai": ("api",)}  # what changes numbers


@dataclass(frozen=True, slots=True)
class Data:
    """Which problems: a task's name, where its files are (None: the hub), and how many of them (None: all)."""

    name: str = "sample"
    dir: Path | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.limit is not None and not 1 <= self.limit <= sys.maxsize:
            raise ValueError("limit must be at least 1, and no more than a file could hold")


@dataclass(frozen=True, slots=True)
class Output:
    """Where results go, and how many problems are worked on at the same time (None: what the engine has slots for)."""

    store: Path = Path("runs/tora-agent.sqlite")
    concurrency: int | None = None

    def __post_init__(self) -> None:
        if self.concurrency is not None and not 1 <= self.concurrency <= MOST_SLOTS:
            raise ValueError(f"concurrency must be from 1 to {MOST_SLOTS}")


@dataclass(frozen=True, slots=True)
class Experiment:
    """Everything that one evaluation needs.

    Attributes:
        model: a path, a name of the catalogue, `hf:OWNER/REPO/FILE.gguf`, or `hf:OWNER/REPO` for a checkpoint; for
            servers, their name for it.
        engine: what generates; where nobody says, the model decides (`engine_for`).
        prompt: a shipped prompt's name, or the path of a file.
        trajectories: the recorded trajectories that the `replay` engine gives back.
        samples: trajectories of each problem; more than one vote on its answer.
        early_stop: end a problem once the samples to come cannot change its vote.
        executor: what does the work: this process, or the workers of a Ray cluster.
        track: where the run is logged, beside the store.
    """

    model: str = BUNDLED
    engine: EngineKind = "llama_cpp"
    prompt: str = "tora"
    samples: int = 1
    early_stop: bool = False
    executor: ExecutorKind = "local"
    ray: RayConfig = field(default_factory=RayConfig)
    sampling: Sampling = field(default_factory=Sampling)
    limits: Budget = field(default_factory=Budget)
    llama_cpp: LlamaCppConfig = field(default_factory=LlamaCppConfig)
    transformers: TransformersConfig = field(default_factory=TransformersConfig)
    openai: OpenAIConfig = field(default_factory=OpenAIConfig)
    trajectories: Path | None = None
    sandbox: Limits = field(default_factory=Limits)
    dataset: Data = field(default_factory=Data)
    output: Output = field(default_factory=Output)
    track: TrackerName | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.samples <= MOST_SAMPLES:
            raise ValueError(f"samples must be from 1 to {MOST_SAMPLES}")
        if self.samples > 1 and self.sampling.temperature == 0:
            raise ValueError("several samples need a temperature (--temperature 0.7): greedy ones are all the same")
        if self.engine == "replay" and self.trajectories is None:
            raise ValueError("the replay engine needs trajectories: the file of recorded ones (--trajectories FILE)")
        if self.engine == "openai" and not self.openai.base_urls:
            raise ValueError(
                "the openai engine needs a server's address (openai.base_urls, or --base-url http://127.0.0.1:8000/v1)"
            )

    @property
    def source(self) -> str:
        """What the text comes from: the model, or the recording."""
        return str(self.trajectories) if self.engine == "replay" else self.model

    def as_json(self) -> dict[str, Any]:
        """The experiment as plain values, for storing."""
        return json.loads(json.dumps(asdict(self), default=str))  # type: ignore[no-any-return]

    def identity(self, versions: dict[str, str]) -> str:
        """A digest of all that can change the numbers: the settings, and what they rest on (`compose.versions`).

        Names and paths are left out, for what they stand for is in `versions`; so is what changes the speed alone.
        """
        plain = self.as_json()
        for key in ("model", "prompt", "trajectories", "dataset", "output", "executor", "ray", "track"):
            del plain[key]
        for engine, kept in _OF_ENGINES.items():
            own = plain.pop(engine)
            if self.engine == engine:
                plain[engine] = {key: own[key] for key in kept}
        del plain["sandbox"]["require_walls"]  # whether programs run, not what comes of them
        return hashlib.sha256(json.dumps([plain, versions], sort_keys=True).encode()).hexdigest()


def engine_for(model: str) -> EngineKind:
    """The engine in this process that loads a model: transformers for a checkpoint, llama.cpp for the others."""
    return "transformers" if names_checkpoint(model) else "llama_cpp"


def make_experiment(tree: dict[str, Any], where: str) -> Experiment:
    """An experiment from nested settings.

    Raises:
        UserError: a key or value is wrong; the sentence starts with `where`.
    """
    return validated(Experiment, {"engine": engine_for(str(tree.get("model", BUNDLED)))} | tree, where)


def load_experiment(source: str | None, settings: dict[str, Any], overrides: Iterable[str] = ()) -> Experiment:
    """Read an experiment from a YAML file or a shipped config's name (None: all defaults), and lay settings over it.

    `settings` is nested like the file (the command line's own options); `overrides` are `key.sub=value` texts,
    whose values are read as YAML. Later ones win.

    Raises:
        UserError: the file cannot be read, holds a sweep, or a key or value is wrong.
    """
    tree = read_config(source, CONFIGS) if source else {}
    merge(tree, settings)
    override(tree, overrides)
    if tree.pop(SWEEP, None):
        raise UserError(f"{source or 'the settings'}: a sweep is many experiments, and one is needed here")
    return make_experiment(tree, source or "the settings")
