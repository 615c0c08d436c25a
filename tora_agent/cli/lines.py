"""What commands read from standard input: a text, or lines of JSON that are answered by lines of JSON, in order."""

import json
import sys
from collections.abc import Callable
from typing import Any

from tora_agent.errors import UserError
from tora_agent.validation import read_object


def read_text() -> str:
    """All of standard input, which must be UTF-8."""
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise UserError(f"standard input is not UTF-8: {error}") from error


def answer_lines(answer: Callable[[dict[str, Any]], dict[str, Any]], empty: dict[str, Any]) -> None:
    """Print `answer` of each line of standard input. A bad line is answered with its fault, and the others go on.

    `empty` is what the answer to a bad line holds beside its `error`.

    Raises:
        UserError: at the end, where lines were bad.
    """
    bad = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            reply = answer(read_object(line, f"line {number}"))
        except UserError as error:
            reply = empty | {"error": str(error)}
            bad += 1
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
    if bad:
        raise UserError(f"{bad} of the lines could not be read: their answers say why")


def text_field(request: dict[str, Any], name: str) -> str:
    """A field that must be there and be text."""
    value = request.get(name)
    if not isinstance(value, str):
        raise UserError(f"the field {name} must be a text, and is {'missing' if value is None else repr(value)}")
    return value
