"""The models that have a name: what each takes here, and which of a family to take."""

import functools
from dataclasses import dataclass
from importlib import resources

from tora_agent.engines.llama_cpp import PROGRAM_BYTES, LlamaCppConfig, Shape, gpu_memory
from tora_agent.engines.machine import capacity
from tora_agent.errors import UserError

_GB = 1e9


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
    """What there is on this machine for a model, in bytes."""

    ram: int
    gpu: int

    @classmethod
    def here(cls) -> "Memory":
        """Of RAM, what an engine could use if nothing else ran."""
        try:
            return cls(capacity(), gpu_memory())
        except UserError:  # no llama.cpp, which knows the GPUs
            return cls(capacity(), 0)

    def place(self, shape: Shape, config: LlamaCppConfig) -> str:
        """Where the model fits with one context: "GPU", "RAM", or "" for nowhere."""
        needed = shape.bytes(config)
        return "GPU" if needed <= self.gpu else "RAM" if needed <= self.ram else ""


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
    fitting = [model for model in models if memory.place(model.shape, config)]
    if not fitting:
        raise too_large(min(models, key=lambda model: model.size_gb), config, memory)
    choice = max(fitting, key=lambda model: (model.recommended, model.size_gb))
    kind = "largest recommended quantisation" if choice.recommended else "largest quantisation"
    where = memory.place(choice.shape, config)
    there = memory.gpu if where == "GPU" else memory.ram
    return (
        choice,
        f"the {kind} that fits here: {choice.shape.bytes(config) / _GB:.1f} of {there / _GB:.1f} GB of {where}",
    )


def too_large(model: HubModel, config: LlamaCppConfig, memory: Memory) -> UserError:
    """The mistake of a model that doesn't fit: by how much, and which would."""
    needed, there = model.shape.bytes(config) / _GB, max(memory.ram, memory.gpu) / _GB
    others = [other for other in catalogue() if memory.place(other.shape, config)]
    same = [other for other in others if other.family == model.family]
    would = max(same or others, key=lambda other: other.size_gb, default=None)
    return UserError(
        f"{model.name} with n_ctx {config.n_ctx} needs {needed:.1f} GB of memory, {needed - there:.1f} more than may be"
        f" used here: {would.name if would else 'tora-nano'} would fit"
    )


@functools.cache
def _tree() -> dict[str, dict]:  # type: ignore[type-arg]
    import yaml

    text = (resources.files("tora_agent.models") / "catalogue.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)  # type: ignore[no-any-return]
