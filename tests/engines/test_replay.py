"""A recording answers as the model did; what its programs print now is compared with what they printed then."""

import json
from pathlib import Path

import pytest

from tora_agent import protocol
from tora_agent.engines.base import Completion, Sampling
from tora_agent.engines.replay import Difference, Replay, differences, read_recordings
from tora_agent.errors import UserError

TWO_PLUS_TWO = "```python\nprint(2 + 2)\n```\n```output\n4\n```\nThe answer is $\\boxed{4}$."


async def replayed(recording: str, outputs: list[str]) -> tuple[str, list[Completion]]:
    """The whole text when these outputs are appended after the first, second ... generation."""
    text, completions = "", []
    async with Replay({"prompt": recording}).sequence("prompt", Sampling()) as sequence:
        for output in [*outputs, None]:
            async for item in sequence.generate(["```output"], 100):
                if isinstance(item, Completion):
                    completions.append(item)
                else:
                    text += item
            if output is not None:
                block = protocol.output_block(output)
                text += block
                await sequence.append(block)
    return text, completions


async def test_segments_come_back_in_turn() -> None:
    text, completions = await replayed(TWO_PLUS_TWO, ["4"])
    assert text == TWO_PLUS_TWO
    assert [(c.text, c.finish) for c in completions] == [
        ("```python\nprint(2 + 2)\n```", "stop"),
        ("The answer is $\\boxed{4}$.", "eos"),
    ]
    assert differences(TWO_PLUS_TWO, text) == []


async def test_an_output_that_differs_is_listed_and_the_recording_goes_on() -> None:
    text, _ = await replayed(TWO_PLUS_TWO, ["5"])
    assert text.endswith("The answer is $\\boxed{4}$.")
    assert differences(TWO_PLUS_TWO, text) == [Difference(0, recorded="4", fresh="5")]


async def test_after_the_last_segment_the_model_says_nothing() -> None:
    recording = "```python\nprint(1 /)\n```"
    text, completions = await replayed(recording, ["SyntaxError: invalid syntax"])
    assert (completions[-1].text, completions[-1].finish) == ("", "eos")
    assert differences(recording, text) == [Difference(0, None, "SyntaxError: invalid syntax")]


async def test_an_unknown_prompt_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match='nothing was recorded for the problem "another prompt"'):
        async with Replay({}).sequence("another\nprompt", Sampling()):
            pass


def test_both_layouts_are_read(tmp_path: Path) -> None:
    path = tmp_path / "recorded.jsonl"
    lines = [{"question": "a\u2028b", "code": ["A"], "pred": ["1"]}, {"question": "c", "text": "C", "steps": []}]
    path.write_text("\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    assert read_recordings(path) == {"a\u2028b": "A", "c": "C"}


@pytest.mark.parametrize(
    ("line", "complaint"),
    [("{", "line 2 is not JSON"), ('{"question": "q"}', "line 2 is no trajectory"), ("[]", "line 2 must be an object")],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "recorded.jsonl"
    path.write_text('{"question": "q", "text": "t"}\n' + line)
    with pytest.raises(UserError, match=complaint):
        read_recordings(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.jsonl cannot be read"):
        read_recordings(tmp_path / "nowhere.jsonl")


async def test_the_published_trajectories_come_back_whole(shared: Path) -> None:
    recordings = read_recordings(shared / "trajectories" / "tora-code-34b-v1.0.gsm8k.jsonl")
    assert len(recordings) == 1319
    for recording in recordings.values():
        outputs = [output for _, output in protocol.segments(recording) if output is not None]
        text, _ = await replayed(recording, outputs)
        assert text.rstrip() == recording.rstrip()
