"""Our graders as scorers of inspect_ai."""

from contextlib import nullcontext

from inspect_ai.scorer import CORRECT, INCORRECT, Score, Scorer, Target, accuracy, scorer, stderr
from inspect_ai.solver import TaskState

from tora_agent.eval.grading import Grader
from tora_agent.integrations.inspect.held import held
from tora_agent.integrations.inspect.solving import shared_sandbox
from tora_agent.names import GraderName
from tora_agent.protocol import extract_answer
from tora_agent.sandbox import Limits


@scorer(metrics=[accuracy(), stderr()], name="tora")
def tora_scorer() -> Scorer:
    """Right by the rules of ToRA's published evaluation."""
    return _scorer("tora")


@scorer(metrics=[accuracy(), stderr()], name="strict")
def strict_scorer() -> Scorer:
    """Right by a mathematician's rules."""
    return _scorer("strict")


def _scorer(name: GraderName) -> Scorer:
    """A scorer of the output's text, whichever solver left it; what has no verdict is unscored, not wrong."""

    async def score(state: TaskState, target: Target) -> Score:
        answer = extract_answer(state.output.completion)
        sandbox = await shared_sandbox(Limits())
        grader = await held(("grader", name), lambda: nullcontext(Grader(sandbox, name)))
        verdict = await grader.grade(answer, target.text)
        explanation = f"{verdict.rule}: {verdict.reason}"
        if verdict.correct is None:
            return Score.unscored(reason="grader_failed", answer=answer, explanation=explanation)
        return Score(value=CORRECT if verdict.correct else INCORRECT, answer=answer, explanation=explanation)

    return score
