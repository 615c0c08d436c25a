"""Runs logged to MLflow as they run: `--track mlflow`."""

import hashlib
import json
import logging
import os
import re
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import yaml
from mlflow import MlflowClient, get_tracking_uri
from mlflow.entities import Metric, Param

from tora_agent.agent import Trajectory
from tora_agent.config import Experiment
from tora_agent.errors import Stopped, UserError
from tora_agent.eval.exports import write_jsonl
from tora_agent.eval.metrics import Score, counted_score
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.runner import Keep
from tora_agent.eval.store import Result
from tora_agent.eval.tracking import TrackedRun
from tora_agent.validation import flat

EXPERIMENT = "tora-agent"  # where MLFLOW_EXPERIMENT_NAME says nothing else
_KEY = "tora_agent.key"  # the tag by which a run that goes on is found again
_PARENT = "mlflow.parentRunId"
_HINT = "name another with MLFLOW_TRACKING_URI, or leave --track out"
_MOST = 1000  # metrics of one request
_PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_TIMEOUT": "10"}
_COUNTS = ("differing", "unscored", "programs", "tool_errors", "timeouts", "refused", "empty_answers")
_COSTS = ("prompt_tokens", "completion_tokens", "seconds")


class MLflow:
    """A `Tracker` that keeps each run of ours as one of MLflow's, those of a sweep below a parent.

    Requests go out in a thread of their own. The first that fails is told once, and is the last: the run goes on.
    """

    def __init__(self, experiments: Sequence[Experiment], title: str) -> None:
        """Find the server or the database that MLFLOW_TRACKING_URI names, and the experiment in it.

        Raises:
            UserError: it does not answer, or cannot be used.
        """
        for name, value in _PATIENCE.items():
            os.environ.setdefault(name, value)
        logging.getLogger("mlflow").setLevel(logging.CRITICAL)  # a traceback of its own comes before our sentence
        logging.getLogger("alembic").setLevel(logging.WARNING)
        try:
            self._client = MlflowClient()
            self._experiment = _experiment_id(self._client)
        except ModuleNotFoundError:
            raise
        except Exception as error:  # whatever its network and database layers raise
            raise UserError(f"MLflow at {_address()} cannot be used: {_reason(error)}; {_HINT}") from error
        self._family = (title, _family_key(experiments)) if len(experiments) > 1 else None
        self._parent = self._run = ""  # ids
        self._ended = False
        self._metrics: deque[Metric] = deque()
        self._sending: Future[None] | None = None
        self._lost = False
        self._thread = ThreadPoolExecutor(1, "mlflow")

    def begin(self, run: TrackedRun) -> Keep:
        """See `Tracker.begin`; a run that is known goes on where it was."""
        self._do(self._begin, run)
        tally = _Tally(run)

        def hear(outcome: Outcome) -> None:
            tally.add(outcome)
            self._log(tally.metrics(), tally.done)

        return hear

    def end(self, report: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> None:
        """See `Tracker.end`; waits until all is sent, or lost."""
        self._log(_final_metrics(report), sum(report["stops"].values()))
        self._do(self._send).result()
        self._guarded(self._end, records)

    def attach(self, file: Path) -> None:
        """See `Tracker.attach`; the sweep's parent keeps it, or else the run."""
        self._do(lambda: self._client.log_artifact(self._parent or self._run, str(file)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._do(self._close, _status(kind))
        self._thread.shutdown()

    def _do(self, work: Callable[..., None], *arguments: Any) -> "Future[None]":
        """Have the thread do it, unless MLflow is lost."""
        return self._thread.submit(self._guarded, work, *arguments)

    def _guarded(self, work: Callable[..., None], *arguments: Any) -> None:
        if self._lost:
            return
        try:
            work(*arguments)
        except Exception as error:  # as above; and the run is worth more than its log
            self._lost = True
            note = f"note: MLflow at {_address()} is lost ({_reason(error)}); the run goes on without it"
            print(note, file=sys.stderr)

    def _log(self, values: Mapping[str, float], step: int) -> None:
        if self._lost:
            return
        now = int(time.time() * 1000)
        self._metrics.extend(Metric(key, value, now, step) for key, value in values.items())
        if self._sending is None or self._sending.done():
            self._sending = self._do(self._send)

    def _send(self) -> None:
        while self._metrics:
            batch = [self._metrics.popleft() for _ in range(min(len(self._metrics), _MOST))]
            self._client.log_batch(self._run, metrics=batch)

    def _begin(self, run: TrackedRun) -> None:
        self._ended = False
        if self._family and not self._parent:
            title, key = self._family
            self._parent = self._find(key) or self._create(title, {_KEY: key})
        stored = run.stored
        key = f"{run.identity}-{stored.id}-{stored.created.isoformat()}"
        asked = stored.experiment
        name = run.name or f"{asked['dataset']['name']}: {stored.source}"
        tags = {_KEY: key, "identity": run.identity, "run": str(stored.id), **run.versions}
        known = self._find(key)
        self._run = known or self._create(name, tags)
        if not known:
            params = [Param(key, str(value)) for key, value in flat(asked)]
            self._client.log_batch(self._run, params=params)
            self._client.log_text(self._run, yaml.safe_dump(asked, sort_keys=False), "experiment.yaml")
        if self._parent:
            self._client.set_tag(self._run, _PARENT, self._parent)

    def _find(self, key: str) -> str | None:
        """The run with this key, running again."""
        found = self._client.search_runs([self._experiment], f"tags.`{_KEY}` = '{key}'", max_results=1)
        if not found:
            return None
        identifier: str = found[0].info.run_id
        self._client.update_run(identifier, "RUNNING")
        return identifier

    def _create(self, name: str, tags: Mapping[str, str]) -> str:
        created = self._client.create_run(self._experiment, run_name=name, tags=dict(tags))
        identifier: str = created.info.run_id
        return identifier

    def _end(self, records: Iterable[Mapping[str, Any]]) -> None:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "results.jsonl"
            write_jsonl(records, file)
            self._client.log_artifact(self._run, str(file))
        self._client.set_terminated(self._run)
        self._ended = True

    def _close(self, status: str) -> None:
        if self._run and not self._ended:
            self._send()
            self._client.set_terminated(self._run, status)
        if self._parent:
            self._client.set_terminated(self._parent, status)


class _Tally:
    """The numbers of a run so far; `done` counts its trajectories."""

    def __init__(self, run: TrackedRun) -> None:
        self.done = 0
        self._verdicts: Counter[tuple[str, bool | None]] = Counter()  # by grader
        self._costs = dict.fromkeys(_COSTS, 0.0)
        for result in run.results:
            self._count(result.correct, result.strict, result)

    def add(self, outcome: Outcome) -> None:
        self._count(outcome.tora.correct, outcome.strict.correct, outcome.trajectory)

    def metrics(self) -> dict[str, float]:
        return self._scored("tora") | self._scored("strict") | self._costs

    def _count(self, tora: bool | None, strict: bool | None, costs: Result | Trajectory) -> None:
        self.done += 1
        self._verdicts.update([("tora", tora), ("strict", strict)])
        for name in _COSTS:
            self._costs[name] += getattr(costs, name)

    def _scored(self, grader: str) -> dict[str, float]:
        correct, wrong = self._verdicts[grader, True], self._verdicts[grader, False]
        return _score_metrics(grader, counted_score(correct, correct + wrong))


def _score_metrics(name: str, found: Score) -> dict[str, float]:
    low, high = found.interval
    return {f"{name}.accuracy": found.accuracy, f"{name}.low": low, f"{name}.high": high}


def _final_metrics(report: Mapping[str, Any]) -> dict[str, float]:
    """A report's numbers by the names of the live ones, and those that are counted at the end."""
    scores = {"tora": report, "strict": report["strict"]}.items()
    scored = [_score_metrics(name, _score(found)) for name, found in scores]
    return scored[0] | scored[1] | {name: report[name] for name in (*_COSTS, *_COUNTS)}


def _score(found: Mapping[str, Any]) -> Score:
    return Score(found["n"], found["correct"], found["accuracy"], found["interval"])


def _experiment_id(client: MlflowClient) -> str:
    name = os.environ.get("MLFLOW_EXPERIMENT_NAME") or EXPERIMENT
    found = client.get_experiment_by_name(name)
    identifier: str = found.experiment_id if found else client.create_experiment(name)
    return identifier


def _family_key(experiments: Sequence[Experiment]) -> str:
    """A digest of a sweep's settings, by which its parent is found again."""
    settings = [experiment.as_json() | {"output": None} for experiment in experiments]
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def _status(kind: type[BaseException] | None) -> str:
    if kind is None:
        return "FINISHED"
    return "KILLED" if issubclass(kind, (Stopped, KeyboardInterrupt)) else "FAILED"


def _address() -> str:
    return re.sub("//[^/@]*@", "//", get_tracking_uri())  # without a password


def _reason(error: BaseException) -> str:
    """The first sentence of what lies below: its network and database layers wrap each other's errors."""
    while below := error.__cause__ or error.__context__:
        error = below
    return str(error).partition("\n")[0].partition(". ")[0].removesuffix(".") or type(error).__name__
