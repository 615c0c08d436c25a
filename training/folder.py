"""The folder that a run of training works in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tora_agent.errors import UserError
from tora_agent.files import hold


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Make the folder, and hold it against other processes until the context ends or this process dies.

    Raises:
        UserError: it cannot be made, or another process holds it.
    """
    taken = f"another process is at work in {folder}: wait for it, or choose another output"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = hold(folder / ".lock", taken)
    except OSError as error:
        raise UserError(f"the folder {folder} cannot be made: {error.strerror}") from error
    with held:
        yield
