"""The agent as a Python object, for programs that embed it."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from tora_agent.agent import Budget, Event, Trajectory, run, to_end
from tora_agent.background import Background, Closing
from tora_agent.compose import open_engine
from tora_agent.config import Experiment, engine_for
from tora_agent.engines.base import Engine, Sampling
from tora_agent.engines.llama_cpp import LlamaCppConfig
from tora_agent.engines.openai.config import OpenAIConfig
from tora_agent.engines.transformers.config import TransformersConfig
from tora_agent.errors import UserError
from tora_agent.models import BUNDLED
from tora_agent.prompt import load_prompt
from tora_agent.sandbox import Limits, Sandbox


class Agent(Closing):
    """A model, a sandbox and a prompt that solve problems; safe to use from several threads and event loops.

    The parts live in a thread of their own, so the sync methods also work in a notebook. Close it, or use it
    as a context manager (`with` or `async with`), to free the model.

    >>> with Agent() as agent:
    ...     print(agent.solve("What is 15% of 240?").answer)
    36
    """

    def __init__(
        self,
        model: str | Path = BUNDLED,
        *,
        prompt: str = "tora",
        sampling: Sampling = Sampling(),
        limits: Budget = Budget(),
        llama_cpp: LlamaCppConfig = LlamaCppConfig(),
        transformers: TransformersConfig = TransformersConfig(),
        openai: OpenAIConfig | None = None,
        sandbox: Limits = Limits(),
    ) -> None:
        """Load the model; the arguments are those of a config file, but for one slot where none are named.

        With `openai` the model is one of a server's. Of `llama_cpp` and `transformers`, that of the engine which loads
        the model has a say: transformers loads checkpoints (a folder, or `hf:OWNER/REPO`).

        Raises:
            UserError: there is no such model, prompt or server, or the model's file is broken.
        """
        self._prompt = load_prompt(prompt)
        self._sampling = sampling
        self._limits = limits
        llama_cpp = replace(llama_cpp, slots=llama_cpp.slots or 1)
        try:
            self._experiment = Experiment(
                model=str(model),
                engine="openai" if openai else engine_for(str(model)),
                prompt=prompt,
                llama_cpp=llama_cpp,
                transformers=replace(transformers, slots=transformers.slots or 1),
                openai=openai or OpenAIConfig(),
                sandbox=sandbox,
            )
        except ValueError as error:
            raise UserError(str(error)) from error
        self._background = Background("agent")
        self._stack = AsyncExitStack()
        try:
            self._engine, self._sandbox = self._background.wait(self._open())
        except BaseException:
            self.close()
            raise

    @property
    def name(self) -> str:
        """What answers, in a few words."""
        return self._engine.name

    def solve(self, question: str) -> Trajectory:
        """Solve one problem and return its whole trajectory, with `.answer` and `.text`.

        Raises:
            UserError: the question is empty, or longer than the model's context.
            EngineError: the engine failed.
            SandboxUnavailable: no program could be run.
        """
        return self._background.wait(self._solve(question))

    async def asolve(self, question: str) -> Trajectory:
        """`solve` for async programs; cancelling it frees the model's slot and kills a running program."""
        return await self._background.result(self._solve(question))

    def stream(self, question: str) -> Generator[Event, None, None]:
        """Solve one problem and yield what happens as it happens; the last event is `Finished`.

        A question longer than the context ends at once, with a trajectory without steps.
        """
        events, turn = self._events(question), asyncio.Lock()
        try:
            while (event := self._background.wait(_next(events, turn))) is not None:
                yield event
        finally:
            if not self._background.closed:
                self._background.wait(_close(events, turn))

    async def astream(self, question: str) -> AsyncGenerator[Event, None]:
        """`stream` for async programs."""
        events, turn = self._events(question), asyncio.Lock()
        try:
            while (event := await self._background.result(_next(events, turn))) is not None:
                yield event
        finally:
            if not self._background.closed:
                await self._background.result(_close(events, turn))

    def close(self) -> None:
        """Free the model and end the sandbox's processes; a second call does nothing."""
        self._background.close(self._stack.aclose())

    async def _open(self) -> tuple[Engine, Sandbox]:
        engine = await self._stack.enter_async_context(open_engine(self._experiment, self._prompt))
        sandbox = await self._stack.enter_async_context(Sandbox(self._experiment.sandbox))
        return engine, sandbox

    def _events(self, question: str) -> AsyncGenerator[Event, None]:
        if not question.strip():
            raise UserError("the problem is empty: give its text")
        return run(question, self._engine, self._sandbox, self._prompt, self._sampling, self._limits)

    async def _solve(self, question: str) -> Trajectory:
        return checked(await to_end(self._events(question)))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)


def checked(trajectory: Trajectory) -> Trajectory:
    """The trajectory, of a question that fitted the model's context.

    Raises:
        UserError: it did not.
    """
    if not trajectory.steps:
        raise UserError("the problem is longer than the model's context: shorten it, or give the model a longer one")
    return trajectory


async def _next(events: AsyncGenerator[Event, None], turn: asyncio.Lock) -> Event | None:
    async with turn:
        return await anext(events, None)


async def _close(events: AsyncGenerator[Event, None], turn: asyncio.Lock) -> None:
    async with turn:  # a step that is being cancelled ends first
        await events.aclose()
