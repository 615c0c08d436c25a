"""Systems that lack something: a disk with room, /proc, a kernel's wall. The sandbox runs, and says what is missing."""

import errno
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

import tora_agent
from command_line import Done

# Two sandboxes, the second of which tells nothing again; in a notebook, so that a state is kept, too.
PROGRAM = """
from tora_agent.sandbox import Limits, Sandbox, SyncSandbox
for _ in range(2):
    with SyncSandbox(Sandbox(Limits(memory_mb=256))) as sandbox, sandbox.session("notebook") as session:
        print(session.run("from sympy import *; x = factorint(360)\\nx"))
        print(session.run("y = [0] * 10**12").status, session.run("len(x)").stdout)
"""
# a filter of calls as seccomp(2) takes it: landlock_create_ruleset is one that such a kernel does not know
NO_LANDLOCK = b"".join(
    struct.pack("=HBBI", *step)
    for step in [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x50000 | errno.ENOSYS), (0x06, 0, 0, 0x7FFF0000)]
)
RIGHT = "stdout='{2: 3, 3: 2, 5: 1}\\n'"


def run(prepare: str) -> Done:
    """The program in mounts and namespaces of its own, changed before by a shell's commands."""
    own = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec"]
    command = [*own, f'{prepare} || exit 77\nexec "$@"', "sh", sys.executable, "-c", PROGRAM]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    except FileNotFoundError:
        pytest.skip("this system has no unshare(1)")
    if done.returncode in (1, 77) and not done.stdout and "Traceback" not in done.stderr:
        pytest.skip(f"this system does not let us change that: {done.stderr.strip()}")
    return done


@pytest.mark.slow
@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param("mount -t tmpfs -o size=4k none /tmp && { yes > /tmp/full 2>&- || :; }", id="full /tmp"),
        pytest.param("mount -t tmpfs none /proc", id="no /proc"),
    ],
)
def test_programs_run_without_it(prepare: str) -> None:
    if "/tmp" in prepare and any(Path(place).is_relative_to("/tmp") for place in (sys.prefix, tora_agent.__file__)):
        pytest.skip("Python or tora-agent lies in /tmp")
    done = run(prepare)
    assert (done.stdout.count(RIGHT), done.stdout.count("memory 3\n"), done.stderr) == (2, 2, ""), done.stderr


@pytest.mark.slow
def test_namespaces_that_are_not_to_be_had_are_named_once() -> None:
    done = run("echo 0 > /proc/sys/user/max_pid_namespaces")
    assert done.stdout.count(RIGHT) == 2
    assert done.stderr.count("programs run without a wall of the kind namespaces") == done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="root alone may forbid calls without more ado")
def test_a_kernel_without_landlock_is_named_or_refused() -> None:
    kernel = f"from tora_agent.sandbox.kernel import take_filter; take_filter({NO_LANDLOCK!r})"
    command = [sys.executable, "-c", f"{kernel}; from tora_agent.cli import main; main()", "exec", "-"]
    plain, strict = (
        subprocess.run([*command, *options], input="print(1)", capture_output=True, text=True, timeout=300)
        for options in ([], ["--require-walls"])
    )
    assert (plain.returncode, plain.stdout) == (0, "1\n") and "without a wall of the kind landlock" in plain.stderr
    assert (strict.returncode, strict.stdout) == (1, "")
    assert "no wall of the kind landlock and require_walls is set" in strict.stderr and "Traceback" not in strict.stderr
