"""`tora-agent models`: what models take, against their card; files fetched, checked and removed."""

import json
import resource
import subprocess
import time
from collections.abc import Callable
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from command_line import COMMAND, Done
from tora_agent.engines.llama_cpp import LlamaCppConfig, allowed_memory, read_header
from tora_agent.errors import UserError
from tora_agent.models import HubFile, find_model, load_model, locate
from tora_agent.models.catalogue import Memory, best, catalogue, families, known, ram_gb, server_models, too_large

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
PADDING = bytes(20_000_000)  # more than the library fetches at a time
MODELS = [*COMMAND, "models"]

needs_gguf = pytest.mark.skipif(not util.find_spec("gguf"), reason="the gguf package is not installed")


@needs_gguf
@pytest.mark.parametrize("quant", CARD)
def test_the_memory_of_a_header_is_the_cards(quant: str, tmp_path: Path) -> None:
    from tora_agent.bench.random_model import SHAPES, write_empty_model

    path = tmp_path / "model.gguf"
    write_empty_model(path, SHAPES["13b"], quant)
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
    ("gigabytes", "kind", "quant", "why"),
    [
        (64, "RAM", "Q5_K_M", "the largest recommended quantisation that fits here: 11.2 of 64.0 GB of RAM"),
        (10, "RAM", "Q4_K_M", "the largest recommended quantisation that fits here: 9.8 of 10.0 GB of RAM"),
        (8, "RAM", "Q3_K_S", "the largest quantisation that fits here: 7.6 of 8.0 GB of RAM"),
        (24, "GPU", "Q5_K_M", "the largest recommended quantisation that fits here: 11.2 of 24.0 GB of GPU"),
    ],
)
def test_the_best_of_a_family(gigabytes: int, kind: str, quant: str, why: str) -> None:
    choice, said = best(families()["tora-code-13b"], CONFIG, Memory(gigabytes * 10**9, kind))
    assert (choice.quant, said) == (quant, why)


@pytest.mark.parametrize(("mebibytes", "quant"), [(9000, "Q4_K_S"), (9500, "Q4_K_M"), (40_000, "Q5_K_M")])
def test_the_best_is_one_that_loading_allows(mebibytes: int, quant: str) -> None:
    config = LlamaCppConfig(memory_mb=mebibytes)
    found = locate("tora-code-13b", config)
    assert isinstance(found, HubFile)
    model = known(found.repo, found.file)
    assert model and model.quant == quant and model.shape.bytes(config) <= allowed_memory(config)
    assert found.why.endswith(f" of {mebibytes * 2**20 / 1e9:.1f} GB of --memory")


def test_a_model_that_does_not_fit() -> None:
    model = next(model for model in catalogue() if model.name == "tora-70b-v1.0.Q4_K_M")
    sentence = str(too_large(model, CONFIG, Memory(10 * 10**9, "RAM")))
    assert "needs 42.4 GB of memory, 32.4 more than may be used here: tora-code-13b-v1.0.Q4_K_M would fit" in sentence
    with pytest.raises(UserError, match="more than may be used here: tora-nano would fit"):
        best(families()["tora-7b"], CONFIG, Memory(10**9, "RAM"))
    with pytest.raises(UserError, match=r"vllm serve TheBloke/tora-7B-v1.0-AWQ --quantization awq"):
        find_model("tora-7b-v1.0.AWQ")


@needs_gguf
def test_a_file_of_the_catalogue_that_is_too_large_is_refused_unloaded(tmp_path: Path) -> None:
    from tora_agent.bench.random_model import SHAPES, write_empty_model

    path = tmp_path / "tora-code-13b-v1.0.Q8_0.gguf"
    write_empty_model(path, SHAPES["13b"], "Q8_0")
    sentence = "needs 15.8 GB of memory, 6.3 more than may be used here: tora-code-13b-v1.0.Q4_K_S would fit"
    with pytest.raises(UserError, match=sentence) as refusal:
        load_model(path, LlamaCppConfig(memory_mb=9000))
    assert "--memory 15037)" in str(refusal.value)
    for name in ("tora-code-13b-v1.0.Q8_0", "hf:TheBloke/tora-code-13B-v1.0-GGUF/tora-code-13b-v1.0.Q8_0.gguf"):
        with pytest.raises(UserError, match=sentence):
            find_model(name, LlamaCppConfig(memory_mb=9000))


@pytest.mark.parametrize("name", ["tora-70b-v1.0.q6_k", "hf:TheBloke/tora-70B-v1.0-GGUF/tora-70b-v1.0.Q8_0.gguf"])
def test_files_in_parts_are_named(name: str) -> None:
    assert isinstance(locate("hf:mine/joined/tora-70b-v1.0.Q8_0.gguf"), HubFile)
    with pytest.raises(
        UserError, match=r"is on the hub in parts only: .* join them with cat .*\.gguf-split-\* > tora-70b"
    ):
        locate(name)


def models(environment: dict[str, str], *arguments: str, most: int | None = None) -> Done:
    """Run the command, where no file may grow beyond `most` bytes."""

    def limit() -> None:
        if most:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    command = [*MODELS, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, preexec_fn=limit)


def publish(tmp_path: Path, name: str, content: bytes) -> bytes:
    """Put a file on the hub."""
    path = tmp_path / "hub" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return content


def requests(tmp_path: Path) -> list[str]:
    """What the hub was asked for, by GET, since the last call."""
    path = tmp_path / "hub" / "requests"
    lines = path.read_text().splitlines()
    path.unlink()
    return [line.removeprefix("GET ") for line in lines if line.startswith("GET")]


def partial(tmp_path: Path) -> Path:
    """The file of the cache that a download was stopped in."""
    (found,) = (tmp_path / "home").rglob("*.incomplete")
    return found


@needs_gguf
def test_a_model_is_pulled_looked_into_and_removed(hub: dict[str, str], model_file: Path, tmp_path: Path) -> None:
    whole = publish(tmp_path, "cut/model/m.gguf", model_file.read_bytes() + PADDING)
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
def test_a_killed_download_goes_on(hub: dict[str, str], model_file: Path, tmp_path: Path) -> None:
    whole = publish(tmp_path, "stalls/model/m.gguf", model_file.read_bytes() + PADDING)
    command = [*MODELS, "pull", "hf:stalls/model/m.gguf"]
    with subprocess.Popen(command, env=hub, stderr=subprocess.DEVNULL) as pull:  # half comes, and then nothing
        while not any(path.stat().st_size for path in (tmp_path / "home").rglob("*.incomplete")):
            assert pull.poll() is None
            time.sleep(0.05)
        pull.kill()
    here = partial(tmp_path).stat().st_size
    assert requests(tmp_path) == ["stalls/model/m.gguf None"]
    done = models(hub, "pull", "hf:stalls/model/m.gguf")
    assert Path(done.stdout.strip()).read_bytes() == whole
    assert requests(tmp_path) == [f"stalls/model/m.gguf bytes={here}-"]


@needs_gguf
def test_a_full_disk(hub: dict[str, str], model_file: Path, tmp_path: Path) -> None:
    hub, name = hub | {"HF_TOKEN": "hf_right"}, "hf:elsewhere/model/m.gguf"
    whole = publish(tmp_path, "elsewhere/model/m.gguf", model_file.read_bytes() + PADDING)
    full = models(hub, "pull", name, most=12_000_000)
    assert full.returncode == 2 and "the disk is full: make room for elsewhere/model/m.gguf" in full.stderr
    assert "Traceback" not in full.stderr and partial(tmp_path).read_bytes() == whole[:12_000_000]
    requests(tmp_path)
    done = models(hub, "pull", name)
    assert Path(done.stdout.strip()).read_bytes() == whole
    assert requests(tmp_path) == ["elsewhere/model/m.gguf bytes=12000000-"]

    models(hub, "rm", name)
    models(hub, "pull", name, most=12_000_000)
    assert "m.gguf removed: 0.01 GB" in models(hub, "rm", name).stdout
    assert not list((tmp_path / "home").rglob("*.incomplete"))

    models(hub, "pull", name, most=12_000_000)
    partial(tmp_path).write_bytes(bytes(12_000_000))  # what a crash of the machine may leave
    damaged = models(hub, "pull", name)
    assert damaged.returncode == 2 and "m.gguf was damaged, and was removed: fetch it again" in damaged.stderr
    assert models(hub, "pull", name).returncode == 0


def test_a_checkpoint_of_several_files(hub: dict[str, str], tmp_path: Path) -> None:
    names = [f"model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    publish(
        tmp_path, "tora/two/config.json", b'{"model_type": "llama", "dtype": "float16", "max_position_embeddings": 64}'
    )
    index = {"weight_map": dict(zip("ab", names, strict=True))}
    publish(tmp_path, "tora/two/model.safetensors.index.json", json.dumps(index).encode())
    sizes = (5_000_000, 25_000_000)
    weights = [publish(tmp_path, f"tora/two/{name}", bytes(size)) for name, size in zip(names, sizes, strict=True)]
    assert "fetch it first with `tora-agent models pull hf:tora/two`" in models(hub, "info", "hf:tora/two").stderr
    full = models(hub, "pull", "hf:tora/two", most=12_000_000)
    assert full.returncode == 2 and f"make room for tora/two/{names[1]}" in full.stderr
    requests(tmp_path)
    done = models(hub, "pull", "hf:tora/two")
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.strip())
    assert [(folder / name).read_bytes() for name in names] == weights
    assert requests(tmp_path) == [f"tora/two/{names[1]} bytes=12000000-"]

    for name in ("hf:tora/two", str(folder)):
        facts = json.loads(models(hub, "info", name, "--json").stdout)
        assert (facts["size_gb"], facts["architecture"], facts["quantisation"]) == (0.03, "llama", "float16")
    (row,) = (row for row in listed(hub) if row["name"] == "hf:tora/two")
    assert (row["size_gb"], row["path"], row["fits"]) == (0.03, str(folder), None)
    assert "tora/two removed: 0.03 GB" in models(hub, "rm", "hf:tora/two").stdout
    assert not any(row["name"] == "hf:tora/two" for row in listed(hub))
    assert "nothing to remove" in models(hub, "rm", "hf:tora/two").stderr


def listed(hub: dict[str, str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(models(hub, "list", "--json").stdout)["models"]
    return rows


@needs_gguf
def test_fetched_files_are_listed_under_the_names_that_they_have(
    hub: dict[str, str], model_file: Path, tmp_path: Path
) -> None:
    model = model_file.read_bytes()
    publish(tmp_path, "some/model/deep/m.gguf", model)
    publish(tmp_path, "TheBloke/tora-7B-v1.0-GGUF/tora-7b-v1.0.Q2_K.gguf", model)
    names = ("hf:some/model/deep/m.gguf", "tora-7b-v1.0.Q2_K")
    for name in names:
        path = models(hub, "pull", name).stdout.strip()
        assert path in [row["path"] for row in listed(hub) if row["name"] == name and row["fits"]]
    assert "tora-7b-v1.0.Q2_K.gguf removed" in models(hub, "rm", "tora-7b").stdout  # whichever would be chosen now
    assert [row["name"] for row in listed(hub) if row["path"]] == ["tora-nano", names[0]]


@needs_gguf
def test_what_the_hub_refuses(hub: dict[str, str], model_file: Path, tmp_path: Path) -> None:
    for owner in ("private", "busy", "some"):
        publish(tmp_path, f"{owner}/model/m.gguf", model_file.read_bytes())
    right, wrong = {"HF_TOKEN": "hf_right"}, {"HF_TOKEN": "hf_wrong"}
    for environment, name, sentence in [
        (
            {},
            "hf:private/model/m.gguf",
            "the hub has no repository private/model, or a private one: check its name, or",
        ),
        (wrong, "hf:private/model/m.gguf", "the hub refuses the token for private/model/m.gguf: set HF_TOKEN"),
        (wrong, "hf:some/model", "the hub refuses the token for some/model: set HF_TOKEN"),
        (right, "hf:none/model/m.gguf", "the hub has no repository none/model"),
        (right, "hf:some/model/other.gguf", "the hub has no file other.gguf in some/model"),
        ({}, "hf:busy/model/m.gguf", "the hub was asked too often: wait 30 seconds, or set HF_TOKEN"),
    ]:
        refused = models(hub | environment, "pull", name)
        assert refused.returncode == 2 and sentence in refused.stderr and "Traceback" not in refused.stderr
    assert models(hub | right, "pull", "hf:private/model/m.gguf").returncode == 0  # so the token was sent


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
        (("info", "tora-nano", "--n-ctx", "1"), "the options: n_ctx must be from 2"),
    ]:
        done = models(hub, *arguments)
        assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr
    offline = models(hub | {"HF_HUB_OFFLINE": "1"}, "pull", "hf:some/thing/other.gguf")
    assert "HF_HUB_OFFLINE is set, and some/thing/other.gguf is not on this machine" in offline.stderr


@needs_gguf
def test_the_list(cli: Callable[..., Done]) -> None:
    tree = json.loads(cli("models", "list", "--json").stdout)
    assert tree["models"][0]["name"] == "tora-nano" and tree["models"][0]["fits"]
    assert len(tree["models"]) == 1 + len(catalogue()) and len(tree["servers"]) == 18
    shown = cli("models", "list").stdout
    assert "tora-code-13b-v1.0.Q4_K_M" in shown and "vllm serve TheBloke/tora-code-13B-v1.0-GPTQ" in shown
