"""Verdicts and votes on stored answers, given anew by the graders of today."""

from collections.abc import Iterable
from dataclasses import replace

from tora_agent.eval.grading import Grader
from tora_agent.eval.metrics import by_problem
from tora_agent.eval.store import Result, Store, StoredVerdict
from tora_agent.eval.votes import Ballots, Vote, by_first_sample


async def regrade(store: Store, run: int, tora: Grader, strict: Grader) -> list[tuple[Result, Result]]:
    """Grade a run's answers again and store what comes of it; the results that changed, before and after.

    A vote that is only named by another of its samples has not changed.

    Raises:
        UserError: there is no such run, a process is at work on it, or the store cannot be written.
    """
    with store.lock(store.require(run)):
        return await _regrade(store, run, tora, strict)


async def _regrade(store: Store, run: int, tora: Grader, strict: Grader) -> list[tuple[Result, Result]]:
    before = _named_alike(store.results(run))
    graded = []
    for result in before:
        paper = await tora.grade(result.answer, result.gold)
        other = await strict.grade(result.answer, result.gold)
        graded.append(
            replace(result, correct=paper.correct, rule=paper.rule, strict=other.correct, strict_rule=other.rule)
        )
    voted = await revote(graded, strict)
    store.replace_verdicts(
        run,
        {
            (result.problem_id, result.sample): StoredVerdict(
                result.correct, result.rule, result.strict, result.strict_rule, result.vote
            )
            for result in voted
        },
    )
    return [pair for pair in zip(before, store.results(run), strict=False) if pair[0] != pair[1]]


def _named_alike(results: list[Result]) -> list[Result]:
    """The results with each vote named by its first sample."""
    votes = {
        problem: by_first_sample(Vote(result.sample, result.vote, result.correct) for result in group)
        for problem, group in by_problem(results).items()
    }
    return [replace(result, vote=votes[result.problem_id][result.sample]) for result in results]


async def revote(results: Iterable[Result], grader: Grader) -> list[Result]:
    """The results with votes in which answers that this grader finds equal are one; nothing is stored."""
    ordered = sorted(results, key=lambda result: result.sample)
    ballots = Ballots(grader, len(ordered))
    cast = [await ballots.cast(result.problem_id, result.sample, result.answer, result.correct) for result in ordered]
    return [replace(result, vote=vote) for result, (vote, _) in zip(ordered, cast, strict=True)]
