import json
from pathlib import Path

import pytest

from tora_agent.errors import UserError
from tora_agent.training.corpus.decontaminate import TestQuestions, read_questions

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
FARMER = "A farmer has 12 cows and three times as many sheep. How many animals does the farmer have in all?"


@pytest.fixture
def questions() -> TestQuestions:
    return TestQuestions([FARMER, "What is 15% of 240?"])


@pytest.mark.parametrize(
    "question",
    [
        FARMER,
        FARMER.replace("12", "1,250").replace("three", "seven"),
        FARMER.upper(),
        "Long ago, a farmer has 5 cows and 4 times as many sheep but no goats.",
        "what is 15% of 240",
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
    (tmp_path / "train.jsonl").write_text(json.dumps({"question": FARMER}))
    questions = TestQuestions.of_directory(tmp_path)
    assert questions.share(first) and questions.share(second)
    assert not questions.share(FARMER)


def test_a_directory_without_test_sets_or_with_a_broken_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no test set"):
        TestQuestions.of_directory(tmp_path)
    (tmp_path / "broken.jsonl").write_text("{not json\n")
    with pytest.raises(UserError, match=r"broken\.jsonl is not valid JSON"):
        TestQuestions.of_directory(tmp_path)


@pytest.mark.skipif(not SHARED.exists(), reason="the test sets are not beside the repository")
def test_every_test_question_of_the_shared_data_is_recognised() -> None:
    questions = TestQuestions.of_directory(SHARED)
    for path in SHARED.rglob("*test*.json*"):
        asked = list(read_questions(path))
        assert asked and all(map(questions.share, asked)), path
