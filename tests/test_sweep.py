"""Config files that extend others, and grids of experiments."""

from pathlib import Path

import pytest

from tora_agent.config import load_experiment
from tora_agent.errors import UserError
from tora_agent.models.catalogue import catalogue
from tora_agent.sweep import load_sweep
from tora_agent.validation import shipped_names


def test_a_file_is_laid_over_the_one_it_extends(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "base.yaml").write_text("extends: gsm8k\nsampling: {temperature: 0.5, seed: 3}\n")
    file = tmp_path / "below" / "mine.yaml"
    file.write_text("extends: ../base.yaml\nsampling: {seed: 4}\ndataset: {limit: 9}\n")
    found = load_experiment(str(file), {})
    assert (found.model, found.dataset.name, found.dataset.limit) == ("tora-code-13b-v1.0.Q4_K_M", "gsm8k", 9)
    assert (found.sampling.temperature, found.sampling.seed, found.limits.max_tokens) == (0.5, 4, 1024)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("extends: mine.yaml", r"mine\.yaml extends itself: .*mine\.yaml, then .*mine\.yaml"),
        ("extends: other.yaml", r"mine\.yaml extends itself: .*mine\.yaml, then .*other\.yaml, then .*mine\.yaml"),
        ("extends: gone.yaml", r"gone\.yaml, which .*mine\.yaml extends, cannot be read"),
        ("extends: gsm9k", r"no config named gsm9k, which .*mine\.yaml extends: there are gsm8k, maj50"),
        ("extends: [gsm8k, math]", r"mine\.yaml: extends must be a path"),
        ("sweep: [prompt]", "sweep must be a mapping"),
        ("sweep: {prompt: tora}", r"sweep\.prompt must be a list"),
        ("sweep: {prompt: []}", r"sweep\.prompt must be a list"),
        ("sweep: {sampling: {seed: [1, 2]}}", r"sweep\.sampling must be a list"),
        ("sweep: {sampling.sed: [1, 2]}", r"mine\.yaml with sampling\.sed=1: unknown key sampling\.sed; did you mean"),
        ("sweep: {limits.rounds: [1, 0]}", r"mine\.yaml with limits\.rounds=0: .*rounds must be at least 1"),
        ("sweep: {output.store: [a.sqlite, b.sqlite]}", r"mine\.yaml: output\.store is one for all points"),
        ("sweep: {model: ['tora-99b*']}", r"no model's name is like tora-99b\*"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "mine.yaml").write_text(text)
    (tmp_path / "other.yaml").write_text("extends: mine.yaml")
    with pytest.raises(UserError, match=sentence) as caught:
        load_sweep(str(tmp_path / "mine.yaml"), {})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["prompt", "prompt=", "=tora", "sampling..seed=1", "prompt=tora]"])
def test_a_sweep_has_a_form(text: str) -> None:
    with pytest.raises(UserError, match=r"--sweep .*(does not have the form|is not YAML)"):
        load_sweep(None, {}, (), [text])


def test_a_grid_is_every_combination_in_order(tmp_path: Path) -> None:
    file = tmp_path / "grid.yaml"
    file.write_text("sampling: {top_p: 0.9}\nsweep: {prompt: [tora, cot]}\n")
    points = load_sweep(str(file), {}, ["sampling.seed=7"], ["sampling.temperature=0.5,0.7"])
    assert [point.label for point in points] == [
        "prompt=tora, sampling.temperature=0.5",
        "prompt=tora, sampling.temperature=0.7",
        "prompt=cot, sampling.temperature=0.5",
        "prompt=cot, sampling.temperature=0.7",
    ]
    last = points[-1].experiment
    assert (last.prompt, last.sampling.temperature, last.sampling.top_p, last.sampling.seed) == ("cot", 0.7, 0.9, 7)


def test_values_may_be_mappings() -> None:
    greedy, sampled = load_sweep(None, {}, ["sweep={sampling: [{temperature: 0}, {temperature: 0.7, top_p: 0.95}]}"])
    assert (greedy.experiment.sampling.top_p, sampled.experiment.sampling.top_p) == (1.0, 0.95)


def test_the_command_line_wins_over_the_files_sweep() -> None:
    points = load_sweep("maj50", {}, ["dataset.name=gsm8k"])
    assert [(point.label, point.experiment.dataset.name) for point in points] == [("", "gsm8k")]
    points = load_sweep("maj50", {}, (), ["dataset.name=svamp,asdiv"])
    assert [point.experiment.dataset.name for point in points] == ["svamp", "asdiv"]


def test_one_experiment_is_not_a_sweep() -> None:
    with pytest.raises(UserError, match="maj50: a sweep is many experiments"):
        load_experiment("maj50", {})


def test_the_shipped_experiments() -> None:
    shipped = {name: load_sweep(name, {}) for name in shipped_names("tora_agent.configs", ".yaml")}
    quantisations = [model.name for model in catalogue() if model.name.startswith("tora-code-13b-v1.0.Q")]
    assert len(quantisations) == 12
    ran = [(point.experiment.model, point.experiment.dataset.name) for point in shipped["quantisations"]]
    assert ran == [(name, task) for name in quantisations for task in ("gsm8k", "math")]
    assert [point.experiment.prompt for point in shipped["prompts"]] == 2 * ["tora", "cot", "pal"]
    assert {point.experiment.samples for point in shipped["maj50"]} == {50}
    sizes = {point.experiment.model for point in shipped["sizes"]}
    assert sizes == {model.name for model in catalogue() if model.quant == "Q4_K_M"} and len(sizes) == 6
    for name in shipped.keys() - {"sample"}:  # the paper's settings
        for experiment in (point.experiment for point in shipped[name]):
            assert (experiment.limits.max_tokens, experiment.llama_cpp.n_ctx, experiment.sandbox.seconds) == (
                1024,
                2048,
                5,
            )
