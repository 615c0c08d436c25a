"""What a hostile program, an odd file name or a strange option must not do: crash a command, or lie in its output."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import COMMAND, Run


@pytest.mark.parametrize(
    "line",
    [
        json.dumps({"code": "raise ValueError(chr(0xd800))"}),
        json.dumps({"code": "print(chr(27) + '[2J')"}),
        '{"code": "print(1)", "timeout": Infinity}',
        '{"code": "print(1)", "timeout": NaN}',
        '{"code": "print(1)", "timeout": 1' + "0" * 400 + "}",
        '{"code": ' + "[" * 200_000,
        '{"code": "x = 1", "session": 5}',
        json.dumps({"code": "a\0b"}),
        "[]",
    ],
    ids=range(9),
)
def test_no_line_ends_the_service(cli: Run, line: str) -> None:
    done = cli("exec", "--jsonl", input=line + '\n{"code": "print(2)"}\n')
    replies = [json.loads(reply) for reply in done.stdout.splitlines()]
    assert "Traceback" not in done.stderr and len(replies) == 2
    assert all(reply.keys() == {"stdout", "error", "status", "truncated", "seconds"} for reply in replies)
    assert replies[1]["stdout"] == "2\n"


def test_bytes_that_are_no_text_are_a_bad_line() -> None:
    for command, good in (("exec", b'{"code": "print(2)"}\n'), ("grade", b'{"gold": 4, "pred": "4"}\n')):
        done = subprocess.run([*COMMAND, command, "--jsonl"], input=b"\xff\xfe\n" + good, capture_output=True)
        bad, right = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == 2 and "line 1 is not JSON" in bad["error"]
        assert right.get("correct", True) is True and right.get("stdout", "2\n") == "2\n"


@pytest.mark.parametrize("name", ["[x].jsonl", "[bold].jsonl"])
def test_names_are_no_markup(cli: Run, tmp_path: Path, name: str) -> None:
    question = {"question": "one?", "code": ["$\\boxed{1}$"]}
    (tmp_path / name).write_text(json.dumps(question) + "\n")
    (tmp_path / "t.yaml").write_text("title: t\nlocal: d.jsonl\nquestion: '{question}'\nanswer: a\ngroups: {g: kind}\n")
    (tmp_path / "d.jsonl").write_text(json.dumps({"question": "one?", "a": "1", "kind": "[/red]"}) + "\n\n")
    scored = cli("eval", "--dataset", "t.yaml", "--engine", "replay", "--trajectories", name)
    assert scored.returncode == 0 and "[/red]" in scored.stdout and f"a recording answers: {name}" in scored.stderr
    assert name in cli("runs", "list").stdout


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"q": "\xff", "a": 1}\n', "line 1 is not JSON"),
        (b"", "holds no problem"),
        (b'{"q": "\\ud800", "a": 1}\n', "the column q must be a text"),
        (b"[" * 100_000 + b"\n", "line 1 is not JSON"),
        (b'{"q": "x", "a": NaN}\n', "the column a must be a text or a number"),
        (b'{"q": true, "a": 1}\n', "the column q must be a text or a number"),
        (b'{"q": "x", "a": {"b": 1}}\n', "the column a must be a text or a number"),
    ],
)
def test_a_bad_data_file_is_one_sentence(cli: Run, tmp_path: Path, data: bytes, sentence: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "t.yaml").write_text("title: t\nlocal: d.jsonl\nquestion: '{q}'\nanswer: a\n")
    (tmp_path / "sub" / "d.jsonl").write_bytes(data)
    done = cli("eval", "--dataset", "sub/t.yaml")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and sentence in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "x", "--set", "dataset.name=2024-13-45"],
        ["solve", "x", "--set", "samples=!!bool x"],
        ["solve", "x", "--set", "samples=!!timestamp x"],
        ["solve", "x", "--set", "sandbox.seconds=.inf"],
        ["solve", "x", "--set", "sandbox.memory_mb=99999999999999"],
        ["solve", "x", "--set", "sampling.temperature=true"],
        ["solve", "x", "--set", "llama_cpp.n_batch=20000000"],
        ["solve", "x", "--temperature", "inf"],
        ["solve", "x", "--temperature", "nan"],
        ["solve", "x", "--temperature", "1e-40"],
        ["solve", "x", "--threads", "100000"],
        ["solve", "x", "--top-k", "99999999999"],
        ["solve", "x", "--model", "a" * 300],
        ["solve", "x", "--model", "~nouser/x.gguf"],
        ["solve", "x", "--model", "hf:a b/--..b/c.gguf"],
        ["solve", "x", "--model", "tora-nan"],
        ["eval", "--concurrency", "600"],
        ["eval", "--limit", "99999999999999999999"],
        ["exec", "--jsonl", "--timeout", "inf"],
        ["bench", "engine", "--n-ctx", "1"],
        ["runs", "export", "99999999999999999999999"],
        ["runs", "list", "--store", "."],
        ["runs", "list", "--store", "a" * 300],
        ["eval", "--data-dir", "a" * 300, "--dataset", "gsm8k"],
        ["run", "gsm8k", "--report", "gone/page.html"],
        ["solve", "x", "--api", "chat"],
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_an_extreme_option_is_one_sentence(cli: Run, tmp_path: Path, arguments: list[str]) -> None:
    done = cli(*arguments)
    assert (done.returncode, done.stdout) == (2, "") and "Traceback" not in done.stderr
    assert re.search(r"^(tora-agent: |│ Invalid value)", done.stderr, re.MULTILINE), done.stderr
    assert not (tmp_path / "runs").exists()


def test_a_reader_that_leaves_early_is_no_traceback(tmp_path: Path) -> None:
    command = [*COMMAND, "solve", "What is 15% of 240?"]
    solve = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert solve.stdout and solve.stderr
    solve.stdout.close()
    errors = solve.stderr.read()
    assert solve.wait(timeout=60) != 0 and "Traceback" not in errors


def test_closed_streams_keep_the_output_pure(tmp_path: Path) -> None:
    script = '"$0" -c "from tora_agent.cli import main; main()" solve "What is 15% of 240?" --json 2>&-'
    done = subprocess.run(["sh", "-c", script, sys.executable], capture_output=True, text=True, cwd=tmp_path)
    assert json.loads(done.stdout)["answer"] == "36"
    script = '"$0" -c "from tora_agent.cli import main; main()" exec - <&-'
    closed = subprocess.run(["sh", "-c", script, sys.executable], capture_output=True, text=True, cwd=tmp_path)
    assert (closed.returncode, closed.stdout) == (0, "") and "Traceback" not in closed.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "models", "info", "tora-nano", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=environment,
        )
    assert done.returncode == 1 and done.stderr.startswith("tora-agent: the output cannot be written: No space left")


def test_output_that_was_cut_is_said_to_be(cli: Run) -> None:
    done = cli("exec", "-", input="print('x' * 200_000)")
    assert len(done.stdout) == 100_000 and "only the first 100,000 bytes" in done.stderr


def test_neither_the_model_nor_its_programs_steer_the_terminal() -> None:
    from rich.console import Console

    from tora_agent.cli.render import Transcript
    from tora_agent.sandbox import Execution

    shown = io.StringIO()
    transcript = Transcript(Console(file=shown))
    transcript.feed("a\x1b[2Jb\n\tc")
    transcript.end_segment()
    transcript.output(Execution("ok", "", None, False, 0.0), "\x1b[2J\x07\x9b4")
    assert not set("\x1b\x07\x9b") & set(shown.getvalue())
    assert "a\ufffd[2Jb" in shown.getvalue() and "\ufffd[2J\ufffd\ufffd4" in shown.getvalue()
