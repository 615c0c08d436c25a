"""The hub's cache on this machine: what it holds, whether that is whole, and its removal."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tora_agent.engines.transformers.checkpoint import weight_files
from tora_agent.errors import UserError

if TYPE_CHECKING:
    from huggingface_hub import CachedRepoInfo, HFCacheInfo

SHA256 = re.compile("[0-9a-f]{64}")  # the hub's name of a large file's content; a small one's is git's


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model in the cache: a GGUF file, or a checkpoint, whose `file` is empty and whose `path` is its folder.

    Attributes:
        size: of the file or of all weights, in bytes.
    """

    repo: str
    file: str
    path: Path
    size: int

    @property
    def name(self) -> str:
        """What `--model` takes."""
        return "hf:" + "/".join(filter(None, (self.repo, self.file)))


def cached(repo: str, file: str, revision: str | None = None) -> Path | None:
    """Where the cache holds a file, if it does.

    Raises:
        UserError: no repository can have that name.
    """
    try:
        from huggingface_hub import try_to_load_from_cache
        from huggingface_hub.errors import HFValidationError
    except ImportError:
        return None
    try:
        path = try_to_load_from_cache(repo, file, revision=revision)
    except HFValidationError as error:
        raise UserError(f"{repo} cannot be a repository of the hub: a name is OWNER/REPO") from error
    return Path(path) if isinstance(path, str) else None


def cached_checkpoint(repo: str, revision: str | None = None) -> Path | None:
    """The folder in the cache that holds a repository's checkpoint, if one does, and whole.

    Raises:
        UserError: no repository can have that name.
    """
    settings = cached(repo, "config.json", revision)
    return settings.parent if settings and _weights(settings.parent) else None


def fetched() -> list[Fetched]:
    """The models in the cache, by repository and file."""
    scan = _scan()
    repos = scan.repos if scan else ()
    return sorted(
        (model for repo in repos if repo.repo_type == "model" for model in _models(repo)), key=lambda model: model.name
    )


def check(path: Path) -> None:
    """Compare a file in the cache with the SHA-256 by which the hub knows it; remove it where it differs.

    Raises:
        UserError: it differed.
    """
    blob = path.parent / path.readlink() if path.is_symlink() else path  # one step: it may lead on to a shared store
    if SHA256.fullmatch(blob.name) and not is_whole(path, blob.name):
        path.unlink()
        blob.unlink(missing_ok=True)
        raise damaged(path.name)


def is_whole(path: Path, sha256: str) -> bool:
    """Whether that is the SHA-256 of a file's content."""
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest() == sha256


def damaged(file: str) -> UserError:
    """The mistake of a file that was not what the hub has."""
    return UserError(f"{file} was damaged, and was removed: fetch it again")


def remove(repo: str, file: str = "") -> int:
    """Remove a repository's file from the cache, or without one all files, and what is left of stopped downloads.

    Returns:
        the bytes that this frees.
    """
    scan = _scan()
    if scan is None:
        return 0
    folder = storage(repo).resolve()
    revisions = (revision for known in scan.repos if known.repo_path == folder for revision in known.revisions)
    doomed = [
        entry
        for revision in revisions
        for entry in revision.files
        if file in ("", entry.file_path.relative_to(revision.snapshot_path).as_posix())
    ]
    removal = scan.delete_files(*doomed)
    removal.execute()
    left_over = [part for part in scan.incomplete_files if part.file_path.parent == folder / "blobs"]
    for part in left_over:
        part.file_path.unlink(missing_ok=True)
    return removal.expected_freed_size + sum(part.size_on_disk for part in left_over)


def storage(repo: str) -> Path:
    """The folder of the cache for a repository of models."""
    from huggingface_hub.constants import HF_HUB_CACHE
    from huggingface_hub.file_download import repo_folder_name

    return Path(HF_HUB_CACHE) / repo_folder_name(repo_id=repo, repo_type="model")


def _scan() -> "HFCacheInfo | None":
    """All that the cache holds; None where there is none."""
    try:
        from huggingface_hub import CacheNotFound, scan_cache_dir
    except ImportError:
        return None
    try:
        return scan_cache_dir()
    except CacheNotFound:
        return None


def _models(repo: "CachedRepoInfo") -> Iterator[Fetched]:
    """The models that names without a revision stand for."""
    for revision in repo.revisions:
        if "main" not in revision.refs:
            continue
        folder = revision.snapshot_path
        for entry in revision.files:
            if entry.file_name.endswith(".gguf"):
                file = entry.file_path.relative_to(folder).as_posix()
                yield Fetched(repo.repo_id, file, entry.file_path, entry.size_on_disk)
        if weights := _weights(folder):
            yield Fetched(repo.repo_id, "", folder, sum(path.stat().st_size for path in weights))


def _weights(folder: Path) -> list[Path]:
    """The files of a checkpoint's weights; none where its download was stopped."""
    try:
        return weight_files(folder)
    except UserError:
        return []
