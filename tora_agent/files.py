"""Files that take their place only once they are whole, and files that one process holds at a time."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from tora_agent.errors import UserError


@contextmanager
def whole(path: Path, what: str = "file") -> Iterator[Path]:
    """Where to write a file, which takes the name `path` when the context ends without an error.

    Raises:
        UserError: the file, called `what` by the sentence, cannot be written.
    """
    if path.is_dir():
        raise UserError(f"the {what} {path} cannot be written: it is a folder")
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield unfinished
        unfinished.replace(path)
    except OSError as error:
        raise UserError(f"the {what} {path} cannot be written: {error.strerror or error}") from error


def hold(lock: Path, taken: str) -> AbstractContextManager[object]:
    """Hold a lock file against other processes until the context ends or this process dies.

    Raises:
        UserError: another process holds it, as the sentence `taken` says.
        OSError: it cannot be made.
    """
    try:
        return FileLock(lock).acquire(blocking=False)
    except Timeout as error:
        raise UserError(taken) from error
