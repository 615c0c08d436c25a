"""What a test set has is recognised, however its numbers are changed."""

import json
from pathlib import Path

import pytest

from tora_agent.errors import UserError
from tora_agent.eval.tasks import load_problems, load_task, task_names
from tora_agent.training.corpus.decontaminate import TestQuestions

FARMER = "A farmer has 12 cows and three times as many sheep. How many animals does the farmer have in all?"


@pytest.fixture
def questions() -> TestQuestions:
    spelled = "Ann picked twenty-five red apples and gave four to Bob"
    return TestQuestions([FARMER, "What is 15% of 240?", spelled])


@pytest.mark.parametrize(
    "question",
    [
        FARMER,
        FARMER.replace("12", "1,250").replace("three", "seven"),
        FARMER.upper(),
        "Long ago, a farmer has 5 cows and 4 times as many sheep but no goats.",
        "what is 15% of 240",
        "Ann picked 30 red apples and gave 5 to Bob",
        "Ann picked thirty red apples and gave two hundred and sixty-one to Bob",
    ],
)
def test_ten_masked_words_in_a_row_or_a_whole_short_question_is_contaminated(
    questions: TestQuestions, question: str
) -> None:
    assert questions.share(question)


@pytest.mark.parametrize(
    "question",
    [
        "A farmer has 12 cows and three times more goats. How many animals are there?",
        "What is 15% of 250?",
        "How many animals does the farmer have?",
    ],
)
def test_less_than_ten_words_in_a_row_is_not(questions: TestQuestions, question: str) -> None:
    assert not questions.share(question)


def test_every_layout_of_the_test_sets_is_read_but_no_training_split(tmp_path: Path) -> None:
    first, second = (
        "Where are the ten words of the first file, do you know?",
        "And what of the second one, which splits its question in two?",
    )
    (tmp_path / "a.jsonl").write_text(json.dumps({"problem": first, "answer": "1"}) + "\n\n")
    (tmp_path / "b.json").write_text(json.dumps({"7": {"Body": second[:27], "Question": second[28:]}}))
    third = "Which column has the original MAWPS for the third file's only question?"
    (tmp_path / "c.json").write_text(json.dumps([{"iIndex": 1, "sQuestion": third}]))
    (tmp_path / "train.jsonl").write_text(json.dumps({"question": FARMER}))
    questions = TestQuestions.of_directory(tmp_path)
    assert all(map(questions.share, (first, second, third)))
    assert not questions.share(FARMER)


def test_a_directory_without_test_sets_or_with_a_broken_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no test set"):
        TestQuestions.of_directory(tmp_path)
    for name, text, sentence in (
        ("broken.jsonl", "{not json\n", r"broken\.jsonl, line 1 is not JSON"),
        ("broken.json", "{not json\n", r"broken\.json is not valid JSON"),
        ("other.jsonl", '{"question": "How many?"}\n{"text": "How many?"}\n', r"other\.jsonl, line 2: no question"),
        ("other.json", "5", r"other\.json, problem 1: no question"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(UserError, match=sentence):
            TestQuestions.of_directory(tmp_path)
        (tmp_path / name).unlink()


def test_every_test_question_of_the_shared_data_is_recognised(shared: Path) -> None:
    data = shared / "data"
    questions = TestQuestions.of_directory(data)
    for task in map(load_task, task_names()):  # as `eval` puts them, with its own reader
        asked = [problem.question for problem in load_problems(task, data if task.local else None)]
        assert asked and all(map(questions.share, asked)), task.name
