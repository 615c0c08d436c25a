"""The tables of verdicts in cases.yaml and strict_cases.yaml, and what a verdict on a whole completion reads."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tora_agent.eval.grading import GoldForm, Grader, grade_text, prepare_gold, stated_answer
from tora_agent.eval.grading.grader import RULES
from tora_agent.names import GraderName
from tora_agent.protocol import normalise
from tora_agent.sandbox import Sandbox, SandboxUnavailable

pytestmark = pytest.mark.asyncio(loop_scope="module")


def table(name: str) -> list[Any]:
    groups = yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return [pytest.param(*case, id=f"{group['origin']}: {case[:2]}") for group in groups for case in group["cases"]]


@pytest.mark.parametrize(("prediction", "gold", "correct", "rule"), table("cases.yaml"))
async def test_verdict(grader: Grader, prediction: str, gold: str, correct: bool, rule: str) -> None:
    verdict = await grader.grade(prediction, gold)
    assert (verdict.correct, verdict.rule) == (correct, rule), verdict.reason


@pytest.mark.parametrize(("prediction", "gold", "correct", "rule"), table("strict_cases.yaml"))
async def test_strict_verdict(strict: Grader, prediction: str, gold: str, correct: bool, rule: str) -> None:
    verdict = await strict.grade(prediction, gold)
    assert (verdict.correct, verdict.rule) == (correct, rule), verdict.reason


async def test_a_comparison_without_end_is_false_and_the_next_one_is_answered(grader: Grader, strict: Grader) -> None:
    for judge in (grader, strict):
        endless = await judge.grade("9^{9^{9^{9}}}+x", "9^{9^{9^{8}}}+x")
        assert endless.correct is False
        assert endless.rule == "time limit"
        assert (await judge.grade("2x+2", "2(x+1)")).correct


async def test_nested_texts_and_long_lists_are_compared_as_the_others(grader: Grader, strict: Grader) -> None:
    for judge in (grader, strict):
        for opening, closing in ((r"\{", r"\}"), ("(", ")")):
            text = opening * 400 + "x" + closing * 400
            assert (await judge.grade(text, text.replace("x", "y"))).correct is False
    numbers = [str(number) for number in range(600)]
    assert (await strict.grade(",".join(numbers), ",".join(reversed(numbers)))).correct
    assert (await strict.grade(",".join(numbers), ",".join([*numbers[1:], "600"]))).correct is False


async def test_a_grader_that_cannot_compare_says_so_and_calls_nothing_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(RULES, "tora", replace(RULES["tora"], algebra="math:isclose"))  # no function of texts
    async with Sandbox(programs=False) as sandbox:
        with pytest.raises(SandboxUnavailable, match="answers cannot be compared: TypeError"):
            await Grader(sandbox).grade("2(x+1)", "2x+2")


@pytest.mark.parametrize(
    "attack",
    [
        "~open('{path}', 'w')",
        "[open('{path}', 'w')]",
        "__import__('pathlib').Path('{path}').touch()",
        "(1).__class__.__base__.__subclasses__() or open('{path}', 'w')",
        'N(\'open("{path}", "w")\')',
        '~S(\'open("{path}", "w")\')',
    ],
)
async def test_graded_text_cannot_write_a_file(grader: Grader, strict: Grader, tmp_path: Path, attack: str) -> None:
    target = tmp_path / "written"
    code = attack.format(path=target)
    for judge in (grader, strict):
        assert (await judge.grade(code, "x")).correct is False
        assert (await judge.grade("x", code)).correct is False
        assert (await judge.grade(f"3+{code}", "x")).correct is False
    assert not target.exists()


@pytest.mark.parametrize(
    ("pred", "answer"),
    [
        ("Half of them, so $\\boxed{\\frac12}$.", "\\frac{1}{2}"),
        ("\\boxed{7} at first, then \\boxed{8}.", "8"),
        ("So the answer is 12.", "12"),
        ("```python\nprint(3)\n```\n```output\n3\n```\nDone", "3"),
        ("Each of the 4 boys gets 1,200 coins", "1200"),
        ("neither odd nor even", "neitheroddnoreven"),
        ("\\text{neither odd nor even}", "{neitheroddnoreven}"),
        ("\\frac{1}{2}", "\\frac{1}{2}"),
        ("x = 5", "5"),
        ("", ""),
    ],
)
async def test_an_answer_is_taken_from_a_completion_or_as_it_is(pred: str, answer: str) -> None:
    assert normalise(stated_answer(pred)) == answer


@pytest.mark.parametrize(
    ("form", "raw", "gold"),
    [
        ("stated", "A boxed set costs 6 * 300 = 1,800 dollars.\n#### 1,800", "1,800"),
        ("stated", "Then $x = \\boxed{\\dfrac34}$, and that is all.", "\\dfrac34"),
        ("stated", "\\frac34", "\\frac34"),
        ("stated", "12 (apples)", "12 (apples)"),
        ("without_unit", "12 (apples)", "12"),
        ("number", "3/8", "0.375"),
        ("number", "1,250", "1250"),
        ("number", "45%", "0.45"),
        ("number", "1,250.50", "1250.5"),
        ("number", "3/0", "3/0"),
        ("number", "1" * 400 + "/3", "1" * 400 + "/3"),
        ("number", "1" * 5000, "1" * 5000),
        ("number", "12:30 P.M.", "12:30 P.M."),
    ],
)
async def test_a_gold_answer_is_read_in_its_form(form: GoldForm, raw: str, gold: str) -> None:
    assert prepare_gold(raw, form) == gold


async def test_a_completion_is_graded_against_a_solution(grader: Grader) -> None:
    verdict = await grade_text(grader, "We get $\\boxed{1800}$ dollars.", "6 * 300\n#### 1,800")
    assert verdict.correct is True


async def test_graders_work_in_threads() -> None:
    def grade(name: GraderName) -> list[bool | None]:
        async def all_pairs() -> list[bool | None]:
            async with Sandbox() as sandbox:
                judge = Grader(sandbox, name)
                pairs = [("2x+2", "2(x+1)"), ("x+1", "x+2"), ("\\sqrt{8}", "2\\sqrt{2}")]
                return [(await judge.grade(*pair)).correct for pair in pairs]

        return asyncio.run(all_pairs())

    names: tuple[GraderName, ...] = ("tora", "strict")
    assert await asyncio.gather(*(asyncio.to_thread(grade, name) for name in names)) == [[True, False, True]] * 2
