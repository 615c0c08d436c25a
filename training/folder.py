"""The folder that a run of training works in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from tora_agent.errors import UserError


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Make the folder, and hold it against other processes until the context ends or this process dies.

    Raises:
        UserError: it cannot be made, or another process holds it.
    """
    lock = FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise UserError(f"another process is at work in {folder}: wait for it, or choose another output") from error
    except OSError as error:
        raise UserError(f"the folder {folder} cannot be made: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()
