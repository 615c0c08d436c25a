"""What holds for every pair of texts: a verdict, the same both ways where no rule looks at the order."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tora_agent.eval.grading import Grader, prepare_gold, stated_answer
from tora_agent.eval.grading.rules import settle
from tora_agent.eval.grading.strict import compare
from tora_agent.eval.grading.strict.spelling import clean
from tora_agent.protocol import normalise

pytestmark = pytest.mark.asyncio(loop_scope="module")

PIECES = [*"{}()[],xy2+-^=", "0.5", "\\frac", "\\sqrt", "\\pi", "\\text"]
LATEX = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
ANSWERS = LATEX | st.text(max_size=40)
NUMBERS = st.integers(-(10**6), 10**6).map(str) | st.decimals(-1000, 1000, places=3).map(str)
FRACTIONS = st.builds(lambda a, b: f"\\frac{{{a}}}{{{b}}}", st.integers(-99, 99), st.integers(1, 99))
TERMS = (
    st.integers(-99, 99).map(str)
    | FRACTIONS
    | st.sampled_from(["x", "y^2", "\\sqrt{3}", "\\pi", "2xy", "\\frac{x}{y+1}"])
)
EXPRESSIONS = st.lists(TERMS, min_size=1, max_size=3).map("+".join)
MARKS = [
    "\\boxed{",
    "}",
    "boxed",
    "```output\n",
    "```\n",
    "```python\nprint(1)\n",
    "The answer is ",
    "####",
    "\n",
    ". ",
]
COMPLETIONS = st.lists(st.sampled_from(MARKS) | ANSWERS, max_size=8).map("".join)
ATTACKS = ["~open('{path}', 'w')", "[open('{path}','w')]", "__import__('pathlib').Path('{path}').touch()", "S('open')"]


@given(ANSWERS, ANSWERS)
async def test_the_cheap_rules_are_total(prediction: str, gold: str) -> None:
    verdict = settle(normalise(prediction), normalise(gold))
    assert verdict is None or isinstance(verdict.correct, bool)


@given(ANSWERS)
async def test_an_answer_equals_itself_unless_nothing_is_left_of_it(answer: str) -> None:
    answer = normalise(answer)
    assume(answer.lower() not in {"nan", "-nan", "+nan"})  # as a number, it equals nothing
    verdict = settle(answer, answer)
    assert verdict is not None
    assert verdict.correct is bool(answer)


@given(NUMBERS | FRACTIONS, NUMBERS | FRACTIONS)
async def test_numbers_compare_the_same_both_ways(left: str, right: str) -> None:
    left, right = normalise(left), normalise(right)
    verdict, mirrored = settle(left, right), settle(right, left)
    assert verdict is not None
    assert verdict == mirrored


@given(ANSWERS, ANSWERS)
async def test_the_cheap_strict_rules_are_total_and_know_what_is_equal(prediction: str, gold: str) -> None:
    verdict = compare.settle(prediction, gold)
    assert verdict is None or isinstance(verdict.correct, bool)
    itself = compare.settle(prediction, prediction)
    assert itself and itself.correct is bool(clean(prediction))


@given(NUMBERS | FRACTIONS, NUMBERS | FRACTIONS)
async def test_exact_numbers_compare_strictly_the_same_both_ways(left: str, right: str) -> None:
    verdict, mirrored = compare.settle(left, right), compare.settle(right, left)
    assert verdict and mirrored
    if "rounded decimal" not in (verdict.rule, mirrored.rule):  # 0.333 states 1/3, and 1/3 does not state 0.333
        assert verdict.correct == mirrored.correct


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANSWERS, ANSWERS)
async def test_the_graders_are_total(grader: Grader, strict: Grader, prediction: str, gold: str) -> None:
    for judge in (grader, strict):
        verdict = await judge.grade(prediction, gold)
        assert isinstance(verdict.correct, bool)
        assert verdict == await judge.grade(prediction, gold)


@given(COMPLETIONS, ANSWERS)
async def test_what_a_completion_states_is_always_found_and_compared(completion: str, gold: str) -> None:
    pair = stated_answer(completion), prepare_gold(gold)
    for verdict in (settle(*map(normalise, pair)), compare.settle(*pair)):
        assert verdict is None or isinstance(verdict.correct, bool)


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EXPRESSIONS, EXPRESSIONS)
async def test_exact_expressions_compare_the_same_both_ways(
    grader: Grader, strict: Grader, left: str, right: str
) -> None:
    for judge in (grader, strict):
        assert (await judge.grade(left, right)).correct is (await judge.grade(right, left)).correct
        assert (await judge.grade(left, left)).correct


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LATEX, st.sampled_from(ATTACKS), LATEX)
async def test_no_text_around_it_makes_an_attack_work(
    grader: Grader, strict: Grader, tmp_path_factory: pytest.TempPathFactory, before: str, attack: str, after: str
) -> None:
    target = tmp_path_factory.getbasetemp() / "written"
    text = before + attack.format(path=target) + after
    for judge in (grader, strict):
        for pair in ((text, "x"), ("x", text)):
            assert isinstance((await judge.grade(*pair)).correct, bool)
    assert not target.exists()
