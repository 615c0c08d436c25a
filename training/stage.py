"""A stage of training as a command: its config from a YAML file, progress on standard error, the report as JSON."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from tora_agent.engines.base import EngineError
from tora_agent.errors import UserError
from tora_agent.sandbox import SandboxUnavailable
from tora_agent.validation import read_yaml, validated

Config = TypeVar("Config")
Say = Callable[[str], None]


def run_stage(
    kind: type[Config], stage: Callable[[Config, Path, Say], Awaitable[Any]], config: Path, output: Path
) -> None:
    """Run a stage and print its report.

    Exit codes are those of `tora-agent`: 1 failed, 2 the user's mistake, 130 stopped by Ctrl-C.
    """
    try:
        report = asyncio.run(_run(stage, _load(kind, config), output))
    except UserError as error:
        _leave(str(error), 2)
    except (EngineError, SandboxUnavailable) as error:
        _leave(f"{error}; what was finished is kept, and the same command goes on", 1)
    except KeyboardInterrupt:
        _leave("stopped; what was finished is kept, and the same command goes on", 130)
    else:
        print(json.dumps(asdict(report)))


async def _run(stage: Callable[[Config, Path, Say], Awaitable[Any]], config: Config, output: Path) -> Any:
    return await stage(config, output, _say)


def _load(kind: type[Config], path: Path) -> Config:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"the config file {path} cannot be read: {error}") from error
    return validated(kind, read_yaml(text, f"the config file {path}"), str(path))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _leave(sentence: str, code: int) -> None:
    _say(sentence)
    raise SystemExit(code)
