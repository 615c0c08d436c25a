"""Trajectories of a run, found by SQL: only what is shown is read."""

from dataclasses import dataclass
from itertools import islice
from typing import Literal

from sqlalchemy import ColumnElement, String, and_, or_, select, type_coerce

from tora_agent.errors import UserError
from tora_agent.eval.failures import PROGRAM_FAILURES, FailureKind, failure_kind
from tora_agent.eval.store import Result, ResultRow, Store, as_result, select_results
from tora_agent.eval.votes import Vote, winner

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
    with store.session() as session:
        rows = session.execute(query.order_by(ResultRow.id).execution_options(yield_per=limit))
        found = (Found(row.id, as_result(row)) for row in rows)
        return list(islice((each for each in found if _failed_so(each.result, wanted.failure)), limit))


def samples_of(store: Store, run: int, problem: str) -> list[Found]:
    """All trajectories of a problem, by sample.

    Raises:
        UserError: the run has none.
    """
    query = select_results().where(ResultRow.run_id == run, ResultRow.problem_id == problem)
    with store.session() as session:
        found = [Found(row.id, as_result(row)) for row in session.execute(query.order_by(ResultRow.sample))]
    if not found:
        raise UserError(f"run {run} has no trajectory of problem {problem}")
    return found


def chosen_verdicts(store: Store, run: int) -> list[bool | None]:
    """The verdict on each problem of a run: that of the sample that the vote chose."""
    query = select(ResultRow.problem_id, ResultRow.sample, ResultRow.vote, ResultRow.correct)
    problems: dict[str, list[Vote]] = {}
    with store.session() as session:
        for problem, sample, vote, correct in session.execute(
            query.where(ResultRow.run_id == run).order_by(ResultRow.sample)
        ):
            problems.setdefault(problem, []).append(Vote(sample, vote, correct))
    return [(winner(votes) or votes[0]).correct for votes in problems.values()]


def group_values(store: Store, run: int) -> list[tuple[str, str]]:
    """The groupings of a run's problems, each with each of its values, in order."""
    with store.session() as session:
        distinct = session.scalars(select(ResultRow.groups).where(ResultRow.run_id == run).distinct())
        return sorted({pair for groups in distinct for pair in groups.items()})


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
        found.append(ResultRow.groups[name].as_string() == value)
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
