"""An experiment from a file, options and overrides."""

from dataclasses import replace
from pathlib import Path

import pytest

from tora_agent.compose import versions
from tora_agent.config import Experiment, load_experiment
from tora_agent.errors import UserError
from tora_agent.prompt import load_prompt


def test_defaults_need_no_file() -> None:
    experiment = load_experiment(None, {})
    assert (experiment.model, experiment.prompt, experiment.dataset.name) == ("tora-nano", "tora", "sample")
    assert experiment.sampling.temperature == 0


def test_file_then_options_then_overrides(tmp_path: Path) -> None:
    file = tmp_path / "experiment.yaml"
    file.write_text("sampling: {temperature: 0.7, top_p: 0.9}\nlimits: {rounds: 2}\ndataset: {name: gsm8k}\n")
    given = {"sampling": {"temperature": 0.5}, "dataset": {"limit": 10}}
    experiment = load_experiment(str(file), given, ["sampling.seed=3", "limits.max_tokens=64", "dataset.dir=data"])
    assert (experiment.sampling.temperature, experiment.sampling.top_p, experiment.sampling.seed) == (0.5, 0.9, 3)
    assert (experiment.limits.rounds, experiment.limits.max_tokens) == (2, 64)
    assert (experiment.dataset.name, experiment.dataset.limit, experiment.dataset.dir) == ("gsm8k", 10, Path("data"))


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        (["sampling.temprature=1"], "unknown key sampling.temprature; did you mean sampling.temperature"),
        (["modle=x"], "unknown key modle; did you mean model"),
        (["zzz=1"], "unknown key zzz; known are model, engine"),
        (["sampling.temperature=hot"], "sampling.temperature: .*number.*'hot'"),
        (["sampling.temperature=-1"], "temperature must"),
        (["sampling=7"], "sampling must be a mapping"),
        (["limits.rounds=0"], "rounds must be at least 1"),
        (["dataset.limit=0"], "limit must be at least 1"),
        (["engine=vllm"], "engine: .*'llama_cpp', 'transformers', 'openai' or 'replay'"),
        (["engine=replay"], "needs trajectories"),
        (["sampling.seed"], "does not have the form key=value"),
        (["sampling.=1"], "does not have the form key=value"),
        (["sampling.seed=[1"], "the value is not YAML"),
    ],
)
def test_a_mistake_is_one_sentence(overrides: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as caught:
        load_experiment(None, {}, overrides)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("model: [", "is not YAML"),
        ("- model", "must be a mapping"),
        ("model: x\nsamplng: {}", "experiment.yaml: unknown key samplng; did you mean sampling"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "experiment.yaml"
    file.write_text(text)
    with pytest.raises(UserError, match=sentence):
        load_experiment(str(file), {})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.yaml cannot be read"):
        load_experiment(str(tmp_path / "nowhere.yaml"), {})


def test_a_shipped_config_goes_by_its_name() -> None:
    assert load_experiment("gsm8k", {}).dataset.name == "gsm8k"
    with pytest.raises(UserError, match="no config named gsm9k: there are gsm8k"):
        load_experiment("gsm9k", {})


@pytest.mark.parametrize(
    ("overrides", "same"),
    [
        (["output.concurrency=4", "output.store=x.sqlite"], True),
        (["llama_cpp.threads=2", "llama_cpp.slots=3", "llama_cpp.memory_mb=900"], True),
        (["model=elsewhere/tora-nano.gguf", "prompt=mine.md", "dataset.limit=80"], True),  # content counts, not names
        (["sandbox.require_walls=true"], True),
        (["sampling.seed=1"], False),
        (["limits.rounds=3"], False),
        (["sandbox.seconds=6"], False),
        (["llama_cpp.n_ctx=4096"], False),
        (["transformers.n_ctx=4096"], True),  # of another engine
        (["samples=2", "sampling.temperature=0.7"], False),
    ],
)
def test_identity_follows_what_changes_the_numbers(overrides: list[str], same: bool) -> None:
    base = load_experiment(None, {})
    assert (load_experiment(None, {}, overrides).identity({}) == base.identity({})) == same


def test_identity_follows_what_the_numbers_rest_on(tmp_path: Path, model_file: Path) -> None:
    base, prompt = load_experiment(None, {}), load_prompt("tora")
    renamed, changed = tmp_path / "renamed.gguf", tmp_path / "changed.gguf"
    renamed.write_bytes(model_file.read_bytes())
    changed.write_bytes(model_file.read_bytes()[:-1] + b"x")
    found = versions(base, prompt)
    assert {"sympy", "math-verify", "RestrictedPython", "llama-cpp-python", "python"} < found.keys()
    assert versions(load_experiment(None, {"model": str(renamed)}), replace(prompt, name="mine")) == found
    assert versions(load_experiment(None, {"model": str(changed)}), prompt) != found
    assert versions(base, load_prompt("cot_gsm8k")) != found
    assert base.identity(found) != base.identity(found | {"sympy": "2"})
    servers = [load_experiment(None, {}, ["engine=openai", f"openai.base_urls=[http://{name}/v1]"]) for name in "ab"]
    assert versions(servers[0], prompt) == versions(servers[1], prompt)
    assert servers[0].identity(found) == servers[1].identity(found) != base.identity(found)


def test_an_experiment_is_plain_json() -> None:
    plain = Experiment(dataset=load_experiment(None, {"dataset": {"dir": "x"}}).dataset).as_json()
    assert plain["dataset"] == {"name": "sample", "dir": "x", "limit": None}
