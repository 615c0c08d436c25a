"""The table of attacks, against both layers together and against each alone; as root and as an ordinary user."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tora_agent.sandbox import Execution, Limits, Sandbox

HERE = Path(__file__).parent
ATTACKS = yaml.safe_load((HERE / "attacks.yaml").read_text(encoding="utf-8"))
BOMBS = yaml.safe_load((HERE / "bombs.yaml").read_text(encoding="utf-8"))
DEEDS = (
    "files",
    "network",
    "processes",
    "other processes",
    "cross-session",
    "environment",
    "kernel",
)  # what the walls hold alone
QUICK = Limits(seconds=2, memory_mb=256)
PATIENT_SECONDS = 60  # for what ends by itself, on a busy machine too
# a Python below a folder that is closed to others, such as /root, is shown to them without that folder
OPEN = 'mount --bind "$1" "$3" && mount -t tmpfs none "$2" && mkdir -p "$1" && mount --bind "$3" "$1"; shift 3; "$@"'
NOBODY = 65534
# What a child behind the walls cannot load any more: an attack should fail in the deed, not in the import.
TOOLS = "ctypes glob mmap multiprocessing.process pathlib resource select shutil signal socket subprocess tempfile"
FOR_USERS = (  # beside the attacks, what programs should print, and what binds no root; each wall, as a user tries it
    __file__,
    f"{HERE / 'test_tables.py'}::test_benign_programs_print_what_they_should",
    f"{HERE / 'test_robustness.py'}::test_a_system_without_room_for_processes_is_named",
    f"{HERE / 'test_execution.py'}::test_every_wall_stands_on_linux",
)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's walls are Linux's")


@pytest.fixture
def secret(monkeypatch):
    monkeypatch.setenv("TORA_AGENT_SECRET", "very secret")


async def outcomes(sandbox: Sandbox, codes: list[str]) -> list[tuple[str, Execution]]:
    async with sandbox.session() as session:
        found = [(code, await session.run(code)) for code in codes]
        assert (await session.run("print('still right')")).stdout == "still right\n"
    return found


def got_through(found: list[tuple[str, Execution]]) -> list[tuple[str, Execution]]:
    return [(code, execution) for code, execution in found if execution.status == "ok" or "ESCAPED" in execution.stdout]


@pytest.mark.parametrize("walls", [pytest.param(True, id="with walls"), pytest.param(False, id="policy alone")])
async def test_the_policy_stops_every_attack(secret, walls):
    async with Sandbox(QUICK) if walls else Sandbox(QUICK, walls=()) as sandbox:
        found = await outcomes(sandbox, [code for category in ATTACKS.values() for code in category])
    assert got_through(found) == []
    assert [code for code, execution in found if execution.status not in ("refused", "error")] == []


@on_linux
async def test_the_walls_alone_stop_every_deed(secret):
    async with Sandbox(QUICK, policy=False) as sandbox:
        await load_tools(sandbox)
        found = await outcomes(sandbox, [code for category in DEEDS for code in ATTACKS[category]])
        assert (await plain_python(sandbox)) == "os\n"
    assert got_through(found) == []


async def load_tools(sandbox: Sandbox) -> None:
    for module in (*TOOLS.split(), "urllib.request"):
        assert "__name__" in await sandbox.call(f"{module}:__dir__", seconds=10)


async def plain_python(sandbox: Sandbox) -> str:
    """What shows that no policy is in the way."""
    async with sandbox.session() as session:
        return (await session.run("import os; print((lambda: 0).__globals__['os'].__name__)")).stdout


@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "walls alone"])
async def test_a_bomb_ends_at_the_limit_that_it_meets(policy):
    async with Sandbox(QUICK, policy=policy) as sandbox:
        bombs = [bomb for bomb in BOMBS if policy or bomb.get("held_by") != "policy"]
        found = await asyncio.gather(*(one_bomb(sandbox, bomb) for bomb in bombs))
    assert [difference for difference in found if difference] == []


async def one_bomb(sandbox: Sandbox, bomb) -> tuple[str, Execution] | None:
    async with sandbox.session() as session:
        patience = QUICK.seconds if bomb["ends"] == "timeout" else PATIENT_SECONDS
        execution = await session.run(bomb["code"], patience)
    says = bomb.get("says")
    right = (
        execution.status == bomb["ends"]
        and (says in execution.error if says else execution.error is None)
        and execution.truncated is bomb.get("truncated", False)
    )
    return None if right else (bomb["code"], execution)


FORGED = [
    (b"e\0\0\0\x02{}", "killed"),
    (b"e\0\0\0\x02[]", "killed"),
    (b"e\0\0\0\x01[", "killed"),
    (b"e\xff\xff\xff\xff", "killed"),
    (b"w\0\0\0\x02[]", "killed"),
    (b"?\0\0\0\0", "killed"),
    (b"e\0\0\x27\x10" + b"[" * 10_000, "killed"),
    (b'e\0\0\0\x1f{"status": [1], "error": null } ', "killed"),
    (b'e\0\0\0\x1f{"status": "error", "error": [1]}', "killed"),
    (b"o\0\0\0\0", "killed"),
    (b'e\0\0\0\x27{"status": "late", "error": "this:s"}  ', "killed"),
    (b'e\0\0\0\x27{"status": "late", "error": "antigrav"}', "killed"),  # no module of those that are loaded late
    (b'e\0\0\0\x1f{"status": "ok", "error": null} ', "ok"),  # it may lie about itself
]


@on_linux
async def test_a_forged_frame_is_at_most_the_program_s_own_result():
    async with Sandbox(QUICK, policy=False) as sandbox, sandbox.session("notebook") as other:
        await other.run("x = 1")
        async with sandbox.session() as session:
            for frame, status in FORGED:
                forged = await session.run(f"import os, time\nos.write(3, {frame!r})\ntime.sleep(60)", PATIENT_SECONDS)
                assert (frame, forged.status) == (frame, status)
                assert (await session.run("print(1)", PATIENT_SECONDS)).stdout == "1\n"
        assert (await other.run("x")).stdout == "1\n"


@on_linux
async def test_a_flood_or_a_closed_channel_holds_up_nobody():
    flood = "import os\nwhile True: os.write(3, b'o\\0\\0\\0\\1x' * 10_000)"
    silence = "import os, time\nos.close(3)\ntime.sleep(10_000)"
    async with Sandbox(QUICK, policy=False) as sandbox, sandbox.session("notebook") as session:
        await session.run("x = 1")
        ends = [(await session.run(code)).status for code in (flood, "x", silence, "x")]
    assert ends == ["killed", "error", "timeout", "error"]  # each time the state is lost


async def test_what_a_program_does_to_its_libraries_ends_with_it():
    spoil = """
import collections, sympy
sympy.Symbol.__str__ = sympy.Symbol._sympystr = lambda *a: "spoilt"
sympy.solve = sympy.core.add.Add.doit = None
collections.Counter.most_common = None
globals()["__builtins__"]["print"] = globals()["__builtins__"]["guarded attribute"] = None
"""
    async with Sandbox() as sandbox, sandbox.session("notebook") as one, sandbox.session("notebook") as other:
        assert (await one.run(spoil, PATIENT_SECONDS)).status == "ok"
        seen = await other.run("import sympy; print(sympy.Symbol('x'), sympy.solve('x-1'))", PATIENT_SECONDS)
    assert seen.stdout == "x [1]\n"


def test_the_table_holds_no_attack_twice():
    codes = [code for cases in ATTACKS.values() for code in cases]
    assert all(isinstance(code, str) and "ESCAPED" in code for code in codes)
    assert len(codes) == len(set(codes))


@on_linux
@pytest.mark.slow
def test_an_ordinary_user_is_as_safe(tmp_path: Path):
    if os.getuid() != 0:
        pytest.skip("the other tests ran as an ordinary user already")
    prefix = Path(sys.base_prefix)
    closed = next((str(folder) for folder in reversed(prefix.parents) if not folder.stat().st_mode & 1), None)
    command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", sys.executable, "-B"]
    if closed:
        command = ["unshare", "--mount", "sh", "-c", OPEN, "sh", prefix, closed, tmp_path, *command]
    there = {"cwd": "/", "env": {"HOME": "/", "PATH": os.defpath}, "capture_output": True, "text": True}
    if subprocess.run([*command, "-c", "import tora_agent.sandbox, pytest"], **there).returncode:
        pytest.skip(f"user {NOBODY} cannot read this Python installation")
    run = subprocess.run([*command, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FOR_USERS], timeout=600, **there)
    assert run.returncode == 0 and " passed" in run.stdout, run.stdout
