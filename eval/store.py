"""Results on disk: every finished trajectory is one committed row of a SQLite file, so a run can go on by its id."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from filelock import FileLock, Timeout
from sqlalchemy import (
    JSON,
    Engine,
    ForeignKey,
    Select,
    UniqueConstraint,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tora_agent.agent import Trajectory
from tora_agent.errors import UserError
from tora_agent.eval.grading import Verdict
from tora_agent.eval.tasks import Problem

SCHEMA = 1


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
    """One finished trajectory and its verdict."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("run_id", "problem_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    problem_id: Mapped[str]
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
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    seconds: Mapped[float]
    finished: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Result:
    """A stored trajectory as the reports need it. `statuses` are the ends of its programs, in order."""

    problem_id: str
    question: str
    groups: Mapping[str, str]
    text: str
    answer: str
    stop: str
    correct: bool | None
    statuses: tuple[str, ...]
    prompt_tokens: int
    completion_tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """A stored run, and how far it has come."""

    id: int
    experiment: dict[str, Any]
    total: int
    finished: int
    correct: int
    created: datetime


class Store:
    """A SQLite file of runs. Two processes may write to it at the same time."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            UserError: the file cannot be made, is not a store, or was written by a newer version.
        """
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._engine = _connect(path)
        except (OSError, DatabaseError) as error:
            reason = getattr(error, "orig", None) or error
            raise UserError(f"the store {path} cannot be used: {reason}; name another with --store FILE") from error

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def open_run(self, identity: str, experiment: dict[str, Any], total: int, resume: bool) -> int:
        """The id of a new run, or, with `resume`, of the newest one of the same identity."""
        with Session(self._engine) as session, session.begin():
            newest = select(RunRow.id).where(RunRow.identity == identity).order_by(RunRow.id.desc()).limit(1)
            found = session.scalar(newest) if resume else None
            if found is not None:
                return found
            row = RunRow(identity=identity, experiment=experiment, total=total, created=_now())
            session.add(row)
            session.flush()
            return row.id

    def runs(self) -> list[Run]:
        """All runs, newest first."""
        return self._runs(select(RunRow.id))

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
        with Session(self._engine) as session:
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
        try:
            yield
        finally:
            lock.release()

    def add(self, run: int, problem: Problem, trajectory: Trajectory, verdict: Verdict) -> None:
        """Store one finished trajectory, in a transaction of its own."""
        row = ResultRow(
            run_id=run,
            problem_id=problem.id,
            question=problem.question,
            gold=problem.answer,
            groups=dict(problem.groups),
            prompt=trajectory.prompt,
            text=trajectory.text,
            answer=trajectory.answer,
            stop=trajectory.stop,
            steps=[asdict(step) for step in trajectory.steps],
            correct=verdict.correct,
            rule=verdict.rule,
            prompt_tokens=trajectory.prompt_tokens,
            completion_tokens=trajectory.completion_tokens,
            seconds=trajectory.seconds,
            finished=_now(),
        )
        with Session(self._engine) as session, session.begin():
            session.add(row)

    def finished(self, run: int) -> set[str]:
        """The ids of the problems that are stored."""
        with Session(self._engine) as session:
            return set(session.scalars(select(ResultRow.problem_id).where(ResultRow.run_id == run)))

    def results(self, run: int) -> list[Result]:
        """All results of a run, in the order in which they ended."""
        with Session(self._engine) as session:
            rows = session.scalars(select(ResultRow).where(ResultRow.run_id == run).order_by(ResultRow.id))
            return [_result(row) for row in rows]

    def export(self, run: int) -> Iterator[str]:
        """Each result of a run as one line of JSON, with the whole trajectory; `replay` reads it back.

        Raises:
            UserError: there is no such run.
        """
        with Session(self._engine) as session:
            if session.get(RunRow, run) is None:
                raise UserError(f"there is no run {run} in {self.path}")
            for row in session.scalars(select(ResultRow).where(ResultRow.run_id == run).order_by(ResultRow.id)):
                fields = {column.key: getattr(row, column.key) for column in ResultRow.__table__.columns}
                del fields["id"]
                yield json.dumps(fields | {"finished": row.finished.isoformat()}, ensure_ascii=False)


def _connect(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    with engine.begin() as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar() or 0
        if version > SCHEMA:
            raise UserError(
                f"the store {path} was written by a newer tora-agent: upgrade, or name another --store FILE"
            )
        _Table.metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")
    return engine


def _result(row: ResultRow) -> Result:
    statuses = tuple(step["execution"]["status"] for step in row.steps if step["execution"])
    return Result(
        problem_id=row.problem_id,
        question=row.question,
        groups=row.groups,
        text=row.text,
        answer=row.answer,
        stop=row.stop,
        correct=row.correct,
        statuses=statuses,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        seconds=row.seconds,
    )


def _now() -> datetime:
    return datetime.now(UTC)
