"""Importing the package stays light, and every command explains itself."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

HEAVY = {
    "llama_cpp",
    "datasets",
    "gguf",
    "openai",
    "sympy",
    "numpy",
    "pydantic",
    "sqlalchemy",
    "RestrictedPython",
    "scipy",
    "rich",
    "torch",
    "mcp",
    "langchain_core",
    "ray",
    "transformers",
    "mlflow",
    "inspect_ai",
    "fastapi",
    "matplotlib",
    "huggingface_hub",
}


@pytest.mark.parametrize("module", ["tora_agent", "tora_agent.sandbox", "tora_agent.cli", "tora_agent.api"])
def test_import_loads_nothing_heavy(module: str) -> None:
    program = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_every_public_name_is_there() -> None:
    import tora_agent

    assert all(getattr(tora_agent, name).__name__ for name in tora_agent.__all__ if name != "Event")
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        _ = tora_agent.Nonsense


def test_every_command_explains_itself() -> None:
    from tora_agent.cli.app import app

    def commands(command: Any, *names: str) -> Iterator[tuple[str, ...]]:
        yield names
        for name, inner in getattr(command, "commands", {}).items():
            yield from commands(inner, *names, name)

    found = list(commands(typer.main.get_command(app)))
    assert len(found) > 20
    for names in found:
        shown = CliRunner().invoke(app, [*names, "--help"])
        assert shown.exit_code == 0 and "Usage" in shown.output, names
