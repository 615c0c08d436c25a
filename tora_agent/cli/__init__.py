"""The `tora-agent` command: one module a subcommand; this one turns every end into a sentence and an exit code."""

import os
import sys
from pathlib import Path
from typing import NoReturn

_EXTRAS = (
    dict.fromkeys(("gguf", "huggingface_hub", "llama-cpp-python", "llama_cpp"), "llama")
    | {"mcp": "mcp", "openai": "openai", "ray": "ray"}
    | dict.fromkeys(("peft", "safetensors", "tokenizers", "torch", "transformers"), "train")
    | dict.fromkeys(("alembic", "mlflow"), "track")
    | dict.fromkeys(("fastapi", "prometheus_client", "uvicorn"), "serve")
)  # the others' packages come with "eval"


def main() -> NoReturn:
    """Run the command line. Exit codes: 0 done, 1 failed, 2 the user's mistake, 130 stopped by Ctrl-C."""
    _open_streams()
    from tora_agent.cli.app import app
    from tora_agent.engines.base import EngineError
    from tora_agent.errors import Stopped, UserError
    from tora_agent.sandbox import SandboxUnavailable

    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # at the exit of the interpreter it would fail without a sentence
    except UserError as error:
        _leave(str(error), 2)
    except Stopped as stop:
        _leave(str(stop), 130)
    except (EngineError, SandboxUnavailable) as error:
        _leave(str(error), 1)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "tora_agent":
            raise
        _leave(f"{package} is not installed: pip install 'tora-agent[{_EXTRAS.get(package, 'eval')}]'", 2)
    except OSError as error:
        if error.filename is not None:
            _leave(f"{error.filename}: {error.strerror}", 2)
        if error.errno is None:  # as those of HTTP libraries
            _leave(str(error), 1)
        # what is left has no name: standard output
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is buffered has nowhere to go
        _leave(f"the output cannot be written: {error.strerror}", 1)
    except SystemExit as end:  # Typer's own: a wrong option, or Ctrl-C
        if end.code == 130:
            _leave("stopped", 130)
        raise
    sys.exit(0)


def _open_streams() -> None:
    """Give closed streams a place, and let no character stop the output."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115 - for the life of the process
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115
        getattr(sys, name).reconfigure(errors="backslashreplace")


def _leave(sentence: str, code: int) -> NoReturn:
    print(f"tora-agent: {sentence}", file=sys.stderr)
    sys.exit(code)
