"""A stored run's programs run again under other settings, while the model's text stays as it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

from tora_agent.agent import Budget, Trajectory
from tora_agent.engines.base import Sampling
from tora_agent.engines.replay import Difference, Replay, differences
from tora_agent.eval.grading import Grader, Verdict
from tora_agent.eval.regrade import revote
from tora_agent.eval.runner import Solver, work_off
from tora_agent.eval.store import Result
from tora_agent.eval.tasks import Problem
from tora_agent.prompt import Prompt
from tora_agent.protocol import extract_answer, last_program, segments
from tora_agent.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Replayed:
    """A trajectory as it was and as it is now, and the outputs that differ."""

    before: Result
    after: Result
    outputs: list[Difference]


async def replay(
    results: Sequence[Result],
    sandbox: Sandbox,
    prompt: Prompt,
    budget: Budget,
    concurrency: int,
    graded: Callable[[bool | None], None],
) -> list[Replayed]:
    """Take trajectories through the loop again, grade what comes of them, and hand each verdict to `graded`.

    Raises:
        SandboxUnavailable: no program could be run.
    """
    tora, strict = Grader(sandbox), Grader(sandbox, "strict")
    replayed: list[Replayed] = []

    async def again(result: Result) -> None:
        engine = Replay({prompt.fill(result.question): result.text})
        solver = Solver(engine, sandbox, _as_recorded(prompt, result.text), tora, strict, Sampling(), budget)
        problem = Problem(result.problem_id, result.question, result.gold, result.groups)
        trajectory = _with_recorded_answer(await solver.solve(problem, result.sample), result)
        verdicts = await solver.grade(problem, trajectory)
        after = _after(result, trajectory, *verdicts)
        replayed.append(Replayed(result, after, differences(result.text, after.text)))
        graded(after.correct)

    await work_off(results, again, concurrency)
    replayed.sort(key=lambda each: each.before.sample)
    voted = await revote((each.after for each in replayed), strict)
    return [replace(each, after=after) for each, after in zip(replayed, voted, strict=True)]


@dataclass(frozen=True, slots=True)
class _RecordedPrompt(Prompt):
    """A prompt for one recording: a reply that was `executed` is again, since other loops have other rules for that."""

    executed: frozenset[str] = frozenset()

    def program(self, reply: str, before: str) -> str | None:
        if reply in self.executed:
            return last_program(before + reply)
        return Prompt.program(self, reply, before)


def _as_recorded(prompt: Prompt, text: str) -> Prompt:
    if prompt.style != "tora":  # the others go on after no output
        return prompt
    own = {each.name: getattr(prompt, each.name) for each in fields(prompt)}
    return _RecordedPrompt(**own, executed=frozenset(reply for reply, output in segments(text) if output is not None))


def _with_recorded_answer(trajectory: Trajectory, recorded: Result) -> Trajectory:
    """The trajectory, with the recorded answer if its text gives the same: an import's is its file's own."""
    same = trajectory.answer == extract_answer(recorded.text)
    return replace(trajectory, answer=recorded.answer) if same else trajectory


def _after(result: Result, trajectory: Trajectory, tora: Verdict, strict: Verdict) -> Result:
    """The result with what its replay made of it but for its vote; the model's tokens are as they were."""
    executions = [step.execution for step in trajectory.steps if step.execution]
    program_seconds = sum(execution.seconds for execution in executions)
    return replace(
        result,
        text=trajectory.text,
        answer=trajectory.answer,
        stop=trajectory.stop,
        correct=tora.correct,
        rule=tora.rule,
        strict=strict.correct,
        strict_rule=strict.rule,
        statuses=tuple(execution.status for execution in executions),
        seconds=result.seconds - result.program_seconds + program_seconds,
        program_seconds=program_seconds,
    )
