"""`tora-agent run` and `runs` as a user meets them: a sweep is one table, and is done once."""

import json
import sqlite3
from pathlib import Path

import pytest

from command_line import Run, report

STORE = "runs/tora-agent.sqlite"


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A config of a recording that is right on two of three problems."""
    texts = {
        "one and one?": "```python\nprint(1 + 1)\n```\n```output\n2\n```\n$\\boxed{2}$",
        "two and two?": "$\\boxed{4}$",
        "three and three?": "$\\boxed{7}$",
    }
    problems = [{"question": text, "answer": answer} for text, answer in zip(texts, "246", strict=True)]
    recordings = [{"question": question, "text": text} for question, text in texts.items()]
    for name, lines in {"mine.jsonl": problems, "recorded.jsonl": recordings}.items():
        (tmp_path / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "base.yaml").write_text("engine: replay\ntrajectories: recorded.jsonl\n")
    (tmp_path / "mine.yaml").write_text("extends: base.yaml\ndataset: {name: mine.jsonl}\n")
    return "mine.yaml"


def rows(tmp_path: Path, query: str = "SELECT count(*) FROM results") -> int:
    with sqlite3.connect(tmp_path / STORE) as connection:
        return int(connection.execute(query).fetchone()[0])


def test_a_sweep_is_one_table_and_is_done_once(cli: Run, config: str, tmp_path: Path) -> None:
    sweep = ["run", config, "--sweep", "sandbox.seconds=5,6", "--sweep", "limits.rounds=3,4"]
    first = cli(*sweep)
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("2 of 3") == 4 and "runs 1 2 3 4 in" in first.stdout and "differ" in first.stdout
    assert "4 of 4: sandbox.seconds=6, limits.rounds=4" in first.stderr
    again = report(cli(*sweep, "--json"))
    assert [point["report"]["run"] for point in again["points"]] == [1, 2, 3, 4]
    assert again["points"][3]["settings"] == {"sandbox.seconds": 6, "limits.rounds": 4}
    assert rows(tmp_path) == 12
    wider = cli("run", config, "--sweep", "sandbox.seconds=5,6,7", "--sweep", "limits.rounds=4")
    assert wider.stderr.count("nothing to do") == 2 and rows(tmp_path) == 15
    assert "run 6" not in wider.stderr and "runs 2 4 5 in" in wider.stdout


def test_one_experiment_prints_its_report_and_force_begins_anew(cli: Run, config: str) -> None:
    first = report(cli("run", config, "--json"))
    assert (first["run"], first["correct"], first["n"]) == (1, 2, 3)
    again = cli("run", config)
    assert "run 1 has finished, nothing to do" in again.stderr and "strict (0 differ)" in again.stdout
    assert report(cli("run", config, "--json", "--force"))["run"] == 2
    assert report(cli("eval", "--config", config, "--json", "--resume"))["run"] == 2  # one identity for both commands


def test_what_was_stopped_goes_on(cli: Run, config: str, tmp_path: Path) -> None:
    whole = report(cli("run", config, "--json"))
    with sqlite3.connect(tmp_path / STORE) as connection:
        connection.execute("DELETE FROM results WHERE problem_id = '1'")
    assert "2 of 3" in cli("runs", "show", "1").stdout
    resumed = report(cli("run", config, "--json"))
    assert (resumed["run"], resumed["correct"], rows(tmp_path)) == (1, whole["correct"], 3)


def test_a_changed_recording_is_another_run(cli: Run, config: str, tmp_path: Path) -> None:
    report(cli("run", config, "--json"))
    recorded = tmp_path / "recorded.jsonl"
    recorded.write_text(recorded.read_text().replace("{7}", "{6}"))
    changed = report(cli("run", config, "--json"))
    assert (changed["run"], changed["correct"]) == (2, 3)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["mine.yaml", "--sweep", "sandbox.secs=1,2"], "mine.yaml with sandbox.secs=1: unknown key sandbox.secs;"),
        (["mine.yaml", "--sweep", "prompt=tora,cott"], "there is no prompt named cott: did you mean"),
        (["mine.yaml", "--sweep", "dataset.name=sample,gsm9k"], "there is no data set named gsm9k"),
        (["sample", "--sweep", "model=tora-nano,tora-nono"], "there is no model named tora-nono: did you mean"),
        (["mine.yaml", "--sweep", "seconds"], "--sweep seconds does not have the form"),
        (["smaple"], "there is no config named smaple: there are gsm8k, maj50, math, paper, prompts, quantisations"),
        (["gone.yaml"], "gone.yaml cannot be read"),
        (["mine.yaml", "--store", "newer.sqlite"], "newer.sqlite is of a newer tora-agent"),
    ],
)
def test_a_mistake_is_one_sentence_before_any_work(
    cli: Run, config: str, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    with sqlite3.connect(tmp_path / "newer.sqlite") as connection:
        connection.executescript(f"PRAGMA application_id={0x54_6F_52_41}; PRAGMA user_version=99; CREATE TABLE a (b)")
    done = cli("run", *arguments)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert sentence in done.stderr and len(done.stderr.splitlines()) == 1
    assert not (tmp_path / STORE).exists()


def test_a_run_is_shown(cli: Run, config: str) -> None:
    report(cli("run", config, "--json", "--set", "sandbox.seconds=7"))
    shown = cli("runs", "show", "1").stdout
    for part in ("3 of 3 trajectories", "sandbox.seconds: 7", "dataset.name: mine.jsonl", "66.7%", "strict", "tokens"):
        assert part in shown
    assert "sampling.temperature" not in shown  # a default
    plain = report(cli("runs", "show", "1", "--json"))
    assert (plain["correct"], plain["total"], plain["settings"]["sandbox"]["seconds"]) == (2, 3, 7)
    missing = cli("runs", "show", "2")
    assert missing.returncode == 2 and "there is no run 2" in missing.stderr


def test_deleting_asks_and_frees_the_rows(cli: Run, config: str, tmp_path: Path) -> None:
    for seconds in ("5", "6", "7"):
        report(cli("run", config, "--json", "--set", f"sandbox.seconds={seconds}"))
    size = (tmp_path / STORE).stat().st_size
    assert cli("runs", "delete", "1", "3", input="n\n").returncode == 1
    assert cli("runs", "delete", "1", "9", "--yes").returncode == 2
    assert rows(tmp_path) == 9
    deleted = cli("runs", "delete", "1", "3", input="y\n")
    assert (deleted.returncode, deleted.stdout.splitlines()[-1]) == (0, "delete these 2 runs? [y/N]: deleted: 1, 3")
    assert (rows(tmp_path), rows(tmp_path, "SELECT count(*) FROM runs")) == (3, 1)
    assert (tmp_path / STORE).stat().st_size <= size
    assert report(cli("run", config, "--json", "--set", "sandbox.seconds=6"))["run"] == 2


@pytest.mark.slow
def test_two_prompts_and_two_temperatures(cli: Run, tmp_path: Path) -> None:
    small = ["--set", "dataset.limit=2", "--set", "limits.max_tokens=60"]
    sweep = ["run", "sample", *small, "--sweep", "prompt=tora,cot", "--sweep", "sampling.temperature=0,0.7"]
    table = cli(*sweep)
    assert table.returncode == 0, table.stderr
    assert table.stdout.count("of 2") == 4 and rows(tmp_path) == 8
    again = cli(*sweep, "--report", "page.html")
    assert "<html" in (tmp_path / "page.html").read_text()
    assert again.stdout == table.stdout and again.stderr.count("nothing to do") == 4 and rows(tmp_path) == 8
