"""The pipeline at a tiny size, from nothing to a model that solves a problem with a program that really runs."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command_line import COMMAND
from tora_agent.errors import UserError
from tora_agent.protocol import closing_program, segments
from tora_agent.training.pipeline import REPORT, Stage, run_stages

SMALL = [
    "corpus.count=200",
    "sft.curriculum.held_out=20",
    "sft.schedule.tokens=80_000",
    "shaping=null",
    "dataset=one.jsonl",
]

# one of each family of the tiny corpus, none of which it holds in these words
PROBLEMS = {
    "What is the greatest common divisor of 84 and 36?": "12",
    "What is the remainder when 137 is divided by 9?": "2",
    r"What is $12 \times 34$?": "408",
}


def quiet(line: str) -> None:
    pass


def stage(name: str, settings: Any, ran: list[str], fails: bool = False) -> Stage:
    def run() -> dict[str, int]:
        ran.append(name)
        if fails:
            raise RuntimeError(name)
        return {"order": len(ran)}

    return Stage(name, settings, run)


def test_a_finished_stage_is_not_run_again(tmp_path: Path) -> None:
    ran: list[str] = []
    with pytest.raises(RuntimeError):
        run_stages([stage("one", {"a": 1}, ran), stage("two", {}, ran, fails=True)], tmp_path, quiet)
    report = run_stages([stage("one", {"a": 1}, ran), stage("two", {}, ran)], tmp_path, quiet)
    assert ran == ["one", "two", "two"]
    assert report == json.loads((tmp_path / REPORT).read_text())
    assert [entry["result"]["order"] for entry in report.values()] == [1, 3]


def test_a_stage_with_other_settings_is_refused(tmp_path: Path) -> None:
    ran: list[str] = []
    run_stages([stage("one", {"path": tmp_path}, ran)], tmp_path, quiet)
    run_stages([stage("one", {"path": tmp_path}, ran)], tmp_path, quiet)
    with pytest.raises(UserError, match=r"the stage one in .*report\.json was made with other settings"):
        run_stages([stage("one", {"path": tmp_path / "other"}, ran)], tmp_path, quiet)
    (tmp_path / REPORT).write_text("{")
    with pytest.raises(UserError, match=r"report\.json cannot be read"):
        run_stages([], tmp_path, quiet)
    assert ran == ["one"]


def test_two_processes_do_not_share_a_folder(tmp_path: Path) -> None:
    program = "import sys, pathlib\nfrom tora_agent.training.folder import alone_in\n"
    program += "with alone_in(pathlib.Path(sys.argv[1])): print(flush=True), input()"
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline()
        with pytest.raises(UserError, match="another process is at work in"):
            run_stages([], tmp_path, quiet)
        other.kill()
    assert run_stages([], tmp_path, quiet) == {}


@pytest.mark.slow
def test_the_tiny_pipeline(tmp_path: Path) -> None:  # one test, so that it runs once wherever tests are spread
    pytest.importorskip("torch", reason="training needs the extra `train`")
    done = subprocess.run([*COMMAND, "train", "run", "tiny"], cwd=tmp_path, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    for name in ("model", "shaped"):
        the_model_solves_problems_with_programs(tmp_path, name)
    the_report_tells_what_every_stage_made(tmp_path)
    the_same_command_has_nothing_left_to_do(tmp_path)


def the_model_solves_problems_with_programs(made: Path, name: str) -> None:
    found = {}
    for question in PROBLEMS:
        command = [*COMMAND, "solve", question, "--json", "--model", f"runs/tiny/{name}.gguf"]
        solved = json.loads(subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=300).stdout)
        program, output = segments(solved["text"])[0]
        assert closing_program(program) and output == solved["answer"]
        found[question] = solved["answer"]
    assert found == PROBLEMS


def the_report_tells_what_every_stage_made(made: Path) -> None:
    report = json.loads((made / "runs" / "tiny" / REPORT).read_text())
    results = {name: entry["result"] for name, entry in report.items()}
    assert results["corpus"]["fates"]["kept"] == 4000
    assert results["training of model"]["held_out_loss"] < 0.1
    assert results["export of model"]["same_tokens"] == results["export of model"]["texts"] == 50
    assert results["export of model"]["same_choice"] > 0.95
    assert results["score of model"]["n"] == results["score of shaped"]["n"] == 80
    assert results["shaping"]["kept"]["shaping.sampled"] > 0


def the_same_command_has_nothing_left_to_do(made: Path) -> None:
    again = subprocess.run([*COMMAND, "train", "run", "tiny", "--json"], cwd=made, capture_output=True, text=True)
    assert json.loads(again.stdout) == json.loads((made / "runs" / "tiny" / REPORT).read_text())
    assert again.stderr.count("done before") == 8 == len(again.stderr.splitlines())
    other = [*COMMAND, "train", "run", "tiny", "--set", "corpus.seed=2"]
    refused = subprocess.run(other, cwd=made, capture_output=True, text=True)
    assert refused.returncode == 2 and "made with other settings" in refused.stderr


@pytest.mark.slow
def test_a_stopped_pipeline_goes_on(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs the extra `train`")
    (tmp_path / "one.jsonl").write_text(
        '{"question": "What is the remainder when 137 is divided by 9?", "answer": "2"}\n'
    )
    command = [*COMMAND, "train", "run", "tiny", *(part for setting in SMALL for part in ("--set", setting))]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = _until(process.stderr.readline, "step 20,")
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
    assert process.returncode == 130
    assert said.splitlines()[-1].endswith("holds the checkpoint; the same command goes on")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0 and "resumed after" in done.stderr
    assert "score of model: " in done.stdout


def _until(readline: Callable[[], str], start: str) -> str:
    """What is said up to the first line that starts so, or to the end."""
    said = ""
    while line := readline():
        said += line
        if line.startswith(start):
            break
    return said
