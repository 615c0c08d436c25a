"""The mean of models."""

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra `train`")

import torch
from transformers import AutoTokenizer, LlamaForCausalLM
from typer.testing import CliRunner

from tora_agent.cli.app import app
from tora_agent.errors import UserError
from tora_agent.training.average import average
from tora_agent.training.sft.config import Shape
from tora_agent.training.sft.model import llama_config
from tora_agent.training.sft.tokenizer import train_tokenizer

TEXTS = ["Tom has 12 apples.\nprint(12 + 7)"] * 3


def model(folder: Path, seed: int, width: int = 32) -> Path:
    """A small model with random weights, of the kind that training makes."""
    tokenizer = train_tokenizer(TEXTS, 300)
    torch.manual_seed(seed)
    shape = Shape(layers=1, width=width, heads=2, feed_forward=32, vocabulary=300, context=64)
    LlamaForCausalLM(llama_config(shape, len(tokenizer))).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_every_weight_is_the_mean(tmp_path: Path) -> None:
    folders = [model(tmp_path / name, seed) for seed, name in enumerate("abc")]
    result = CliRunner().invoke(app, ["train", "average", *map(str, folders), str(tmp_path / "mean")])
    assert result.exit_code == 0, result.output
    *own, mean = (LlamaForCausalLM.from_pretrained(folder) for folder in [*folders, tmp_path / "mean"])
    for name, weight in mean.named_parameters():
        torch.testing.assert_close(weight, torch.stack([part.get_parameter(name) for part in own]).mean(0))
    kept, first = (AutoTokenizer.from_pretrained(folder) for folder in (tmp_path / "mean", folders[0]))
    assert kept(TEXTS[0])["input_ids"] == first(TEXTS[0])["input_ids"]


def test_models_without_a_mean_are_refused(tmp_path: Path) -> None:
    first, wide, other = model(tmp_path / "a", 0), model(tmp_path / "b", 0, width=64), tmp_path / "c"
    shutil.copytree(first, other)
    tokens = json.loads((other / "tokenizer.json").read_text())
    tokens["model"]["vocab"] = {token: 299 - place for token, place in tokens["model"]["vocab"].items()}
    (other / "tokenizer.json").write_text(json.dumps(tokens))
    for folder in (wide, other):
        with pytest.raises(UserError, match="no mean: their shapes or their tokenizers differ"):
            average([first, folder], tmp_path / "mean")
    with pytest.raises(UserError, match="two models at least"):
        average([first], tmp_path / "mean")
    with pytest.raises(UserError, match="is there already"):
        average([first, first], first)
    with pytest.raises(UserError, match="there is no folder"):
        average([first, tmp_path / "none"], tmp_path / "mean")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no trained model"):
        average([first, tmp_path / "empty"], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()
