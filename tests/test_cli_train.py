"""`tora-agent train` as a user meets it: what a mistake says, before any work is begun."""

import importlib.util
from pathlib import Path

import pytest

from command_line import Run
from tora_agent.training.pipeline import load_pipeline
from tora_agent.training.settings import load_settings
from tora_agent.training.sft.config import Training

needs_torch = pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="training needs the extra `train`")


@pytest.mark.parametrize("name", ["tiny", "nano"])
def test_the_shipped_pipelines_connect_their_stages(name: str) -> None:
    pipeline = load_pipeline(name, [f"output=runs/{name}-again"])
    folder = Path(f"runs/{name}-again")
    assert pipeline.sft.output == folder / "model"
    assert pipeline.sft.curriculum.corpora == (folder / "corpus.jsonl",)
    assert pipeline.shaping
    assert pipeline.shaping.questions.file == folder / "corpus.jsonl"
    assert pipeline.shaping.student.model == str(folder / "model.gguf")


@pytest.mark.parametrize(
    ("given", "tests"), [("x.jsonl", "T"), ("x.jsonl, tests: U", "U"), ("x.jsonl, tests: null", None)]
)
def test_shaping_keeps_out_the_test_sets_of_the_corpus(given: str, tests: str | None) -> None:
    pipeline = load_pipeline("tiny", ["corpus.tests=T", f"shaping.questions={{file: {given}}}"])
    assert pipeline.shaping and pipeline.shaping.questions.file == Path("x.jsonl")
    assert pipeline.shaping.questions.tests == (Path(tests) if tests else None)


@pytest.mark.parametrize("name", ["code_7b", "code_13b"])
def test_the_shipped_fine_tunings_are_valid(name: str) -> None:
    assert load_settings(Training, name).schedule.epochs == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "tinny"], "there is no config named tinny: there are code_13b, code_7b, "),
        (["run", "none.yaml"], "none.yaml cannot be read"),
        (["run", "code_7b"], "unknown key"),
        (["run", "tiny", "--set", "sft.curriculum.held_out=1"], "held_out must be at least 2"),
        (["run", "tiny", "--set", "sft.schedule.tokens=-1"], "epochs, tokens and minutes must be above 0"),
        (["run", "tiny", "--set", "sft.schedule.warmup=-3"], "from 0 to 1"),
        (["run", "tiny", "--set", "sft.shape.feed_forward=350"], "multiples of 32"),
        (["run", "tiny", "--set", "shaping.samples=0"], "shaping: samples must be at least 1"),
        (["run", "tiny", "--set", "shaping.student.model=x"], "shaping.student.model has no place in a pipeline"),
        (["run", "tiny", "--set", "sft.curriculum.corpora=[x]"], "sft.curriculum.corpora has no place in a pipeline"),
        (["run", "tiny", "--set", "shaping.student.modle=x"], "unknown key shaping.student.modle"),
        (["run", "tiny", "--set", "corpus.weights={algebra.*: 1, primes: 2}"], "no family matches primes; there are "),
        (["corpus", "corpus.yaml", "out.jsonl", "--set", "gsm8k=null"], "gsm8k must name the file"),
        (["corpus", "nothing.yaml", "out.jsonl"], "every family has the weight 0"),
        (["run", "tiny", "--set", "corpus.weights={'*': -1}"], "a weight must be 0 or more"),
        (["run", "tiny", "--set", "corpus.tests=nowhere"], "nowhere holds no test set"),
        (["run", "tiny", "--set", "output=file/x"], "the folder file/x cannot be made: Not a directory"),
        (["corpus", "corpus.yaml", "out.jsonl"], "none.jsonl is not a file of JSON lines"),
        (["imitate", "none.yaml", "out.jsonl"], "none.yaml cannot be read"),
        (["shape", "shaping", "out.jsonl", "--set", "questions.file=no.jsonl"], "no.jsonl"),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else "",
)
def test_a_mistake_is_one_sentence(cli: Run, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "corpus.yaml").write_text("{count: 5, shares: {gsm8k: 1}, gsm8k: none.jsonl}")
    (tmp_path / "nothing.yaml").write_text("{count: 5, weights: {'*': 0}}")
    done = cli("train", *arguments)
    assert (done.returncode, done.stdout) == (2, "") and "Traceback" not in done.stderr
    assert sentence in done.stderr.splitlines()[-1]


@needs_torch
@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sft", "code_13b", "--set", "init=nowhere"], "the base model nowhere cannot be loaded"),
        (["sft", "sft.yaml"], "the file none.jsonl cannot be read"),
        (["export", "nowhere", "x.gguf"], "there is no folder nowhere"),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else "",
)
def test_a_mistake_in_training_is_one_sentence(cli: Run, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "sft.yaml").write_text("{output: o, curriculum: {corpora: [none.jsonl]}, schedule: {tokens: 9}}")
    done = cli("train", *arguments)
    assert (done.returncode, done.stdout) == (2, "") and "Traceback" not in done.stderr
    assert sentence in done.stderr.splitlines()[-1]
