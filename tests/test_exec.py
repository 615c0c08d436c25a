"""`tora-agent exec --jsonl`: many programs at once, answered in the order of their lines."""

import json
import os
import select
import subprocess
from typing import Any

import pytest

from command_line import COMMAND, Run

SERVICE = [*COMMAND, "exec", "--jsonl"]


def answers(cli: Run, lines: list[dict[str, Any]], *options: str) -> list[dict[str, Any]]:
    done = cli("exec", "--jsonl", *options, input="".join(json.dumps(line) + "\n" for line in lines))
    return [json.loads(line) for line in done.stdout.splitlines()]


def printed(cli: Run, lines: list[dict[str, Any]], *options: str) -> list[str]:
    return [answer["stdout"] for answer in answers(cli, lines, *options)]


@pytest.mark.parametrize("workers", ["1", "3"])
def test_answers_come_in_the_order_of_the_lines(cli: Run, workers: str) -> None:
    lines: list[dict[str, Any]] = [{"code": f"print({number})", "timeout": 60} for number in range(20)]
    lines[3] = {"code": "while True: pass", "timeout": 1}
    lines[7] = {"code": 7}
    found = answers(cli, lines, "--workers", workers)
    assert [answer["status"] for answer in found] == [
        "timeout" if n == 3 else "invalid" if n == 7 else "ok" for n in range(20)
    ]
    assert [answer["stdout"] for answer in found] == ["" if n in (3, 7) else f"{n}\n" for n in range(20)]


def test_the_lines_of_a_session_run_one_after_the_other(cli: Run) -> None:
    step = "import time; time.sleep(0.02); n = globals().get('n', 0) + 1\nn"
    lines = [{"code": step, "session": f"s{number % 3}", "timeout": 60} for number in range(30)]
    assert printed(cli, lines, "--workers", "4") == [f"{number // 3 + 1}\n" for number in range(30)]


def test_the_session_that_was_used_longest_ago_is_given_up(cli: Run) -> None:
    count = "n = globals().get('n', 0) + 1\nn"
    names = ["first", "second", *(f"s{number}" for number in range(63)), "second", "first", "first"]
    found = printed(cli, [{"code": count, "session": name, "timeout": 60} for name in names], "--workers", "4")
    assert found == ["1\n"] * 65 + ["2\n", "1\n", "2\n"]


def test_sessions_need_not_echo(cli: Run) -> None:
    lines = [{"code": "x = 5\nx", "session": "s"}, {"code": "print(x)", "session": "s"}]
    assert (printed(cli, lines), printed(cli, lines, "--no-echo")) == (["5\n", "5\n"], ["", "5\n"])


def test_a_line_is_answered_before_the_next_one_comes() -> None:
    with subprocess.Popen(SERVICE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as service:
        assert service.stdin and service.stdout
        for number in range(3):
            service.stdin.write(json.dumps({"code": f"print({number})", "timeout": 60}) + "\n")
            assert json.loads(service.stdout.readline())["stdout"] == f"{number}\n"
        service.stdin.close()
        assert service.wait(timeout=60) == 0


def test_no_more_is_read_than_can_be_worked_on() -> None:
    size, count = 20_000, 600
    line = json.dumps({"code": "#" * size}).encode() + b"\n"
    service = subprocess.Popen([*SERVICE, "--workers", "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert service.stdin and service.stdout
    service.stdin.write(json.dumps({"code": "print(1)", "timeout": 60}).encode() + b"\n")
    service.stdin.write(json.dumps({"code": "while True: pass", "timeout": 600}).encode() + b"\n")
    service.stdin.flush()
    service.stdout.readline()
    os.set_blocking(service.stdin.fileno(), False)
    rest = memoryview(line * count)
    while rest and select.select([], [service.stdin], [], 3)[1]:
        rest = rest[os.write(service.stdin.fileno(), rest) :]
    service.kill()
    service.communicate()
    assert len(rest) > 300 * size
