"""`tora-agent bench` at its smallest: that it measures, not what."""

import json
from pathlib import Path

import pytest

from command_line import Run
from tora_agent.bench.forced import follow, least_read, trajectories
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig
from tora_agent.prompt import load_prompt


async def test_a_forced_trajectory_is_written_token_by_token_and_each_token_read_once(model_file: Path) -> None:
    engine = LlamaCpp.load(model_file, LlamaCppConfig(n_ctx=1024, slots=1, threads=1))
    work = trajectories(load_prompt("tora"), None, 3)
    followed = [await follow(engine, forced) for forced in work]
    for forced, tokens in zip(work, followed, strict=True):
        texts = [text for text, _ in forced.turns]
        assert len(texts) == 2 and texts[0].endswith("```output")
        assert tokens.written == sum(len(engine.tokenizer.continuation(text.encode())) for text in texts)
    assert sum(tokens.read for tokens in followed) == least_read(engine, work)
    await engine.close()


@pytest.mark.slow
@pytest.mark.parametrize("quant", ["Q4_K_M", "Q8_0"])
def test_a_model_of_a_given_shape_is_written_and_measured(cli: Run, quant: str) -> None:
    pytest.importorskip("gguf", reason="the gguf package, which writes the model, is not installed")
    smallest = ("--batches", "1,2", "--tokens", "4", "--limit", "2", "--json")
    whole = ("--slots", "2", "--memory", "300")
    done = cli("bench", "engine", "--shape", "tiny", "--quant", quant, "--model", "tiny.gguf", *smallest, *whole)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [row["batch"] for row in report["rates"]] == [1, 2]
    assert all(value > 0 for row in report["rates"] for value in row.values())
    assert report["busy_ratio"] > 0 and report["first_text_ratio"] > 0
    assert report["whole"]["slots"] == 2
    assert report["whole"]["read"] >= report["whole"]["least_read"] > 0
    assert report["whole"]["sequential_seconds"] > 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--batches", "1,x"], "no list of numbers"),
        (["--shape", "tiny"], "--shape needs --model"),
        (["--trajectories", "empty.jsonl"], "empty.jsonl holds no trajectory"),
        (["--n-ctx", "64"], "and the context has 64: raise --n-ctx"),
        (["--memory", "1"], "of memory and may use 1: choose"),
        (["--tokens", "2000"], "and the context has 2048: raise --n-ctx, or choose fewer --tokens"),
    ],
)
def test_a_mistake_is_one_sentence(cli: Run, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "empty.jsonl").touch()
    done = cli("bench", "engine", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr and "Traceback" not in done.stderr
