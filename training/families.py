"""Families of problems, weighed by their names or by patterns such as `algebra.*`."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from tora_agent.errors import UserError


def weight_of(weights: Mapping[str, float], family: str) -> float:
    """The weight of the first name or pattern that matches a family, or 1."""
    return next((weight for pattern, weight in weights.items() if fnmatchcase(family, pattern)), 1.0)


def check_weights(weights: Mapping[str, float], families: Iterable[str], where: str) -> None:
    """Refuse weights that would not do what they say.

    Raises:
        UserError: a pattern matches no family, or no family is left; the sentence starts with `where`.
    """
    names = sorted(set(families))
    for pattern in weights:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise UserError(f"{where}: no family matches {pattern}; there are {', '.join(names)}")
    if not any(weight_of(weights, name) for name in names):
        raise UserError(f"{where}: every family has the weight 0")


def check_positive(weights: Iterable[float]) -> None:
    """Refuse negative and infinite weights (ValueError, for a config class)."""
    if not all(0.0 <= weight < float("inf") for weight in weights):
        raise ValueError("a weight must be 0 or more")
