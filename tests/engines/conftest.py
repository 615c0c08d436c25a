"""The models of these tests: the one that ships, and a tiny one with the vocabulary of real ToRA models."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig
from tora_agent.engines.llama_cpp.model import Model
from tora_agent.engines.llama_cpp.tokenizer import Tokenizer


@pytest.fixture(scope="session")
def nano() -> Path:
    return Path(str(resources.files("tora_agent.models") / "tora-nano.gguf"))


@pytest.fixture(scope="session")
def sentencepiece(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("gguf", reason="the gguf package, which writes the model, is not installed")
    from sentencepiece_model import write_model

    path = tmp_path_factory.mktemp("models") / "sentencepiece.gguf"
    write_model(path)
    return path


@pytest.fixture(scope="module")
def engine(nano: Path) -> Iterator[LlamaCpp]:
    """One engine for a module; it ends with its last reference."""
    yield LlamaCpp.load(nano, LlamaCppConfig(n_ctx=512, slots=4, threads=1))


@pytest.fixture(scope="module")
def tokenizer(nano: Path) -> Iterator[Tokenizer]:
    model = Model(nano, n_gpu_layers=0)
    yield Tokenizer(model)
    model.free()


@pytest.fixture(scope="module")
def sentencepiece_tokenizer(sentencepiece: Path) -> Iterator[Tokenizer]:
    model = Model(sentencepiece, n_gpu_layers=0)
    yield Tokenizer(model)
    model.free()
