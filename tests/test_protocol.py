"""The text protocol: properties over generated texts, and the corner cases that models write."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tora_agent import protocol

LINES = st.lists(st.sampled_from(["x = 1", "print(x)", "", "So we add.", "# 100%", "    y"]), min_size=1, max_size=5)
BODIES = LINES.map("\n".join).filter(str.strip)
PROSE = BODIES.filter(lambda text: not text.endswith("\n"))


@st.composite
def recorded(draw: st.DrawFn) -> list[tuple[str, str | None]]:
    """Segments with their outputs, as a run leaves them."""
    rounds = draw(st.lists(st.tuples(PROSE, BODIES, PROSE), max_size=3))
    pairs: list[tuple[str, str | None]] = [
        (f"{prose.rstrip()}\n```python\n{program}\n```", protocol.result_text(stdout, None, False))
        for prose, program, stdout in rounds
    ]
    return [*pairs, (draw(PROSE).rstrip() + " \\boxed{1}", None)]


def joined(pairs: list[tuple[str, str | None]]) -> str:
    return "".join(text + ("" if out is None else protocol.output_block(out)) for text, out in pairs)


@given(recorded())
def test_a_recorded_text_splits_into_what_the_loop_saw(pairs: list[tuple[str, str | None]]) -> None:
    assert protocol.segments(joined(pairs)) == pairs
    assert protocol.outputs(joined(pairs)) == [out for _, out in pairs if out is not None]


@given(recorded())
def test_exactly_the_segments_with_an_output_ask_for_execution(pairs: list[tuple[str, str | None]]) -> None:
    for text, out in pairs:
        assert (protocol.closing_program(text) is None) == (out is None)


@given(st.text())
def test_every_text_has_segments_that_lose_nothing_but_white_space_and_fences(text: str) -> None:
    pairs = protocol.segments(text)
    assert pairs
    assert all(segment == segment.rstrip() for segment, _ in pairs)
    if protocol.STOP_OUTPUT not in text:
        assert pairs == [(text.rstrip(), None)]


@pytest.mark.parametrize(
    ("segment", "program"),
    [
        ("```python\nprint(1)\n```", "print(1)"),
        ("```python\nprint(1)\n```\n", "print(1)"),
        ("First.\n```python\na = 1\n```\nThen.\n```python\nprint(2)\n\nprint(3)\n```", "print(2)\n\nprint(3)"),
        ("```python\nprint(1)\n```\nso \\boxed{1}\n```", None),
        ("# no boxed set here\n```python\nprint(1)\n```", None),
        ("```python\nprint(1)\n```\nThat is it.", None),
        ("```python\nprint(1)", None),
        ("```\nprint(1)\n```", ""),
        ("", None),
    ],
)
def test_closing_program(segment: str, program: str | None) -> None:
    assert protocol.closing_program(segment) == program


def test_a_closing_fence_without_a_block_runs_the_last_block_of_the_text() -> None:
    assert protocol.closing_program("```\nnotes\n```", "```python\nprint(1)\n```\n") == "print(1)"


def test_an_unfinished_text_splits_too() -> None:
    assert protocol.segments("") == [("", None)]
    assert protocol.segments("a\n```output\n1\n") == [("a", "1")]
    assert protocol.segments("a\n```output\n```\nb") == [("a", ""), ("b", None)]


def test_the_note_on_the_call_limit_is_not_the_models_text() -> None:
    text = "a" + protocol.output_block("1") + protocol.CALL_LIMIT_NOTE
    assert protocol.segments(text) == [("a", "1")]


@given(st.text(), st.none() | st.text(), st.booleans())
def test_a_result_is_never_empty_and_never_long(stdout: str, error: str | None, timed_out: bool) -> None:
    result = protocol.result_text(stdout, error, timed_out)
    assert result
    assert len(result) <= protocol.RESULT_LIMIT + len("...")


@pytest.mark.parametrize(
    ("stdout", "error", "timed_out", "result"),
    [
        ("3\n4\n", None, False, "3\n4"),
        ("  \n", None, False, "Done"),
        ("3\n", "Traceback\nNameError: name 'x' is not defined\n", False, "NameError: name 'x' is not defined"),
        ("3\n", "killed", True, "Timeout Error"),
        ("a" * 200 + "b" * 200, None, False, "a" * 200 + "b" * 200),
        ("a" * 200 + "-" + "b" * 200, None, False, "a" * 200 + "..." + "b" * 200),
    ],
)
def test_result_text(stdout: str, error: str | None, timed_out: bool, result: str) -> None:
    assert protocol.result_text(stdout, error, timed_out) == result


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("$\\boxed{\\frac{1}{2}}$ and no more", "\\frac{1}{2}"),
        ("\\boxed{1} or \\boxed{2}", "2"),
        ("\\boxed 7$ it is", "7"),
        ("\\boxed{a{b", "a{b"),
        ("\\boxed{a\nb}", "a"),
        ("\\boxed", ""),
        ("The answer is: 5.", " 5"),
        ("The answer is 4. No, the answer is 5", "5"),
        ("```output\n8\n```\nThat was 9", "8"),
        ("```output\n\n```\nThat was 9", "9"),
        ("It costs $1,299.50", "1299.50"),
        ("It is -.5", "-.5"),
        ("No idea", ""),
    ],
)
def test_extract_answer(text: str, answer: str) -> None:
    assert protocol.extract_answer(text) == answer


@given(st.text(st.characters(exclude_characters="{}\n:./")).filter(lambda answer: "boxed" not in answer))
def test_a_boxed_answer_comes_back(answer: str) -> None:
    assert protocol.extract_answer(f"so \\boxed{{{answer}}}.") == answer


FRAGMENTS = [*" ij/}$", "12", ".0", "{.", "k=", "inf", "and", "\\%", "\\\\", "\\frac", "\\sqrt", "\\text{a}"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=9).map("".join) | st.text())
def test_normalising_twice_changes_nothing(answer: str) -> None:
    assert protocol.normalise(protocol.normalise(answer)) == protocol.normalise(answer)


@pytest.mark.parametrize(
    ("answer", "normalised"),
    [
        ("\\dfrac12", "\\frac{1}{2}"),
        ("\\frac1{72}", "\\frac{1}{72}"),
        ("\\frac1", "\\frac1"),
        ("-3/4", "\\frac{-3}{4}"),
        ("a/b", "a/b"),
        ("\\sqrt2/2", "\\frac{\\sqrt{2}}{2}"),
        ("07/8", "07/8"),
        ("5.00", "5"),
        ("5.05", "5.05"),
        ("5.0x", "5x"),
        (".5", "0.5"),
        ("x = 5", "5"),
        ("xyz = 5", "xyz=5"),
        ("12\\text{ inches}", "12"),
        ("\\text{red}", "{red}"),
        ("\\left( -\\infty, 3 \\right)", "(-\\infty,3)"),
        ("inf", "\\infty"),
        ("45^\\circ", "45"),
        ("\\$1,000.", "1,000"),
        ("15\\%", "15"),
        ("1 and 2", "12"),
        ("\\mbox{Friday}", ""),
    ],
)
def test_normalise(answer: str, normalised: str) -> None:
    assert protocol.normalise(answer) == normalised


def test_recorded_trajectories_split_and_join(shared: Path) -> None:
    lines = (shared / "trajectories/tora-code-34b-v1.0.gsm8k.jsonl").read_text(encoding="utf-8").splitlines()
    corpus = (shared / "trajectories/tora-corpus-examples.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["code"][0] for line in lines]
    texts += [json.loads(line)["messages"][1]["content"] for line in corpus]
    assert len(texts) == 1349
    for text in texts:
        pairs = protocol.segments(text)
        assert joined(pairs).strip() == text.strip()
        assert all(protocol.closing_program(segment) for segment, output in pairs if output is not None)
