"""Several tasks scored together, as a paper's table has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from statistics import fmean

from tora_agent.validation import read_yaml, validated

SUITES = ("tora-10",)


@dataclass(frozen=True, slots=True)
class Suite:
    """A table: its `columns`, each the mean over its tasks, and `published` rows in percent."""

    columns: dict[str, list[str]]
    published: dict[str, list[float]]

    @property
    def tasks(self) -> list[str]:
        """The names of all tasks, in the order of the columns."""
        return [task for tasks in self.columns.values() for task in tasks]

    def row(self, accuracies: Mapping[str, float]) -> list[float]:
        """The columns in percent, from each task's accuracy as a fraction."""
        return [100 * fmean(accuracies[task] for task in tasks) for tasks in self.columns.values()]


def load_suite(name: str) -> Suite:
    """A suite that ships, by its name."""
    file = resources.files("tora_agent.eval.data") / f"{name}.yaml"
    return validated(Suite, read_yaml(file.read_text(encoding="utf-8"), name), name)
