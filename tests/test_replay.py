"""`tora-agent replay`: a stored run's programs run again under other settings, the model's text as it was."""

import json
import sqlite3
from pathlib import Path

import pytest

from command_line import Run
from tora_agent.agent import Budget
from tora_agent.eval.replay import replay
from tora_agent.eval.store import Result
from tora_agent.prompt import load_prompt
from tora_agent.sandbox import Sandbox

SLOW = "```python\nimport time\ntime.sleep(1.5)\nprint(8)\n```\n```output\n8\n```\n"
TEXTS = {
    "four and four?": SLOW,  # states no answer: its last output is taken
    "two and two?": SLOW.replace("8", "4") + "$\\boxed{4}$",
    "one and one?": "```python\nprint(1 + 1)\n```\n```output\n2\n```\n$\\boxed{2}$",
}


@pytest.fixture
def stored(cli: Run, tmp_path: Path) -> None:
    """A run whose slow programs had half a second."""
    answers = ["8", "4", "2"]
    lines = [json.dumps({"question": q, "answer": a}) for q, a in zip(TEXTS, answers, strict=True)]
    (tmp_path / "sums.jsonl").write_text("\n".join(lines))
    (tmp_path / "recorded.jsonl").write_text(
        "\n".join(json.dumps({"question": q, "text": text}) for q, text in TEXTS.items())
    )
    replay = ("--engine", "replay", "--trajectories", "recorded.jsonl", "--set", "sandbox.seconds=0.5")
    done = cli("eval", "--dataset", "sums.jsonl", *replay, "--json")
    assert json.loads(done.stdout)["failures"] == {"time-out": 1}, done.stderr


@pytest.mark.usefixtures("stored")
def test_more_time_changes_outputs_answers_and_verdicts(cli: Run, tmp_path: Path) -> None:
    before = rows(tmp_path)
    found = json.loads(cli("replay", "1", "--sandbox-timeout", "20", "--json").stdout)
    assert (found["trajectories"], found["sandbox"]["seconds"]) == (3, 20)
    assert sorted((o["problem"], o["recorded"], o["fresh"]) for o in found["outputs"]) == [
        ("0", "Timeout Error", "8"),
        ("1", "Timeout Error", "4"),
    ]
    assert found["answers"] == [{"problem": "0", "sample": 0, "before": "Timeout Error", "after": "8"}]
    assert [change["after"] for change in found["verdicts"]] == [{"tora": True, "strict": True}]
    assert found["failures"] == {"before": {"time-out": 1}, "after": {}}
    assert (found["comparison"]["all"]["first"], found["comparison"]["all"]["second"]) == (2, 3)
    assert rows(tmp_path) == before


@pytest.mark.usefixtures("stored")
def test_the_same_limits_change_nothing(cli: Run) -> None:
    shown = " ".join(cli("replay", "1").stdout.split())
    for part in ("2 of 3 right became 2", "outputs that differ from the recording: 0", "verdicts that differ: 0"):
        assert part in shown


@pytest.mark.usefixtures("stored")
def test_a_mistake_is_one_sentence(cli: Run) -> None:
    for arguments, sentence in (
        (["2"], "there is no run 2"),
        (["1", "--sandbox-timeout", "0"], "seconds must be above 0"),
        (["1", "--sandbox-memory", "-5"], "memory_mb must be above 0"),
        (["1", "--store", "gone.sqlite"], "there is no store gone.sqlite"),
    ):
        done = cli("replay", *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1) and sentence in done.stderr


def test_a_run_is_replayed_without_the_files_that_it_came_from(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "sums.jsonl").write_text(json.dumps({"question": "two and two?", "answer": "4"}))
    (tmp_path / "once.md").write_text("---\nstyle: cot\nrounds: 1\n---\n{question}\n")
    for prompt in ("pal", "once.md"):
        text = "```python\ndef solution():\n    return 2 + 2\n```\n"
        (tmp_path / "recorded.jsonl").write_text(json.dumps({"question": "two and two?", "text": text}))
        replay = ("--trajectories", "recorded.jsonl", "--prompt", prompt)
        assert cli("eval", "--dataset", "sums.jsonl", *replay).returncode == 0
    for name in ("sums.jsonl", "once.md", "recorded.jsonl"):
        (tmp_path / name).unlink()
    found = [json.loads(cli("replay", run, "--json").stdout) for run in ("1", "2")]
    assert [(each["rounds"], each["answers"], each["verdicts"]) for each in found] == [(1, [], [])] * 2
    assert [each["comparison"]["all"]["first"] for each in found] == [1, 0]  # pal ran the program, cot did not


def test_imported_notebooks_share_their_variables(cli: Run, tmp_path: Path) -> None:
    said = [("user", "How much?"), ("code", "x = 0\nprint(x)"), ("execution", "0")]
    said += [turn for n in range(1, 7) for turn in (("code", "x += 1\nprint(x)"), ("execution", str(n)))]
    said.insert(3, ("text", "It will be in $\\boxed{}$."))  # our own loop would stop there
    said += [("text", "So $\\boxed{x=6}$")]
    turns = [{"role": role, "content": content} for role, content in said]
    record = {"id": "a", "ground_truth": {"answer": "6"}, "debug_result": turns, "completion": "6"}
    (tmp_path / "outputs.jsonl").write_text(json.dumps(record))
    assert cli("runs", "import", "outputs.jsonl", "--format", "mathcoder").returncode == 0
    found = json.loads(cli("replay", "1", "--json").stdout)
    assert (found["mode"], found["rounds"]) == ("notebook", 8)  # as many as there are, not a prompt's four
    assert (found["outputs"], found["answers"], found["verdicts"]) == ([], [], [])
    apart = json.loads(cli("replay", "1", "--mode", "stateless", "--json").stdout)
    assert [output["fresh"] for output in apart["outputs"]] == ["NameError: name 'x' is not defined"] * 6
    short = json.loads(cli("replay", "1", "--rounds", "2", "--json").stdout)
    assert [change["after"] for change in short["answers"]] == [""] and short["failures"]["after"] == {"call limit": 1}
    assert cli("replay", "1", "--rounds", "0").returncode == 2


async def test_each_sample_keeps_its_own_text() -> None:
    texts = ["```python\nprint(3)\n```\n```output\n0\n```\n", "it is $\\boxed{2}$"]
    results = [
        Result(
            problem_id="0",
            sample=sample,
            question="one and one?",
            gold="2",
            groups={},
            text=text,
            answer=answer,
            stop="answered",
            correct=False,
            rule="numbers",
            strict=False,
            strict_rule="numbers",
            vote=0,
            statuses=(),
            prompt_tokens=1,
            completion_tokens=1,
            seconds=1.0,
            program_seconds=0.0,
        )
        for sample, (text, answer) in enumerate(zip(texts, ("0", "2"), strict=True))
    ]
    verdicts: list[bool | None] = []
    async with Sandbox() as sandbox:
        replayed = await replay(results, sandbox, load_prompt("tora"), Budget(), 1, verdicts.append)
    assert [(each.after.answer, each.after.correct, each.after.vote) for each in replayed] == [
        ("3", False, 0),
        ("2", True, 1),
    ]
    assert verdicts == [False, True]
    assert [output.fresh for output in replayed[0].outputs] == ["3"] and replayed[1].outputs == []


def rows(folder: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "runs" / "tora-agent.sqlite") as connection:
        return connection.execute("SELECT * FROM results ORDER BY id").fetchall()
