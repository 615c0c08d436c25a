"""Corpora as they are built: drafts run, compared with the independent answer, and kept apart from the tests."""

import json
from pathlib import Path

import pytest

from tora_agent.errors import UserError
from tora_agent.protocol import closing_program, extract_answer, segments
from tora_agent.training.corpus.agreement import agree
from tora_agent.training.corpus.build import CorpusConfig, build
from tora_agent.training.corpus.execution import in_sandbox
from tora_agent.training.settings import load_settings


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    directory = tmp_path / "tests"
    directory.mkdir()
    problem = {"question": "Which of these words is in no other question of the whole wide world, I wonder?"}
    (directory / "test.jsonl").write_text(json.dumps(problem) + "\n")
    return directory


async def test_a_corpus_holds_trajectories_as_the_loop_would_have_seen_them(tests: Path, tmp_path: Path) -> None:
    report = await build(CorpusConfig(count=40, tests=tests), tmp_path / "corpus.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "corpus.jsonl").read_text().splitlines()]
    assert len(lines) == report.fates["kept"] == 40
    assert len({line["question"] for line in lines}) == 40
    for line in lines:
        (segment, output), (conclusion, _) = segments(line["text"])
        assert closing_program(segment)
        assert output is not None and agree(output, line["answer"])
        assert extract_answer(conclusion) == line["answer"]


async def test_the_same_config_gives_the_same_file(tests: Path, tmp_path: Path) -> None:
    config = CorpusConfig(count=15, tests=tests, seed=7)
    for name in ("one", "two"):
        await build(config, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


async def test_shares_and_weights_choose_the_families(tests: Path, tmp_path: Path) -> None:
    weights = {"remainders.remainder": 2.0, "*": 0.0}
    config = CorpusConfig(count=10, tests=tests, shares={"symbolic": 1.0}, weights=weights)
    report = await build(config, tmp_path / "corpus.jsonl")
    assert set(report.families) == {"remainders.remainder"}


async def test_a_program_that_fails_or_disagrees_leaves_its_problem_out(tests: Path, tmp_path: Path) -> None:
    async def execute(programs: object) -> list[str | None]:
        return [None, "an answer that no problem has"] * 500

    report = await build(CorpusConfig(count=20, tests=tests), tmp_path / "corpus.jsonl", execute)
    assert report.fates["failed"] > 0 and report.fates["disagrees"] > 0
    assert "kept" not in report.fates
    assert (tmp_path / "corpus.jsonl").read_text() == ""


async def test_what_ends_early_leaves_the_corpus_that_is_there(tests: Path, tmp_path: Path) -> None:
    async def execute(programs: object) -> list[str | None]:
        raise KeyboardInterrupt

    output = tmp_path / "corpus.jsonl"
    output.write_text("whole\n")
    with pytest.raises(UserError, match="no family matches gian"):
        await build(CorpusConfig(count=5, tests=tests, weights={"gian": 1.0}), output, execute)
    assert not output.with_name("corpus.jsonl.unfinished").exists()
    task = build(CorpusConfig(count=5, tests=tests), output, execute)
    with pytest.raises(KeyboardInterrupt):
        task.send(None)  # not through the loop, which the interrupt would end
    assert output.read_text() == "whole\n"


async def test_a_draft_that_a_test_set_has_is_counted_and_not_written(tests: Path, tmp_path: Path) -> None:
    clean, held = tmp_path / "clean.jsonl", tmp_path / "held.jsonl"
    await build(CorpusConfig(count=20, tests=tests), clean)
    (question, *_) = questions = [json.loads(line)["question"] for line in clean.read_text().splitlines()]
    (tests / "more.jsonl").write_text(json.dumps({"question": question}) + "\n")
    report = await build(CorpusConfig(count=20, tests=tests), held)
    assert report.fates["contaminated"] >= 1
    rest = [json.loads(line)["question"] for line in held.read_text().splitlines()]
    assert len(rest) == 20 and question not in rest and questions[1] in rest


async def test_programs_run_apart_from_each_other() -> None:
    programs = [
        "x = 1\nprint(x)",
        "print(x)",
        "print(1 / 0)",
        "from math import gcd\nprint(gcd(4, 6))",
        "print(gcd(4, 6))",
    ]
    async with in_sandbox() as execute:
        assert await execute(programs) == ["1", None, None, "2", None]


async def test_a_program_that_ends_the_process_takes_no_other_with_it() -> None:
    async with in_sandbox() as execute:
        culprits = ["import sys\nsys.exit()", "this is no program"]
        assert await execute(["print(1)", *culprits, "print(2)"]) == ["1", None, None, "2"]


async def test_mistakes_in_a_config_are_named(tests: Path, tmp_path: Path) -> None:
    path = tmp_path / "corpus.yaml"
    path.write_text("count: 10\ntests: .\nwieghts: {}\n")
    with pytest.raises(UserError, match=r"wieghts.*did you mean weights"):
        load_settings(CorpusConfig, str(path))
    with pytest.raises(UserError, match="no_such_family"):
        await build(CorpusConfig(count=1, tests=tests, weights={"no_such_family": 1.0}), tmp_path / "x.jsonl")
    with pytest.raises(ValueError, match="gsm8k must name the file"):
        CorpusConfig(count=1, tests=tests, shares={"gsm8k": 1.0})
