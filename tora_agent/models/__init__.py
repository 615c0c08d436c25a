"""Which file a model's name stands for: the one in the package, a file, or one on the hub."""

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from tora_agent.errors import UserError
from tora_agent.validation import no_such

BUNDLED = "tora-nano"


@dataclass(frozen=True, slots=True)
class HubModel:
    """One quantisation of a model on the hub. Sizes in GB; `ram_gb` is the most used without GPU offload."""

    family: str
    quant: str
    recommended: str
    repo: str
    file: str
    size_gb: float
    ram_gb: float

    @property
    def name(self) -> str:
        """What `--model` takes."""
        return f"{self.family}.{self.quant}"


def find_model(name: str) -> Path:
    """The GGUF file that `name` stands for, fetched from the hub where it must be.

    `name` is a path, `tora-nano`, a name of the catalogue (`tora-code-13b-v1.0.Q4_K_M`, or without the
    quantisation for its recommended one), or `hf:OWNER/REPO/FILE.gguf`.

    Raises:
        UserError: no such file or name, or the hub cannot be reached.
    """
    if name == BUNDLED:
        return bundled()
    if name.startswith("hf:"):
        owner, repo, *file = [*name[3:].split("/", 2), "", ""][:3]
        if not (owner and repo and file[0].endswith(".gguf")):
            raise UserError(f"the model {name} does not have the form hf:OWNER/REPO/FILE.gguf")
        return _fetch(f"{owner}/{repo}", file[0])
    if _is_path(name):
        return Path(name)
    known = {model.name.lower(): model for model in catalogue()} | _defaults()
    if name.lower() not in known:
        otherwise = "`tora-agent doctor` lists the names; a path ends in .gguf"
        raise no_such("model", name, [BUNDLED, *known], otherwise)
    model = known[name.lower()]
    return _fetch(model.repo, model.file)


def _is_path(name: str) -> bool:
    """Whether `name` is a file; one that ends like a model must be."""
    try:
        found = Path(name).is_file()
    except (OSError, ValueError):  # longer than a name may be, or with a NUL
        found = False
    if name.endswith(".gguf") and not found:
        raise UserError(f"there is no model file {name}")
    return found


def bundled() -> Path:
    """The small model inside the package."""
    return Path(str(resources.files("tora_agent.models") / f"{BUNDLED}.gguf"))


def catalogue() -> list[HubModel]:
    """Every model that has a name, in the order of the catalogue file."""
    return [
        HubModel(
            family=family,
            quant=quant,
            recommended=entry["default"],
            repo=entry["repo"],
            file=entry["file"].format(quant=quant),
            size_gb=row["size"],
            ram_gb=row["ram"],
        )
        for family, entry in _families().items()
        for quant, row in entry["quants"].items()
    ]


def cached(repo: str, file: str) -> Path | None:
    """Where the hub's cache on this machine holds a file, if it does."""
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return None
    path = try_to_load_from_cache(repo, file)
    return Path(path) if isinstance(path, str) else None


def _families() -> dict[str, dict]:  # type: ignore[type-arg]
    import yaml

    text = (resources.files("tora_agent.models") / "catalogue.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)  # type: ignore[no-any-return]


def _defaults() -> dict[str, HubModel]:
    """The families' own names, for their recommended quantisation."""
    return {model.family: model for model in catalogue() if model.quant == model.recommended}


def _fetch(repo: str, file: str) -> Path:
    """The file from the hub's cache, or else from the hub."""
    try:
        from huggingface_hub import HfApi, hf_hub_download
        from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError
    except ImportError as error:
        raise UserError("models are fetched with huggingface_hub: pip install 'tora-agent[llama]'") from error
    try:
        found = cached(repo, file)
        if found:
            return found
        HfApi().model_info(repo, timeout=10)  # without a network this fails at once, and a download tries for long
        return Path(hf_hub_download(repo, file))
    except (EntryNotFoundError, RepositoryNotFoundError) as error:
        raise UserError(f"the hub has no file {file} in {repo}") from error
    except Exception as error:  # the libraries below raise whatever their network layers do
        raise UserError(
            f"the hub cannot be reached for {repo}/{file} ({type(error).__name__}): fetch it where there is a network, "
            "and pass --model FILE"
        ) from error
