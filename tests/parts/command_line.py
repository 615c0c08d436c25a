"""The command line as a user has it: how to start it, and what it gives back."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]

COMMAND = [sys.executable, "-c", "from tora_agent.cli import main; main()"]
PROBLEM = "Tom has 12 apples. Mary gives him 7 more. How many apples does Tom have now?"


def report(done: Done) -> Any:
    """The JSON that a command printed, which must have gone well."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
