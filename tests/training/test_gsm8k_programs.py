"""GSM8k's annotated solutions become templates of programs."""

import random
import re
from pathlib import Path

import pytest

from tora_agent.errors import UserError
from tora_agent.training.corpus.agreement import agree
from tora_agent.training.corpus.calculation import parse, python
from tora_agent.training.corpus.execution import in_sandbox
from tora_agent.training.corpus.gsm8k import Template, draft, generators, template_of

QUESTION = (
    "Nora picked 41 apples on Monday and 15 apples on Tuesday. "
    "She packs them into bags of 8 apples. How many bags does she fill?"
)
SOLUTION = "Nora picked 41+15=<<41+15=56>>56 apples in all.\nShe fills 56/8=<<56/8=7>>7 bags.\n#### 7"
PROGRAM = """\
first = 41
second = 15
third = 8
total = first + second
share = total // third
print(share)"""


def template(question: str = QUESTION, solution: str = SOLUTION) -> Template:
    found = template_of(question, solution)
    assert found is not None
    return found


def test_annotations_become_a_program() -> None:
    problems = [draft(random.Random(seed), "gsm8k_2_steps", template()) for seed in range(20)]
    unchanged = [problem for problem in problems if problem.question == QUESTION]
    assert unchanged and {(problem.program, problem.answer) for problem in unchanged} == {(PROGRAM, "7")}


def test_new_numbers_stand_in_question_and_program_and_leave_whole_results_whole() -> None:
    problems = [draft(random.Random(seed), "gsm8k_2_steps", template()) for seed in range(60)]
    assert len({problem.question for problem in problems}) > 20
    for problem in problems:
        monday, tuesday, bag = map(int, re.findall(r"\d+", problem.question))
        assert problem.program.splitlines()[:3] == [
            f"first = {monday}", f"second = {tuesday}", f"third = {bag}"
        ]  # fmt: skip
        assert (monday + tuesday) % bag == 0
        assert int(problem.answer) == (monday + tuesday) // bag


def test_units_name_the_numbers_that_are_used() -> None:
    question = "Ben ran 6 miles a day for 14 days and slept 8 hours. How many miles did he run?"
    found = template(question, "<<6*14=84>>84 miles.\n#### 84")
    made = draft(random.Random(0), "gsm8k_1_steps", found)
    assert made.program == "miles = 6\ndays = 14\nproduct = miles * days\nprint(product)"
    assert made.rationale == "Multiply."


@pytest.mark.parametrize(
    ("question", "solution"),
    [
        (QUESTION, SOLUTION.replace("#### 7", "#### 8")),
        (QUESTION, SOLUTION.replace("56/8=7", "56/8=9")),
        (QUESTION, SOLUTION.replace("56/8=7", "56-f(2)=7")),
        (QUESTION, "No calculation.\n#### 7"),
        ("Ben has 6 boxes with 6 pens each. How many pens does he have?", "<<6*6=36>>36 pens.\n#### 36"),
        ("Ann has 2 dogs and twice as many cats. How many cats?", "<<2*2=4>>4 cats.\n#### 4"),
        ("Ann has 5 spiders. How many legs do they have?", "<<5*8=40>>40 legs.\n#### 40"),
    ],
)
def test_what_does_not_lead_to_the_answer_or_hides_a_number_is_left_out(question: str, solution: str) -> None:
    assert template_of(question, solution) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("(48+24)/2", "(48 + 24) // 2"), ("10-(3-2)", "10 - (3 - 2)"), ("5*.5", "5 * 0.5"), ("20%*50", "20 / 100 * 50")],
)
def test_arithmetic_is_written_as_python(text: str, code: str) -> None:
    calculation = parse(text)
    assert calculation is not None
    assert python(calculation, {}, {}) == code


async def test_the_training_problems_become_programs_that_print_the_answer(shared: Path) -> None:
    families = generators(shared / "data" / "gsm8k" / "train.jsonl")
    drafts = [generator(random.Random(seed)) for generator in families.values() for seed in range(60)]
    async with in_sandbox() as execute:
        results = await execute([problem.program for problem in drafts])
    for problem, result in zip(drafts, results, strict=True):
        assert result is not None and agree(result, problem.answer), problem


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.jsonl").write_text('{"problem": "?"}\n')
    with pytest.raises(UserError, match=r"other\.jsonl is not"):
        generators(tmp_path / "other.jsonl")
