"""The file of a store: its tables, how it is opened, and its rows, each checked as it is read."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, NotRequired, get_args, get_type_hints

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Json, create_model
from sqlalchemy import (
    JSON,
    URL,
    ColumnElement,
    Engine,
    ForeignKey,
    UniqueConstraint,
    create_engine,
    event,
    type_coerce,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import NullType
from typing_extensions import TypedDict

from tora_agent.agent import Step
from tora_agent.errors import UserError
from tora_agent.prompt import Reading

SCHEMA = 2
_APPLICATION = 0x54_6F_52_41  # "ToRA": SQLite's mark of whose file it is


class _Dataset(TypedDict):
    name: str


class Asked(TypedDict):
    """What every stored experiment holds, among other settings."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    dataset: _Dataset
    engine: str
    model: str
    prompt: str
    samples: int
    limits: dict[str, Any]
    sandbox: dict[str, Any]
    reading: NotRequired[Reading]  # not of the experiment itself; earlier versions did not store it


class _Table(DeclarativeBase):
    type_annotation_map: ClassVar = {Asked: JSON, list[Step]: JSON, dict[str, str]: JSON}


class RunRow(_Table):
    """One evaluation: what was asked for, and of what."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(index=True)
    experiment: Mapped[Asked]
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
    steps: Mapped[list[Step]]
    correct: Mapped[bool | None]
    rule: Mapped[str]
    strict: Mapped[bool | None]
    strict_rule: Mapped[str]
    vote: Mapped[int | None]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    seconds: Mapped[float]
    finished: Mapped[datetime]


def as_stored(table: type[_Table], names: Iterable[str]) -> list[ColumnElement[Any]]:
    """Columns for a query, and the row's number as `id`, with the values as the file holds them: see `row_model`."""
    columns = [getattr(table, name) for name in dict.fromkeys(["id", *names])]
    return [type_coerce(column, NullType()).label(column.key) for column in columns]


def row_model(table: type[_Table], names: Iterable[str], **more: Any) -> type[BaseModel]:
    """What makes checked values of the columns of `as_stored`; `more` are the types of a query's other columns."""
    hints = get_type_hints(table)
    types: dict[str, Any] = {name: get_args(hints[name])[0] for name in dict.fromkeys(["id", *names])}
    for name, kind in types.items():
        if isinstance(table.__table__.columns[name].type, JSON):
            types[name] = Json[kind]  # type: ignore[misc, valid-type]
    required: dict[str, Any] = {name: (kind, ...) for name, kind in (types | more).items()}
    return create_model(str(table.__tablename__), **required)


def connect(path: Path) -> Engine:
    """Open the file of a store, or make it.

    Raises:
        UserError: it is another program's, or another version's.
        OSError, DatabaseError: it cannot be opened or made.
    """
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare)
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


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    # what is committed outlives a killed process; a power cut may take the last rows, and no row waits for the disk
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.text_factory = _text


def _text(value: bytes) -> str | bytes:
    """A text of the file; where it is none, its bytes, which `row_model` refuses."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value
