"""From what a user wrote (YAML, JSON, `--set`) to the inner types, with one sentence for what is wrong."""

import difflib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, get_args, get_type_hints

from tora_agent.errors import UserError

T = TypeVar("T")


def validated(kind: type[T], data: object, where: str) -> T:
    """Make a dataclass of type `kind` from nested mappings.

    Raises:
        UserError: an unknown key (with the nearest known one), a missing one, or a wrong value; the sentence
            starts with `where`.
    """
    from pydantic import TypeAdapter, ValidationError

    _refuse_unknown(kind, data, where, "")
    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"])
        reason = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "missing":
            raise UserError(f"{where}: the key {key} is missing") from error
        given = "" if isinstance(fault["input"], Mapping) else f" (given: {fault['input']!r})"
        raise UserError(f"{where}: {key + ': ' if key else ''}{reason}{given}") from error


def _refuse_unknown(kind: Any, data: object, where: str, prefix: str) -> None:
    if not isinstance(data, Mapping):
        raise UserError(f"{where}: {prefix.rstrip('.') or 'the whole'} must be a mapping of keys to values")
    hints = get_type_hints(kind)
    known = [field.name for field in fields(kind)]
    for key, value in data.items():
        if key not in known:
            near = difflib.get_close_matches(str(key), known, 1)
            hint = f"did you mean {prefix}{near[0]}?" if near else f"known are {', '.join(known)}"
            raise UserError(f"{where}: unknown key {prefix}{key}; {hint}")
        if is_dataclass(hints[key]):
            _refuse_unknown(hints[key], value, where, f"{prefix}{key}.")
        item = next(iter(get_args(hints[key])), None)
        if is_dataclass(item) and isinstance(value, list):
            for index, entry in enumerate(value):
                _refuse_unknown(item, entry, where, f"{prefix}{key}.{index}.")
