"""The seam to programs that keep runs: a tracker hears of each run's beginning, of its outcomes, and of its end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tora_agent.eval.outcome import Outcome
from tora_agent.eval.runner import Keep
from tora_agent.eval.store import Result, Run


@dataclass(frozen=True, slots=True)
class TrackedRun:
    """A run as it begins or goes on.

    Attributes:
        name: what tells it from the others of its sweep; "" where it is alone.
        identity: the digest of all that can change its numbers.
        versions: what the numbers rest on beside the settings, such as the model's digest.
        stored: the run in the store.
        results: those that it has already.
    """

    name: str
    identity: str
    versions: Mapping[str, str]
    stored: Run
    results: Sequence[Result]


class Tracker(Protocol):
    """Where runs are logged beside the store. No call waits for long, and none fails: the run itself goes on."""

    def begin(self, run: TrackedRun) -> Keep:
        """A run begins or goes on, also one that has finished; what is given back hears of each outcome."""
        ...

    def end(self, report: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> None:
        """The run that began last has all its results: its report, and the store's records."""
        ...

    def attach(self, file: Path) -> None:
        """Keep a file on all runs, such as their page."""
        ...


class Untracked:
    """The tracker of runs that are kept in the store alone."""

    def begin(self, run: TrackedRun) -> Keep:
        """Nobody listens."""
        return _unheard

    def end(self, report: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> None:
        """Nothing to do."""

    def attach(self, file: Path) -> None:
        """Nothing to do."""


def _unheard(outcome: Outcome) -> None: ...


UNTRACKED = Untracked()
