"""The models that have a name: what each takes here, and which of a family to take."""

import functools
import math
from dataclasses import dataclass, replace
from importlib import resources

from tora_agent.engines.llama_cpp import PROGRAM_BYTES, LlamaCppConfig, Shape, allowed_memory, memory_kind
from tora_agent.errors import UserError

_GB = 1e9
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class HubModel:
    """One quantisation of a model on the hub, as a GGUF file."""

    family: str
    quant: str
    repo: str
    use: str
    shape: Shape

    @property
    def name(self) -> str:
        """What `--model` takes."""
        return f"{self.family}.{self.quant}"

    @property
    def file(self) -> str:
        """The file's name in its repository."""
        return f"{self.name}.gguf"

    @property
    def recommended(self) -> bool:
        """Whether its card recommends it."""
        return self.use.endswith("recommended")

    @property
    def size_gb(self) -> float:
        """Of the file, in GB."""
        return self.shape.weights / _GB


@dataclass(frozen=True, slots=True)
class ServerModel:
    """A model in a format for servers, such as vLLM's."""

    family: str
    format: str
    repo: str

    @property
    def name(self) -> str:
        """What the catalogue calls it."""
        return f"{self.family}.{self.format}"

    @property
    def command(self) -> str:
        """What serves it."""
        quantisation = "" if self.format == "fp16" else f" --quantization {self.format.lower()}"
        return f"vllm serve {self.repo}{quantisation}"


@dataclass(frozen=True, slots=True)
class Memory:
    """How many bytes loading allows a model, and of what: "RAM", "GPU", or "--memory" where the user says how many."""

    bytes: int
    kind: str

    @classmethod
    def here(cls, config: LlamaCppConfig) -> "Memory":
        """What there is on this machine now."""
        try:
            return cls(allowed_memory(config), memory_kind(config))
        except UserError:  # no llama.cpp, which knows the GPUs
            return cls.here(replace(config, n_gpu_layers=0))

    def holds(self, shape: Shape, config: LlamaCppConfig) -> bool:
        """Whether the model fits with one context."""
        return shape.bytes(config) <= self.bytes


def ram_gb(shape: Shape, config: LlamaCppConfig) -> float:
    """GB of memory with one context on the CPU alone, those of the program and its sandbox included."""
    return (shape.bytes(config) + PROGRAM_BYTES) / _GB


def catalogue() -> list[HubModel]:
    """Every GGUF file that has a name, in the order of the catalogue file."""
    tree = _tree()
    return [
        HubModel(family, quant, entry["gguf"], tree["uses"][quant], Shape(weights=round(size * _GB), **entry["shape"]))
        for family, entry in tree["families"].items()
        for quant, size in entry["sizes"].items()
    ]


def known(repo: str, file: str) -> HubModel | None:
    """The model of the catalogue that a file of the hub is, if it is one."""
    return next((model for model in catalogue() if (model.repo, model.file) == (repo, file)), None)


def split_files() -> dict[str, str]:
    """The repositories of the models that the hub has only in parts, by the names that they would have."""
    return {
        f"{family}.{quant}": entry["gguf"]
        for family, entry in _tree()["families"].items()
        for quant in entry.get("split", ())
    }


def server_models() -> list[ServerModel]:
    """The same models in formats for servers."""
    families = _tree()["families"].items()
    return [ServerModel(family, kind, repo) for family, entry in families for kind, repo in entry["servers"].items()]


def families() -> dict[str, list[HubModel]]:
    """The quantisations of each family, by its name with and without the version."""
    found: dict[str, list[HubModel]] = {}
    for model in catalogue():
        for name in (model.family, model.family.removesuffix("-v1.0")):
            found.setdefault(name, []).append(model)
    return found


def best(models: list[HubModel], config: LlamaCppConfig, memory: Memory) -> tuple[HubModel, str]:
    """The one of a family to take, and why: the largest recommended that fits, or else the largest that does.

    Raises:
        UserError: none fits.
    """
    fitting = [model for model in models if memory.holds(model.shape, config)]
    if not fitting:
        raise too_large(min(models, key=lambda model: model.size_gb), config, memory)
    choice = max(fitting, key=lambda model: (model.recommended, model.size_gb))
    kind = "largest recommended quantisation" if choice.recommended else "largest quantisation"
    needed, there = choice.shape.bytes(config) / _GB, memory.bytes / _GB
    return choice, f"the {kind} that fits here: {needed:.1f} of {there:.1f} GB of {memory.kind}"


def too_large(model: HubModel, config: LlamaCppConfig, memory: Memory) -> UserError:
    """The mistake of a model that doesn't fit: by how much, and which would."""
    needed = model.shape.bytes(config)
    others = [other for other in catalogue() if other.name != model.name and memory.holds(other.shape, config)]
    same = [other for other in others if other.family == model.family]
    would = max(same or others, key=lambda other: other.size_gb, default=None)
    return UserError(
        f"{model.name} with n_ctx {config.n_ctx} needs {needed / _GB:.1f} GB of memory,"
        f" {(needed - memory.bytes) / _GB:.1f} more than may be used here: {would.name if would else 'tora-nano'} would"
        f" fit, or allow it more (--memory {math.ceil(needed / _MIB)})"
    )


@functools.cache
def _tree() -> dict[str, dict]:  # type: ignore[type-arg]
    import yaml

    text = (resources.files("tora_agent.models") / "catalogue.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)  # type: ignore[no-any-return]
