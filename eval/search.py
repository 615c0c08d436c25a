"""Trajectories of a run, found by SQL: only what is shown is read."""

from dataclasses import dataclass
from itertools import islice
from typing import Literal

from sqlalchemy import ColumnElement, String, and_, case, func, or_, select, type_coerce

from tora_agent.errors import UserError
from tora_agent.eval.failures import PROGRAM_FAILURES, FailureKind, failure_kind
from tora_agent.eval.store import Result, Store, select_results
from tora_agent.eval.tables import ResultRow, as_stored, row_model
from tora_agent.eval.votes import Vote, winner

_VOTE = ("problem_id", "sample", "vote", "correct")
_VOTE_ROW = row_model(ResultRow, _VOTE)

VerdictKind = Literal["", "right", "wrong", "unscored"]
FailureFilter = Literal["", FailureKind]


@dataclass(frozen=True, slots=True)
class Search:
    """What a trajectory must have to be found; what is empty asks for nothing.

    Attributes:
        text: is in the question, the trajectory or the answer, whatever the case of its ASCII letters.
        verdict: what the graders said.
        failure: why it failed, as `failure_kind` has it.
        program: how one of its programs ended.
        stop: how the trajectory ended.
        group: a grouping and its value, such as ("level", "3").
    """

    text: str = ""
    verdict: VerdictKind = ""
    failure: FailureFilter = ""
    program: str = ""
    stop: str = ""
    group: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A stored trajectory and its number in the store."""

    id: int
    result: Result


def search(store: Store, run: int, wanted: Search, after: int = 0, limit: int = 50) -> list[Found]:
    """The first trajectories of a run that match, of those whose numbers are above `after`."""
    query = select_results().where(ResultRow.run_id == run, ResultRow.id > after, *_conditions(wanted))
    rows = store.read_results(query.order_by(ResultRow.id).execution_options(yield_per=limit))
    return list(islice((Found(*row) for row in rows if _failed_so(row[1], wanted.failure)), limit))


def samples_of(store: Store, run: int, problem: str) -> list[Found]:
    """All trajectories of a problem, by sample.

    Raises:
        UserError: the run has none.
    """
    query = select_results().where(ResultRow.run_id == run, ResultRow.problem_id == problem)
    found = [Found(*row) for row in store.read_results(query.order_by(ResultRow.sample))]
    if not found:
        raise UserError(f"run {run} has no trajectory of problem {problem}")
    return found


def chosen_verdicts(store: Store, run: int) -> list[bool | None]:
    """The verdict on each problem of a run: that of the sample that the vote chose."""
    query = select(*as_stored(ResultRow, _VOTE)).where(ResultRow.run_id == run).order_by(ResultRow.sample)
    problems: dict[str, list[Vote]] = {}
    for row in store.read(query, _VOTE_ROW):
        problems.setdefault(row.problem_id, []).append(Vote(row.sample, row.vote, row.correct))
    return [(winner(votes) or votes[0]).correct for votes in problems.values()]


def group_values(store: Store, run: int) -> list[tuple[str, str]]:
    """The groupings of a run's problems, each with each of its values, in order."""
    readable = case((func.json_valid(ResultRow.groups), ResultRow.groups), else_="{}")
    group = func.json_each(readable).table_valued("key", "value", joins_implicitly=True)
    pairs = select(group.c.key, group.c.value).where(ResultRow.run_id == run).distinct()
    with store.reading() as session:
        return sorted((str(name), str(value)) for name, value in session.execute(pairs))


def _conditions(wanted: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        columns = (ResultRow.question, ResultRow.text, ResultRow.answer)
        found.append(or_(*(column.contains(wanted.text, autoescape=True) for column in columns)))
    if wanted.verdict:
        verdicts = {"right": True, "wrong": False, "unscored": None}
        found.append(ResultRow.correct.is_(verdicts[wanted.verdict]))
    if wanted.failure:
        found.append(_may_have_failed(wanted.failure))
    if wanted.program:
        found.append(_has_program(wanted.program))
    if wanted.stop:
        found.append(ResultRow.stop == wanted.stop)
    if wanted.group:
        name, value = wanted.group
        found.append(case((func.json_valid(ResultRow.groups), ResultRow.groups[name].as_string() == value)))
    return found


def _may_have_failed(kind: FailureKind) -> ColumnElement[bool]:
    """What SQL can tell without the text, so that few are left to look at."""
    statuses = [status for status, other in PROGRAM_FAILURES.items() if other == kind]
    failed = or_(ResultRow.correct.is_(False), ResultRow.strict != ResultRow.correct)
    return and_(failed, or_(*map(_has_program, statuses))) if statuses else failed


def _has_program(status: str) -> ColumnElement[bool]:
    return type_coerce(ResultRow.steps, String).contains(f'"status": "{status}"', autoescape=True)


def _failed_so(result: Result, failure: FailureFilter) -> bool:
    return not failure or failure_kind(result) == failure
