"""The store behind the pages: what takes long to add up is kept until the run has grown."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tora_agent.eval.comparison import Comparison, compare_runs
from tora_agent.eval.metrics import Score, Summary, score, summarise_run
from tora_agent.eval.search import chosen_verdicts, group_values
from tora_agent.eval.store import Run, Store
from tora_agent.names import GraderName

_KEPT = 32  # sums of runs

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A run in the list."""

    run: Run
    score: Score


class Library:
    """Reads the store; its methods block, and any thread may call them."""

    def __init__(self, path: Path) -> None:
        """The file may be made later."""
        self.path = path
        self._store: Store | None = None
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def store(self) -> Store:
        """The open store.

        Raises:
            UserError: there is none yet, or it cannot be used.
        """
        with self._lock:
            if self._store is None:
                self._store = Store(self.path, new=False)
            return self._store

    def entries(self) -> list[Entry]:
        """All runs, newest first; none where there is no store yet."""
        if not self.path.exists():
            return []
        return [Entry(run, self._score(run)) for run in self.store.runs()]

    def run(self, number: int) -> Run:
        """One run.

        Raises:
            UserError: there is no such run.
        """
        return self.store.run(number)

    def summary(self, run: Run) -> Summary:
        """A run in numbers."""
        return self._keep(("summary", *_state(run)), lambda: summarise_run(run, self.store.results(run.id)))

    def groups(self, run: Run) -> list[tuple[str, str]]:
        """The groupings of a run's problems, each with each of its values."""
        return self._keep(("groups", *_state(run)), lambda: group_values(self.store, run.id))

    def comparison(self, first: Run, second: Run, grader: GraderName) -> Comparison:
        """Two runs compared.

        Raises:
            UserError: they have no problem in common.
        """
        return self._keep(
            ("comparison", *_state(first), *_state(second), grader),
            lambda: compare_runs(self.store.results(first.id), self.store.results(second.id), grader),
        )

    def _score(self, run: Run) -> Score:
        return self._keep(("score", *_state(run)), lambda: score(chosen_verdicts(self.store, run.id)))

    def _keep(self, key: Any, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[no-any-return]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


def _state(run: Run) -> tuple[Any, ...]:
    """What tells a run from one that has its number after it was deleted, and from itself before it grew."""
    return run.id, run.created, run.finished, run.correct, run.strict
