"""Our solver, scorers and tasks inside the real inspect_ai, as its own log shows them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from command_line import Done, Run

pytest.importorskip("inspect_ai", reason="inspect_ai is not installed")

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog
    from inspect_ai.model import ModelOutput


def inspect(folder: Path, *arguments: str) -> Done:
    """`inspect eval` as a user runs it, in a folder of its own."""
    environment = os.environ | {"INSPECT_DISPLAY": "plain", "COLUMNS": "200", "HF_ENDPOINT": "http://127.0.0.1:9"}
    command = [sys.executable, "-m", "inspect_ai", "eval", *arguments, "--log-dir", "logs"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def log_of(folder: Path) -> "EvalLog":
    from inspect_ai.log import list_eval_logs, read_eval_log

    [found] = list_eval_logs(str(folder / "logs"))
    return read_eval_log(found)


def test_an_evaluation_scores_as_our_own_and_its_log_reads_well(cli: Run, tmp_path: Path) -> None:
    done = inspect(tmp_path, "tora_agent/sample", "--model", "tora/tora-nano", "--limit", "3", "--max-tokens", "200")
    assert done.returncode == 0, done.stdout + done.stderr
    log = log_of(tmp_path)
    ours = json.loads(cli("eval", "--dataset", "sample", "--limit", "3", "--max-tokens", "200", "--json").stdout)
    assert log.status == "success" and log.results and log.samples
    scores = {score.name: score.metrics["accuracy"].value for score in log.results.scores}
    assert scores == {"tora": ours["accuracy"], "strict": ours["strict"]["accuracy"]}
    usage = log.stats.model_usage["tora/tora-nano"]
    assert usage.output_tokens == ours["completion_tokens"] and log.eval.model == "tora/tora-nano"
    records = [json.loads(line) for line in cli("runs", "export", "1").stdout.splitlines()]
    for sample in log.samples:
        record = next(each for each in records if each["problem_id"] == sample.id)
        assert (sample.output.completion, sample.store["stop"]) == (record["text"], record["stop"])
        assert sample.metadata == {"type": "Word Problems", "level": "1"}
        assert sample.scores and sample.scores["tora"].answer == record["answer"]
        assert (sample.scores["tora"].explanation or "").startswith(record["rule"])
        user, rationale, output, last = sample.messages
        [call] = rationale.tool_calls or []
        assert user.text == record["question"] and call.arguments == {"code": record["steps"][0]["program"]}
        assert "```" not in rationale.text and output.text == record["steps"][0]["execution"]["stdout"].strip()
        assert last.text == record["steps"][1]["completion"]["text"]
        events = [event.event for event in sample.events if event.event in ("model", "tool", "score")]
        assert events == ["model", "tool", "model", "score", "score"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sample", "--model", "tora/tora-nanoo"], "there is no model named tora-nanoo: did you mean tora-nano?"),
        (["sample", "--model", "tora/tora-nano", "-M", "llama_cpp.slot=3"], "unknown key llama_cpp.slot; did you"),
        (["sample", "--model", "tora/tora-nano", "-M", "prompt=cot"], "of a config file's keys, and not prompt"),
        (["sample", "--model", "tora/tora-nano", "-T", "limits={rounds: 0}"], "rounds must be at least 1"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    name, *rest = arguments
    done = inspect(tmp_path, f"tora_agent/{name}", *rest)
    assert done.returncode != 0 and sentence in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_recording_is_replayed(tmp_path: Path) -> None:
    text = "Add.\n```python\nprint(1 + 1)\n```\n```output\n2\n```\n$\\boxed{2}$"
    for name, column, value in (("mine.jsonl", "answer", "2"), ("recorded.jsonl", "text", text)):
        (tmp_path / name).write_text(json.dumps({"question": "one and one?", column: value}))
    replay = ["--model", "tora/mine", "-M", "trajectories=recorded.jsonl"]
    done = inspect(tmp_path, "tora_agent/tora_task", "-T", "dataset=mine.jsonl", *replay)
    assert done.returncode == 0, done.stdout + done.stderr
    [sample] = log_of(tmp_path).samples or []
    assert sample.output.completion == text and sample.scores and sample.scores["tora"].value == "C"


def scripted(tmp_path: Path, outputs: "list[ModelOutput]", **settings: Any) -> Any:
    """A sample of the first problem of `sample`, on which a scripted model of inspect_ai's says the outputs."""
    from inspect_ai import eval as evaluate
    from inspect_ai.model import ModelUsage, get_model

    from tora_agent.integrations.inspect import tora_task

    for output in outputs:
        output.usage = ModelUsage(input_tokens=5, output_tokens=7, total_tokens=12)
    model = get_model("mockllm/model", custom_outputs=outputs)
    [log] = evaluate(tora_task(**settings), model=model, limit=1, display="none", log_dir=str(tmp_path / "logs"))
    assert log.status == "success" and log.samples, log.error
    return log.samples[0]


def test_another_model_calls_our_tool(tmp_path: Path) -> None:
    from inspect_ai.model import ModelOutput

    sample = scripted(
        tmp_path,
        [
            ModelOutput.for_tool_call("m", "python", {"code": "total = 46 + 29\nprint(total)"}, content="Add."),
            ModelOutput.for_tool_call("m", "python", {"code": "print(total + 1 - 1)"}, content="Check."),
            ModelOutput.from_content("m", r"$\boxed{75}$"),
        ],
    )
    assert [message.role for message in sample.messages] == ["system", "user", *2 * ["assistant", "tool"], "assistant"]
    assert [message.text for message in sample.messages if message.role == "tool"] == ["75", "75"]  # a notebook
    assert sample.scores["tora"].value == sample.scores["strict"].value == "C"
    assert sample.output.completion.startswith(
        "Add.\n```python\ntotal = 46 + 29\nprint(total)\n```\n```output\n75\n```"
    )


def test_of_a_call_that_is_not_as_it_should_be_the_model_is_told(tmp_path: Path) -> None:
    from inspect_ai.model import ModelOutput

    outputs = [
        ModelOutput.for_tool_call("m", "bash", {"code": "print(1)"}),
        ModelOutput.for_tool_call("m", "python", {"program": "print(2)"}),
        ModelOutput.for_tool_call("m", "python", {"code": "print(46 + 29)"}),
        ModelOutput.from_content("m", r"$\boxed{75}$"),
    ]
    sample = scripted(tmp_path, outputs)
    told = [message for message in sample.messages if message.role == "tool"]
    assert [message.error and message.error.type for message in told] == ["parsing", "parsing", None]
    assert told[2].text == "75" and sample.store["stop"] == "answered" and sample.scores["tora"].value == "C"
    assert "print(1)" not in sample.output.completion  # what was not called is not run


def test_another_model_writes_programs_in_fences(tmp_path: Path) -> None:
    from inspect_ai.model import ModelOutput

    made_up = "Add.\n```python\nprint(46 + 29)\n```\n```output\n76\n```\nIt is 76."
    outputs = [ModelOutput.from_content("m", made_up), ModelOutput.from_content("m", r"$\boxed{75}$")]
    sample = scripted(tmp_path, outputs, prompt="chat")
    texts = [message.text for message in sample.messages[2:]]
    assert texts == ["Add.\n```python\nprint(46 + 29)\n```", "```output\n75\n```", r"$\boxed{75}$"]
    assert sample.scores["tora"].value == "C"
