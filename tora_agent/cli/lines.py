"""Commands that answer one line of JSON for each line of JSON that they read, in order."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from tora_agent.errors import UserError


def answer_lines(answer: Callable[[dict[str, Any]], dict[str, Any]], source: Iterable[str]) -> None:
    """Print `answer` of each line. A bad line is answered with an `error`, and the others go on.

    Raises:
        UserError: at the end, where lines were bad.
    """
    bad = 0
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            reply = answer(_parse(line, number))
        except UserError as error:
            reply = {"error": str(error), "status": "invalid"}
            bad += 1
        sys.stdout.write(json.dumps(reply, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    if bad:
        raise UserError(f"{bad} of the lines could not be read: their answers say why")


def text_field(request: dict[str, Any], name: str) -> str:
    """A field that must be there and be text."""
    value = request.get(name)
    if not isinstance(value, str):
        raise UserError(f"the field {name} must be a text, and is {'missing' if value is None else repr(value)}")
    return value


def _parse(line: str, number: int) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except ValueError as error:
        raise UserError(f"line {number} is not JSON: {error}") from error
    if not isinstance(request, dict):
        raise UserError(f"line {number} must be an object in braces")
    return request
