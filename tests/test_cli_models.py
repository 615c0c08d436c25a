"""`tora-agent models`: what models take, against their card; files fetched, checked and removed."""

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import util
from pathlib import Path

import pytest

from tora_agent.engines.llama_cpp import LlamaCppConfig, read_header
from tora_agent.errors import UserError
from tora_agent.models import find_model
from tora_agent.models.catalogue import Memory, best, catalogue, families, ram_gb, server_models, too_large

CONFIG = LlamaCppConfig()
CARD = {  # size and most RAM without a GPU in GB, by the model card of ToRA Code 13B's GGUF files
    "Q2_K": (5.43, 7.93),
    "Q3_K_S": (5.66, 8.16),
    "Q3_K_M": (6.34, 8.84),
    "Q3_K_L": (6.93, 9.43),
    "Q4_0": (7.37, 9.87),
    "Q4_K_S": (7.41, 9.91),
    "Q4_K_M": (7.87, 10.37),
    "Q5_0": (8.97, 11.47),
    "Q5_K_S": (8.97, 11.47),
    "Q5_K_M": (9.23, 11.73),
    "Q6_K": (10.68, 13.18),
    "Q8_0": (13.83, 16.33),
}
COMMAND = [sys.executable, "-c", "from tora_agent.cli import main; main()", "models"]

needs_gguf = pytest.mark.skipif(not util.find_spec("gguf"), reason="the gguf package is not installed")


@needs_gguf
@pytest.mark.parametrize("quant", CARD)
def test_the_memory_of_a_header_is_the_cards(quant: str, tmp_path: Path) -> None:
    from tora_agent.bench.random_model import SHAPES, write_empty_model

    path = tmp_path / "model.gguf"
    write_empty_model(path, SHAPES["13b"], quant)  # type: ignore[arg-type]
    header = read_header(path)
    assert (header.quantisation, header.architecture, header.trained_context) == (quant, "llama", 4096)
    size, ram = CARD[quant]
    assert header.shape.weights / 1e9 == pytest.approx(size, abs=0.006)
    assert ram_gb(header.shape, CONFIG) == pytest.approx(ram, rel=0.05)


def test_the_catalogue_has_the_cards_rows_and_every_size_and_format() -> None:
    rows = {model.quant: model for model in families()["tora-code-13b"]}
    assert {quant: model.size_gb for quant, model in rows.items()} == {quant: size for quant, (size, _) in CARD.items()}
    assert [quant for quant, model in rows.items() if model.recommended] == ["Q4_K_M", "Q5_K_S", "Q5_K_M"]
    assert rows["Q2_K"].file == "tora-code-13b-v1.0.Q2_K.gguf"
    names = {"tora-7b", "tora-13b", "tora-70b", "tora-code-7b", "tora-code-13b", "tora-code-34b"}
    assert {name for name in families() if not name.endswith("v1.0")} == names
    assert {(model.family.removesuffix("-v1.0"), model.format) for model in server_models()} == {
        (name, kind) for name in names for kind in ("fp16", "AWQ", "GPTQ")
    }


@pytest.mark.parametrize(
    ("ram", "gpu", "quant", "why"),
    [
        (64, 0, "Q5_K_M", "the largest recommended quantisation that fits here: 11.2 of 64.0 GB of RAM"),
        (10, 0, "Q4_K_M", "the largest recommended quantisation that fits here: 9.8 of 10.0 GB of RAM"),
        (8, 0, "Q3_K_S", "the largest quantisation that fits here: 7.6 of 8.0 GB of RAM"),
        (4, 24, "Q5_K_M", "the largest recommended quantisation that fits here: 11.2 of 24.0 GB of GPU"),
    ],
)
def test_the_best_of_a_family(ram: int, gpu: int, quant: str, why: str) -> None:
    choice, said = best(families()["tora-code-13b"], CONFIG, Memory(ram * 10**9, gpu * 10**9))
    assert (choice.quant, said) == (quant, why)


def test_a_model_that_does_not_fit() -> None:
    model = next(model for model in catalogue() if model.name == "tora-70b-v1.0.Q4_K_M")
    sentence = str(too_large(model, CONFIG, Memory(10 * 10**9, 0)))
    assert "needs 42.4 GB of memory, 32.4 more than may be used here: tora-code-13b-v1.0.Q4_K_M would fit" in sentence
    with pytest.raises(UserError, match="more than may be used here: tora-nano would fit"):
        best(families()["tora-7b"], CONFIG, Memory(10**9, 0))
    with pytest.raises(UserError, match=r"vllm serve TheBloke/tora-7B-v1.0-AWQ --quantization awq"):
        find_model("tora-7b-v1.0.AWQ")


def models(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=300)


@needs_gguf
def test_a_model_is_pulled_looked_into_and_removed(hub: dict[str, str], model_file: Path, tmp_path: Path) -> None:
    (tmp_path / "hub/cut/model").mkdir(parents=True)
    whole = model_file.read_bytes() + bytes(20_000_000)  # more than the library fetches at a time
    (tmp_path / "hub/cut/model/m.gguf").write_bytes(whole)
    name = "hf:cut/model/m.gguf"
    assert "fetch it first" in models(hub, "info", name).stderr
    pulled = models(hub, "pull", name)  # the first half comes, then the connection ends, then the rest comes
    assert pulled.returncode == 0, pulled.stderr
    path = Path(pulled.stdout.strip())
    assert path.read_bytes() == whole
    info = json.loads(models(hub, "info", name, "--n-ctx", "1024", "--json").stdout)
    assert (info["quantisation"], info["path"], info["n_ctx"]) == ("Q8_0", str(path), 1024)
    offline = models(hub | {"HF_HUB_OFFLINE": "1"}, "pull", name)
    assert offline.stdout == pulled.stdout

    path.resolve().write_bytes(b"GGUF" + path.read_bytes()[4:-1] + b"?")
    damaged = models(hub, "pull", name)
    assert damaged.returncode == 2 and "m.gguf was damaged, and was removed: fetch it again" in damaged.stderr
    assert models(hub, "pull", name).returncode == 0
    assert "m.gguf removed: 0.03 GB" in models(hub, "rm", name).stdout
    assert not path.exists() and "nothing to remove" in models(hub, "rm", name).stderr


@needs_gguf
def test_what_is_no_model(hub: dict[str, str], model_file: Path, tmp_path: Path) -> None:
    (tmp_path / "hub/some/thing").mkdir(parents=True)
    (tmp_path / "hub/some/thing/text.gguf").write_text("no model")
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(model_file.read_bytes()[:-5000])
    for arguments, sentence in [
        (("pull", "hf:some/thing/text.gguf"), "is not a GGUF file"),
        (("pull", "hf:some/thing/other.gguf"), "the hub has no file other.gguf in some/thing"),
        (("pull", "hf:gated/model/m.gguf"), "gated/model is given only to those who accepted its terms"),
        (("info", str(cut)), "cut.gguf is damaged or cut off, or no language model: fetch it again"),
        (("rm", "tora-nano"), "tora-nano is in the package, and none that was fetched: it stays"),
        (("info", "tora-nano", "--n-ctx", "1"), "--n-ctx: n_ctx must be at least 2"),
    ]:
        done = models(hub, *arguments)
        assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr
    offline = models(hub | {"HF_HUB_OFFLINE": "1"}, "pull", "hf:some/thing/other.gguf")
    assert "HF_HUB_OFFLINE is set, and some/thing/other.gguf is not on this machine" in offline.stderr


@needs_gguf
def test_the_list(cli: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    listed = json.loads(cli("models", "list", "--json").stdout)
    assert listed["models"][0]["name"] == "tora-nano" and listed["models"][0]["fits"]
    assert len(listed["models"]) == 1 + len(catalogue()) and len(listed["servers"]) == 18
    shown = cli("models", "list").stdout
    assert "tora-code-13b-v1.0.Q4_K_M" in shown and "vllm serve TheBloke/tora-code-13B-v1.0-GPTQ" in shown
