"""Files on the hub: fetched into its own cache on this machine, checked, and removed from there."""

import errno
import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tora_agent.engines.transformers.checkpoint import SETTINGS, WEIGHTS, weight_files
from tora_agent.errors import UserError

_READ = 1 << 20  # bytes at a time


def cached(repo: str, file: str, revision: str | None = None) -> Path | None:
    """Where the hub's cache on this machine holds a file, if it does.

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


def fetch(repo: str, file: str) -> Path:
    """The file from the hub's cache, or else from the hub; what had begun to come is gone on with.

    Raises:
        UserError: the hub has no such file, or gives it to others only; it cannot be reached; the disk is full; what
            came is damaged.
    """
    found = cached(repo, file)
    if found:
        return found
    path = _download(repo, file)
    check(path)
    return path


def cached_checkpoint(repo: str, revision: str | None) -> Path | None:
    """The folder in the hub's cache on this machine that holds a repository's checkpoint, if one does, and whole.

    Raises:
        UserError: no repository can have that name.
    """
    settings = cached(repo, "config.json", revision)
    if settings is None:
        return None
    try:
        weight_files(settings.parent)
    except UserError:  # its download was stopped
        return None
    return settings.parent


def fetch_checkpoint(repo: str, revision: str | None) -> Path:
    """The folder of a repository's checkpoint, from the hub's cache or else from the hub; raises as `fetch` does."""
    found = cached_checkpoint(repo, revision)
    if found:
        return found
    with _explained(repo):
        from huggingface_hub import HfApi, snapshot_download

        listed = HfApi().model_info(repo, revision=revision, timeout=10).siblings or ()
        for wanted in _of_a_checkpoint(file.rfilename for file in listed):
            folder = Path(snapshot_download(repo, revision=revision, allow_patterns=wanted))
    for path in weight_files(folder):
        check(path)
    return folder


def _of_a_checkpoint(files: Iterable[str]) -> tuple[list[str], list[str]]:
    """The files to fetch: first all settings, for whole weights show that all is here; then those, in one format."""
    top = [Path(file) for file in files if "/" not in file]
    formats = ([path.name for path in top if path.match(pattern)] for pattern in WEIGHTS)
    settings = [path.name for path in top if any(map(path.match, SETTINGS))]
    return settings, next(filter(None, formats), [])


def check(path: Path) -> None:
    """Compare a file in the cache with the SHA-256 by which the hub knows it; remove it where it differs.

    Raises:
        UserError: it differed.
    """
    blob = path.resolve()
    if not re.fullmatch("[0-9a-f]{64}", blob.name):  # the hub has no SHA-256 of small files
        return
    digest = hashlib.sha256()
    with blob.open("rb") as data:
        while block := data.read(_READ):
            digest.update(block)
    if digest.hexdigest() != blob.name:
        remove(path)
        raise UserError(f"{path.name} was damaged, and was removed: fetch it again")


def remove(path: Path) -> int:
    """Remove a file from the cache; the bytes that this frees."""
    blob = path.resolve()
    size = blob.stat().st_size
    path.unlink()
    blob.unlink(missing_ok=True)
    return size


def _download(repo: str, file: str) -> Path:
    with _explained(repo, file):
        from huggingface_hub import HfApi, hf_hub_download

        HfApi().model_info(repo, timeout=10)  # without a network this fails at once, and a download tries for long
        return Path(hf_hub_download(repo, file))


@contextmanager
def _explained(repo: str, file: str = "") -> Iterator[None]:
    """Turn what goes wrong with the hub into a sentence; without a file, a whole repository is asked for."""
    try:
        from huggingface_hub.errors import (
            EntryNotFoundError,
            GatedRepoError,
            LocalEntryNotFoundError,
            OfflineModeIsEnabled,
            RepositoryNotFoundError,
            RevisionNotFoundError,
        )
    except ImportError as error:
        raise UserError("models are fetched with huggingface_hub: pip install 'tora-agent[llama]'") from error
    address = f"{repo}/{file}" if file else repo
    try:
        yield
    except GatedRepoError as error:
        raise UserError(
            f"{repo} is given only to those who accepted its terms: do so on its page of the hub, and set HF_TOKEN"
        ) from error
    except OfflineModeIsEnabled as error:
        raise UserError(f"HF_HUB_OFFLINE is set, and {address} is not on this machine: fetch it first") from error
    except (EntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError) as error:
        if isinstance(error, LocalEntryNotFoundError):
            raise _unreachable(address, error) from error
        missing = f"file {file} in {repo}" if file else f"repository {repo}, or not that revision of it"
        raise UserError(f"the hub has no {missing}") from error
    except Exception as error:  # the libraries below raise whatever their network layers do
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise UserError(
                f"the disk is full: make room for {address}, or set HF_HOME to a folder on another disk; the same"
                " command then goes on"
            ) from error
        raise _unreachable(address, error) from error


def _unreachable(address: str, error: Exception) -> UserError:
    return UserError(
        f"the hub cannot be reached for {address} ({type(error).__name__}): fetch it where there is a network, "
        "and pass its path as --model"
    )
