"""Problems in the style of MATH, whose programs print the independent answer."""

import random

import pytest

from tora_agent.training.corpus.agreement import agree, plain
from tora_agent.training.corpus.draft import Draft
from tora_agent.training.corpus.execution import in_sandbox
from tora_agent.training.corpus.symbolic import GENERATORS
from tora_agent.training.corpus.symbolic.notation import (
    linear,
    ordinal,
    polynomial,
    polynomial_code,
    printed,
    surd,
)

SEEDS = 4


def drafts() -> list[Draft]:
    return [generator(random.Random(seed)) for generator in GENERATORS.values() for seed in range(SEEDS)]


@pytest.mark.slow
async def test_every_program_prints_the_answer_that_was_found_without_it() -> None:
    all_drafts = drafts()
    async with in_sandbox() as execute:
        results = await execute([draft.program for draft in all_drafts])
    wrong = [
        (draft.family, draft.program, result, draft.answer)
        for draft, result in zip(all_drafts, results, strict=True)
        if result is None or not agree(result, draft.answer)
    ]
    assert wrong == []


@pytest.mark.parametrize("family", GENERATORS)
def test_a_family_draws_whole_problems_that_differ(family: str) -> None:
    problems = [GENERATORS[family](random.Random(seed)) for seed in range(40)]
    assert {problem.family for problem in problems} == {family}
    assert len({problem.question for problem in problems}) > 15
    for problem in problems:
        assert f"$\\boxed{{{problem.answer}}}$" in problem.conclusion
        assert problem.program.splitlines()[-1].lstrip().startswith("print(")
        assert problem.question.count("$") % 2 == 0 or "\\$" in problem.question
        assert problem.question.endswith((".", "?", "\\]")) or ":" in problem.question


def test_the_same_seed_draws_the_same_problem() -> None:
    assert drafts() == drafts()


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ("3/4", "\\frac{3}{4}"),
        ("-7/2", "-\\frac{7}{2}"),
        ("2.0", "2"),
        ("[2, 3]", "2, 3"),
        ("[1/2, 3]", "\\frac{1}{2}, 3"),
        ("(2, -1)", "(2, -1)"),
        ("2*x**2 - 3*x + 1", "2x^2 - 3x + 1"),
        ("(x - 3)*(x + 2)", "(x - 3)(x + 2)"),
        ("2*sqrt(3)/3", "\\frac{2\\sqrt{3}}{3}"),
        ("3*pi/4", "\\frac{3\\pi}{4}"),
        ("3 - 2*I", "3 - 2i"),
        ("34 - 5*x", "y = 34 - 5x"),
        ("Interval.Lopen(-oo, 4)", "(-\\infty, 4]"),
        ("Union(Interval.open(-oo, -8), Interval.open(2, oo))", "(-\\infty, -8) \\cup (2, \\infty)"),
        ("[[1, 1/2], [0, 3]]", "\\begin{pmatrix} 1 & \\frac{1}{2} \\\\ 0 & 3 \\end{pmatrix}"),
        ("5*exp(5*x)", "5e^{5x}"),
        ("-6*sin(3*x)", "-6\\sin(3x)"),
    ],
)
def test_an_output_agrees_with_the_same_value_in_latex(output: str, answer: str) -> None:
    assert agree(output, answer)


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ("3/4", "\\frac{4}{3}"),
        ("[2, 3]", "3, 2"),
        ("[2]", "2, 3"),
        ("5", "0.05"),
        ("120000", "120006"),
        ("x**2", "2x"),
        ("Interval(-oo, 4)", "(-\\infty, 4)"),
        ("nan", "2"),
        ("Traceback", "7"),
    ],
)
def test_an_output_that_is_only_similar_does_not_agree(output: str, answer: str) -> None:
    assert not agree(output, answer)


def test_formulas_are_written_for_people_and_for_programs() -> None:
    assert polynomial([2, -1, 0, 3]) == "2x^3 - x^2 + 3"
    assert polynomial_code([2, -1, 0, 3], "t") == "2*t**3 - t**2 + 3"
    assert printed([-5, 34]) == "34 - 5x"
    assert linear([(1, "x"), (-3, "y")]) == "x - 3y"
    assert surd(2, 12) == "4\\sqrt{3}"
    assert [ordinal(number) for number in (1, 12, 22, 103)] == ["1st", "12th", "22nd", "103rd"]
    assert plain("3(x+1)^2") == "3*(x+1)**2"
