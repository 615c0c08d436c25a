import json
import random
import re
import subprocess
import sys

import pytest

from tora_agent.training.corpus.draft import Draft
from tora_agent.training.corpus.word_problems import GENERATORS
from tora_agent.training.corpus.word_problems.numbers import words

SEEDS = 300
RUNNER = """
import contextlib, io, json, sys
outputs = []
for program in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as stdout:
        exec(program, {})
    outputs.append(stdout.getvalue().strip())
json.dump(outputs, sys.stdout)
"""
NUMBER_WORDS = {words(number): str(number) for number in range(100)}
GIVEN = re.compile(r"^\w+ = ([\d.]+)$", re.MULTILINE)


def drafts(family: str, number: int) -> list[Draft]:
    return [GENERATORS[family](random.Random(seed)) for seed in range(number)]


def numbers_of(question: str) -> set[str]:
    digits = re.findall(r"\d[\d,]*(?:\.\d+)?", question)
    spelled = re.findall(r"[a-z]+(?:-[a-z]+)?", question.lower())
    return {number.replace(",", "") for number in digits} | {
        NUMBER_WORDS[word] for word in spelled if word in NUMBER_WORDS
    }


@pytest.mark.parametrize("family", GENERATORS)
def test_the_program_prints_the_independent_answer(family: str) -> None:
    made = drafts(family, SEEDS)
    run = subprocess.run(
        [sys.executable, "-c", RUNNER],
        input=json.dumps([draft.program for draft in made]),
        capture_output=True,
        text=True,
        check=True,
    )
    for draft, output in zip(made, json.loads(run.stdout), strict=True):
        assert float(output) == pytest.approx(float(draft.answer), abs=0.0051), draft


@pytest.mark.parametrize("family", GENERATORS)
def test_every_number_that_the_program_is_given_stands_in_the_question(family: str) -> None:
    for draft in drafts(family, SEEDS):
        assert set(GIVEN.findall(draft.program)) <= numbers_of(draft.question), draft


@pytest.mark.parametrize("family", GENERATORS)
def test_the_text_is_whole(family: str) -> None:
    for draft in drafts(family, SEEDS):
        assert draft.family == family
        assert draft.question.endswith("?"), draft
        assert f"$\\boxed{{{draft.answer}}}$" in draft.conclusion
        for text in (draft.question, draft.rationale):
            assert not re.search(r"  |[<>|(){}]| [.,?]|\.\.|,,|,\.|\b(\w+) \1\b|<|>", text.replace("that that", "")), (
                text
            )
            assert text[0].isupper() or text[0].isdigit() or text[0] == "$", text


@pytest.mark.parametrize("family", GENERATORS)
def test_a_seed_makes_one_problem(family: str) -> None:
    assert drafts(family, 20) == drafts(family, 20)


@pytest.mark.slow
@pytest.mark.parametrize("family", GENERATORS)
def test_questions_differ_in_more_than_their_numbers(family: str) -> None:
    masked = {re.sub(r"[\d.,]+", "#", draft.question) for draft in drafts(family, 2000)}
    assert len(masked) >= 0.95 * 2000
