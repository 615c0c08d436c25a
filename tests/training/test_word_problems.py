"""Word problems in plain English, whose programs print the independent answer."""

import json
import random
import re
import subprocess
import sys

import pytest

from tora_agent.training.corpus.draft import Draft
from tora_agent.training.corpus.word_problems import GENERATORS
from tora_agent.training.corpus.word_problems.inflection import noun, verb
from tora_agent.training.corpus.word_problems.numbers import words
from tora_agent.training.corpus.word_problems.phrasing import tidy

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
GIVEN = re.compile(r"^\w+ = ([\d./]+)$", re.MULTILINE)
NUMBER = re.compile(r"\d+/\d+|\d[\d,]*(?:\.\d+)?")
FLAW = re.compile(r" {2}|[<>|(){}]|[ ][.,?]|[.,][.,]|\b(?!that\b)(\w+) \1\b")
FEW_WORDS = {  # families of bare numbers or of one scene: fewer ways to put them
    "operation", "missing_number", "common", "consecutive", "many_added",
    "ratio", "triangle", "conversion", "filling", "school",
}  # fmt: skip


def drafts(family: str, number: int) -> list[Draft]:
    return [GENERATORS[family](random.Random(seed)) for seed in range(number)]


def numbers_of(question: str) -> set[str]:
    spelled = re.findall(r"[a-z]+(?:-[a-z]+)?", question.lower())
    digits = {number.replace(",", "") for number in NUMBER.findall(question)}
    return digits | {NUMBER_WORDS[word] for word in spelled if word in NUMBER_WORDS}


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
        assert float(output) == pytest.approx(float(draft.answer), rel=1e-5, abs=1e-4), draft


@pytest.mark.parametrize("family", GENERATORS)
def test_every_number_that_the_program_is_given_stands_in_the_question(family: str) -> None:
    for draft in drafts(family, SEEDS):
        assert set(GIVEN.findall(draft.program)) <= numbers_of(draft.question), draft


@pytest.mark.parametrize("family", GENERATORS)
def test_the_text_is_whole(family: str) -> None:
    for draft in drafts(family, SEEDS):
        assert draft.family == family
        assert draft.question.endswith("?"), draft
        assert draft.conclusion.endswith(f"$\\boxed{{{draft.answer}}}$.")
        for text in (draft.question, draft.rationale):
            assert not FLAW.search(text), text
            assert re.match(r"[A-Z0-9$]", text), text


@pytest.mark.parametrize("family", GENERATORS)
def test_a_seed_makes_one_problem(family: str) -> None:
    assert drafts(family, 20) == drafts(family, 20)


@pytest.mark.slow
@pytest.mark.parametrize("family", GENERATORS)
def test_questions_differ_in_more_than_their_numbers(family: str) -> None:
    masked = {re.sub(r"[\d.,]+", "#", draft.question) for draft in drafts(family, 2000)}
    assert len(masked) >= (0.7 if family in FEW_WORDS else 0.95) * 2000


@pytest.mark.parametrize(
    ("entry", "past", "doing", "third"),
    [
        ("bake", "baked", "baking", "bakes"),
        ("drop", "dropped", "dropping", "drops"),
        ("carry", "carried", "carrying", "carries"),
        ("give/gave/given", "gave", "giving", "gives"),
        ("have/had", "had", "having", "has"),
        ("throw_away/threw_away/thrown_away", "threw away", "throwing away", "throws away"),
        ("catch/caught", "caught", "catching", "catches"),
        ("see/saw", "saw", "seeing", "sees"),
    ],
)
def test_verbs_are_inflected(entry: str, past: str, doing: str, third: str) -> None:
    made = verb(entry)
    assert (made.past, made.doing, made.third) == (past, doing, third)


def test_nouns_are_inflected() -> None:
    entries = ["box", "cherry", "toy", "scarf/scarves", "piece of candy/pieces of candy"]
    assert [str(noun(entry)) for entry in entries] == ["boxes", "cherries", "toys", "scarves", "pieces of candy"]


def test_tidying_mends_articles_spaces_and_capitals() -> None:
    assert tidy("there is a apple  and a uniform . a hour later, an box fell?") == (
        "There is an apple and a uniform. An hour later, an box fell?"
    )
