"""A server as a user starts it, on the model in the package."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest

Server = Any  # see the conftest above
Launch = Callable[..., AbstractContextManager[Server]]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, launch: Launch) -> Iterator[Server]:
    """A server with 8 slots and room for 32 in its queue."""
    with launch(tmp_path_factory.mktemp("serve"), "--slots", "8", "--queue", "32", "--rate", "100000") as server:
        yield server


@pytest.fixture
def start(tmp_path: Path, launch: Launch) -> Iterator[Callable[..., Server]]:
    """Starts servers with options of the test's own, in its folder."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(launch(tmp_path, *options))
