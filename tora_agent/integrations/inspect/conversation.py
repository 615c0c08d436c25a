"""A sample's conversation as the engine of our loop: every generation is a call of inspect_ai's model."""

import time
from collections.abc import AsyncGenerator, AsyncIterator
from collections.abc import Sequence as Strings
from contextlib import asynccontextmanager

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelOutput,
)
from inspect_ai.solver import TaskState
from inspect_ai.tool import ToolCall, ToolInfo

from tora_agent.engines.base import Completion, ContextFull, Sampling, Sequence
from tora_agent.engines.openai.conversation import TOOL, in_fences, messages
from tora_agent.engines.text import TextStream
from tora_agent.integrations.inspect.model import TURN, ToraModel, Turn
from tora_agent.prompt import Prompt

PYTHON = ToolInfo.model_validate(TOOL["function"])
_KINDS = {"system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant}


class Conversation:
    """An `Engine` for one sample, which keeps the sample's messages as it goes.

    Behind a model of ours is an open sequence, whose text is exactly the engine's. Any other model is asked as a chat:
    one that calls our tool where the prompt has no stop strings, or else one that writes programs in fences.
    """

    def __init__(self, model: Model, prompt: Prompt, state: TaskState) -> None:
        self._model = model
        self._prompt = prompt
        self._state = state

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self._model)

    @property
    def slots(self) -> int:
        """One: a sample's own."""
        return 1

    @asynccontextmanager
    async def sequence(self, prompt: str, sampling: Sampling) -> AsyncIterator[Sequence]:
        """Begin the conversation; a model that is not ours takes its sampling from inspect_ai's settings alone."""
        self._state.messages = [_message(said["role"], said["content"]) for said in messages(prompt)]
        if isinstance(self._model.api, ToraModel):
            engine = await self._model.api.engine(self._prompt)
            async with engine.sequence(prompt, sampling) as sequence:
                yield _Ours(self._model, self._prompt, self._state, sequence)
        else:
            yield _Chat(self._model, self._prompt, self._state)

    async def close(self) -> None:
        """Nothing to free: inspect_ai keeps its models, and our engines are held for all samples."""


class _Ours:
    """A `Sequence` of one of our engines, generated through inspect_ai's model."""

    def __init__(self, model: Model, prompt: Prompt, state: TaskState, sequence: Sequence) -> None:
        self._model = model
        self._prompt = prompt
        self._state = state
        self._sequence = sequence
        self._text = ""

    async def generate(self, stop: Strings[str], max_tokens: int) -> AsyncGenerator[str | Completion, None]:
        """See `Sequence.generate`; the text comes as one piece."""
        before = self._text
        TURN.set(Turn(self._sequence, stop, max_tokens, lambda reply: self._prompt.program(reply, before)))
        output = await _ask(self._model, self._state, [], stop, max_tokens)
        self._text += output.completion
        yield output.completion
        yield _completion(output, output.completion, output.time or 0.0)

    async def append(self, text: str) -> None:
        """See `Sequence.append`; the tool's message has come with its call."""
        self._text += text
        await self._sequence.append(text)


class _Chat:
    """A `Sequence` over a chat model, as `engines.openai` has one over a server's."""

    def __init__(self, model: Model, prompt: Prompt, state: TaskState) -> None:
        self._model = model
        self._tools = [PYTHON] if prompt.style == "tora" and not prompt.stop else []
        self._state = state

    async def generate(self, stop: Strings[str], max_tokens: int) -> AsyncGenerator[str | Completion, None]:
        """See `Sequence.generate`; the text comes as one piece, with a called program in fences."""
        began = time.perf_counter()
        output = await _ask(self._model, self._state, self._tools, stop, max_tokens)
        text = _written(output.message, tuple(stop))
        yield text
        yield _completion(output, text, time.perf_counter() - began)

    async def append(self, text: str) -> None:
        """See `Sequence.append`; where a call was made, its message has come."""
        if self._state.messages[-1].role != "tool":
            self._state.messages.append(ChatMessageUser(content=text.strip()))


async def _ask(
    model: Model, state: TaskState, tools: list[ToolInfo], stop: Strings[str], max_tokens: int
) -> ModelOutput:
    """The model's next message, kept in the sample's; of several calls in it, the first.

    Raises:
        ContextFull: the model has no room for it.
    """
    config = GenerateConfig(max_tokens=max_tokens, stop_seqs=list(stop) or None)
    if tools:
        config.parallel_tool_calls = False
    output = await model.generate(state.messages, tools, config=config, cache=False)
    state.output = output
    if output.stop_reason == "model_length":
        raise ContextFull
    if output.message.tool_calls:
        output.message.tool_calls = output.message.tool_calls[:1]
    state.messages.append(output.message)
    return output


def _written(message: ChatMessageAssistant, stop: tuple[str, ...]) -> str:
    """The message's text up to a stop string, which not every provider heeds, with its call in fences."""
    stream = TextStream(stop)
    stream.push(message.text.encode(errors="replace"))
    stream.finish()
    if stream.stopped:
        message.content = stream.text
    if not message.tool_calls:
        return stream.text
    program = in_fences(called_program(message.tool_calls[0]) or "")
    return f"{stream.text}\n{program}".lstrip("\n")


def called_program(call: ToolCall) -> str | None:
    """The program of a call of our tool; None where the call is another, or not as it should be."""
    code = call.arguments.get("code")
    return code if call.function == PYTHON.name and not call.parse_error and isinstance(code, str) else None


def _completion(output: ModelOutput, text: str, seconds: float) -> Completion:
    usage = output.usage
    read, written = (usage.input_tokens, usage.output_tokens) if usage else (0, 0)
    return Completion(text, "length" if output.stop_reason == "max_tokens" else "stop", read, written, seconds)


def _message(role: str, content: str) -> ChatMessage:
    return _KINDS[role](content=content)  # type: ignore[no-any-return]
