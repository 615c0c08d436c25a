"""Imports run one way: a file imports only from its own layer's neighbours and the layers below it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = {  # the longest prefix decides
    "tora_agent.errors": 0,
    "tora_agent.names": 0,
    "tora_agent.files": 0,
    "tora_agent.validation": 0,
    "tora_agent.background": 0,
    "tora_agent.protocol": 0,
    "tora_agent.sandbox": 0,
    "tora_agent.engines.base": 0,
    "tora_agent.prompts": 0,
    "tora_agent.configs": 0,
    "tora_agent.models": 1,
    "tora_agent.prompt": 1,
    "tora_agent.engines": 1,
    "tora_agent.agent": 2,
    "tora_agent.eval": 3,
    "tora_agent.config": 4,
    "tora_agent.sweep": 4,
    "tora_agent.compose": 5,
    "tora_agent.training": 5,
    "tora_agent.bench": 5,
    "tora_agent.api": 6,
    "tora_agent.cli": 6,
    "tora_agent.integrations": 6,
    "tora_agent.serve": 6,
    "tora_agent": 7,  # the package itself only names what is public
}
FOLDERS = {"tora_agent": "tora_agent"} | {
    f"tora_agent.{name}": name for name in ("sandbox", "eval", "prompts", "configs", "training", "bench")
}
STANDALONE = {
    "tora_agent.sandbox": {"tora_agent.sandbox", "tora_agent.background"},
    "tora_agent.background": set(),
    "tora_agent.protocol": set(),
    "tora_agent.errors": set(),
}


def modules() -> dict[str, Path]:
    found = {}
    for package, folder in FOLDERS.items():
        for path in (ROOT / folder).rglob("*.py"):
            parts = path.relative_to(ROOT / folder).with_suffix("").parts
            found[".".join([package, *parts]).removesuffix(".__init__")] = path
    return found


MODULES = modules()


def layer(module: str) -> int:
    while module not in LAYERS:
        module = module.rpartition(".")[0]
    return LAYERS[module]


def imports(path: Path) -> set[str]:
    """The project's modules that a file imports, also inside functions and for types."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    inside = {name for name in found if name == "tora_agent" or name.startswith("tora_agent.")}
    return {name if name in MODULES else name.rpartition(".")[0] for name in inside}


def test_every_module_is_found() -> None:
    assert {"tora_agent.agent", "tora_agent.sandbox", "tora_agent.eval.store"} <= MODULES.keys()


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"tora_agent"}))
def test_imports_only_from_above(module: str) -> None:
    wrong = {name for name in imports(MODULES[module]) if layer(name) > layer(module)}
    assert not wrong, f"{module} imports {wrong}"


@pytest.mark.parametrize(("module", "allowed"), STANDALONE.items())
def test_stands_alone(module: str, allowed: set[str]) -> None:
    files = [path for name, path in MODULES.items() if name == module or name.startswith(f"{module}.")]
    used = {name for path in files for name in imports(path)}
    assert all(any(name == top or name.startswith(f"{top}.") for top in allowed) for name in used), used


def test_the_packaging_lists_every_package() -> None:
    import tomllib

    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(name for name, path in MODULES.items() if path.name == "__init__.py")
