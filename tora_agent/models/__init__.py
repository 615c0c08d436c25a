"""Which file a model's name stands for: the one in the package, a file, or one on the hub."""

import difflib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from tora_agent.errors import UserError

BUNDLED = "tora-nano"
ADVICE = "tora-agent solve --model tora-code-13b-v1.0.Q4_K_M fetches a real one (7.87 GB)"


@dataclass(frozen=True, slots=True)
class HubModel:
    """One quantisation of a model on the hub. Sizes in GB; `ram_gb` is the most used without GPU offload."""

    name: str
    repo: str
    file: str
    size_gb: float
    ram_gb: float
    use: str


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
    path = Path(name).expanduser()
    if path.suffix == ".gguf" or path.exists():
        if not path.is_file():
            raise UserError(f"there is no model file {name}")
        return path
    known = {model.name.lower(): model for model in catalogue()} | _defaults()
    if name.lower() not in known:
        near = difflib.get_close_matches(name.lower(), known, 1)
        hint = f"did you mean {near[0]}?" if near else "`tora-agent doctor` lists the names; a path ends in .gguf"
        raise UserError(f"there is no model named {name}: {hint}")
    model = known[name.lower()]
    return _fetch(model.repo, model.file)


def introduction(name: str, engine: str) -> str:
    """One line for people: which model answers, and what to expect of it."""
    if name != BUNDLED:
        return f"{engine} answers"
    return f"{BUNDLED} answers: a demonstration of 6 MB, right on plain one-step problems and on little else; {ADVICE}"


def bundled() -> Path:
    """The small model inside the package."""
    return Path(str(resources.files("tora_agent.models") / f"{BUNDLED}.gguf"))


def catalogue() -> list[HubModel]:
    """Every model that has a name, in the order of the catalogue file."""
    return [
        HubModel(
            f"{family}.{quant}", entry["repo"], entry["file"].format(quant=quant), row["size"], row["ram"], row["use"]
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
    by_name = {model.name: model for model in catalogue()}
    return {family: by_name[f"{family}.{entry['default']}"] for family, entry in _families().items()}


def _fetch(repo: str, file: str) -> Path:
    """The file from the hub's cache, or else from the hub."""
    try:
        from huggingface_hub import HfApi, hf_hub_download
        from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError
    except ImportError as error:
        raise UserError("models are fetched with huggingface_hub: pip install 'tora-agent[llama]'") from error
    found = cached(repo, file)
    if found:
        return found
    try:
        HfApi().model_info(repo, timeout=10)  # without a network this fails at once, and a download tries for long
        return Path(hf_hub_download(repo, file))
    except (EntryNotFoundError, RepositoryNotFoundError) as error:
        raise UserError(f"the hub has no file {file} in {repo}") from error
    except Exception as error:  # the libraries below raise whatever their network layers do
        raise UserError(
            f"the hub cannot be reached for {repo}/{file} ({type(error).__name__}): fetch it where there is a network, "
            "and pass --model FILE"
        ) from error
