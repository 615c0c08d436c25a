"""Verdicts and votes on stored answers, given anew by the graders of today."""

from tora_agent.eval.grading import Grader
from tora_agent.eval.store import Result, Store, StoredVerdict
from tora_agent.eval.votes import Ballots


async def regrade(store: Store, run: int, tora: Grader, strict: Grader) -> list[tuple[Result, Result]]:
    """Grade a run's answers again and store what comes of it; the results that changed, before and after.

    Raises:
        UserError: there is no such run, or the store cannot be written.
    """
    before = store.results(run)
    ballots = Ballots(strict, max((result.sample for result in before), default=0) + 1)
    verdicts = {}
    for result in sorted(before, key=lambda result: result.sample):
        paper = await tora.grade(result.answer, result.gold)
        other = await strict.grade(result.answer, result.gold)
        vote = await ballots.cast(result.problem_id, result.sample, result.answer, paper.correct)
        verdicts[result.problem_id, result.sample] = StoredVerdict(
            paper.correct, paper.rule, other.correct, other.rule, vote
        )
    store.replace_verdicts(run, verdicts)
    return [pair for pair in zip(before, store.results(run), strict=True) if pair[0] != pair[1]]
