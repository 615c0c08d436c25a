"""Tasks and their problems: shipped files, files of one's own, the package's own set, a hub."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
import yaml

from command_line import Done
from tora_agent.bench import reference
from tora_agent.errors import UserError
from tora_agent.eval.suite import load_suite
from tora_agent.eval.tasks import Problem, is_expected, load_problems, load_task, task_names
from tora_agent.eval.tasks.loading import checksum
from tora_agent.eval.tasks.task import FewShot
from tora_agent.prompt import load_prompt, prompt_names
from tora_agent.protocol import normalise

HERE = Path(__file__).parent
CHECKS = yaml.safe_load((HERE / "sample_checks.yaml").read_text(encoding="utf-8"))
SAMPLE = list(load_problems(load_task("sample")))


def test_the_sample_is_whole() -> None:
    task = load_task("sample")
    assert (len(SAMPLE), checksum(SAMPLE)) == (task.size, task.checksum)
    assert len({problem.question for problem in SAMPLE}) == 80
    assert {problem.groups["level"] for problem in SAMPLE} == {"1", "2", "3", "4", "5"}
    assert len({problem.groups["type"] for problem in SAMPLE}) == 8


@pytest.mark.parametrize("problem", SAMPLE, ids=lambda problem: problem.id)
def test_an_answer_of_the_sample_is_right(problem: Problem) -> None:
    import sympy

    value = eval(CHECKS[int(problem.id)], vars(sympy) | {"x": sympy.Symbol("x")})
    plain = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"\1/\2", problem.answer).replace(r"\sqrt{3}", "*sqrt(3)")
    plain = plain.replace(r"\pi", "*pi").removesuffix("_6")
    assert (
        sympy.simplify(sympy.sympify(plain) - value) == 0 if "," not in plain else str(value).replace(" ", "") == plain
    )


def grams(text: str) -> set[tuple[str, ...]]:
    """The runs of ten words of a text, with its numbers masked."""
    words = re.findall(r"[a-z]+|#", re.sub(r"\d[\d.,]*", "#", text.lower()))
    return {tuple(words[start : start + 10]) for start in range(len(words) - 9)}


def test_no_problem_of_ours_is_from_a_test_set(shared: Path) -> None:
    files = [path for path in (shared / "data").rglob("*.json*") if path.name != "train.jsonl"]
    assert len(files) > 10
    tested = grams("\n".join(path.read_text(encoding="utf-8") for path in files))
    shown = re.findall(r"Question: (.*)", "\n".join(load_prompt(name).text for name in prompt_names()))
    assert len(shown) > 20
    assert [text for text in [*shown, *(problem.question for problem in SAMPLE)] if grams(text) & tested] == []


@pytest.mark.parametrize("name", [name for name in task_names() if name != "sample"])
def test_a_shipped_task_reads_its_file(shared: Path, name: str) -> None:
    task = load_task(name)
    problems = list(load_problems(task, shared / "data"))
    assert len(problems) == task.size
    assert task.checksum in (None, checksum(problems))
    assert all(set(problem.groups) == set(task.groups) for problem in problems)
    assert [problem.id for problem in load_problems(task, shared / "data", limit=3)] == ["0", "1", "2"]


MAWPS = ("singleeq", "singleop", "addsub", "multiarith")


@pytest.mark.parametrize("name", ["gsm8k", "math", "gsm-hard", "svamp", "tabmwp", "asdiv", *MAWPS])
def test_questions_and_gold_answers_are_those_of_the_reference(shared: Path, name: str) -> None:
    task = load_task(name)
    assert task.local
    content = (shared / "data" / task.local).read_text(encoding="utf-8")
    by_name = task.local.endswith(".json")
    rows = list(json.loads(content).values()) if by_name else [json.loads(line) for line in content.splitlines()]
    known = "mawps" if name in MAWPS else name
    expected = [(reference.question(row, known), reference.gold(row, known)) for row in rows]
    ours = [(problem.question, normalise(problem.answer)) for problem in load_problems(task, shared / "data")]
    assert [pair for pair in zip(expected, ours, strict=True) if pair[0] != pair[1]] == []


def write_rows(path: Path, rows: list[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "own.yaml"
    file.write_text(
        "title: mine\nlocal: own.jsonl\nquestion: '{story:sentence} {ask}'\nanswer: solution\ngroups: {kind: sort}\n"
    )
    return file


def test_a_task_of_ones_own(own: Path, tmp_path: Path) -> None:
    rows = [
        {"story": "Two birds sit", "ask": "How many?", "solution": "all\n#### 2", "sort": "a"},
        {"story": "One flies.", "ask": "How many?", "solution": r"so $\boxed{\frac{1}{2}}$", "sort": "b"},
        {"story": "Plain.", "ask": "How many?", "solution": 7.0, "sort": "b"},
    ]
    write_rows(tmp_path / "own.jsonl", [rows[0], rows[1]])
    first, second = load_problems(load_task(str(own)), tmp_path)
    assert (first.question, first.answer, first.groups) == ("Two birds sit. How many?", "2", {"kind": "a"})
    assert (second.question, second.answer) == ("One flies. How many?", r"\frac{1}{2}")
    assert is_expected(load_task(str(own)), [first]) and is_expected(replace(load_task(str(own)), size=1), [first])
    assert not is_expected(replace(load_task(str(own)), size=3), [first, second])
    write_rows(tmp_path / "own.jsonl", [rows[2]])
    assert next(load_problems(load_task(str(own)), tmp_path)).answer == "7"


def test_json_lines_of_question_and_answer_are_a_task(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "mine.jsonl"
    write_rows(path, [{"question": "How many?", "answer": "all\n#### 2", "other": None}])
    task = load_task(str(path))
    (problem,) = load_problems(task)
    assert (task.name, problem.question, problem.answer) == ("mine", "How many?", "2")
    with pytest.raises(UserError, match=r"there is no data file .*none\.jsonl$"):
        list(load_problems(load_task(str(tmp_path / "none.jsonl"))))


def test_a_part_with_an_empty_column_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "tables.yaml"
    file.write_text(
        "title: t\nlocal: rows.json\nanswer: answer\nquestion: 'Read[[ \"{title}\"]]: {ask}[[ One of {choices}]]'\n"
    )
    rows = {
        "7": {"title": "Eggs", "ask": "How many?", "choices": None, "answer": "3/4"},
        "9": {"title": None, "ask": "More?", "choices": ["yes", "no"], "answer": "no"},
    }
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    first, second = load_problems(load_task(str(file)))
    assert (first.question, first.answer) == ('Read "Eggs": How many?', "3/4")
    assert (second.question, second.answer) == ("Read: More? One of ['yes', 'no']", "no")
    (tmp_path / "rows.json").write_text('{"7": 1}')
    with pytest.raises(UserError, match=r"rows\.json, 7: must be an object"):
        list(load_problems(load_task(str(file))))


def test_columns_and_gold_answers_in_other_forms(tmp_path: Path) -> None:
    file = tmp_path / "forms.yaml"
    file.write_text(
        "title: t\nlocal: rows.jsonl\nanswer: answer\ngold: number\nquestion: '{ask:stripped} {tell:sentence}|{rows}'\n"
    )
    write_rows(tmp_path / "rows.jsonl", [{"ask": " How? ", "tell": " So ", "rows": " | a\n1 | 2 ", "answer": "3/4"}])
    (problem,) = load_problems(load_task(str(file)))
    assert (problem.question, problem.answer) == ("How? So.| | a\n1 | 2", "0.75")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"story": "s", "ask": "a", "solution": "1", "sort": "x"}, "{broken\n"], r"own\.jsonl, line 2 is not JSON"),
        (["[1]\n"], "line 1 must be an object"),
        ([{"story": "s", "solution": "1", "sort": "x"}], "line 1 has no column ask: there are story, solution, sort"),
        ([{"story": "s", "ask": "a", "solution": "", "sort": "x"}], "line 1: the answer is empty"),
    ],
)
def test_a_bad_row_is_named(own: Path, tmp_path: Path, rows: list[object], sentence: str) -> None:
    write_rows(tmp_path / "own.jsonl", rows)
    with pytest.raises(UserError, match=sentence):
        list(load_problems(load_task(str(own)), tmp_path))


def test_bad_names_and_files(own: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no data set named gsm9k: did you mean gsm8k"):
        load_task("gsm9k")
    with pytest.raises(UserError, match=r"there is no data file .*own\.jsonl"):
        list(load_problems(load_task(str(own)), tmp_path))
    own.write_text("title: mine\nquestion: '{q}'\nanswer: a\nhubs: []\n")
    with pytest.raises(UserError, match="unknown key hubs; did you mean hub"):
        load_task(str(own))
    own.write_text("title: mine\nquestion: '{q}'\nanswer: a\nhub: [{repo: a/b, spilt: test}]\n")
    with pytest.raises(UserError, match=r"unknown key hub\.0\.spilt; did you mean hub\.0\.split"):
        load_task(str(own))
    own.write_text("title: mine\nquestion: q\nanswer: a\n")
    with pytest.raises(UserError, match="question must be a template that names columns"):
        load_task(str(own))
    own.write_text("title: mine\nquestion: '{q:striped}'\nanswer: a\n")
    with pytest.raises(UserError, match=r"\{name:stripped\}"):
        load_task(str(own))
    own.write_text("title: mine\nquestion: '{q}'\nanswer: a\ngold: numbers\n")
    with pytest.raises(UserError, match=r"gold.*stated.*number.*without_unit"):
        load_task(str(own))
    own.write_text("title: mine\nanswer: a\n")
    with pytest.raises(UserError, match="the key question is missing"):
        load_task(str(own))
    own.write_text("title: mine\nquestion: '{q}'\nanswer: a\nfew_shot: gsm9k\n")
    with pytest.raises(UserError, match="few_shot: Input should be 'gsm8k' or 'math'"):
        load_task(str(own))
    own.write_text("title: mine\nquestion: '{q}'\nanswer: a\nwhere: /tmp\n")
    with pytest.raises(UserError, match="unknown key where") as caught:
        load_task(str(own))
    assert "local" in str(caught.value) and "folder" not in str(caught.value)


def test_a_suite_is_no_task_but_a_name_to_mean() -> None:
    with pytest.raises(UserError, match="no data set named tora10: did you mean tora-10"):
        load_task("tora10")
    with pytest.raises(UserError, match="tora-10 is several data sets, and one is needed here"):
        load_task("tora-10")


def test_every_family_has_its_prompts() -> None:
    families = get_args(FewShot)
    assert {name.rpartition("_")[2] for name in prompt_names() if "_" in name} == set(families)


def load_from(hub: dict[str, str], task: Path, *arguments: str) -> Done:
    program = (
        "import sys\n"
        "from tora_agent.errors import UserError\n"
        "from tora_agent.eval.tasks import load_problems, load_task\n"
        "try:\n"
        "    problems = load_problems(load_task(sys.argv[1]), limit=int(sys.argv[2]) or None)\n"
        "    for problem in problems: print(problem.question, problem.answer)\n"
        "except UserError as error: sys.exit(str(error))\n"
    )
    command = [sys.executable, "-c", program, str(task), *(arguments or ["0"])]
    return subprocess.run(command, env=hub, capture_output=True, text=True, timeout=120)


def test_the_hub_and_its_mirrors(hub: dict[str, str], tmp_path: Path) -> None:
    good = [{"q": f"question {number}?", "a": f"#### {number}"} for number in range(5)]
    write_rows(tmp_path / "hub" / "good" / "set" / "test.jsonl", good)
    write_rows(tmp_path / "hub" / "bad" / "set" / "test.jsonl", good[:4])
    expected = checksum(Problem(str(n), f"question {n}?", str(n)) for n in range(5))
    task = tmp_path / "hubbed.yaml"
    write_rows(tmp_path / "hub" / "other" / "set" / "test.jsonl", [{"problem": "question 0?", "a": "#### 0"}])
    sources = "hub: [{repo: gone/set}, {repo: bad/set}, {repo: other/set}, {repo: good/set}]"
    task.write_text(f"title: t\nquestion: '{{q}}'\nanswer: a\n{sources}\nchecksum: {expected}\n")
    assert load_from(hub, task).stdout.splitlines() == [f"question {n}? {n}" for n in range(5)]
    assert load_from(hub, task, "2").stdout.splitlines() == ["question 0? 0", "question 1? 1"]
    task.write_text(task.read_text().replace(", {repo: good/set}", ""))
    failed = load_from(hub, task)
    assert failed.returncode == 1 and failed.stderr.count("\n") == 1
    assert "other/set: test, row 0 has no column q: there are problem, a" in failed.stderr
    assert "gone/set" in failed.stderr and "bad/set holds other data than expected (4 problems)" in failed.stderr


def test_a_file_of_a_hub_repository_without_some_rows(hub: dict[str, str], tmp_path: Path) -> None:
    rows = [{"q": f"question {number}?", "a": "1; 2" if number == 2 else str(number)} for number in range(5)]
    write_rows(tmp_path / "hub" / "many" / "sets" / "data" / "one.jsonl", rows)
    write_rows(tmp_path / "hub" / "many" / "sets" / "data" / "other.jsonl", [{"name": "x"}])
    task = tmp_path / "filed.yaml"
    source = "hub: [{repo: many/sets, file: data/one.jsonl, without: ';'}]"
    task.write_text(f"title: t\nquestion: '{{q}}'\nanswer: a\n{source}\nsize: 4\n")
    assert load_from(hub, task).stdout.splitlines() == [f"question {n}? {n}" for n in (0, 1, 3, 4)]
    task.write_text(task.read_text().replace("size: 4", "size: 5"))
    assert "many/sets holds other data than expected (4 problems)" in load_from(hub, task).stderr
    (tmp_path / "hub" / "many" / "sets" / "data" / "one.json").write_text(json.dumps({"7": rows[0], "9": rows[1]}))
    task.write_text(task.read_text().replace("one.jsonl", "one.json").replace("size: 5", "size: 2"))
    assert load_from(hub, task).stdout.splitlines() == ["question 0? 0", "question 1? 1"]


def test_the_files_of_the_papers_tasks_load_from_the_hub(hub: dict[str, str], shared: Path, tmp_path: Path) -> None:
    for name in load_suite("tora-10").tasks:
        task = load_task(name)
        assert task.local and task.hub
        if (source := task.hub[0]).file:  # the repository's files are the local ones
            there = tmp_path / "hub" / source.repo / source.file
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes((shared / "data" / task.local).read_bytes())
            assert load_from(hub, Path(name)).stdout.count("\n") >= (task.size or 0) > 0


def test_no_network_is_one_sentence(hub: dict[str, str]) -> None:
    failed = load_from(hub | {"HF_ENDPOINT": "http://127.0.0.1:9"}, Path("gsm8k"))
    assert failed.returncode == 1 and failed.stderr.count("\n") == 1
    assert "--data-dir" in failed.stderr and "--dataset sample" in failed.stderr
