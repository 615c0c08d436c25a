"""Prompts by name and by path."""

from pathlib import Path

import pytest

from tora_agent.errors import UserError
from tora_agent.prompt import load_prompt, prompt_names


def test_the_tuned_prompt_is_the_papers() -> None:
    prompt = load_prompt("tora")
    assert prompt.fill("1 + 1?") == "<|user|>\n1 + 1?\n<|assistant|>\n"
    assert (prompt.stop, prompt.rounds, prompt.style, prompt.mode) == (("</s>", "```output"), 4, "tora", "stateless")


@pytest.mark.parametrize("name", prompt_names())
def test_every_shipped_prompt_fills(name: str) -> None:
    prompt = load_prompt(name)
    filled = prompt.fill("QUESTION \\frac{1}{2} {question}")
    assert filled.count("QUESTION \\frac{1}{2} {question}") == 1
    assert prompt.rounds == (4 if prompt.style == "tora" else 1)
    assert bool(prompt.stop) == (name != "tools")  # there, a call ends the message


def test_a_prompt_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text('---\nstop: ["\\n\\n"]\nstyle: cot\n---\nQ: {question}\nA:\n')
    prompt = load_prompt(str(file))
    assert (prompt.name, prompt.fill("x"), prompt.stop, prompt.rounds) == ("mine", "Q: x\nA:", ("\n\n",), 1)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("no header {question}\n", "must begin with a header"),
        ("---\nstops: []\n---\n{question}\n", "unknown key stops; did you mean stop"),
        ("---\nrounds: 0\n---\n{question}\n", "rounds must be at least 1"),
        ("---\nstyle: tir\n---\n{question}\n", "style"),
        ("---\nstop: [\n---\n{question}\n", "is not YAML"),
        ("---\nrounds: 1\n---\nnothing\n", "exactly once, and holds it 0 times"),
        ("---\nrounds: 1\n---\n{question}{question}\n", "exactly once, and holds it 2 times"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, source: str, sentence: str) -> None:
    file = tmp_path / "mine.md"
    file.write_text(source)
    with pytest.raises(UserError, match=sentence) as caught:
        load_prompt(str(file))
    assert "mine.md" in str(caught.value) and "\n" not in str(caught.value)


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UserError, match="no prompt named torra: did you mean tora"):
        load_prompt("torra")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.md cannot be read"):
        load_prompt(str(tmp_path / "gone.md"))


def test_a_few_shot_prompt_goes_by_its_first_name_where_the_problems_are_known() -> None:
    assert load_prompt("cot", "math").name == "cot_math"
    assert load_prompt("tora", "math").name == "tora"
    with pytest.raises(UserError, match="no prompt named cot"):
        load_prompt("cot")
