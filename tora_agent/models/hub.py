"""Files on the hub: fetched into its cache on this machine, and checked; a stopped download goes on."""

import os
import shutil
from collections.abc import Iterable
from errno import ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING

from tora_agent.engines.transformers.checkpoint import SETTINGS, WEIGHTS, weight_files
from tora_agent.models.cache import SHA256, cached, cached_checkpoint, damaged, is_whole, storage
from tora_agent.models.refusals import explained

if TYPE_CHECKING:
    from huggingface_hub import HfFileMetadata


def fetch(repo: str, file: str) -> Path:
    """The file from the hub's cache, or else from the hub; what had begun to come is gone on with.

    Raises:
        UserError: the hub has no such file, or gives it to others only; it cannot be reached; the disk is full; what
            came is damaged.
    """
    return cached(repo, file) or _download(repo, file, None)


def fetch_checkpoint(repo: str, revision: str | None) -> Path:
    """The folder of a repository's checkpoint, from the hub's cache or else from the hub; raises as `fetch` does."""
    found = cached_checkpoint(repo, revision)
    if found:
        return found
    with explained(repo, revision=revision):
        from huggingface_hub import HfApi, snapshot_download

        listed = HfApi().model_info(repo, revision=revision, timeout=10).siblings or ()
        settings, weights = _of_a_checkpoint(file.rfilename for file in listed)
        folder = Path(snapshot_download(repo, revision=revision, allow_patterns=settings))
    for file in weights:
        _download(repo, file, revision)
    weight_files(folder)  # refuses what is no checkpoint
    return folder


def _of_a_checkpoint(files: Iterable[str]) -> tuple[list[str], list[str]]:
    """The files to fetch: first all settings, for whole weights show that all is here; then those, in one format."""
    top = [Path(file) for file in files if "/" not in file]
    formats = ([path.name for path in top if path.match(pattern)] for pattern in WEIGHTS)
    settings = [path.name for path in top if any(map(path.match, SETTINGS))]
    return settings, next(filter(None, formats), [])


def _download(repo: str, file: str, revision: str | None) -> Path:
    """Fetch a large file's content ourselves, for the library begins anew each time; the rest of the work is its."""
    with explained(repo, file, revision):
        from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url
        from huggingface_hub.constants import MAX_HTTP_DOWNLOAD_SIZE

        url = hf_hub_url(repo, file, revision=revision)
        about = get_hf_file_metadata(url)
        if SHA256.fullmatch(about.etag or "") and 0 < (about.size or 0) <= MAX_HTTP_DOWNLOAD_SIZE:
            _fetch_content(url, about, storage(repo) / "blobs" / str(about.etag), file)
        return Path(hf_hub_download(repo, file, revision=revision))


def _fetch_content(url: str, about: "HfFileMetadata", blob: Path, file: str) -> None:
    """Bring a file's content to where the library looks for it, under the lock that the library takes."""
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import WeakFileLock, build_hf_headers  # type: ignore[attr-defined]

    folder = blob.parents[1]
    lock = folder.parent / ".locks" / folder.name / f"{blob.name}.lock"
    for needed in (blob.parent, lock.parent):
        needed.mkdir(parents=True, exist_ok=True)
    with WeakFileLock(lock):
        if blob.exists():
            return
        partial = blob.with_name(f"{blob.name}.incomplete")
        with partial.open("ab") as data:
            here, size = data.tell(), about.size or 0
            if here > size:  # two wrote at once, on a disk without locks
                data.truncate(0)
                here = 0
            if shutil.disk_usage(blob.parent).free < size - here:
                raise OSError(ENOSPC, os.strerror(ENOSPC))
            headers = build_hf_headers(headers={"Accept-Encoding": "identity"})
            http_get(url, data, resume_size=here, headers=headers, expected_size=size, displayed_filename=file)
        if not is_whole(partial, blob.name):
            partial.unlink()
            raise damaged(file)
        partial.replace(blob)
