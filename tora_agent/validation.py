"""From what a user wrote (YAML, JSON, `--set`) to the inner types, with one sentence for what is wrong."""

import difflib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from tora_agent.errors import UserError

T = TypeVar("T")
UNWRITTEN = {"written": False}  # the metadata of a field that no file may set

_ENDINGS = (".yaml", ".yml")  # of a config that is a file of the user's; the others have names


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


def read_yaml(text: str, where: str) -> Any:
    """The value of a YAML text.

    Raises:
        UserError: it is not YAML; the sentence starts with `where`.
    """
    import yaml

    try:
        return yaml.safe_load(text)
    # the others come of values that their tags belie: a date such as 2024-13-45, `!!bool x`, `!!timestamp x`
    except (yaml.YAMLError, ValueError, RecursionError, LookupError, AttributeError) as error:
        raise UserError(f"{where} is not YAML: {' '.join(str(error).split())}") from error


def read_config(source: str, package: str) -> dict[str, Any]:
    """The mapping in a YAML file: one of the user's by its path, or one that a package ships by its name.

    A file's key `extends` names another, by its path from there or its shipped name, which it is laid over.

    Raises:
        UserError: there is no such file, it is not a mapping, or it extends itself.
    """
    return _read_config(source, package, ())


def _read_config(source: str, package: str, heirs: tuple[str, ...]) -> dict[str, Any]:
    """`heirs` are the files that extend this one, the nearest last."""
    if source in heirs:
        raise UserError(f"the config file {source} extends itself: {', then '.join([*heirs, source])}")
    tree = _read_mapping(source, package, f", which {heirs[-1]} extends" if heirs else "")
    parent = tree.pop("extends", None)
    if parent is None:
        return tree
    if not isinstance(parent, str):
        raise UserError(f"the config file {source}: extends must be a path ending in .yaml, or a shipped config's name")
    if parent.endswith(_ENDINGS):
        parent = os.path.normpath(Path(source).parent / parent)
    base = _read_config(parent, package, (*heirs, source))
    merge(base, tree)
    return base


def _read_mapping(source: str, package: str, extended: str) -> dict[str, Any]:
    """`extended` is what a sentence on a missing file says beside its name."""
    try:
        text = _locate(source, package, extended).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        comma = "," if extended else ""
        raise UserError(f"the config file {source}{extended}{comma} cannot be read: {error}") from error
    tree = read_yaml(text, f"the config file {source}")
    if tree is not None and not isinstance(tree, dict):
        raise UserError(f"the config file {source} must be a mapping of keys to values")
    return tree or {}


def override(tree: dict[str, Any], settings: Iterable[str]) -> None:
    """Lay `key.sub=value` texts, whose values are read as YAML, over nested settings; later ones win.

    Raises:
        UserError: a text has another form.
    """
    for text in settings:
        key, equals, value = text.partition("=")
        if not equals or not all(key.split(".")):
            raise UserError(f"--set {text} does not have the form key=value, such as sampling.temperature=0.7")
        merge(tree, nested(key, read_yaml(value, f"--set {text}: the value")))


def nested(key: str, value: Any) -> dict[str, Any]:
    """A value as nested settings: {"sampling": {"seed": 1}} for the key `sampling.seed`."""
    for part in reversed(key.split(".")):
        value = {part: value}
    return value  # type: ignore[no-any-return]


def flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested settings as pairs of a dotted key and a value: what `nested` takes."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def merge(tree: dict[str, Any], over: Mapping[str, Any]) -> None:
    """Lay nested settings over others, key by key."""
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(tree.get(key), dict):
            merge(tree[key], value)
        else:
            tree[key] = value


def read_object(line: bytes, where: str) -> dict[str, Any]:
    """The object on one line of a JSON lines file.

    Raises:
        UserError: it is not UTF-8, not JSON or no object; the sentence starts with `where`.
    """
    try:
        value = json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        raise UserError(f"{where} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise UserError(f"{where} must be an object in braces")
    return value


def read_objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of a JSON lines file with where it stands, for messages; blank lines are skipped.

    Raises:
        UserError: the file or a line of it cannot be read.
    """
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}, line {number}", read_object(line, f"{path}, line {number}")
    except OSError as error:
        raise UserError(f"the file {path} cannot be read: {error.strerror}") from error


def encodes(text: str) -> bool:
    """Whether a text is free of lone surrogates, which no file and no model can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def fits_header(text: str) -> bool:
    """Whether a text can stand in an HTTP header: printable ASCII characters."""
    return text.isascii() and text.isprintable()


def encodable(text: str) -> str:
    """The text with `?` for lone surrogates, which JSON and a command line can bring and UTF-8 cannot hold."""
    return text.encode(errors="replace").decode()


def shipped_names(package: str, ending: str) -> list[str]:
    """The names, without their ending, of the data files that a package ships."""
    files = resources.files(package).iterdir()
    return sorted(file.name.removesuffix(ending) for file in files if file.name.endswith(ending))


def no_such(kind: str, name: str, known: Iterable[str], otherwise: str) -> UserError:
    """The mistake of a name that is none of the known: with the nearest of them, or else with `otherwise`."""
    near = difflib.get_close_matches(name.lower(), list(known), 1)
    return UserError(f"there is no {kind} named {name}: {f'did you mean {near[0]}?' if near else otherwise}")


def _locate(source: str, package: str, extended: str) -> Traversable:
    if source.endswith(_ENDINGS):
        return Path(source)
    shipped = shipped_names(package, ".yaml")
    if source not in shipped:
        there = f"there are {', '.join(shipped)}, or a path ending in .yaml"
        raise UserError(f"there is no config named {source}{extended}: {there}")
    return resources.files(package) / f"{source}.yaml"


def _refuse_unknown(kind: Any, data: object, where: str, prefix: str) -> None:
    if not isinstance(data, Mapping):
        raise UserError(f"{where}: {prefix.rstrip('.') or 'the whole'} must be a mapping of keys to values")
    hints = get_type_hints(kind)
    known = [field.name for field in fields(kind) if field.metadata != UNWRITTEN]
    for key, value in data.items():
        if key not in known:
            near = difflib.get_close_matches(str(key), known, 1)
            hint = f"did you mean {prefix}{near[0]}?" if near else f"known are {', '.join(known)}"
            raise UserError(f"{where}: unknown key {prefix}{key}; {hint}")
        if isinstance(value, bool) and hints[key] is not bool:
            raise UserError(f"{where}: {prefix}{key} cannot be {str(value).lower()}")
        if is_dataclass(hints[key]):
            _refuse_unknown(hints[key], value, where, f"{prefix}{key}.")
        item = next(iter(get_args(hints[key])), None)  # of a tuple, or of an optional value
        if is_dataclass(item) and isinstance(value, Mapping):
            _refuse_unknown(item, value, where, f"{prefix}{key}.")
        if is_dataclass(item) and isinstance(value, list):
            for index, entry in enumerate(value):
                _refuse_unknown(item, entry, where, f"{prefix}{key}.{index}.")
