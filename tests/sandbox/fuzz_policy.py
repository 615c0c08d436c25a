"""Fuzz the policy's transformer with atheris, guided by what it covers.

    pip install atheris
    python tests/sandbox/fuzz_policy.py [-max_total_time=1800] [libFuzzer's other options]

A text must be refused, or fail to parse as it would without the policy, or else be rewritten to what compiles wherever
the original does, and names nothing that is forbidden. Texts are attacks and benign programs with pieces cut, doubled
and exchanged; libFuzzer stops at the first that is none of these, and keeps it in a file.
"""

import ast
import contextlib
import sys
import tempfile
from pathlib import Path

import atheris
import yaml

with atheris.instrument_imports(include=["RestrictedPython", "tora_agent.sandbox.policy"]):
    from tora_agent.sandbox.policy import NotAllowed, check_tree, forbidden_attribute, is_dunder, parse

HERE = Path(__file__).parent
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)  # CPython's own answers
OWN_NAMES = frozenset({"__name__", "__doc__", "__debug__", "__slots__", "__hash__", "__annotations__", "__version__"})


def check(data: bytes) -> None:
    text = data.decode(errors="replace")
    try:
        tree = parse(text)
        plain = compile(ast.parse(text), "<program>", "exec", dont_inherit=True)
    except UNREADABLE:
        return
    try:
        checked = check_tree(tree)
    except (NotAllowed, RecursionError):
        return
    with contextlib.suppress(RecursionError):
        assert compile(checked, "<program>", "exec", dont_inherit=True).co_name == plain.co_name
    for node in ast.walk(checked):
        if isinstance(node, ast.Attribute):
            assert not forbidden_attribute(node.attr), node.attr
        elif isinstance(node, ast.Name):
            assert not is_dunder(node.id) or node.id in OWN_NAMES, node.id


def main() -> None:
    attacks = yaml.safe_load((HERE / "attacks.yaml").read_text(encoding="utf-8"))
    benign = yaml.safe_load((HERE / "benign.yaml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as corpus:
        for number, text in enumerate(
            [code for codes in attacks.values() for code in codes] + [c["code"] for c in benign]
        ):
            Path(corpus, str(number)).write_text(text, encoding="utf-8")
        atheris.Setup([*sys.argv, corpus], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
