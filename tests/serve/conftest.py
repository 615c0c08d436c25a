"""A server as a user starts it, on the model in the package."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_PATIENCE = 240.0  # seconds, on a busy machine


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    url: str
    pid: int
    log: Path

    def metric(self, name: str) -> float:
        """One figure of `/metrics`."""
        import httpx2

        text = httpx2.get(f"{self.url}/metrics", timeout=60).text
        found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        assert found, text
        return float(found[1])

    def wait_until_idle(self) -> None:
        """Until every slot is free and nobody waits for one."""
        ends = time.monotonic() + _PATIENCE
        while self.metric("tora_slots_used") + self.metric("tora_queue"):
            assert time.monotonic() < ends, "a slot is still taken"
            time.sleep(0.2)


@contextmanager
def _serving(folder: Path, *options: str) -> Iterator[Server]:
    """Start `tora-agent serve` in a folder, with no way to a hub."""
    command = [sys.executable, "-c", "from tora_agent.cli import main; main()", "serve", "--port", "0", *options]
    log = folder / "serve.log"
    environment = os.environ | {"HF_ENDPOINT": "http://127.0.0.1:9"}
    with log.open("w") as errors, subprocess.Popen(command, cwd=folder, stderr=errors, env=environment) as process:
        try:
            yield Server(_address(log, process), process.pid, log)
        finally:
            process.terminate()


def _address(log: Path, process: "subprocess.Popen[bytes]") -> str:
    ends = time.monotonic() + _PATIENCE
    while not (found := re.search(r"http://\S+:\d+", log.read_text())):
        assert process.poll() is None and time.monotonic() < ends, log.read_text()
        time.sleep(0.2)
    return found[0]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with 8 slots and room for 32 in its queue."""
    with _serving(tmp_path_factory.mktemp("serve"), "--slots", "8", "--queue", "32", "--rate", "100000") as server:
        yield server


@pytest.fixture(scope="session")
def launch() -> Callable[..., AbstractContextManager[Server]]:
    """Starts a server in a folder, with options of one's own, for as long as the context lasts."""
    return _serving


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers with options of the test's own, in its folder."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(_serving(tmp_path, *options))
