"""A file that is no model, or none for this use, is refused in one sentence."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tora_agent.engines.llama_cpp import MOST_SLOTS, LlamaCpp, LlamaCppConfig
from tora_agent.engines.llama_cpp.native import library
from tora_agent.errors import UserError

Damage = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda data: b"", "is not a GGUF file"),
        (lambda data: b"GGML" + data[4:], "is not a GGUF file"),
        (lambda data: data[:4], "cannot be loaded: llama.cpp says: "),
        (lambda data: data[:3000], "cannot be loaded: llama.cpp says: "),
        (lambda data: data[:-100_000], "cannot be loaded: llama.cpp says: .*tensor"),
        (lambda data: data.replace(b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0lamma", 1), "'lamma'"),
    ],
    ids=["empty", "no magic", "magic alone", "cut header", "cut weights", "unknown architecture"],
)
def test_a_broken_file(
    nano: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], damage: Damage, complaint: str
) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(damage(nano.read_bytes()))
    with pytest.raises(UserError, match=complaint) as refusal:
        LlamaCpp.load(path)
    assert re.fullmatch(r".*broken\.gguf .*[^\n]", str(refusal.value))
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"there is no model file .*none\.gguf"):
        LlamaCpp.load(tmp_path / "none.gguf")
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        LlamaCpp.load(tmp_path)


def test_a_context_longer_than_the_trained_one(nano: Path) -> None:
    trained = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=64, threads=1)).info.trained_context
    with pytest.raises(UserError, match=f"n_ctx is {trained + 1}, but .* was trained for {trained}"):
        LlamaCpp.load(nano, LlamaCppConfig(n_ctx=trained + 1))


def test_more_slots_than_llama_cpp_has() -> None:
    assert library().llama_max_parallel_sequences() == MOST_SLOTS
    with pytest.raises(ValueError, match="slots must be from 1 to 256"):
        LlamaCppConfig(slots=MOST_SLOTS + 1)


def test_what_a_model_says_of_itself(nano: Path) -> None:
    info = LlamaCpp.load(nano, LlamaCppConfig(n_ctx=64, threads=1)).info
    assert info.architecture == "llama"
    assert info.trained_context >= 2048
    assert info.parameters > 1_000_000
    assert f"{info.quantisation}," in str(info)


def python(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_the_library_is_imported_with_the_first_model() -> None:
    assert python("import sys, tora_agent.engines.llama_cpp; print('llama_cpp' in sys.modules)") == "False\n"


def test_without_the_library_the_sentence_says_how_to_get_it(nano: Path) -> None:
    program = f"""
import sys
sys.modules["llama_cpp"] = None
from pathlib import Path
from tora_agent.engines.llama_cpp import LlamaCpp
from tora_agent.engines.llama_cpp.native import library
from tora_agent.errors import UserError
try:
    LlamaCpp.load(Path({str(nano)!r}))
except UserError as error:
    print(error)
"""
    assert "pip install 'tora-agent[llama]'" in python(program)
