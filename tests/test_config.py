"""An experiment from a file, options and overrides."""

from pathlib import Path

import pytest

from tora_agent.config import Experiment, load_experiment
from tora_agent.errors import UserError


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
        (["engine=vllm"], "engine: .*'llama_cpp', 'openai' or 'replay'"),
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


def test_identity_follows_what_changes_the_numbers() -> None:
    base = load_experiment(None, {})
    assert load_experiment(None, {}, ["output.concurrency=4"]).identity({}) == base.identity({})
    assert load_experiment(None, {}, ["sampling.seed=1"]).identity({}) != base.identity({})
    servers = [load_experiment(None, {}, ["engine=openai", f"openai.base_urls=[http://{name}/v1]"]) for name in "ab"]
    assert servers[0].identity({}) == servers[1].identity({}) != base.identity({})
    assert base.identity({"sympy": "1"}) != base.identity({"sympy": "2"})


def test_an_experiment_is_plain_json() -> None:
    plain = Experiment(dataset=load_experiment(None, {"dataset": {"dir": "x"}}).dataset).as_json()
    assert plain["dataset"] == {"name": "sample", "dir": "x", "limit": None}
