"""What tests share: where the real parts are."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from command_line import COMMAND, Done, Run
from tora_agent.models import bundled

SHARED = Path(__file__).parents[1].parent / "shared"
for name in [*os.environ]:  # a developer's own servers and keys are not what is tested
    if name.startswith(("MLFLOW_", "RAY_", "OPENAI_", "TORA_AGENT_API_KEY", "HF_TOKEN")):
        del os.environ[name]
settings.register_profile("busy", deadline=None)  # the machine may be at work on other tests
settings.load_profile("busy")
# a shell's background jobs ignore Ctrl-C, and so would the commands that tests start
signal.signal(signal.SIGINT, signal.default_int_handler)


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

    def run(*arguments: str, input: str | None = None) -> Done:
        command = [*COMMAND, *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, input=input or "", capture_output=True, text=True, timeout=300
        )

    yield run


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment in which a local server is the hub."""
    (tmp_path / "hub").mkdir()
    command = [sys.executable, str(Path(__file__).parent / "parts" / "hub.py"), str(tmp_path / "hub")]
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright, which drives the browser, is absent")
    with playwright.sync_playwright() as driver:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        try:
            browser = driver.chromium.launch(executable_path=found)
        except playwright.Error as error:
            pytest.skip(f"no browser: apt-get install chromium, or playwright install chromium ({error})")
        yield browser
        browser.close()
