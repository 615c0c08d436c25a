"""A server as a user starts it, on the model in the package."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from running_server import Server, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with 8 slots and room for 32 in its queue."""
    with serving(tmp_path_factory.mktemp("serve"), "--slots", "8", "--queue", "32", "--rate", "100000") as server:
        yield server


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers with options of the test's own, in its folder."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(serving(tmp_path, *options))
