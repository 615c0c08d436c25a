"""The loop of tool-integrated reasoning (ToRA, arXiv 2309.17452, section 2.1): generate, run, read, go on."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal

from tora_agent import protocol
from tora_agent.engines.base import Completion, ContextFull, Engine, Sampling
from tora_agent.prompt import Prompt
from tora_agent.sandbox import Execution, Sandbox

Stop = Literal["answered", "no_answer", "round_limit", "token_limit", "context_full"]


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a trajectory may become.

    Attributes:
        rounds: generations at most; None takes the prompt's own number.
        max_tokens: new tokens in one generation at most.
        total_tokens: new tokens in all generations together at most; None is no such limit.
    """

    rounds: int | None = None
    max_tokens: int = 1024
    total_tokens: int | None = None

    def __post_init__(self) -> None:
        if self.rounds is not None and self.rounds < 1:
            raise ValueError("rounds must be at least 1")
        if not 1 <= self.max_tokens < 2**31:
            raise ValueError(f"max_tokens must be from 1 to {2**31 - 1}")
        if self.total_tokens is not None and self.total_tokens < 1:
            raise ValueError("total_tokens must be at least 1")

    def room(self, written: int) -> int:
        """How many tokens the next generation may have, after so many were written."""
        return self.max_tokens if self.total_tokens is None else min(self.max_tokens, self.total_tokens - written)


@dataclass(frozen=True, slots=True)
class Step:
    """One generation, and, where it asked for one, the program's run and the text that went back."""

    completion: Completion
    program: str | None = None
    execution: Execution | None = None
    appended: str = ""


@dataclass(frozen=True, slots=True)
class Trajectory:
    """All that came of one question. `answer` is as extracted, "" when there is none.

    `begun` is the text from which the model went on, where it did not start afresh.
    """

    question: str
    prompt: str
    steps: tuple[Step, ...]
    answer: str
    stop: Stop
    begun: str = ""

    @property
    def text(self) -> str:
        """The model's texts and the output blocks between them, as the model saw them."""
        return self.begun + _text(self.steps)

    @property
    def prompt_tokens(self) -> int:
        """Tokens that the engine computed to read the prompt and the outputs; those in its cache are not counted."""
        return sum(step.completion.prompt_tokens for step in self.steps)

    @property
    def completion_tokens(self) -> int:
        """Tokens that the model wrote."""
        return _written(self.steps)

    @property
    def seconds(self) -> float:
        """Wall-clock time of generation and execution."""
        runs = (step.execution.seconds for step in self.steps if step.execution)
        return sum(step.completion.seconds for step in self.steps) + sum(runs)


@dataclass(frozen=True, slots=True)
class Generated:
    """A piece of the model's text, as soon as it is there."""

    text: str


@dataclass(frozen=True, slots=True)
class Running:
    """A program is about to run."""

    program: str


@dataclass(frozen=True, slots=True)
class Executed:
    """A program has run; `appended` is the output block that goes back to the model."""

    execution: Execution
    appended: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event: the whole trajectory, with its answer."""

    trajectory: Trajectory


Event = Generated | Running | Executed | Finished


async def run(
    question: str,
    engine: Engine,
    sandbox: Sandbox,
    prompt: Prompt,
    sampling: Sampling = Sampling(),
    budget: Budget = Budget(),
    begun: str = "",
) -> AsyncGenerator[Event, None]:
    """Solve one question; yields events, the last of which is `Finished`.

    `begun` is the start of a trajectory from which the model goes on. Its rounds count, its programs are not run
    again.

    Closing the generator, or cancelling its task, frees the sequence and kills a program that runs.

    Raises:
        EngineError: the engine failed.
        SandboxUnavailable: no program could be run.
    """
    steps: list[Step] = []
    rounds = (budget.rounds or prompt.rounds) - len(protocol.outputs(begun))
    try:
        async with (
            engine.sequence(prompt.fill(question) + begun, sampling) as sequence,
            sandbox.session(prompt.mode) as session,
        ):
            while len(steps) < rounds and (room := budget.room(_written(steps))) > 0:
                async with aclosing(sequence.generate(prompt.stop, room)) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, Completion):
                            completion = piece
                        else:
                            yield Generated(piece)
                program = prompt.program(completion.text, begun + _text(steps))
                if program is None:
                    steps.append(Step(completion))
                    break
                yield Running(program)
                execution = await session.run(program)
                appended = prompt.render(execution)
                steps.append(Step(completion, program, execution, appended))
                yield Executed(execution, appended)
                await sequence.append(appended)
        out_of_tokens = 0 < len(steps) < rounds and budget.room(_written(steps)) <= 0
        yield Finished(_finish(question, prompt, steps, begun, out_of_tokens))
    except ContextFull:
        yield Finished(_trajectory(question, prompt, steps, "context_full", begun))


async def to_end(events: AsyncGenerator[Event, None]) -> Trajectory:
    """Let a `run` come to its end, and return its trajectory."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Finished):
                trajectory = event.trajectory
    return trajectory


def _finish(question: str, prompt: Prompt, steps: list[Step], begun: str, out_of_tokens: bool) -> Trajectory:
    """Close a trajectory that ended by itself or by a limit of the loop."""
    if not steps:  # `begun` used up the rounds
        return _trajectory(question, prompt, steps, "round_limit", begun)
    last = steps[-1]
    cut = last.completion.finish == "length" if last.program is None else out_of_tokens
    if cut:
        return _trajectory(question, prompt, steps, "token_limit", begun)
    if last.program is not None and prompt.style == "tora":
        steps[-1] = Step(last.completion, last.program, last.execution, last.appended + protocol.CALL_LIMIT_NOTE)
        return _trajectory(question, prompt, steps, "round_limit", begun)
    trajectory = _trajectory(question, prompt, steps, "answered", begun)
    return trajectory if trajectory.answer else _trajectory(question, prompt, steps, "no_answer", begun)


def _trajectory(question: str, prompt: Prompt, steps: list[Step], stop: Stop, begun: str) -> Trajectory:
    answer = protocol.extract_answer(begun + _text(steps))
    return Trajectory(question, prompt.fill(question), tuple(steps), answer, stop, begun)


def _written(steps: list[Step] | tuple[Step, ...]) -> int:
    return sum(step.completion.completion_tokens for step in steps)


def _text(steps: list[Step] | tuple[Step, ...]) -> str:
    return "".join(step.completion.text + step.appended for step in steps)
