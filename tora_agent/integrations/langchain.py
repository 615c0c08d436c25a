"""LangChain's interfaces: the sandbox as a tool, and the agent as a chat model."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, closing
from typing import Any, Literal

from langchain_core.callbacks import (
    AsyncCallbackManagerForLLMRun,
    AsyncCallbackManagerForToolRun,
    CallbackManagerForLLMRun,
    CallbackManagerForToolRun,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.tools import BaseTool
from langchain_core.tools.base import ArgsSchema
from pydantic import BaseModel, Field, PrivateAttr

from tora_agent import protocol
from tora_agent.agent import Event, Executed, Finished, Generated, Trajectory
from tora_agent.api import Agent, checked
from tora_agent.background import Background, Closing
from tora_agent.errors import UserError
from tora_agent.sandbox import Execution, Limits, Mode, Sandbox, Session


class Program(BaseModel):
    """What the tool takes."""

    code: str = Field(description="A Python program that prints its result.")


class SandboxTool(BaseTool, Closing):
    """Runs Python programs of a model; what comes of them is text, also where they fail or are refused.

    The text is what ToRA's models read: what was printed, shortened, or else the error's last line. The whole
    `Execution` is the message's artifact. A `notebook` keeps its variables from one program to the next. Close the
    tool, or use it as a context manager, to end its processes.

    >>> SandboxTool().invoke({"code": "print(2**10)"})
    '1024'
    """

    name: str = "python"
    description: str = ""
    args_schema: ArgsSchema | None = Program
    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"
    limits: Limits = Limits()
    mode: Mode = "stateless"
    _background: Background = PrivateAttr(default_factory=lambda: Background("tool"))
    _sandbox: Sandbox = PrivateAttr()
    _notebook: Session = PrivateAttr()

    def model_post_init(self, context: Any) -> None:
        """Describe the tool to models, where its user does not; its processes start with the first program."""
        super().model_post_init(context)
        self._sandbox = Sandbox(self.limits)
        self._notebook = Session(self._sandbox, "notebook")
        state = "Variables are kept for the next program." if self.mode == "notebook" else "Each program starts afresh."
        self.description = self.description or (
            "Run a Python program and read what it prints; sympy, numpy and scipy are there, files and network are "
            f"not. {state}"
        )

    def close(self) -> None:
        """End the sandbox's processes; a second call does nothing."""
        self._background.close(self._sandbox.close())

    def _run(self, code: str, run_manager: CallbackManagerForToolRun | None = None) -> tuple[str, Execution]:
        return self._background.wait(self._execute(code))

    async def _arun(
        self, code: str, run_manager: AsyncCallbackManagerForToolRun | None = None
    ) -> tuple[str, Execution]:
        return await self._background.result(self._execute(code))

    async def _execute(self, code: str) -> tuple[str, Execution]:
        if self.mode == "notebook":
            execution = await self._notebook.run(code)
        else:
            async with self._sandbox.session() as session:
                execution = await session.run(code)
        return protocol.result_text(execution.stdout, execution.error, execution.status == "timeout"), execution


class ChatTora(BaseChatModel):
    """The agent where a chat model stands: the tool loop runs inside, and the message is the whole trajectory.

    The last message of the user is the problem; each problem stands alone, so earlier messages are not read. The
    answer, why the trajectory ended and how its programs did are in the message's `response_metadata`. As many
    problems of a batch are solved at the same time as the agent has slots.

    >>> with Agent() as agent:
    ...     ChatTora(agent=agent).invoke("What is 15% of 240?").response_metadata["answer"]
    '36'
    """

    agent: Agent = Field(exclude=True)

    @property
    def model_name(self) -> str:
        """What answers."""
        return self.agent.name

    @property
    def _llm_type(self) -> str:
        return "tora-agent"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._result(self.agent.solve(_problem(messages, stop, kwargs)))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._result(await self.agent.asolve(_problem(messages, stop, kwargs)))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        sent = 0
        with closing(self.agent.stream(_problem(messages, stop, kwargs))) as events:
            for event in events:
                if chunk := self._chunk(event, sent):
                    sent += len(chunk.text)
                    yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        sent = 0
        async with aclosing(self.agent.astream(_problem(messages, stop, kwargs))) as events:
            async for event in events:
                if chunk := self._chunk(event, sent):
                    sent += len(chunk.text)
                    yield chunk

    def _result(self, trajectory: Trajectory) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(trajectory.text, **self._about(trajectory)))])

    def _chunk(self, event: Event, sent: int) -> ChatGenerationChunk | None:
        """The next piece of the message, after so many characters of it; the last has what is known at the end."""
        match event:
            case Generated(text) | Executed(_, text):
                return ChatGenerationChunk(message=AIMessageChunk(content=text))
            case Finished(trajectory):
                rest = checked(trajectory).text[sent:]  # the note that the rounds were used up
                return ChatGenerationChunk(message=AIMessageChunk(content=rest, **self._about(trajectory)))
        return None

    def _about(self, trajectory: Trajectory) -> dict[str, Any]:
        read, written = trajectory.prompt_tokens, trajectory.completion_tokens
        return {
            "response_metadata": {
                "model_name": self.model_name,
                "answer": trajectory.answer,
                "stop": trajectory.stop,
                "programs": [step.execution.status for step in trajectory.steps if step.execution],
            },
            "usage_metadata": UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written),
        }


def _problem(messages: list[BaseMessage], stop: list[str] | None, options: dict[str, Any]) -> str:
    """The last message of the user.

    Raises:
        UserError: it is not text alone, or something is asked for that the agent cannot do.
    """
    if asked := [*(["stop"] if stop else []), *options]:
        raise UserError(f"{asked[0]} is not supported: the agent's own settings are those of Agent(...)")
    last = next((message for message in reversed(messages) if isinstance(message, HumanMessage)), HumanMessage(""))
    if any(block["type"] != "text" for block in last.content_blocks):
        raise UserError("the problem has parts that are not text, and only text can be solved")
    return last.text
