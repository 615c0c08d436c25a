"""`tora-agent solve`, `exec`, `grade` and `doctor` as a user runs them."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from command_line import COMMAND, PROBLEM, Run
from processes import wait_for_children


def test_a_problem_is_solved_by_the_model_and_its_program(cli: Run) -> None:
    done = cli("solve", PROBLEM)
    assert done.returncode == 0, done.stderr
    assert "print(" in done.stdout and "│ " in done.stdout and "answer" in done.stdout
    assert "tora-nano answers" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("problem", "answer"),
    [
        (PROBLEM, "19"),
        ("Tom has 12 apples. Mary gives him 7 more, then he eats 4. How many are left?", "15"),
        ("Solve x^2 - 5x + 6 = 0", "2, 3"),
    ],
)
def test_what_the_model_in_the_package_is_asked_first_it_answers_right(cli: Run, problem: str, answer: str) -> None:
    trajectory = json.loads(cli("solve", problem, "--json").stdout)
    assert (trajectory["answer"], trajectory["steps"][0]["execution"]["status"]) == (answer, "ok")


def test_the_model_in_the_package_is_small(model_file: Path) -> None:
    assert model_file.stat().st_size <= 16 << 20


def test_json_is_the_whole_trajectory_and_nothing_else(cli: Run) -> None:
    done = cli("solve", "-", "--json", input=PROBLEM + "\n")
    trajectory = json.loads(done.stdout)
    first = trajectory["steps"][0]
    assert trajectory["stop"] == "answered" and f"boxed{{{trajectory['answer']}}}" in trajectory["text"]
    assert first["program"] in trajectory["text"] and first["execution"]["status"] == "ok"
    assert f"```output\n{first['execution']['stdout'].strip()}\n```" in trajectory["text"]
    assert trajectory["prompt_tokens"] > 10 and trajectory["completion_tokens"] > 10 and trajectory["seconds"] > 0


def test_sampling_follows_the_seed(cli: Run) -> None:
    def text(seed: int) -> str:
        done = cli("solve", PROBLEM, "--json", "--temperature", "4", "--max-tokens", "60", "--seed", str(seed))
        return str(json.loads(done.stdout)["text"])

    first = text(1)
    assert text(1) == first
    assert any(text(seed) != first for seed in (2, 3, 4))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["solve", "   "], "the problem is empty"),
        (["solve", "x", "--model", "nowhere.gguf"], "there is no model file nowhere.gguf"),
        (["solve", "x", "--model", "tora-code-13b-v1.0.Q4_K"], "did you mean tora-code-13b-v1.0.q4_k_"),
        (["solve", "x", "--model", "tora-cod-13b"], "did you mean tora-code-13b?"),
        (["solve", "x", "--model", "tora-code-13b-v1.0.Q4_K_M", "--memory", "12000"], "the hub cannot be reached"),
        (
            ["solve", "x", "--model", "tora-code-13b-v1.0.Q4_K_M", "--memory", "9000"],
            "tora-code-13b-v1.0.Q4_K_S would fit",
        ),
        (["solve", "x", "--model", "hf:nobody"], "hf:OWNER/REPO/FILE.gguf"),
        (["solve", "x", "--prompt", "torra"], "did you mean tora"),
        (["solve", "x", "--set", "sampling.temprature=1"], "did you mean sampling.temperature"),
        (["solve", "x", "--temperature", "-1"], "temperature must be 0"),
        (["solve", "word " * 3000], "longer than the model's context of 2048 tokens"),
        (["exec"], "give either a program's FILE"),
        (["exec", "gone.py"], "gone.py cannot be read"),
        (["exec", "--jsonl", "--timeout", "0"], "seconds must be above 0"),
        (["grade"], "give --jsonl"),
        (["runs", "list"], "there is no store"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(cli: Run, arguments: list[str], sentence: str) -> None:
    done = cli(*arguments)
    assert (done.returncode, done.stdout) == (2, ""), done
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("tora-agent: ") and sentence in last
    assert "Traceback" not in done.stderr


def test_a_model_comes_from_the_hub_once(hub: dict[str, str], model_file: Path, tmp_path: Path) -> None:
    (tmp_path / "hub" / "some" / "model").mkdir(parents=True)
    (tmp_path / "hub" / "some" / "model" / "m.gguf").write_bytes(model_file.read_bytes())
    command = [*COMMAND, "solve", PROBLEM, "--json", "--model"]
    for environment in (hub, hub | {"HF_ENDPOINT": "http://127.0.0.1:9"}):
        done = subprocess.run([*command, "hf:some/model/m.gguf"], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["answer"]
    missing = subprocess.run([*command, "hf:some/model/n.gguf"], env=hub, capture_output=True, text=True)
    assert missing.returncode == 2 and "the hub has no file n.gguf in some/model" in missing.stderr


@pytest.mark.parametrize("content", [b"", b"not a model", b"GGUF\x03\x00\x00\x00 and then nothing good"])
def test_a_broken_model_file_is_one_sentence(cli: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.gguf").write_bytes(content)
    done = cli("solve", "x", "--model", "broken.gguf")
    assert done.returncode == 2
    assert "broken.gguf" in done.stderr and done.stderr.count("\n") == 1


def test_exec_prints_what_the_program_prints(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("from sympy import *\nx = symbols('x')\nprint(factor(x**2 - 1))\n")
    good = cli("exec", "good.py")
    assert (good.returncode, good.stdout) == (0, "(x - 1)*(x + 1)\n")
    bad = cli("exec", "-", input="print(1)\nprint(1 / 0)\n")
    assert (bad.returncode, bad.stdout, bad.stderr) == (1, "1\n", "ZeroDivisionError: division by zero\n")


def test_exec_answers_lines_in_order_and_keeps_sessions(cli: Run) -> None:
    requests = [
        {"code": "x = 6", "session": "a"},
        {"code": "print(x * 7)", "session": "a"},
        {"code": "print(x)"},
        {"code": "while True: pass", "timeout": 0.5},
        {"code": "print(x)", "session": "b"},
    ]
    done = cli("exec", "--jsonl", input="".join(json.dumps(request) + "\n" for request in requests))
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [(reply["status"], reply["stdout"]) for reply in replies[:2]] == [("ok", ""), ("ok", "42\n")]
    assert replies[0]["error"] is None and replies[2]["error"] == "NameError: name 'x' is not defined"
    assert [reply["status"] for reply in replies[3:]] == ["timeout", "error"]
    assert all(reply["seconds"] >= 0 for reply in replies)


def test_exec_answers_a_bad_line_and_goes_on(cli: Run) -> None:
    done = cli(
        "exec", "--jsonl", input='nonsense\n{"code": 5}\n{"code": "print(1)", "timeout": -1}\n{"code": "print(2)"}\n'
    )
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [reply["status"] for reply in replies] == ["invalid", "invalid", "invalid", "ok"]
    assert "line 1 is not JSON" in replies[0]["error"] and replies[3]["stdout"] == "2\n"
    assert done.returncode == 2 and "3 of the lines" in done.stderr


def test_grade_answers_lines(cli: Run) -> None:
    requests = [
        {"gold": "18", "pred": r"so she makes $\boxed{18}$ dollars", "task": "gsm8k"},
        {"gold": r"\frac{1}{2}", "pred": "0.5"},
        {"gold": "x^2-1", "pred": "(x-1)(x+1)", "task": "math"},
        {"gold": "3", "pred": "4"},
        {"gold": "3", "pred": ""},
    ]
    done = cli("grade", "--jsonl", input="".join(json.dumps(request) + "\n" for request in requests))
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["correct"] for line in done.stdout.splitlines()] == [True, True, True, False, False]


def test_doctor_reports_each_part(cli: Run) -> None:
    done = cli("doctor", "--json")
    findings = {finding["part"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 0, done.stdout
    assert findings["LaTeX parser"]["state"] == "ok" and findings["model: tora-nano"]["state"] == "ok"
    assert findings["llama.cpp"]["state"] == "ok" and any(part.startswith("wall: ") for part in findings)
    assert all(finding["fix"] for finding in findings.values() if finding["state"] != "ok")
    assert "ANTLR 4.11" in cli("doctor").stdout


def test_no_answer_is_exit_code_1(cli: Run) -> None:
    done = cli("solve", PROBLEM, "--max-tokens", "1", "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["answer"] == "" and "Traceback" not in done.stderr


def test_ctrl_c_ends_a_program_with_130(tmp_path: Path) -> None:
    (tmp_path / "loop.py").write_text("while True: pass\n")
    process = subprocess.Popen(
        [*COMMAND, "exec", "--timeout", "60", "loop.py"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    wait_for_children(process.pid, 2)  # the sandbox's, and the program's
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130 and "Traceback" not in errors
