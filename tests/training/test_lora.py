"""Adapters beside a frozen base model: what they change, how their run goes on, what is left of them at the end."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

from tora_agent.errors import Stopped, UserError
from tora_agent.prompt import load_prompt
from tora_agent.training.settings import load_settings
from tora_agent.training.sft.config import Curriculum, Lora, Optimizers, Schedule, Training
from tora_agent.training.sft.examples import lay_out, read_corpus
from tora_agent.training.sft.tokenizer import train_tokenizer
from tora_agent.training.sft.train import train

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base model as the hub has them: bfloat16, output matrix of its own, fewer heads for keys; random weights."""
    folder = tmp_path_factory.mktemp("base")
    prompt = load_prompt("tora")
    tokenizer = train_tokenizer((lay_out(row, prompt)[0] for row in read_corpus(corpus)), 400)
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    torch.manual_seed(0)
    model = LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), num_key_value_heads=2, eos_token_id=0, **shape))
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def run(base: Path, corpus: Path, tmp_path: Path) -> Training:
    return Training(
        output=tmp_path / "run",
        curriculum=Curriculum(corpora=(corpus,), held_out=20),
        schedule=Schedule(tokens=22_000, warmup=0.03, cooldown=0.97),
        init=str(base),
        lora=Lora(rank=4, alpha=8),
        optimizers=Optimizers(matrix_rate=None, other_rate=0.02),
        batch_tokens=512,
        recompute=True,
        threads=1,
        compile=False,
        device="cpu",
    )


def test_adapters_learn_and_are_merged(run: Training, base: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(train(run, resume=False, report=print), dtype=torch.bfloat16)
    losses = [json.loads(line).get("held_out_loss") for line in (run.output / "log.jsonl").read_text().splitlines()]
    first = next(json.loads(line)["loss"] for line in (run.output / "log.jsonl").open())
    assert losses[-1] < first
    before = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16).state_dict()
    after = model.state_dict()
    assert after.keys() == before.keys()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {name for name in before if "layers." in name and "_proj." in name}
    saved = torch.load(run.output / "checkpoint.pt", weights_only=True)["model"]
    assert saved and all("lora_" in name for name in saved)


def test_a_stopped_run_ends_as_an_unbroken_one(run: Training, tmp_path: Path) -> None:
    def stop_early(line: str) -> None:
        if line.startswith("step 20,"):
            os.kill(os.getpid(), signal.SIGTERM)

    other = replace(run, output=tmp_path / "other")
    with pytest.raises(Stopped):
        train(other, resume=False, report=stop_early)
    assert not (other.output / "model").exists()
    folders = [train(run, resume=False, report=print), train(other, resume=True, report=print)]
    one, two = (AutoModelForCausalLM.from_pretrained(folder) for folder in folders)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


def test_the_checkpoint_of_other_adapters_is_refused(run: Training) -> None:
    short = replace(run, schedule=Schedule(tokens=600))
    train(short, resume=False, report=print)
    with pytest.raises(UserError, match="another shape"):
        train(replace(short, lora=Lora(rank=2)), resume=True, report=print)
    with pytest.raises(UserError, match="another shape"):
        train(replace(short, lora=None), resume=True, report=print)


def test_adapters_need_a_base_model(tmp_path: Path) -> None:
    file = tmp_path / "run.yaml"
    file.write_text("output: o\ncurriculum: {corpora: [c]}\nschedule: {tokens: 5}\nlora: {rnak: 3}\n")
    with pytest.raises(UserError, match=r"lora\.rnak; did you mean lora\.rank"):
        load_settings(Training, str(file))
    with pytest.raises(UserError, match="name it with init"):
        load_settings(Training, str(file), ["lora=null", "lora={rank: 2}"])
