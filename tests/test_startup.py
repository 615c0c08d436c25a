"""Importing the package and asking for help stay light."""

import subprocess
import sys

import pytest

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
