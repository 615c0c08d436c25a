"""Imitation with recorded teachers and with the model in the package."""

import dataclasses
import signal
import subprocess
import time
from typing import Any

import pytest
import yaml

from command_line import COMMAND
from tora_agent.agent import Budget
from tora_agent.config import Data, Experiment
from tora_agent.engines.base import Sampling
from tora_agent.errors import UserError
from tora_agent.protocol import extract_answer, segments
from tora_agent.training.corpus.imitation import ImitationConfig, imitate
from tora_agent.training.corpus.questions import Questions, read_training_questions
from tora_agent.training.settings import load_settings
from tora_agent.training.sft.examples import read_corpus
from tora_agent.validation import validated

NANO = Experiment(sampling=Sampling(temperature=1.0), limits=Budget(max_tokens=200))


def trajectory(program: str, answer: str) -> str:
    return f"Compute.\n```python\n{program}\n```\n```output\n?\n```\nIt is $\\boxed{{{answer}}}$."


async def test_only_what_is_fit_to_learn_from_is_kept(stage: Any) -> None:
    texts = {
        "One and one?": trajectory("print(1 + 1)", "2"),
        "Two and two?": trajectory("print(2 + 2)", "5"),
        "Three and three?": trajectory("print(three)", "6"),
        "Four and four?": "It is $\\boxed{8}$.",
        "Five and five?": "```python\nprint(10)\n```\n```output\n10\n```\nThe answer is 10.",
    }
    questions = stage.questions(dict(zip(texts, ("2", "4", "6", "8", "10"), strict=True)))
    teacher = dataclasses.replace(stage.recording(texts), sampling=Sampling(temperature=1.0))
    config = ImitationConfig(questions, teacher, samples=1, output=stage.output)
    report = await imitate(config, stage.corpus, stage.said.append)
    assert stage.rows() == [
        {
            "family": "imitation",
            "question": "One and one?",
            "text": texts["One and one?"].replace("?\n", "2\n"),  # what the program prints now
            "answer": "2",
        }
    ]
    assert (report.questions, report.solved_greedily, report.solved, report.kept) == (5, 1, 1, 1)
    assert report.fates == {"right": 1, "wrong": 2, "tool_error": 2, "no_program": 2, "no_box": 2}
    assert [row.question for row in read_corpus(stage.corpus)] == ["One and one?"]


async def test_greedy_first_then_samples_of_the_misses(stage: Any, easy: str) -> None:
    never = easy.replace("12", "20")
    config = ImitationConfig(stage.questions({easy: "19", never: "-1"}), NANO, samples=3, output=stage.output)
    report = await imitate(config, stage.corpus, stage.said.append)
    assert (report.solved_greedily, report.solved, report.kept) == (1, 1, 1)
    assert report.fates == {"right": 1, "wrong": 4}
    assert sorted(problem for _, problem, _ in stage.stored()) == ["0", "1", "1", "1", "1"]
    (row,) = stage.rows()
    (_, output), (conclusion, _) = segments(row["text"])
    assert (output, extract_answer(conclusion), row["question"]) == ("19", "19", easy)


async def test_a_finished_stage_is_not_worked_on_again(stage: Any, easy: str) -> None:
    config = ImitationConfig(stage.questions({easy: "-1"}), NANO, samples=2, output=stage.output)
    before = await imitate(config, stage.corpus, stage.said.append)
    stored = stage.stored()
    stage.corpus.unlink()
    assert await imitate(config, stage.corpus, stage.said.append) == before
    assert stage.stored() == stored
    await imitate(dataclasses.replace(config, samples=3), stage.corpus, stage.said.append)
    assert stage.stored()[: len(stored)] == stored and len(stage.stored()) == len(stored) + 1


@pytest.mark.slow
def test_a_killed_stage_goes_on(stage: Any, easy: str) -> None:
    questions = stage.questions({easy.replace("12", str(number)): "-1" for number in range(20, 28)})
    teacher = {"sampling": {"temperature": 1.0}, "limits": {"max_tokens": 60}}
    settings = {
        "questions": {"file": str(questions.file), "tests": str(questions.tests)},
        "teacher": teacher,
        "samples": 2,
        "output": {"store": str(stage.output.store), "concurrency": 2},
    }
    config = stage.folder / "imitation.yaml"
    config.write_text(yaml.safe_dump(settings))
    command = [*COMMAND, "train", "imitate", str(config), str(stage.corpus)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while len(stage.stored()) < 3 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    kept = stage.stored()
    assert 3 <= len(kept) < 24 and not stage.corpus.exists()
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert stage.stored()[: len(kept)] == kept
    assert sorted(problem for _, problem, _ in stage.stored()) == sorted(str(number % 8) for number in range(24))
    assert stage.rows() == []


async def test_questions_of_test_sets_and_repeated_ones_are_left_out(stage: Any) -> None:
    rows = [
        {"question": "How many grains of sand are on the beach of this test?", "answer": "many"},
        {"question": "How many?", "answer": "1"},
        {"question": "How many?", "answer": "1"},
    ]
    wanted = Questions(stage.write("questions.jsonl", rows), stage.folder / "tests")
    problems, contaminated = read_training_questions(wanted)
    assert ([problem.question for problem in problems], contaminated) == (["How many?"], 1)
    with pytest.raises(UserError, match=r"every question of .* is in a test set"):
        read_training_questions(dataclasses.replace(wanted, limit=1))


async def test_bad_files_are_named(stage: Any) -> None:
    tests = stage.folder / "tests"
    for file, sentence in {
        stage.folder / "none.jsonl": "there is no data file",
        stage.write("no_answer.jsonl", [{"question": "How many?"}]): r"no_answer.jsonl, line 1 has no column answer",
        stage.folder / "questions.txt": r"must be JSON lines",
    }.items():
        config = ImitationConfig(Questions(file, tests), NANO, output=stage.output)
        with pytest.raises(UserError, match=sentence):
            await imitate(config, stage.corpus, stage.said.append)
    assert not stage.corpus.exists()


async def test_a_prompt_of_another_style_is_refused(stage: Any) -> None:
    teacher = dataclasses.replace(NANO, prompt="cot_gsm8k")
    with pytest.raises(UserError, match=r"style tora, and the prompt cot_gsm8k is cot"):
        await imitate(ImitationConfig(stage.questions({"How many?": "1"}), teacher), stage.corpus, stage.said.append)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"samples": -1}, "samples must be at least 0"),
        ({"keep": 0}, "keep must be at least 1"),
        ({"teacher": {}, "samples": 1}, "a greedy sample is the first round's again"),
        ({"teacher": {"sampling": {"temprature": 1}}}, "unknown key teacher.sampling.temprature"),
        ({"questions": {"file": "q.jsonl", "tests": ".", "limit": 0}}, "limit must be at least 1"),
        ({"teacher": {"sampling": {"temperature": 1}, "dataset": {"name": "math"}}}, r"teacher\.dataset has no"),
        ({"teacher": {"sampling": {"temperature": 1}, "samples": 64}}, r"teacher\.samples has no place"),
        ({"teacher": {"sampling": {"temperature": 1}, "executor": "ray"}}, r"teacher\.executor has no place"),
    ],
)
def test_a_wrong_setting_is_one_sentence(settings: dict[str, Any], sentence: str) -> None:
    good = {"questions": {"file": "q.jsonl", "tests": "."}, "teacher": {"sampling": {"temperature": 1}}}
    assert validated(ImitationConfig, good, "here").teacher.dataset == Data()
    with pytest.raises(UserError, match=sentence):
        validated(ImitationConfig, good | settings, "here")


def test_the_shipped_config_is_valid() -> None:
    assert load_settings(ImitationConfig, "imitation").samples == 10
