"""Output space shaping with recorded students and with the model in the package."""

import dataclasses
from typing import Any

import pytest

from tora_agent.agent import Budget, run, to_end
from tora_agent.compose import open_engine
from tora_agent.config import Experiment
from tora_agent.engines.base import Sampling
from tora_agent.errors import UserError
from tora_agent.prompt import load_prompt
from tora_agent.protocol import extract_answer, segments
from tora_agent.sandbox import Sandbox
from tora_agent.training.settings import load_settings
from tora_agent.training.shaping import ShapingConfig, shape, starts
from tora_agent.validation import validated

NANO = Experiment(limits=Budget(max_tokens=200))
SAMPLING = Sampling(temperature=1.0)
TWO_PROGRAMS = (
    "First.\n```python\nprint(1)\n```\n```output\n1\n```\n"
    "Then.\n```python\nprint(2)\n```\n```output\n2\n```\nSo it is\n$\\boxed{2}$."
)


def test_every_line_of_the_models_own_ends_a_start() -> None:
    found = list(starts(TWO_PROGRAMS, ["ok", "ok"]))
    assert all(TWO_PROGRAMS.startswith(start) and start.endswith("\n") for start in found)
    assert [start.splitlines()[-1] for start in found] == [
        *("First.", "```python", "print(1)", "```"),
        *("Then.", "```python", "print(2)", "```", "So it is"),
    ]
    assert found[3].endswith("```output\n1\n```\n")  # where a program ran, its output is there too


def test_nothing_grows_from_a_program_that_failed_or_from_the_end() -> None:
    assert list(starts(TWO_PROGRAMS, ["error", "ok"])) == list(starts(TWO_PROGRAMS, ["ok", "ok"]))[:3]
    endless = "```python\nprint(1)\n```\n```output\n1\n```\n" * 2 + "\nReach max function call limit."
    assert [len(segments(start)) for start in starts(endless, ["ok", "ok"])] == [1, 1, 1, 2, 2]
    assert list(starts("\n\nIt is 4.", [])) == []
    assert list(starts("It is\n$\\boxed{4}$\nor not.", [])) == ["It is\n"]


async def solved_by_nano(question: str) -> str:
    """The greedy trajectory of the model in the package."""
    prompt = load_prompt("tora")
    async with open_engine(NANO, prompt) as engine, Sandbox() as sandbox:
        trajectory = await to_end(run(question, engine, sandbox, prompt, budget=NANO.limits))
    assert trajectory.answer == "19"
    return trajectory.text


async def test_a_wrong_end_is_put_right_by_the_teacher(stage: Any, easy: str) -> None:
    right = await solved_by_nano(easy)
    student = stage.recording({easy: right.replace("boxed{19}", "boxed{18}")})
    config = ShapingConfig(stage.questions({easy: "19"}), student, NANO, samples=1, output=stage.output)
    report = await shape(config, stage.corpus, stage.said.append)
    assert (report.solved, report.corrected, report.samples) == (0, 1, {"wrong": 1})
    assert report.completions["right"] >= 1
    rows = stage.rows()
    assert report.kept == {"shaping.corrected": len(rows)} and 1 <= len(rows) <= 4
    assert len({row["text"] for row in rows}) == len(rows)
    for row in rows:
        assert any(row["text"].startswith(start) for start in starts(right, ["ok"]))
        assert extract_answer(segments(row["text"])[-1][0]) == "19"
    none = await shape(dataclasses.replace(config, corrections=0), stage.corpus, stage.said.append)
    assert (none.corrected, none.completions, stage.rows()) == (0, {}, [])


async def test_distinct_right_samples_are_kept_up_to_a_number(stage: Any, easy: str) -> None:
    student = dataclasses.replace(NANO, sampling=SAMPLING)
    questions = stage.questions({easy: "19", easy.replace("12", "30"): "-1"})
    config = ShapingConfig(questions, student, samples=8, corrections=1, keep=2, output=stage.output)
    report = await shape(config, stage.corpus, stage.said.append)
    assert (report.questions, report.solved, sum(report.samples.values())) == (2, 1, 16)
    assert report.samples["wrong"] >= 8
    rows = stage.rows()
    assert len({row["text"] for row in rows}) == len(rows) == sum(report.kept.values()) <= 2
    assert {(row["question"], row["answer"]) for row in rows} == {(easy, "19")}

    stored, corpus = stage.stored(), stage.corpus.read_bytes()
    assert await shape(config, stage.corpus, stage.said.append) == report
    assert (stage.stored(), stage.corpus.read_bytes()) == (stored, corpus)
    assert len({(run, problem) for run, problem, _ in stored}) == len(stored)


async def test_a_prompt_with_state_completes_nothing(stage: Any, easy: str) -> None:
    file = stage.folder / "notebook.md"
    file.write_text("---\nmode: notebook\nrounds: 4\nstop: ['```output']\n---\n{question}\n")
    student = stage.recording({easy: "It is\n$\\boxed{18}$."})
    teacher = dataclasses.replace(NANO, prompt=str(file))
    config = ShapingConfig(stage.questions({easy: "19"}), student, teacher, samples=1, output=stage.output)
    with pytest.raises(UserError, match="completed from its middle only where each program starts afresh"):
        await shape(config, stage.corpus, stage.said.append)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"samples": 0}, "samples must be at least 1"),
        ({"keep": 0}, "keep must be at least 1"),
        ({"corrections": -1}, "corrections must be at least 0"),
        ({"student": {}}, "greedy samples are all the same"),
        ({"teacher": {"sampling": {"temperature": 1}}}, "a teacher completes greedily"),
        ({"teacher": {"modle": "x.gguf"}}, r"unknown key teacher\.modle; did you mean teacher\.model"),
        ({"student": {"sampling": {"temperature": 1}, "output": {"concurrency": 2}}}, "student.output has no place"),
    ],
)
def test_a_wrong_setting_is_one_sentence(settings: dict[str, Any], sentence: str) -> None:
    good = {"questions": {"file": "q.jsonl", "tests": "."}, "student": {"sampling": {"temperature": 1}}}
    assert validated(ShapingConfig, good, "here").teacher is None
    with pytest.raises(UserError, match=sentence):
        validated(ShapingConfig, good | settings, "here")


def test_the_shipped_config_is_valid() -> None:
    assert load_settings(ShapingConfig, "shaping").samples == 4
