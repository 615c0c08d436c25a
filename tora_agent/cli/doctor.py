"""`tora-agent doctor`: what this machine has, and what to do about what it lacks."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

import typer

from tora_agent.cli import options

_EXTRAS = {
    "llama-cpp-python": "llama",
    "huggingface-hub": "llama",
    "openai": "openai",
    "torch": "hf",
    "transformers": "hf",
} | dict.fromkeys(("datasets", "sqlalchemy", "scipy", "filelock"), "eval")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `fix` says what to do where the state is not "ok"."""

    part: str
    state: Literal["ok", "missing", "broken"]
    detail: str
    fix: str = ""


def doctor(as_json: options.Json = False) -> None:
    """Check the installation: versions, llama.cpp, the sandbox's walls, models.

    Exits with 1 where something is broken.
    """
    import json
    from dataclasses import asdict

    findings = [*_versions(), *_latex_parser(), *_llama(), *_walls(), *_models()]
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings]))
    else:
        _print(findings)
    if any(finding.state == "broken" for finding in findings):
        raise typer.Exit(1)


def _versions() -> Iterator[Finding]:
    yield Finding("Python", "ok", sys.version.split()[0])
    for package in ("tora-agent", "RestrictedPython", "sympy", "numpy", *_EXTRAS):
        try:
            yield Finding(package, "ok", metadata.version(package))
        except metadata.PackageNotFoundError:
            extra = _EXTRAS.get(package)
            fix = f"pip install 'tora-agent[{extra}]'" if extra else f"pip install {package}"
            yield Finding(package, "missing" if extra else "broken", "not installed", fix)


def _latex_parser() -> Iterator[Finding]:
    """sympy's LaTeX parser works with ANTLR 4.11 alone, and symbolic grading without it is silently worse."""
    fix = "pip install 'antlr4-python3-runtime==4.11.*'"
    try:
        version = metadata.version("antlr4-python3-runtime")
    except metadata.PackageNotFoundError:
        yield Finding("LaTeX parser", "missing", "no ANTLR runtime: symbolic answers are not graded", fix)
        return
    right = version.startswith("4.11.")
    detail = f"ANTLR {version}" + ("" if right else ", and sympy needs 4.11")
    yield Finding("LaTeX parser", "ok" if right else "broken", detail, "" if right else fix)


def _llama() -> Iterator[Finding]:
    from tora_agent.engines.llama_cpp import build_info, gpu_support
    from tora_agent.errors import UserError

    try:
        yield Finding("llama.cpp", "ok", build_info())
    except UserError as error:
        yield Finding("llama.cpp", "missing", "not installed", str(error))
        return
    if gpu_support():
        yield Finding("GPU", "ok", "llama.cpp can offload layers")
    else:
        fix = (
            "for an NVIDIA GPU: CMAKE_ARGS=-DGGML_CUDA=on pip install --force-reinstall --no-cache-dir llama-cpp-python"
        )
        yield Finding("GPU", "missing", "this build of llama.cpp uses the CPU alone", fix)


def _walls() -> Iterator[Finding]:
    from tora_agent.sandbox import SandboxUnavailable, walls

    try:
        for wall in walls():
            fix = "" if wall.up else "docs/sandbox.md says what each wall needs"
            yield Finding(f"wall: {wall.name}", "ok" if wall.up else "missing", wall.detail, fix)
    except SandboxUnavailable as error:
        yield Finding("sandbox", "broken", str(error), "no program can be run on this machine")


def _models() -> Iterator[Finding]:
    from tora_agent.models import BUNDLED, bundled
    from tora_agent.models.cache import cached
    from tora_agent.models.catalogue import catalogue

    if bundled().is_file():
        yield Finding(f"model: {BUNDLED}", "ok", "in the package")
    else:
        yield Finding(f"model: {BUNDLED}", "broken", "its file is gone", "install tora-agent again")
    here = [(model, path) for model in catalogue() if (path := cached(model.repo, model.file))]
    for model, path in here:
        yield Finding(f"model: {model.name}", "ok", str(path))
    if not here:
        yield Finding(
            "model: tora-code-13b", "missing", "not here", "`tora-agent models list`, then --model fetches it"
        )


def _print(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    marks = {"ok": "[green]ok[/]", "missing": "[yellow]--[/]", "broken": "[red]!![/]"}
    table = Table("", "what", "found", "what to do", show_lines=False)
    for finding in findings:
        table.add_row(marks[finding.state], Text(finding.part), Text(finding.detail), Text(finding.fix))
    Console(highlight=False).print(table)
