"""A sweep: one experiment for every combination of the values that are listed for some of its keys."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

from tora_agent.config import CONFIGS, SWEEP, Experiment, make_experiment
from tora_agent.errors import UserError
from tora_agent.models.catalogue import catalogue
from tora_agent.validation import merge, nested, override, read_config, read_yaml


@dataclass(frozen=True, slots=True)
class Point:
    """One experiment of a sweep; `settings` are its values of the swept keys, none where nothing is swept."""

    settings: Mapping[str, Any]
    experiment: Experiment

    @property
    def label(self) -> str:
        """The settings in a line."""
        return _label(self.settings)


def load_sweep(
    source: str | None, settings: dict[str, Any], overrides: Iterable[str] = (), sweeps: Iterable[str] = ()
) -> list[Point]:
    """Read experiments as `load_experiment` reads one: a point for every combination of swept values.

    The file's key `sweep` maps dotted keys to lists of values; a key that is set in `settings` or `overrides` is not
    swept. `sweeps` are `key.sub=value,value` texts. Of the values of `model`, a pattern with a star stands for all
    names of the catalogue that match it.

    Raises:
        UserError: the file cannot be read, or a key or value of a point is wrong; the sentence says of which.
    """
    given: dict[str, Any] = {}
    merge(given, settings)
    override(given, overrides)
    tree = read_config(source, CONFIGS) if source else {}
    merge(tree, given)
    where = source or "the settings"
    written = _checked(tree.pop(SWEEP, None) or {}, where)
    grid = {key: values for key, values in written.items() if not _holds(given, key)} | dict(map(_parsed, sweeps))
    if fixed := next((key for key in grid if key.partition(".")[0] in ("output", "track")), None):
        raise UserError(f"{where}: {fixed} is one for all points, and cannot be swept")
    choices = [_models(values) if key == "model" else values for key, values in grid.items()]
    return [_point(tree, dict(zip(grid, values, strict=True)), where) for values in product(*choices)]


def _point(tree: dict[str, Any], settings: dict[str, Any], where: str) -> Point:
    own = deepcopy(tree)
    for key, value in settings.items():
        merge(own, nested(key, deepcopy(value)))
    swept = f" with {_label(settings)}" if settings else ""
    return Point(settings, make_experiment(own, f"{where}{swept}"))


def _label(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in settings.items())


def _checked(written: Any, where: str) -> dict[str, list[Any]]:
    if not isinstance(written, dict):
        raise UserError(f"{where}: sweep must be a mapping of keys to lists of values")
    for key, values in written.items():
        if not isinstance(key, str) or not all(key.split(".")) or not isinstance(values, list) or not values:
            raise UserError(f"{where}: sweep.{key} must be a list of values, as in sampling.temperature: [0, 0.7]")
    return written


def _parsed(text: str) -> tuple[str, list[Any]]:
    """The key and the values of `key=value,value`, each of which is read as YAML."""
    key, _, listed = text.partition("=")
    values = read_yaml(f"[{listed}]", f"--sweep {text}: the values")
    if not all(key.split(".")) or not isinstance(values, list) or not values:
        raise UserError(f"--sweep {text} does not have the form key=value,value, such as prompt=tora,cot")
    return key, values


def _holds(tree: Mapping[str, Any], key: str) -> bool:
    """Whether nested settings have a value for a dotted key."""
    first, _, rest = key.partition(".")
    below = tree.get(first)
    return first in tree and (not rest or (isinstance(below, Mapping) and _holds(below, rest)))


def _models(values: Sequence[Any]) -> list[Any]:
    """The values with every pattern replaced by the names that it stands for."""
    names = [model.name for model in catalogue()]
    found = []
    for value in values:
        matching = [name for name in names if fnmatchcase(name, str(value))] if "*" in str(value) else [value]
        if not matching:
            raise UserError(f"no model's name is like {value}: `tora-agent models list` shows the names")
        found += matching
    return found
