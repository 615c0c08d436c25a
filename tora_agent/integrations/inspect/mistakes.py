"""Our sentence for a user's mistake, as inspect_ai shows one: without a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from inspect_ai._util.error import PrerequisiteError

from tora_agent.errors import UserError


@contextmanager
def shown() -> Iterator[None]:
    """Raise a `UserError` as inspect_ai's own kind."""
    try:
        yield
    except UserError as error:
        raise PrerequisiteError(str(error)) from error
