"""What tests share: where the real parts are."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tora_agent.models import bundled

SHARED = Path(__file__).parents[1].parent / "shared"
_PATIENCE = 240.0  # seconds, on a busy machine
# a shell's background jobs ignore Ctrl-C, and so would the commands that tests start
signal.signal(signal.SIGINT, signal.default_int_handler)

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data beside the project, which a plain checkout lacks."""
    if not SHARED.is_dir():
        pytest.skip("the data folder ../shared is absent")
    return SHARED


@pytest.fixture(scope="session")
def model_file() -> Path:
    """The GGUF file in the package."""
    return bundled()


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[Run]:
    """Runs `tora-agent` as a user does, in an empty folder, with no way to a hub."""
    environment = os.environ | {"COLUMNS": "120", "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path / "hf")}

    def run(*arguments: str, input: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from tora_agent.cli import main; main()", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, input=input or "", capture_output=True, text=True, timeout=300
        )

    yield run


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment in which a local server is the hub."""
    (tmp_path / "hub").mkdir()
    command = [sys.executable, str(Path(__file__).parent / "hub.py"), str(tmp_path / "hub")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        port = server.stdout.readline().strip()
        address = {"HF_ENDPOINT": f"http://127.0.0.1:{port}", "HF_HOME": str(tmp_path / "home"), "HF_TOKEN": ""}
        yield os.environ | address
        server.kill()


@pytest.fixture(scope="session")
def checkpoint(model_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model in Hugging Face's layout."""
    pytest.importorskip("torch", reason="checkpoints need the extra `hf`")
    pytest.importorskip("gguf", reason="the gguf package, which reads the model, is not installed")
    from transformers import AutoModelForCausalLM

    from tora_agent.training.sft.checkpoint import save_model
    from tora_agent.training.sft.tokenizer import read_tokenizer

    folder = tmp_path_factory.mktemp("checkpoint")
    model = AutoModelForCausalLM.from_pretrained(model_file.parent, gguf_file=model_file.name, dtype="float32")
    model.hf_quantizer.remove_quantization_config(model)
    save_model(folder, model, read_tokenizer(model_file))
    return folder / "model"


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
    while not (found := re.search(r"listening on (http://\S+:\d+)", log.read_text())):
        assert process.poll() is None and time.monotonic() < ends, log.read_text()
        time.sleep(0.2)
    return found[1]


@pytest.fixture(scope="session")
def launch() -> Callable[..., AbstractContextManager[Server]]:
    """Starts a server in a folder, with options of one's own, for as long as the context lasts."""
    return _serving
