"""`tora-agent serve` as a user starts it."""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from command_line import COMMAND
from processes import PATIENCE, wait_until


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    url: str
    pid: int
    log: Path

    def metric(self, name: str, headers: Mapping[str, str] | None = None) -> float:
        """One figure of `/metrics`, asked for with these headers."""
        text = httpx2.get(f"{self.url}/metrics", headers=headers, timeout=60).text
        found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        assert found, text
        return float(found[1])

    def wait_until_idle(self) -> None:
        """Until every slot is free and nobody waits for one."""
        wait_until(lambda: not self.metric("tora_slots_used") + self.metric("tora_queue"), "a slot is still taken")

    @contextmanager
    def few_finish(self, count: int) -> Iterator[None]:
        """Fewer than `count` trajectories come to their end before the server is idle again."""
        before = self.metric("tora_trajectory_seconds_count")
        yield
        self.wait_until_idle()
        assert self.metric("tora_trajectory_seconds_count") < before + count


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    """Start `tora-agent serve` in a folder, with no way to a hub."""
    command = [*COMMAND, "serve", "--port", "0", *options]
    log = folder / "serve.log"
    environment = os.environ | {"HF_ENDPOINT": "http://127.0.0.1:9"}
    with log.open("w") as errors, subprocess.Popen(command, cwd=folder, stderr=errors, env=environment) as process:
        try:
            yield Server(_address(log, process), process.pid, log)
        finally:
            process.terminate()


def _address(log: Path, process: "subprocess.Popen[bytes]") -> str:
    ends = time.monotonic() + PATIENCE
    while not (found := re.search(r"listening on (http://\S+:\d+)", log.read_text())):
        assert process.poll() is None and time.monotonic() < ends, log.read_text()
        time.sleep(0.2)
    return found[1]
