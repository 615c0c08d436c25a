"""What goes wrong with the hub, each as one sentence that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from typing import TYPE_CHECKING

from tora_agent.errors import UserError

if TYPE_CHECKING:
    from huggingface_hub.errors import HfHubHTTPError

_FULL = (ENOSPC, EDQUOT, EFBIG)
_TOKEN = "set HF_TOKEN to a token"


@contextmanager
def explained(repo: str, file: str = "", revision: str | None = None) -> Iterator[None]:
    """Turn what goes wrong while a file, or without one a whole repository, is fetched into a sentence.

    Raises:
        UserError: that sentence.
    """
    try:
        import huggingface_hub  # noqa: F401
    except ImportError as error:
        raise UserError("models are fetched with huggingface_hub: pip install 'tora-agent[llama]'") from error
    try:
        yield
    except UserError:
        raise
    except Exception as error:  # the libraries below raise whatever their network layers do
        raise UserError(_sentence(error, repo, file, revision)) from error


def _sentence(error: Exception, repo: str, file: str, revision: str | None) -> str:
    from huggingface_hub import errors

    address = f"{repo}/{file}" if file else repo
    if isinstance(error, errors.LocalEntryNotFoundError) and isinstance(error.__cause__, Exception):
        error = error.__cause__  # why it was not fetched
    match error:
        case errors.GatedRepoError():
            return f"{repo} is given only to those who accepted its terms: do so on its page of the hub, and {_TOKEN}"
        case errors.RepositoryNotFoundError():
            return f"the hub has no repository {repo}, or a private one: check its name, or {_TOKEN} that may read it"
        case errors.RevisionNotFoundError():
            return f"the hub has no revision {revision} of {repo}: check it on the repository's page"
        case errors.RemoteEntryNotFoundError():
            return f"the hub has no file {file} in {repo}: check its name on the repository's page"
        case errors.OfflineModeIsEnabled():
            return f"HF_HUB_OFFLINE is set, and {address} is not on this machine: fetch it first"
        case errors.HfHubHTTPError():
            return _refusal(error, address)
        case OSError(errno=code) if code in _FULL:
            return (
                f"the disk is full: make room for {address}, or set HF_HOME to a folder on another disk; the same"
                " command then goes on"
            )
        case OSError(filename=str(path), strerror=str(reason)):
            return f"the hub's cache cannot be written ({path}: {reason}): set HF_HOME to a folder of yours"
    return (
        f"the hub cannot be reached for {address} ({type(error).__name__}): fetch it where there is a network, and"
        " pass its path as --model"
    )


def _refusal(error: "HfHubHTTPError", address: str) -> str:
    """What an answer means of which only the status tells."""
    status = error.response.status_code
    if status == 401:
        return f"the hub refuses the token for {address}: {_TOKEN} that is valid, or to none where that is public"
    if status == 403:
        return f"the token may not read {address}: give it that right on the hub, or {_TOKEN} that may"
    if status == 429:
        seconds = error.response.headers.get("Retry-After", "")
        pause = f"{seconds} seconds" if seconds.isdecimal() else "some minutes"
        return (
            f"the hub was asked too often: wait {pause}, or {_TOKEN}, which may ask more; the same command then goes on"
        )
    return f"the hub failed for {address} (HTTP {status}): try again later; the same command then goes on"
