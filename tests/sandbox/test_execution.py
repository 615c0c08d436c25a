"""What comes of a program: its output, the words of its failure, its limits."""

import os
import sys

import pytest

from tora_agent.sandbox import CallFailed, Limits, Sandbox, SandboxUnavailable, WallMissing, run_program, walls
from tora_agent.sandbox.policy import not_given

TRIED = "tora_agent.sandbox.attempts:broken_through"
shared = pytest.mark.asyncio(loop_scope="module")  # the fixture's loop


@shared
@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("print(1)\nx = undefined", "error", "NameError: name 'undefined' is not defined"),
        ("1 / 0", "error", "ZeroDivisionError: division by zero"),
        ("raise ValueError('two\\nlines')", "error", "ValueError: two\nlines"),
        ("x = = 1", "error", "SyntaxError: invalid syntax"),
        ("def f(:\n  pass", "error", "SyntaxError: invalid syntax"),
        ("  x = 1", "error", "IndentationError: unexpected indent"),
        ("return 1", "error", "SyntaxError: 'return' outside function"),
        ("x = '\0'", "error", None),
        ("input('n? ')", "error", "EOFError: EOF when reading a line"),
        ("import sys; sys.exit('bad')", "error", "SystemExit: bad"),
        ("import sys, numpy; sys.exit(numpy.array([1, 2]))", "error", "SystemExit: [1 2]"),
        ("import sys; sys.exit(0.0)", "error", "SystemExit: 0.0"),
        ("raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
        ("import sys; sys.stdout.close(); print(1)", "error", "ValueError: I/O operation on closed file."),
        (
            "import no_such_package",
            "error",
            "ModuleNotFoundError: No module named 'no_such_package'; there are mpmath, numpy, scipy, sympy",
        ),
        (
            "import itertools\nfrom itertools import nothing",
            "error",
            "ImportError: cannot import name 'nothing' from 'itertools' (unknown location)",
        ),
        ("import sympy.nothing", "error", "ModuleNotFoundError: No module named 'sympy.nothing'"),
        ("import math; math.nothing", "error", "AttributeError: module 'math' has no attribute 'nothing'"),
        ("print('\\ud800')", "error", None),
        ("x = '\ud800'", "error", None),
        ("class E(Exception):\n  def __str__(self): 1 / 0\nraise E", "error", "E: <exception str() failed>"),
        (
            "class E(Exception):\n  @property\n  def __notes__(self): raise E\nraise E",
            "error",
            "an exception of which nothing can be told",
        ),
        ("[0] * 10**12", "memory", "MemoryError"),
        ("x = 1\n\nx.__globals__", "refused", "NotAllowed: line 3: the attribute __globals__ is not allowed"),
        ("\nimport os", "refused", None),
        ("async def f(): pass", "refused", "NotAllowed: line 1: AsyncFunctionDef statements are not allowed."),
    ],
)
async def test_failures_are_told_in_cpythons_words(sandbox, code, status, error):
    async with sandbox.session() as session:
        execution = await session.run(code)
    assert execution.status == status
    assert execution.error == error or (error is None and execution.error)


@shared
async def test_a_refusal_at_run_time_names_the_line(sandbox):
    async with sandbox.session() as session:
        execution = await session.run("print('before')\nimport subprocess\n")
    assert execution.stdout == "before\n"
    assert execution.error.startswith("NotAllowed: importing subprocess is not allowed")
    assert execution.error.endswith("(line 2)")


@shared
@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("open('data.txt').read()", "open"),
        ("compile('1', '', 'eval')", "compile"),
        ("import numpy as np\nnp.savetxt('x.csv', np.eye(2))", "numpy.savetxt"),
        ("from numpy import loadtxt", "numpy.loadtxt"),
        ("from sympy import *\nplot(Symbol('x'))", "sympy.plot"),
        ("import sympy\nsympy.plotting.plot", "sympy.plotting"),
        ("from mpmath import *\nplot(sin)", "mpmath.plot"),
    ],
)
async def test_what_python_has_and_programs_have_not_is_refused(sandbox, code, name):
    async with sandbox.session() as session:
        execution = await session.run(code)
    line = code.count("\n") + 1
    assert (execution.status, execution.error) == ("refused", f"NotAllowed: {not_given(name)} (line {line})")


@shared
@pytest.mark.parametrize(
    ("code", "prints"),
    [
        ("from sympy import *\nprint(ccode(Symbol('x')**2), mathml(Symbol('x')))", "pow(x, 2) <ci>x</ci>\n"),
        ("from sympy.parsing.latex import parse_latex\nprint(parse_latex(r'\\frac{x}{2}'))", "x/2\n"),
        ("from sympy.physics.mechanics import dynamicsymbols\nprint(dynamicsymbols('q'))", "q(t)\n"),
        ("from sympy.physics.quantum import Ket\nprint(Ket('a'))", "|a>\n"),
        ("from sympy.categories import Object\nprint(Object('a'))", 'Object("a")\n'),
        ("from scipy.signal import find_peaks\nprint(find_peaks([0, 1, 0])[0])", "[1]\n"),
        ("name = 'sci' + 'py.cluster'\nexec(f'import {name}')\nprint('there')", "there\n"),
    ],
)
async def test_what_few_programs_need_is_loaded_when_one_comes_to_it(sandbox, code, prints):
    if "parse_latex" in code:
        pytest.importorskip("antlr4")
    async with sandbox.session("notebook") as session:
        await session.run("print('before'); n = 1")
        assert (await session.run("print('once')\n" + code, seconds=60)).stdout == "once\n" + prints
        assert (await session.run("n")).stdout == "1\n"


@shared
async def test_a_standard_module_is_there_or_refused(sandbox):
    names = [name for name in sys.stdlib_module_names if not name.startswith("_")]
    program = f"""
for name in {sorted(names)}:
    try: exec("import " + name)
    except Exception as failure: print(name, type(failure).__name__)
"""
    async with sandbox.session() as session:
        refused = (await session.run(program, seconds=60)).stdout.splitlines()
    assert "uuid NotAllowed" in refused and len(refused) > 100
    assert [line for line in refused if not line.endswith(" NotAllowed")] == []


@shared
@pytest.mark.parametrize("loop", ["while True: pass", "10**10**9", "import time; time.sleep(60)"])
async def test_a_time_out_keeps_what_was_printed(sandbox, loop):
    async with sandbox.session() as session:
        execution = await session.run(f"print('kept')\n{loop}", seconds=0.3)
        assert (execution.status, execution.stdout) == ("timeout", "kept\n")
        unfinished = await session.run(f"print('kept'); print('too', end=' ')\n{loop}", seconds=0.3)
        assert (unfinished.status, unfinished.stdout) == ("timeout", "kept\ntoo ")
        assert (await session.run("print('next')")).stdout == "next\n"


@shared
async def test_output_beyond_the_limit_is_dropped():
    async with Sandbox(Limits(output_bytes=10)) as sandbox, sandbox.session() as session:
        flood = await session.run("for i in range(10**5): print('é' * 100)")
        exact = await session.run("print('123456789')")
    assert (flood.status, flood.stdout, flood.truncated) == ("ok", "ééééé", True)
    assert (exact.stdout, exact.truncated) == ("123456789\n", False)
    async with Sandbox(Limits(output_bytes=20 << 20)) as sandbox, sandbox.session() as session:
        much = await session.run(f"print('x' * {18 << 20})", seconds=60)
    assert (much.status, len(much.stdout), much.truncated) == ("ok", (18 << 20) + 1, False)


@shared
async def test_output_in_pieces_bytes_and_other_encodings(sandbox):
    program = """
import io, sys
for n in range(1000): print(n % 10, end="")
sys.stdout.buffer.write(bytearray(b"\\n\\xc3"))
sys.stdout.buffer.write(memoryview(b"\\xa9"))
sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
print("gathered", end="")
"""
    async with sandbox.session("notebook") as session:
        assert (await session.run(program)).stdout == "0123456789" * 100 + "\né" + "gathered"
        assert (await session.run("print('a')")).stdout == "a\n"
        assert (await session.run("import sys; b = sys.stdout.detach()")).status == "ok"
        assert (await session.run("sys.stdout.close()\nprint(1)")).error == "ValueError: I/O operation on closed file."
        assert (await session.run("print(b is not None)")).stdout == "True\n"


@shared
async def test_a_huge_exception_is_cut(sandbox):
    async with sandbox.session() as session:
        execution = await session.run("raise ValueError('x' * 10**6)")
    assert execution.error.startswith("ValueError: xxx")
    assert len(execution.error) < 20_000


@shared
async def test_megabytes_of_code_and_deep_nesting_are_values(sandbox):
    async with sandbox.session() as session:
        long = await session.run("x = 1\n" * 200_000 + "print(x)", seconds=300)
        deep = await session.run("(" * 1000 + ")" * 1000, seconds=60)
        deeper = await session.run("x = " + "-" * 50_000 + "1", seconds=60)
    assert long.stdout == "1\n"
    assert deep.error == "SyntaxError: too many nested parentheses"
    assert deeper.status in ("error", "memory", "killed")


@shared
async def test_what_cpython_compiles_is_compiled_however_deep(sandbox):
    conditions = "n = 7\nif n < 0: pass\n" + "".join(f"elif n == {k}: print(n)\n" for k in range(900))
    async with sandbox.session() as session:
        assert (await session.run("print(" + "+".join(["1"] * 2900) + ")", seconds=60)).stdout == "2900\n"
        assert (await session.run(conditions, seconds=60)).stdout == "7\n"
        deeper = await session.run("x = " + "+".join(["1"] * 3100), seconds=60)
    assert deeper.error == "RecursionError: maximum recursion depth exceeded during compilation"


@shared
async def test_programs_see_a_clean_environment(sandbox, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "very secret")
    names = await sandbox.call("os:listdir", "/proc/self/fd", seconds=5, walls=[])
    environment = await sandbox.call("os:getenv", "SECRET_TOKEN", seconds=5)
    assert environment is None
    assert {"3"} <= set(names) <= {"0", "1", "2", "3", "4"}


@shared
async def test_a_process_serves_as_many_calls_as_it_may(sandbox):
    processes = [await sandbox.call("os:getpid", seconds=5, calls=3) for _ in range(7)]
    assert [len(set(processes[start : start + 3])) for start in (0, 3, 6)] == [1, 1, 1] and len(set(processes)) == 3
    with pytest.raises(CallFailed):
        await sandbox.call("math:sqrt", -1, seconds=5, calls=3)
    assert await sandbox.call("math:sqrt", 4, seconds=5, calls=3) == 2


@shared
async def test_calls_return_json_or_fail_in_one_type(sandbox):
    assert await sandbox.call("math:comb", 5, 2, seconds=5) == 10
    with pytest.raises(CallFailed, match="ValueError: math domain error"):
        await sandbox.call("math:sqrt", -1, seconds=5)
    with pytest.raises(CallFailed, match="died"):
        await sandbox.call("os:_exit", 0, seconds=5)
    with pytest.raises(TimeoutError):
        await sandbox.call("time:sleep", 60, seconds=0.2)
    with pytest.raises(SandboxUnavailable, match="ModuleNotFoundError: No module named 'not_there'"):
        await sandbox.call("not_there:f", seconds=5)


def test_one_program_without_an_event_loop():
    execution = run_program("1 + 1", mode="notebook")
    assert (execution.status, execution.stdout, execution.error) == ("ok", "2\n", None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seconds": 0}, "seconds must be above 0"),
        ({"seconds": float("nan")}, "seconds must be above 0"),
        ({"seconds": "5"}, "seconds must be a number above 0 and at most 86400, not '5'"),
        ({"memory_mb": 1.5}, "memory_mb must be a whole number above 0 and at most 1048576, not 1.5"),
        ({"output_bytes": None}, "output_bytes must be a whole number"),
        ({"seconds": True}, "seconds must be a number"),
    ],
)
def test_limits_must_be_positive_numbers(options, message):
    with pytest.raises(ValueError, match=message):
        Limits(**options)


@shared
async def test_what_cannot_be_meant_is_refused_before_anything_runs(sandbox):
    with pytest.raises(ValueError, match="there is no wall 'landlok': the kernel's are namespaces, "):
        Sandbox(walls=["landlok"])
    with pytest.raises(ValueError, match="there is no mode 'notebok': a session is stateless or notebook"):
        async with sandbox.session("notebok"):
            pass
    async with sandbox.session() as session:
        for code in (None, b"print(1)", ["print(1)"]):
            with pytest.raises(TypeError, match=f"a program is a str, not {type(code).__name__}"):
                await session.run(code)
        with pytest.raises(ValueError, match="seconds must be a number"):
            await session.run("print(1)", seconds="x")


@shared
async def test_a_program_begins_and_ends_as_in_cpython(sandbox):
    program = """
class A:
    def __init__(self, name): self.name = name
    def __del__(self): print("end of", self.name)
a = A("a")
A("b")
a.loop = a
1 / 0
"""
    async with sandbox.session() as session:
        assert (await session.run("\ufeffprint(1)")).stdout == "1\n"
        deleted = await session.run(program)
        assert (deleted.stdout, deleted.status) == ("end of b\nend of a\n", "error")


def test_every_wall_stands_on_linux():
    if sys.platform != "linux":
        pytest.skip("the kernel's walls are Linux's")
    assert [wall.name for wall in walls() if not wall.up] == []


async def test_a_missing_wall_is_refused_where_walls_are_required():
    limits = Limits(require_walls=True)
    async with Sandbox(limits, walls=["landlock"]) as sandbox, sandbox.session() as session:
        with pytest.raises(WallMissing, match="no wall of the kind seccomp and require_walls is set"):
            await session.run("print(1)")
        with pytest.raises(WallMissing, match="seccomp"):
            await sandbox.call("math:comb", 5, 2, seconds=5)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's walls are Linux's")
async def test_required_walls_that_stand_change_nothing():
    async with Sandbox(Limits(require_walls=True)) as sandbox, sandbox.session("notebook") as session:
        assert (await session.run("x = 1")).status == "ok"
        assert (await session.run("x")).stdout == "1\n"


@shared
async def test_a_wall_that_is_left_out_is_seen(sandbox):
    attempts = ["read_file", "connect", "listen", "open_socket"]
    assert await sandbox.call(TRIED, attempts, seconds=5, walls=[]) == attempts
    assert await sandbox.call(TRIED, attempts, seconds=5, walls=["landlock"]) == ["open_socket"]
    assert await sandbox.call(TRIED, attempts, seconds=5, walls=["seccomp"]) == []


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="what root may do without walls on Linux")
async def test_what_doctor_tries_succeeds_where_no_wall_stands():
    attempts = "see_parent change_root open_raw_socket raise_priority name_host read_file write_file"
    attempts += " connect listen open_socket start_process signal_parent"
    async with Sandbox(walls=()) as sandbox:
        assert await sandbox.call(TRIED, attempts.split(), seconds=5) == attempts.split()
        with pytest.raises(CallFailed, match="died"):  # it became another program
            await sandbox.call(TRIED, ["start_program"], seconds=5)
