"""Results on disk: every finished trajectory is one committed row of a SQLite file, so a run can go on by its id."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Json, ValidationError
from sqlalchemy import Select, case, delete, func, select, update
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session, load_only

from tora_agent.errors import UserError
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.tables import ResultRow, RunRow, as_stored, connect, row_model
from tora_agent.files import hold
from tora_agent.prompt import Reading
from tora_agent.validation import encodable


@dataclass(frozen=True, slots=True)
class Result:
    """A stored trajectory as the reports need it. `statuses` are the ends of its programs, in order.

    `seconds` is all of its wall-clock time, `program_seconds` the part of it in which its programs ran.
    """

    problem_id: str
    sample: int
    question: str
    gold: str
    groups: Mapping[str, str]
    text: str
    answer: str
    stop: str
    correct: bool | None
    rule: str
    strict: bool | None
    strict_rule: str
    vote: int | None
    statuses: tuple[str, ...]
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    program_seconds: float


_COLUMNS = [field.name for field in fields(Result) if hasattr(ResultRow, field.name)]  # of a result, stored as they are
_RECORD = [column.key for column in ResultRow.__table__.columns]
_FOUND = row_model(ResultRow, _COLUMNS, steps=Json[list[tuple[str, float]]])
_WHOLE = row_model(ResultRow, _RECORD)
_RUN = row_model(RunRow, ["experiment", "total", "created"], finished=int, correct=int, strict=int)
_LAST = 2**63 - 1  # the largest number in SQLite
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """What the graders and the vote make of an answer, as the columns hold it."""

    correct: bool | None
    rule: str
    strict: bool | None
    strict_rule: str
    vote: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """A stored run, and how far it has come, in trajectories.

    `reading` is how its prompt has replies read; earlier versions did not store it.
    """

    id: int
    experiment: dict[str, Any]
    total: int
    finished: int
    correct: int
    strict: int
    created: datetime
    reading: Reading | None = None

    @property
    def source(self) -> str:
        """What the text came from: the model, or the recording."""
        return str(self.experiment["trajectories" if self.experiment["engine"] == "replay" else "model"])


class Store:
    """A SQLite file of runs. Two processes may write to it at the same time."""

    def __init__(self, path: Path, new: bool = True) -> None:
        """Open the file; make it where there is none, if it may be `new`.

        Raises:
            UserError: the file cannot be made, is not a store, or was written by a newer version.
        """
        self.path = path
        self._broken: set[tuple[str, int]] = set()  # rows that could not be read, by table and number
        try:
            if not new and not path.exists():
                raise UserError(f"there is no store {path}: name one with --store FILE")
            if path.is_dir():
                raise IsADirectoryError("it is a folder")
            path.parent.mkdir(parents=True, exist_ok=True)
            self._engine = connect(path)
        except (OSError, ValueError, DatabaseError) as error:  # ValueError: a NUL in the path
            raise _unusable(path, error) from error

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def read(self, query: Select[Any], model: type[BaseModel]) -> Iterator[Any]:
        """The rows of a query (`as_stored`) as values of a model (`row_model`).

        A broken row is left out, and named on the log, once.
        """
        with self.reading() as session:
            for row in session.execute(query):
                try:
                    yield model.model_validate(dict(row._mapping))
                except ValidationError as error:
                    self._leave_out(model.__name__, row.id, error)

    def _leave_out(self, table: str, number: int, error: ValidationError) -> None:
        if (table, number) not in self._broken:
            self._broken.add((table, number))
            fault = error.errors()[0]
            column = ".".join(str(part) for part in fault["loc"])
            _log.warning(
                "%s: row %s of the table %s is broken and is left out (%s: %s)",
                *(self.path, number, table, column, fault["msg"]),
            )

    def newest(self, identity: str) -> int | None:
        """The id of the newest run of this identity."""
        with self.reading() as session:
            return session.scalar(select(func.max(RunRow.id)).where(RunRow.identity == identity))

    def new_run(self, identity: str, experiment: dict[str, Any], total: int, reading: Reading | None = None) -> int:
        """Begin a run of so many trajectories; its id."""
        asked = experiment | ({"reading": asdict(reading)} if reading else {})
        row = RunRow(identity=identity, experiment=asked, total=total, created=_now())
        with self._writing() as session:
            session.add(row)
        return row.id

    def runs(self) -> list[Run]:
        """All runs, newest first."""
        return self._runs(select(RunRow.id))

    def run(self, run: int) -> Run:
        """One run.

        Raises:
            UserError: there is no such run.
        """
        self.require(run)
        found = self._runs(select(RunRow.id).where(RunRow.id == run))
        if not found:
            raise UserError(f"run {run} in {self.path} is broken: `tora-agent runs delete {run}` takes it out")
        return found[0]

    def delete(self, *runs: int) -> None:
        """Take runs and their results out of the file, all or none, and give their room back to the disk.

        Raises:
            UserError: there is no such run, or a process is at work on one.
        """
        with ExitStack() as locks:
            for identity in {self.require(run) for run in runs}:
                locks.enter_context(self.lock(identity))
            with self._writing() as session:
                session.execute(delete(ResultRow).where(ResultRow.run_id.in_(runs)))
                session.execute(delete(RunRow).where(RunRow.id.in_(runs)))
        # another process that writes now keeps the room in the file, where later runs take it
        with suppress(DatabaseError), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")

    def unfinished(self, identity: str) -> Run | None:
        """The newest run of this identity, if it has not finished."""
        newest = next(iter(self._runs(select(RunRow.id).where(RunRow.identity == identity))), None)
        return newest if newest and newest.finished < newest.total else None

    def _runs(self, wanted: Select[Any]) -> list[Run]:
        right, strict = (
            func.count(ResultRow.id).filter(verdict.is_(True)) for verdict in (ResultRow.correct, ResultRow.strict)
        )
        counted = (
            select(
                *as_stored(RunRow, ["experiment", "total", "created"]),
                func.count(ResultRow.id).label("finished"),
                right.label("correct"),
                strict.label("strict"),
            )
            .select_from(RunRow)
            .join(ResultRow, isouter=True)
            .where(RunRow.id.in_(wanted))
            .group_by(RunRow.id)
            .order_by(RunRow.id.desc())
        )
        rows = list(self.read(counted, _RUN))
        return [Run(**dict(row), reading=row.experiment.pop("reading", None)) for row in rows]

    @contextmanager
    def lock(self, identity: str) -> Iterator[None]:
        """Hold the right to evaluate this identity; it is freed when the process dies.

        Raises:
            UserError: another process holds it.
        """
        taken = f"another process is evaluating the same run in {self.path}: wait for it, or name another --store FILE"
        try:
            held = hold(self.path.with_name(f".{self.path.name}.{identity[:12]}.lock"), taken)
        except OSError as error:
            raise _unusable(self.path, error) from error
        with held:
            yield

    def add(self, run: int, outcome: Outcome) -> None:
        """Store one finished trajectory, with the votes that change with it, in a transaction of its own.

        It takes the place of one that was left out.
        """
        problem, trajectory = outcome.problem, outcome.trajectory
        row = ResultRow(
            run_id=run,
            problem_id=problem.id,
            sample=outcome.sample,
            question=problem.question,
            gold=problem.answer,
            groups=dict(problem.groups),
            prompt=trajectory.prompt,
            text=encodable(trajectory.text),
            answer=encodable(trajectory.answer),
            stop=trajectory.stop,
            steps=json.loads(encodable(json.dumps([asdict(step) for step in trajectory.steps], ensure_ascii=False))),
            correct=outcome.tora.correct,
            rule=outcome.tora.rule,
            strict=outcome.strict.correct,
            strict_rule=outcome.strict.rule,
            vote=outcome.vote,
            prompt_tokens=trajectory.prompt_tokens,
            completion_tokens=trajectory.completion_tokens,
            seconds=trajectory.seconds,
            finished=_now(),
        )
        broken = [number for table, number in self._broken if table == ResultRow.__tablename__]
        others = (ResultRow.run_id == run, ResultRow.problem_id == problem.id)
        with self._writing() as session:
            if broken:
                session.execute(
                    delete(ResultRow).where(ResultRow.id.in_(broken), *others, ResultRow.sample == outcome.sample)
                )
            session.add(row)
            for sample, vote in outcome.moved.items():
                session.execute(update(ResultRow).where(*others, ResultRow.sample == sample).values(vote=vote))

    def finish(self, run: int) -> None:
        """Note that nothing is to come: where votes were decided early, a run has fewer trajectories than planned."""
        with self._writing() as session:
            finished = select(func.count(ResultRow.id)).where(ResultRow.run_id == run).scalar_subquery()
            session.execute(update(RunRow).where(RunRow.id == run).values(total=finished))

    def replace_verdicts(self, run: int, verdicts: Mapping[tuple[str, int], StoredVerdict]) -> None:
        """Put verdicts in the place of a run's stored ones, by problem and sample, all or none."""
        with self._writing() as session:
            key = load_only(ResultRow.problem_id, ResultRow.sample)
            for row in session.scalars(select(ResultRow).where(ResultRow.run_id == run).options(key)):
                if verdict := verdicts.get((row.problem_id, row.sample)):  # not one that came in meanwhile
                    for column, value in asdict(verdict).items():
                        setattr(row, column, value)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """A transaction of its own."""
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
        except OperationalError as error:
            raise UserError(
                f"the store {self.path} cannot be written: {error.orig}; all that was written before is kept, "
                "and the run can go on once there is room"
            ) from error
        except DatabaseError as error:
            raise _unusable(self.path, error) from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for queries.

        Raises:
            UserError: the file is broken.
        """
        try:
            with Session(self._engine) as session:
                yield session
        except DatabaseError as error:
            raise _unusable(self.path, error) from error

    def require(self, run: int) -> str:
        """Make sure that a run is there; its identity.

        Raises:
            UserError: there is no such run.
        """
        with self.reading() as session:
            query = select(RunRow.identity).where(RunRow.id == run)
            identity = session.scalar(query) if run <= _LAST else None
        if identity is None:
            raise UserError(f"there is no run {run} in {self.path}: `tora-agent runs list` shows them")
        return identity

    def results(self, run: int) -> list[Result]:
        """All results of a run, in the order in which they ended.

        Raises:
            UserError: there is no such run.
        """
        self.require(run)
        query = select_results().where(ResultRow.run_id == run).order_by(ResultRow.id)
        return [result for _, result in self.read_results(query)]

    def read_results(self, query: Select[Any]) -> Iterator[tuple[int, Result]]:
        """What a query of `select_results` finds, each with its number."""
        for row in self.read(query, _FOUND):
            values = {name: getattr(row, name) for name in _COLUMNS}
            statuses = tuple(status for status, _ in row.steps)
            yield row.id, Result(**values, statuses=statuses, program_seconds=sum(seconds for _, seconds in row.steps))

    def records(self, run: int) -> Iterator[dict[str, Any]]:
        """Each result of a run with all that is stored of it, by the columns' names.

        Raises:
            UserError: there is no such run.
        """
        self.require(run)
        query = select(*as_stored(ResultRow, _RECORD)).where(ResultRow.run_id == run).order_by(ResultRow.id)
        for row in self.read(query, _WHOLE):
            yield row.model_dump(exclude={"id"})


def _unusable(path: Path, error: Exception) -> UserError:
    reason = getattr(error, "orig", None) or error
    return UserError(f"the store {path} cannot be used: {reason}; name another with --store FILE")


def select_results() -> Select[Any]:
    """A query for what results need, and their numbers in the store; SQLite itself finds how the programs ended.

    A step has the text of its program and output besides: to read and decode them would take most of the time.
    """
    step = func.json_each(ResultRow.steps).table_valued("value", "type").alias("step")
    end = func.json_extract(step.c.value, "$.execution.status", "$.execution.seconds")
    ran = case((step.c.type == "object", func.json_type(step.c.value, "$.execution") == "object"))
    ends = select(func.json_group_array(end)).where(ran).scalar_subquery()
    # SQLite fails the whole query over one value that is not JSON; with NULL in its place only its row is broken
    readable = case((func.json_valid(ResultRow.steps), ends))
    return select(*as_stored(ResultRow, _COLUMNS), readable.label("steps"))


def _now() -> datetime:
    return datetime.now(UTC)
