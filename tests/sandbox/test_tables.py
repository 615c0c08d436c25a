"""The table of programs that must run as in CPython."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tora_agent.sandbox import Sandbox

HERE = Path(__file__).parent
BENIGN = yaml.safe_load((HERE / "benign.yaml").read_text(encoding="utf-8"))


async def test_benign_programs_print_what_they_should():
    async with Sandbox() as sandbox, contextlib.AsyncExitStack() as stack:
        seen = []
        for case in BENIGN:
            session = await stack.enter_async_context(sandbox.session(case.get("mode", "stateless")))
            execution = await session.run(case["code"])
            seen.append((case["name"], execution.status, execution.stdout, execution.error))
    assert seen == [(case["name"], "ok", case["prints"], None) for case in BENIGN]


@pytest.mark.parametrize("case", [case for case in BENIGN if "mode" not in case], ids=lambda case: case["name"])
def test_the_table_says_what_cpython_prints(case):
    if "random" in case["code"]:
        case = case | {"code": "import random, numpy\nrandom.seed(0); numpy.random.seed(0)\n" + case["code"]}
    run = subprocess.run([sys.executable, "-I", "-c", case["code"]], capture_output=True, text=True, timeout=60)
    assert run.stdout == case["prints"], run.stderr
