"""From a corpus to a GGUF file at a tiny size: what is learned, in which order, how a run goes on, what comes out."""

import json
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")

import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from tora_agent.errors import Stopped, UserError
from tora_agent.prompt import load_prompt
from tora_agent.protocol import segments
from tora_agent.training.export import check, compare, export
from tora_agent.training.settings import load_settings
from tora_agent.training.sft.batches import Batches
from tora_agent.training.sft.config import Curriculum, Optimizers, Schedule, Shape, Stage, Training
from tora_agent.training.sft.examples import encode, lay_out, read_corpus
from tora_agent.training.sft.model import load_model, load_tokenizer
from tora_agent.training.sft.tokenizer import train_tokenizer
from tora_agent.training.sft.train import train

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("training")]  # one worker makes the model that they share
PROMPT = load_prompt("tora")


@pytest.fixture(scope="module")
def examples(corpus: Path):
    texts = [lay_out(row, PROMPT)[0] for row in read_corpus(corpus)]
    return encode(read_corpus(corpus), PROMPT, train_tokenizer(texts, 600), max_tokens=400)


def config(corpus: Path, output: Path, tokens: int = 60_000) -> Training:
    return Training(
        output=output,
        curriculum=Curriculum(corpora=(corpus,), held_out=20),
        schedule=Schedule(tokens=tokens),
        shape=Shape(layers=2, width=64, heads=2, feed_forward=128, vocabulary=600, context=512),
        batch_tokens=1024,
        threads=1,
        compile=False,
        device="cpu",
    )


def quiet(line: str) -> None:
    pass


@pytest.fixture(scope="module")
def trained(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("run")
    train(config(corpus, output), resume=False, report=quiet)
    return output


def test_only_what_the_model_writes_is_learned(corpus: Path) -> None:
    row = next(read_corpus(corpus))
    text, spans = lay_out(row, PROMPT)
    learned = [text[start:end] for start, end in spans]
    assert text == PROMPT.fill(row.question) + row.text
    assert learned[0].endswith("```\n```output")
    assert learned[1].startswith(row.text.rpartition("```\n")[2][:10])
    assert not any(row.question in part for part in learned)


def test_the_tokens_of_the_tools_output_carry_no_loss(corpus: Path) -> None:
    row = next(read_corpus(corpus))
    (written, output), (conclusion, _) = segments(row.text)
    tokenizer = train_tokenizer([lay_out(row, PROMPT)[0]], 300)
    examples = encode([row], PROMPT, tokenizer, max_tokens=2000)
    learned, given = (tokenizer.decode(examples.tokens[examples.learned == mark]) for mark in (True, False))
    assert learned == f"{written}\n```output{conclusion}</s>"
    assert given == f"{PROMPT.fill(row.question)}\n{output}\n```\n"


def test_a_cut_at_a_line_changes_no_token(corpus: Path) -> None:
    texts = [lay_out(row, PROMPT)[0] for row in read_corpus(corpus)]
    tokenizer = train_tokenizer(texts, 600)
    for text in texts[:50]:
        whole = tokenizer(text)["input_ids"]
        assert whole == [token for line in text.splitlines(keepends=True) for token in tokenizer(line)["input_ids"]]
        assert tokenizer.decode(whole) == text
    assert tokenizer.convert_ids_to_tokens(tokenizer("1234")["input_ids"]) == ["1", "2", "3", "4"]


def test_every_example_comes_once_before_one_comes_again(examples) -> None:
    stages = (Stage(weights={"gain": 1.0, "*": 0.0}),)
    batches = Batches(examples, stages, batch_tokens=1, seed=0)  # one example in each
    members = np.flatnonzero(examples.families == examples.names.index("gain"))
    wanted = {tuple(examples.tokens[examples.starts[i] : examples.starts[i + 1]].tolist()) for i in members}
    for _ in range(2):
        seen = [tuple(batches.next(0.0).tokens[0].tolist()) for _ in members]
        assert set(seen) == wanted


def test_the_batches_go_on_from_a_state(examples) -> None:
    first = Batches(examples, (Stage(),), batch_tokens=2048, seed=0)
    for _ in range(30):
        first.next(0.0)
    second = Batches(examples, (Stage(),), batch_tokens=2048, seed=0)
    second.restore(first.state())
    assert all(torch.equal(first.next(0.0).tokens, second.next(0.0).tokens) for _ in range(60))


def test_the_rate_rises_stays_and_falls() -> None:
    schedule = Schedule(tokens=100, warmup=0.1, cooldown=0.5)
    factors = [
        schedule.rate_factor(schedule.progress(tokens, 0.0, corpus_tokens=50)) for tokens in (0, 10, 40, 75, 100)
    ]
    assert factors[0] < 0.01
    assert factors[1:] == [1.0, 1.0, 0.5, 0.0]
    assert Schedule(epochs=2).progress(25, 0.0, corpus_tokens=50) == 0.25


def test_training_learns_and_says_so(trained: Path) -> None:
    log = [json.loads(line) for line in (trained / "log.jsonl").read_text().splitlines()]
    losses = [line["loss"] for line in log if "loss" in line]
    held_out = [line["held_out_loss"] for line in log if "held_out_loss" in line]
    assert losses[-1] < 0.7 * losses[0]
    assert held_out[-1] < losses[0]
    assert (trained / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_a_run_goes_on_without_its_log_and_with_nothing_held_out(corpus: Path, trained: Path, tmp_path: Path) -> None:
    shutil.copytree(trained, tmp_path / "run")
    (tmp_path / "run" / "log.jsonl").unlink()
    run = config(corpus, tmp_path / "run")
    run = replace(run, curriculum=replace(run.curriculum, held_out=10**9))
    train(run, resume=True, report=quiet)  # it is at its end: all that is left is to save
    (line,) = (tmp_path / "run" / "log.jsonl").read_text().splitlines()
    assert json.loads(line).keys() == {"steps", "tokens", "seconds"}


def test_a_stopped_run_ends_as_an_unbroken_one(corpus: Path, trained: Path, tmp_path: Path) -> None:
    def stop_early(line: str) -> None:
        if line.startswith("step 20,"):
            os.kill(os.getpid(), signal.SIGTERM)

    run = config(corpus, tmp_path)
    with pytest.raises(Stopped, match="after 20 steps"):
        train(run, resume=False, report=stop_early)
    assert max(line["steps"] for line in map(json.loads, (tmp_path / "log.jsonl").open())) == 20
    with pytest.raises(UserError, match="holds a run"):
        train(run, resume=False, report=quiet)
    train(run, resume=True, report=quiet)
    one, other = (AutoModelForCausalLM.from_pretrained(folder / "model") for folder in (trained, tmp_path))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_a_base_model_is_trained_further(corpus: Path, trained: Path, tmp_path: Path) -> None:
    run = replace(
        config(corpus, tmp_path, tokens=10_000),
        init=str(trained / "model"),
        accumulate=2,
        recompute=True,
        optimizers=Optimizers(matrix_rate=None),
    )
    train(run, resume=False, report=quiet)
    first = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[0])
    assert first["held_out_loss"] < 5.0


@pytest.mark.parametrize(("kind", "choice", "difference"), [("F32", 1.0, 0.01), ("Q8_0", 0.97, 0.3)])
def test_llama_cpp_agrees_with_pytorch(
    corpus: Path, trained: Path, tmp_path: Path, kind, choice: float, difference: float
) -> None:
    pytest.importorskip("llama_cpp", reason="needs the extra `llama`")
    file = tmp_path / "tiny.gguf"
    export(trained / "model", file, kind)
    texts = [lay_out(row, PROMPT)[0] for row, _ in zip(read_corpus(corpus), range(20), strict=False)]
    agreement = compare(trained / "model", file, [*texts, "Är  das\n\n  ok? $\\frac{12}{5}$\t1,234.5 “q”"])
    assert agreement.same_tokens == agreement.texts
    assert agreement.same_choice >= choice
    assert agreement.largest_difference < difference
    corpus = tmp_path / "empty.jsonl"
    corpus.write_text("")
    with pytest.raises(UserError, match=r"empty\.jsonl is empty"):
        check(trained / "model", file, corpus)


def test_an_export_that_computes_something_else_is_refused(corpus: Path, trained: Path, tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason="needs the extra `llama`")
    other = config(corpus, tmp_path, tokens=2_000)
    train(replace(other, seed=1), resume=False, report=quiet)
    export(trained / "model", tmp_path / "tiny.gguf", "F32")
    with pytest.raises(UserError, match=r"does not compute with .* what PyTorch does"):
        check(tmp_path / "model", tmp_path / "tiny.gguf", corpus)


def test_a_tokenizer_is_kept_for_resuming_alone(corpus: Path, tmp_path: Path) -> None:
    small = config(corpus, tmp_path)
    large = replace(small, shape=replace(small.shape, vocabulary=700))
    sizes = [len(load_tokenizer(run, resume)) for run, resume in ((small, False), (large, True), (large, False))]
    assert sizes == [600, 600, 700]


def test_training_goes_on_from_an_exported_model(corpus: Path, trained: Path, tmp_path: Path) -> None:
    file = tmp_path / "tiny.gguf"
    export(trained / "model", file, "F32")
    run = replace(config(corpus, tmp_path / "more", tokens=10_000), init=str(file))
    model, tokenizer = AutoModelForCausalLM.from_pretrained(trained / "model"), load_tokenizer(run, resume=False)
    again = load_model(run, len(tokenizer))
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True))
    text = "Tom has 12 apples.\n\n  ok? $\\frac{12}{5}$\t1,234.5</s>"
    assert tokenizer(text)["input_ids"] == AutoTokenizer.from_pretrained(trained / "model")(text)["input_ids"]
    export(train(run, resume=False, report=quiet), tmp_path / "more.gguf")
    file.write_text("no model")
    with pytest.raises(UserError, match="cannot be read as a GGUF file"):
        train(replace(run, output=tmp_path / "none"), resume=False, report=quiet)


def test_mistakes_are_named(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "run.yaml"
    file.write_text(f"output: {tmp_path}\ncurriculum: {{corpora: [{corpus}]}}\nschedule: {{token: 5}}\n")
    with pytest.raises(UserError, match="token"):
        load_settings(Training, str(file))
    with pytest.raises(UserError, match="no checkpoint"):
        train(config(corpus, tmp_path / "new"), resume=True, report=quiet)
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"family": "gain"}\n')
    with pytest.raises(UserError, match="line 1"):
        train(config(broken, tmp_path / "other"), resume=False, report=quiet)
    (tmp_path / "new" / "checkpoint.pt").write_bytes(b"PK")
    with pytest.raises(UserError, match=r"checkpoint\.pt is broken"):
        train(config(corpus, tmp_path / "new"), resume=True, report=quiet)


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [({"gian": 2.0}, "stage 1 .* no family matches gian; there are gain, lose, product"), ({"*": 0.0}, "weight 0")],
)
def test_weights_that_would_do_nothing_are_refused(examples, weights: dict[str, float], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        Batches(examples, (Stage(weights=weights),), batch_tokens=64, seed=0)


def test_a_tokenizer_of_another_kind_is_not_exported(corpus: Path, trained: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(trained / "model", folder)
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["pre_tokenizer"] = tokenizer["pre_tokenizer"]["pretokenizers"][1]  # GPT-2's: numbers are not cut
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(UserError, match="tokenizer of ours"):
        export(folder, tmp_path / "model.gguf")
