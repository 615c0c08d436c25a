"""The demonstrations in the few-shot prompts are true: their programs give the outputs and answers that they show."""

import re

import pytest

from tora_agent import protocol
from tora_agent.prompt import load_prompt, prompt_names
from tora_agent.sandbox import Limits, Sandbox

ANSWERS = {
    "gsm8k": ["305", "54", "49"],
    "math": ["7", "32", r"\frac{2}{9}", r"12\sqrt{5}", "(-3,4)"],
}
FEW_SHOT = [name for name in prompt_names() if "_" in name]


def demonstrations(name: str) -> list[str]:
    parts = load_prompt(name).text.split("\n\n---\n\n")
    assert parts[-1] == "Question: {question}\n\nSolution:"
    return parts[1:-1]


@pytest.mark.parametrize("name", FEW_SHOT)
def test_the_number_of_demonstrations_is_the_papers(name: str) -> None:
    assert len(demonstrations(name)) == {"gsm8k": 3, "math": 5}[name.partition("_")[2]]


@pytest.mark.parametrize("name", [name for name in FEW_SHOT if not name.startswith("pal")])
def test_the_stated_answers_are_right(name: str) -> None:
    stated = [protocol.extract_answer(text) for text in demonstrations(name)]
    assert stated == ANSWERS[name.partition("_")[2]]


@pytest.mark.parametrize("name", [name for name in FEW_SHOT if name.startswith("tora")])
async def test_the_shown_outputs_are_what_the_programs_print(name: str) -> None:
    async with Sandbox() as sandbox, sandbox.session() as session:
        for text in demonstrations(name):
            (program,), (output,) = protocol.programs(text), protocol.outputs(text)
            execution = await session.run(program)
            assert (execution.status, execution.stdout.strip()) == ("ok", output)


@pytest.mark.parametrize("name", [name for name in FEW_SHOT if name.startswith("pal")])
async def test_the_programs_return_the_answers(name: str) -> None:
    prompt = load_prompt(name)
    async with Sandbox(Limits(seconds=20)) as sandbox, sandbox.session() as session:
        for text, answer in zip(demonstrations(name), ANSWERS[name.partition("_")[2]], strict=True):
            program = prompt.program(text.partition("Solution:")[2], "")
            assert program
            result = (await session.run(program)).stdout.strip()
            plain = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"\1/\2", answer).replace(r"12\sqrt{5}", "12*sqrt(5)")
            assert result.removesuffix(".0").replace(r"\left", "").replace(r"\right", "").replace(" ", "") == plain


def test_no_solution_in_words_holds_its_own_stop_string() -> None:
    for name in ("cot_gsm8k", "cot_math"):
        assert all("\n\n" not in text.partition("Solution:\n")[2] for text in demonstrations(name))
