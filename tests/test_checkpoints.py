"""Checkpoints as users name them: a folder or a repository of the hub, on the command line and in Python."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from command_line import COMMAND, PROBLEM, Run
from tora_agent import Agent, UserError
from tora_agent.compose import versions
from tora_agent.config import load_experiment
from tora_agent.engines.transformers import TransformersConfig
from tora_agent.prompt import load_prompt
from tora_agent.sweep import load_sweep

pytestmark = pytest.mark.xdist_group("checkpoint")  # it takes long to make


def test_a_folder_is_solved_with_and_scored(cli: Run, checkpoint: Path) -> None:
    solved = cli("solve", PROBLEM, "--model", str(checkpoint), "--n-ctx", "300", "--json")
    assert solved.returncode == 0, solved.stderr
    assert json.loads(solved.stdout)["answer"] == "19"
    assert solved.stderr == f"{checkpoint} answers\n"
    scored = cli("eval", "--limit", "4", "--model", str(checkpoint), "--engine", "transformers", "--json")
    report = json.loads(scored.stdout)
    assert (report["engine"], report["n"]) == ("transformers", 4) and report["correct"] >= 3
    again = cli("eval", "--limit", "4", "--model", str(checkpoint), "--resume")
    assert "run 1 has finished" in again.stderr


def test_a_repository_is_fetched_once(checkpoint: Path, tmp_path: Path, hub: dict[str, str]) -> None:
    shutil.copytree(checkpoint, tmp_path / "hub" / "tora" / "nano")
    for name in ("pytorch_model.bin", "consolidated.safetensors"):
        (tmp_path / "hub" / "tora" / "nano" / name).write_text("the same weights again, in another format")

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments], env=hub | environment, cwd=tmp_path, capture_output=True, text=True
        )

    pulled = run("models", "pull", "hf:tora/nano")
    folder = Path(pulled.stdout.strip())
    assert {path.name for path in folder.iterdir()} == {path.name for path in checkpoint.iterdir()}, pulled.stderr
    solved = run("solve", PROBLEM, "--model", "hf:tora/nano", HF_HUB_OFFLINE="1")
    assert solved.returncode == 0 and "hf:tora/nano answers" in solved.stderr
    wrong = {
        ("hf:tora/none",): "the hub has no repository tora/none",
        ("hf:gated/model",): "gated/model is given only to those who accepted its terms",
        ("hf:tora/n@no",): "cannot be a repository of the hub",
    }
    for name, sentence in wrong.items():
        failed = run("models", "pull", *name)
        assert failed.returncode == 2 and sentence in failed.stderr, failed.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--model", "nowhere", "--engine", "transformers"], "there is no folder nowhere: a checkpoint is a folder"),
        (["--model", "a" * 5000, "--engine", "transformers"], "there is no folder aaa"),
        (["--model", ".", "--engine", "transformers"], ". is no checkpoint: it has no config.json"),
        (["--model", "hf:tora/nano"], "the hub cannot be reached for tora/nano"),
        (["--set", "transformers.dtype=fp8"], "transformers.dtype"),
        (["--model", "tora-code-13b-v1.0.AWQ"], "--model hf:TheBloke/tora-code-13B-v1.0-AWQ"),
    ],
)
def test_a_mistake_is_one_sentence(cli: Run, arguments: list[str], sentence: str) -> None:
    pytest.importorskip("torch", reason="checkpoints need the extra `hf`")
    failed = cli("solve", PROBLEM, *arguments)
    assert failed.returncode == 2 and sentence in failed.stderr and failed.stderr.count("\n") == 1, failed.stderr


def test_a_folder_that_a_sweep_lacks_is_named_before_any_work(cli: Run, checkpoint: Path, tmp_path: Path) -> None:
    swept = ("--sweep", f"model={checkpoint},nowhere", "--set", "engine=transformers")
    failed = cli("run", "sample", *swept)
    assert failed.returncode == 2 and "there is no folder nowhere" in failed.stderr
    assert not (tmp_path / "runs").exists()


def test_the_model_decides_on_the_engine_unless_someone_does(checkpoint: Path) -> None:
    assert load_experiment(None, {"model": str(checkpoint)}).engine == "transformers"
    assert load_experiment(None, {"model": "hf:tora/nano"}).engine == "transformers"
    assert load_experiment(None, {"model": "hf:tora/nano/model.gguf"}).engine == "llama_cpp"
    assert load_experiment(None, {"model": str(checkpoint), "engine": "llama_cpp"}).engine == "llama_cpp"
    points = load_sweep(None, {}, sweeps=[f"model=tora-nano,{checkpoint}"])
    assert [point.experiment.engine for point in points] == ["llama_cpp", "transformers"]


def test_a_run_is_known_by_the_checkpoints_content_and_type(checkpoint: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copy"
    shutil.copytree(checkpoint, copied)

    def identity(folder: Path, *overrides: str) -> str:
        experiment = load_experiment(None, {"model": str(folder)}, overrides)
        return experiment.identity(versions(experiment, load_prompt("tora")))

    known = identity(checkpoint)
    assert identity(copied) == known == identity(copied, "transformers.slots=2", "transformers.device=cpu")
    assert identity(copied, "transformers.dtype=bf16") != known
    (copied / "generation_config.json").write_text('{"eos_token_id": [0, 1]}')
    assert identity(copied) != known


def test_code_that_a_checkpoint_brings_is_never_run(cli: Run, checkpoint: Path, tmp_path: Path) -> None:
    folder, mark = tmp_path / "brings", tmp_path / "mark"
    shutil.copytree(checkpoint, folder)
    (folder / "evil.py").write_text(f"open({str(mark)!r}, 'w').close()\nclass Config: pass\nclass Model: pass\n")
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {"AutoConfig": "evil.Config", "AutoModelForCausalLM": "evil.Model"}
    for kind in ("llama", "evil"):
        (folder / "config.json").write_text(json.dumps(config | {"model_type": kind}))
        solved = cli("solve", PROBLEM, "--model", str(folder), "--n-ctx", "300", "--json")
        assert solved.returncode == (0 if kind == "llama" else 2) and "Traceback" not in solved.stderr, solved.stderr
        assert not mark.exists()


def test_an_agent_has_it_too(checkpoint: Path) -> None:
    with Agent(checkpoint, transformers=TransformersConfig(dtype="bf16")) as agent:
        assert agent.solve(PROBLEM).answer == "19"
    with pytest.raises(UserError, match="was trained for 2048"):
        Agent(checkpoint, transformers=TransformersConfig(n_ctx=4096))
