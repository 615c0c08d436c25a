"""Other projects' outputs as runs, and runs for other programs, by the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from command_line import Done, Run, report
from tora_agent.bench import reference

PROGRAM = "```python\nprint({0})\n```\n```output\n{1}\n```\n"
HALF = PROGRAM.format("1/2", "0.5") + r"It is $\boxed{0.5}$."
FAILED = PROGRAM.format("x", "NameError: name 'x' is not defined") + PROGRAM.format("2", "2") + "I give up."


def write(path: Path, *records: object) -> str:
    path.write_text("".join(record if isinstance(record, str) else json.dumps(record) + "\n" for record in records))
    return path.name


def tora(idx: int, *texts: str, gold: str = "0.5", **more: str) -> dict[str, Any]:
    return {"idx": idx, "question": f"How much is number {idx}?", "gt": gold, "code": texts, **more}


def mathcoder(answer: str = "x=\\frac{1}{2}") -> dict[str, Any]:
    turns = [
        ("system", "Solve it."),
        ("user", "How much?"),
        ("text", "Let us see."),
        ("code", "1/2\r\n"),
        ("execution", "0.5"),
        ("text", f"So \\boxed{{{answer}}}."),
        ("text", answer),
    ]
    said = [{"role": role, "content": content} for role, content in turns]
    return {"id": "test/1.json", "ground_truth": {"answer": "0.5"}, "debug_result": said, "completion": answer}


def lines(done: Done) -> list[Any]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def imported(cli: Run, tmp_path: Path) -> Path:
    """A store whose run 1 are two problems of ToRA's form with three samples each."""
    other = tora(9, FAILED, "", r"\boxed{\frac{1}{2}}", level="Level 2", type="Sums")
    records = tora(7, HALF, "50", HALF, level="Level 1"), other
    scored = report(cli("runs", "import", write(tmp_path / "outputs.jsonl", *records), "--format", "tora", "--json"))
    # the vote takes 0.5 of problem 7; that of problem 9 is a tie of 2 and a half, and 2 was first
    assert (scored["run"], scored["n"], scored["correct"], scored["strict"]["correct"]) == (1, 2, 1, 1)
    return tmp_path


def test_outputs_of_tora_are_a_run(cli: Run, imported: Path) -> None:
    rows = {(row["problem_id"], row["sample"]): row for row in lines(cli("runs", "export", "1"))}
    first, failed = rows["7", 0], rows["9", 0]
    assert (len(rows), first["text"], first["answer"], first["groups"]) == (6, HALF, "0.5", {"level": "Level 1"})
    assert [step["program"] for step in first["steps"]] == ["print(1/2)", None]
    assert [step["execution"] and step["execution"]["status"] for step in failed["steps"]] == ["error", "ok", None]
    assert (failed["answer"], rows["9", 1]["stop"], rows["7", 1]["correct"]) == ("2", "no_answer", True)
    assert (rows["7", 1]["strict"], rows["7", 1]["vote"], rows["7", 2]["vote"]) == (False, 1, 0)
    assert "6 of 6" in cli("runs", "list").stdout


def test_an_import_is_the_same_run_again_and_a_round_trip_changes_nothing(cli: Run, imported: Path) -> None:
    again = cli("runs", "import", "outputs.jsonl", "--format", "tora", "--json")
    assert report(again)["run"] == 1 and "holds these outputs already" in again.stderr
    assert cli("runs", "export", "1", "--format", "tora", "--output", "back.jsonl").returncode == 0
    there = report(cli("runs", "import", "back.jsonl", "--format", "tora", "--json"))
    assert (there["run"], there["correct"]) == (2, 1)
    kept = ("problem_id", "sample", "text", "correct", "strict", "vote", "stop", "groups")
    one, other = ([[row[key] for key in kept] for row in lines(cli("runs", "export", run))] for run in ("1", "2"))
    assert sorted(map(str, one)) == sorted(map(str, other))


def test_an_export_is_evaluated_by_the_reference(cli: Run, imported: Path) -> None:
    """By the keys that its `evaluate.py` reads: `idx` for the order, `gt_cot` and `gt`, and `pred`."""
    exported = lines(cli("runs", "export", "1", "--format", "tora"))
    known = [{key: line[key] for key in ("idx", "gt_cot", "gt", "pred", "level")} for line in exported]
    assert [line["idx"] for line in known] == [7, 9]
    right = [[reference.equal(pred, reference.gold(line, "any")) for pred in line["pred"]] for line in known]
    assert right == [[True, True, True], [False, False, True]]


def test_outputs_of_mathcoder_are_a_run_of_its_own_answers(cli: Run, tmp_path: Path) -> None:
    write(tmp_path / "outputs.jsonl", mathcoder())
    assert report(cli("runs", "import", "outputs.jsonl", "--format", "mathcoder", "--json"))["correct"] == 1
    (row,) = lines(cli("runs", "export", "1"))
    assert (row["question"], row["answer"], row["gold"]) == ("How much?", "x=\\frac{1}{2}", "0.5")
    assert row["text"].startswith("Let us see.\n```python\n1/2\n```\n```output\n0.5\n```\n")
    assert row["text"].count("boxed") == 1 and row["text"].endswith(".")


def test_outputs_are_graded_against_a_task(cli: Run, tmp_path: Path) -> None:
    task = {"question": "How  much is number 3?", "answer": "#### 50"}
    write(tmp_path / "task.jsonl", {"question": "Another?", "answer": "1"}, task)
    write(tmp_path / "outputs.jsonl", tora(3, HALF))
    arguments = ("runs", "import", "outputs.jsonl", "--format", "tora", "--json", "--task", "task.jsonl")
    scored = report(cli(*arguments))
    assert (scored["correct"], scored["strict"]["correct"]) == (1, 0)  # a factor of 100
    assert lines(cli("runs", "export", "1"))[0]["problem_id"] == "1"
    write(tmp_path / "outputs.jsonl", tora(3, HALF), tora(4, HALF))
    done = cli(*arguments)
    assert done.returncode == 2 and "line 2: its question is none of the data set's" in done.stderr


def test_a_task_may_ask_a_question_twice(cli: Run, tmp_path: Path) -> None:
    asked = [{"question": "How much is number 3?", "answer": answer} for answer in ("0.5", "7")]
    write(tmp_path / "task.jsonl", *asked)
    arguments = ("runs", "import", "outputs.jsonl", "--format", "tora", "--json", "--task", "task.jsonl")
    write(tmp_path / "outputs.jsonl", tora(3, HALF), tora(3, HALF), tora(3, HALF))
    done = cli(*arguments)
    assert done.returncode == 2 and "line 3 is about problem 1, as an earlier line is" in done.stderr
    write(tmp_path / "outputs.jsonl", tora(3, HALF), tora(3, HALF))
    scored = report(cli(*arguments))
    assert (scored["n"], scored["correct"]) == (2, 1)


def test_a_box_beside_a_program_that_ran_hides_it_not(cli: Run, tmp_path: Path) -> None:
    write(tmp_path / "outputs.jsonl", tora(1, "\\boxed{1/2}?\n```python\nprint(1/2)\n```\n```output\n0.5\n```\nYes."))
    assert cli("runs", "import", "outputs.jsonl", "--format", "tora").returncode == 0
    assert [step["program"] for step in lines(cli("runs", "export", "1"))[0]["steps"]] == ["print(1/2)", None]


@pytest.mark.parametrize(
    ("record", "form", "sentence"),
    [
        ({"question": "q"}, "tora", 'line 2 is no output of ToRA\'s: it needs "question", "gt" and "code"'),
        (tora(1), "tora", "line 2 is no output of ToRA's"),
        (tora(0, HALF), "tora", "line 2 is about problem 0, as an earlier line is"),
        (tora(1, "a\ud800"), "tora", "is no text that can be stored"),
        (tora(1, HALF) | {"idx": "\ud800"}, "tora", "is no text that can be stored"),
        ("{broken\n", "tora", "line 2 is not JSON"),
        (mathcoder(), "tora", "line 2 is no output of ToRA's"),
    ],
)
def test_a_line_that_is_no_output_is_named(cli: Run, tmp_path: Path, record: object, form: str, sentence: str) -> None:
    write(tmp_path / "outputs.jsonl", tora(0, HALF), record)
    done = cli("runs", "import", "outputs.jsonl", "--format", form)
    assert (done.returncode, done.stdout) == (2, "") and sentence in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "runs").exists()


def test_a_run_is_a_table_for_datasets(cli: Run, imported: Path) -> None:
    for form, path in (("parquet", "run.parquet"), ("hf", "folder")):
        written = cli("runs", "export", "1", "--format", form, "--output", path)
        assert (written.returncode, written.stderr, written.stdout) == (0, "", "")
    program = (
        "from datasets import load_dataset, load_from_disk\n"
        "tables = [load_dataset('parquet', data_files='run.parquet', split='train'), load_from_disk('folder')['test'],"
        " load_dataset('./folder', split='test')]\n"
        "assert tables[0].to_list() == tables[1].to_list() == tables[2].to_list()\n"
        "row = tables[0][0]\n"
        "groups = [(row['group_level'], row['group_type']) for row in tables[0]]\n"
        "assert sorted(groups, key=str) == 3 * [('Level 1', None)] + 3 * [('Level 2', 'Sums')], groups\n"
        "assert row['steps'][0]['execution']['stdout'] == '0.5' and row['steps'][1]['execution'] is None\n"
    )
    environment = os.environ | {"HF_HOME": str(imported / "hf"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=imported, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("imported")
def test_a_place_that_cannot_be_written_is_named(cli: Run) -> None:
    for arguments, sentence in (
        (["--format", "parquet"], "--output PATH"),
        (["--format", "hf", "--output", "."], "is there already"),
        (["--format", "parquet", "--output", "outputs.jsonl/x"], "cannot be written"),
        (["--output", "."], "cannot be written"),
    ):
        done = cli("runs", "export", "1", *arguments)
        assert (done.returncode, done.stdout) == (2, "") and sentence in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "form", "right"),
    [
        ("tora-code-34b-v1.0.gsm8k.jsonl", "tora", (1319, 1064, 1062)),
        ("mathcoder-l-7b.math.correct.jsonl", "mathcoder", (1179, 1143, 1156)),
    ],
)
def test_published_outputs_score_as_in_the_graders_own_tests(
    cli: Run, shared: Path, name: str, form: str, right: tuple[int, int, int]
) -> None:
    scored = report(cli("runs", "import", str(shared / "trajectories" / name), "--format", form, "--json"))
    assert (scored["n"], scored["correct"], scored["strict"]["correct"]) == right
