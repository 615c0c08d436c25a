"""Results on disk: every finished trajectory is one committed row of a SQLite file, so a run can go on by its id."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from filelock import FileLock, Timeout
from sqlalchemy import (
    JSON,
    URL,
    Engine,
    ForeignKey,
    Row,
    Select,
    UniqueConstraint,
    create_engine,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tora_agent.errors import UserError
from tora_agent.eval.outcome import Outcome

SCHEMA = 2
_APPLICATION = 0x54_6F_52_41  # "ToRA": SQLite's mark of whose file it is


class _Table(DeclarativeBase):
    type_annotation_map: ClassVar = {dict[str, Any]: JSON, list[Any]: JSON, dict[str, str]: JSON}


class RunRow(_Table):
    """One evaluation: what was asked for, and of what."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(index=True)
    experiment: Mapped[dict[str, Any]]
    total: Mapped[int]
    created: Mapped[datetime]


class ResultRow(_Table):
    """One finished trajectory and its verdicts; see `Outcome`."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("run_id", "problem_id", "sample"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    problem_id: Mapped[str]
    sample: Mapped[int]
    question: Mapped[str]
    gold: Mapped[str]
    groups: Mapped[dict[str, str]]
    prompt: Mapped[str]
    text: Mapped[str]
    answer: Mapped[str]
    stop: Mapped[str]
    steps: Mapped[list[Any]]
    correct: Mapped[bool | None]
    rule: Mapped[str]
    strict: Mapped[bool | None]
    strict_rule: Mapped[str]
    vote: Mapped[int | None]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    seconds: Mapped[float]
    finished: Mapped[datetime]


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
    """A stored run, and how far it has come, in trajectories."""

    id: int
    experiment: dict[str, Any]
    total: int
    finished: int
    correct: int
    created: datetime

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
        if not new and not path.exists():
            raise UserError(f"there is no store {path}: name one with --store FILE")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._engine = _connect(path)
        except (OSError, DatabaseError) as error:
            raise _unusable(path, error) from error

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def session(self) -> Session:
        """A session on the file, for queries of one's own."""
        return Session(self._engine)

    def newest(self, identity: str) -> int | None:
        """The id of the newest run of this identity."""
        with self._reading() as session:
            return session.scalar(select(func.max(RunRow.id)).where(RunRow.identity == identity))

    def new_run(self, identity: str, experiment: dict[str, Any], total: int) -> int:
        """Begin a run of so many trajectories; its id."""
        row = RunRow(identity=identity, experiment=experiment, total=total, created=_now())
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
        found = self._runs(select(RunRow.id).where(RunRow.id == run))
        if not found:
            raise self._no_such(run)
        return found[0]

    def delete(self, run: int) -> None:
        """Take a run and its results out of the file, and give their room back to the disk.

        Raises:
            UserError: there is no such run, or a process is at work on it.
        """
        with self._reading() as session:
            identity = session.scalar(select(RunRow.identity).where(RunRow.id == run))
        if identity is None:
            raise self._no_such(run)
        with self.lock(identity), self._writing() as session:
            session.execute(delete(ResultRow).where(ResultRow.run_id == run))
            session.execute(delete(RunRow).where(RunRow.id == run))
        # another process that writes now keeps the room in the file, where later runs take it
        with suppress(OperationalError), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")

    def unfinished(self, identity: str) -> Run | None:
        """The newest run of this identity, if it has not finished."""
        newest = next(iter(self._runs(select(RunRow.id).where(RunRow.identity == identity))), None)
        return newest if newest and newest.finished < newest.total else None

    def _runs(self, wanted: Select[Any]) -> list[Run]:
        counted = (
            select(RunRow, func.count(ResultRow.id), func.count(ResultRow.id).filter(ResultRow.correct.is_(True)))
            .join(ResultRow, isouter=True)
            .where(RunRow.id.in_(wanted))
            .group_by(RunRow.id)
            .order_by(RunRow.id.desc())
        )
        with self._reading() as session:
            return [
                Run(row.id, row.experiment, row.total, finished, correct, row.created)
                for row, finished, correct in session.execute(counted)
            ]

    @contextmanager
    def lock(self, identity: str) -> Iterator[None]:
        """Hold the right to evaluate this identity; it is freed when the process dies.

        Raises:
            UserError: another process holds it.
        """
        lock = FileLock(self.path.with_name(f".{self.path.name}.{identity[:12]}.lock"))
        try:
            lock.acquire(blocking=False)
        except Timeout as error:
            raise UserError(
                f"another process is evaluating the same run in {self.path}: wait for it, or name another --store FILE"
            ) from error
        except OSError as error:
            raise _unusable(self.path, error) from error
        try:
            yield
        finally:
            lock.release()

    def add(self, run: int, outcome: Outcome) -> None:
        """Store one finished trajectory, with the votes that change with it, in a transaction of its own."""
        problem, trajectory = outcome.problem, outcome.trajectory
        row = ResultRow(
            run_id=run,
            problem_id=problem.id,
            sample=outcome.sample,
            question=problem.question,
            gold=problem.answer,
            groups=dict(problem.groups),
            prompt=trajectory.prompt,
            text=_storable(trajectory.text),
            answer=_storable(trajectory.answer),
            stop=trajectory.stop,
            steps=[asdict(step) for step in trajectory.steps],
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
        others = (ResultRow.run_id == run, ResultRow.problem_id == problem.id)
        with self._writing() as session:
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
            for row in session.scalars(_rows(run)):
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

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session:
                yield session
        except DatabaseError as error:
            raise _unusable(self.path, error) from error

    def _require(self, session: Session, run: int) -> None:
        if session.get(RunRow, run) is None:
            raise self._no_such(run)

    def _no_such(self, run: int) -> UserError:
        return UserError(f"there is no run {run} in {self.path}: `tora-agent runs list` shows them")

    def results(self, run: int) -> list[Result]:
        """All results of a run, in the order in which they ended.

        Raises:
            UserError: there is no such run.
        """
        with self._reading() as session:
            self._require(session, run)
            query = select_results().where(ResultRow.run_id == run).order_by(ResultRow.id)
            return [as_result(row) for row in session.execute(query)]

    def records(self, run: int) -> Iterator[dict[str, Any]]:
        """Each result of a run with all that is stored of it, by the columns' names.

        Raises:
            UserError: there is no such run.
        """
        with self._reading() as session:
            self._require(session, run)
            for row in session.scalars(_rows(run)):
                fields = {column.key: getattr(row, column.key) for column in ResultRow.__table__.columns}
                del fields["id"]
                yield fields


def _connect(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": 30})
    # what is committed outlives a killed process; a power cut may take the last rows, and no row waits for the disk
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=NORMAL"))
    # one process at a time looks and makes the tables, in one transaction: there is no half-made store
    with FileLock(path.with_name(f".{path.name}.lock")), engine.connect() as connection:
        application = connection.exec_driver_sql("PRAGMA application_id").scalar()
        version = connection.exec_driver_sql("PRAGMA user_version").scalar() or 0
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
        if tables and application != _APPLICATION:
            raise UserError(f"{path} is another program's SQLite file: name another with --store FILE")
        if version > SCHEMA:
            raise UserError(f"the store {path} is of a newer tora-agent: upgrade, or name another --store FILE")
        if tables and version < SCHEMA:
            raise UserError(f"the store {path} is of an older tora-agent: name another with --store FILE")
        if not tables:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            _Table.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA application_id={_APPLICATION}")
            connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")
            connection.commit()
    return engine


def _rows(run: int) -> Select[Any]:
    """A run's results in the order in which they ended."""
    return select(ResultRow).where(ResultRow.run_id == run).order_by(ResultRow.id)


def _unusable(path: Path, error: Exception) -> UserError:
    reason = getattr(error, "orig", None) or error
    return UserError(f"the store {path} cannot be used: {reason}; name another with --store FILE")


def select_results() -> Select[Any]:
    """A query for what results need, and their numbers in the store; SQLite itself finds how the programs ended.

    A step has the text of its program and output besides: to read and decode them would take most of the time.
    """
    step = func.json_each(ResultRow.steps).table_valued("value").alias("step")
    end = func.json_extract(step.c.value, "$.execution.status", "$.execution.seconds")
    ran = func.json_type(step.c.value, "$.execution") == "object"
    ends = select(func.json_group_array(end)).where(ran).scalar_subquery().label("ends")
    return select(ResultRow.id, *(getattr(ResultRow, name) for name in _COLUMNS), ends)


def as_result(row: Row[Any]) -> Result:
    """A row of `select_results`."""
    columns = row._mapping
    ends = json.loads(row.ends)
    return Result(
        **{name: columns[name] for name in _COLUMNS},
        statuses=tuple(status for status, _ in ends),
        program_seconds=sum(seconds for _, seconds in ends),
    )


def _storable(text: str) -> str:
    """A text without the lone surrogates that a server may send, since no file can hold them."""
    return text.encode(errors="replace").decode()


def _now() -> datetime:
    return datetime.now(UTC)
