"""The settings of a stage of training, from a YAML file: one that ships with the package by its name, or the user's."""

from collections.abc import Iterable
from typing import Any, TypeVar

from tora_agent.validation import override, read_config, validated

T = TypeVar("T")


def load_settings(kind: type[T], source: str, overrides: Iterable[str] = ()) -> T:
    """Make a dataclass of type `kind` from a name (`tiny`) or a path ending in .yaml, and `key=value` texts over it.

    Raises:
        UserError: the file cannot be read, or a key or value is wrong.
    """
    return validated(kind, read_settings(source, overrides), source)


def read_settings(source: str, overrides: Iterable[str]) -> dict[str, Any]:
    """The nested settings of such a file, with the texts over them.

    Raises:
        UserError: the file cannot be read, or a text has another form.
    """
    tree = read_config(source, "tora_agent.configs.training")
    override(tree, overrides)
    return tree
