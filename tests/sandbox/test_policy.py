"""Whatever a program says, what the policy lets through reads no attribute that it should not."""

import ast
import runpy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tora_agent.sandbox.policy import NotAllowed, check_tree, forbidden_attribute, guarded_attribute, parse

FUZZ = runpy.run_path(str(Path(__file__).with_name("fuzz.py")))
TREES = FUZZ["seeds"]()


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(chance=st.randoms(use_true_random=False))
def test_what_is_let_through_names_nothing_forbidden(chance):
    code = FUZZ["Mutator"](TREES, chance).program()
    try:
        before = parse(code)
        lines = {node.lineno for node in ast.walk(before) if isinstance(node, ast.stmt)}
        after = check_tree(before)
        compile(after, "<program>", "exec")
    except (NotAllowed, SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(after):
        if isinstance(node, ast.Attribute):
            assert not forbidden_attribute(node.attr)
            assert not (isinstance(node.ctx, ast.Load) and guarded_attribute(node.attr))
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute):
            assert not guarded_attribute(node.target.attr)
        elif isinstance(node, ast.MatchClass):
            assert not node.patterns
        elif isinstance(node, ast.ImportFrom):
            assert node.module == "__future__" or node.names[0].name == "*"
    assert {node.lineno for node in ast.walk(after) if isinstance(node, ast.stmt)} == lines


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def f():\n    from math import *", "import \\* only allowed at module level"),
        ("x = 1\nfrom __future__ import annotations", "must occur at the beginning"),
    ],
)
def test_imports_that_python_refuses_stay_syntax_errors(code, message):
    with pytest.raises(SyntaxError, match=message):
        compile(check_tree(parse(code)), "<program>", "exec")


def test_a_pattern_with_more_than_a_name_says_how_to_write_it():
    with pytest.raises(NotAllowed, match="line 2: write a class pattern as in int"):
        check_tree(parse("match 1:\n    case int(0): pass"))


@pytest.mark.parametrize("pattern", ["a._b", "a._b()", "[{a._b.c: 1}]", "A(b=a._b) | None"])
def test_a_pattern_cannot_name_what_needs_a_guard(pattern):
    code = f"match 1:\n    case {pattern}: pass"
    compile(code, "<program>", "exec")
    with pytest.raises(NotAllowed, match="line 2: the attribute _b is not allowed in a pattern"):
        check_tree(parse(code))
