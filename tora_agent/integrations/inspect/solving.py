"""Our loop as a solver of inspect_ai."""

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict, replace
from typing import Any

from inspect_ai.model import ChatMessageAssistant, Model, ModelOutput, execute_tools, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import ToolDef, ToolError

from tora_agent import protocol
from tora_agent.agent import Budget, Event, Executed, Finished, Running, Trajectory, run
from tora_agent.engines.base import Sampling
from tora_agent.integrations.inspect import mistakes
from tora_agent.integrations.inspect.conversation import PYTHON, Conversation, called_program
from tora_agent.integrations.inspect.held import held
from tora_agent.integrations.inspect.model import ToraModel
from tora_agent.prompt import load_prompt
from tora_agent.sandbox import Limits, Sandbox
from tora_agent.validation import validated


@solver
def tora(
    prompt: str | None = None,
    few_shot: str = "",
    limits: Mapping[str, Any] | None = None,
    sandbox: Mapping[str, Any] | None = None,
) -> Solver:
    """Solve a problem with programs: our loop, prompt and sandbox, with the model that inspect_ai was given.

    Args:
        prompt: a shipped prompt's name, or the path of a file. None is `tora` for models of ours (`tora/NAME`), and
            `tools` for all others.
        few_shot: the kind of the problems, by which a few-shot prompt is chosen (`gsm8k` or `math`).
        limits: keys of a config file's `limits`, such as rounds and max_tokens.
        sandbox: keys of a config file's `sandbox`, such as seconds and memory_mb.
    """
    with mistakes.shown():
        named = load_prompt(prompt, few_shot) if prompt else None
        budget = validated(Budget, limits or {}, "the solver's limits")
        walls = validated(Limits, sandbox or {}, "the solver's sandbox")

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        chosen = named or load_prompt("tora" if isinstance(model.api, ToraModel) else "tools")
        conversation = Conversation(model, chosen, state)
        room = replace(budget, max_tokens=model.config.max_tokens or budget.max_tokens)
        programs = await shared_sandbox(walls)
        sampling = _sampling(model, state)
        async with aclosing(run(state.user_prompt.text, conversation, programs, chosen, sampling, room)) as events:
            async for event in events:
                if isinstance(event, Running) and not await _call(state, events):
                    break
                if isinstance(event, Finished):
                    _finish(state, event.trajectory)
        return state

    return solve


async def shared_sandbox(limits: Limits) -> Sandbox:
    """The sandbox with these limits that all samples use."""
    return await held(limits, lambda: Sandbox(limits, concurrency=os.cpu_count() or 1))


async def _call(state: TaskState, events: AsyncGenerator[Event, None]) -> bool:
    """Let inspect_ai make the call in the last message, which lets the loop run its program; whether that goes on.

    A program in fences is no call, and is run as the loop goes on. Of a call that is not as it should be, inspect_ai
    tells the model, and nothing is run.
    """
    message = state.messages[-1]
    if not isinstance(message, ChatMessageAssistant) or not message.tool_calls:
        return True
    asked = called_program(message.tool_calls[0])
    ran = False

    async def python(code: str) -> str:
        nonlocal ran
        if code != asked:
            raise ToolError("a program cannot be changed, only refused")
        executed = await anext(events)
        assert isinstance(executed, Executed)
        ran = True
        return protocol.outputs(executed.appended)[0]

    tool = ToolDef(python, PYTHON.name, PYTHON.description, PYTHON.parameters)
    state.messages.extend((await execute_tools(state.messages, [tool])).messages)
    return ran or asked is None


def _sampling(model: Model, state: TaskState) -> Sampling:
    """The model's settings with inspect_ai's over them; each epoch has the seed of a sample of ours."""
    if not isinstance(model.api, ToraModel):
        return Sampling()  # inspect_ai applies its settings itself
    given = model.config.model_dump(include={"temperature", "top_p", "top_k", "seed"}, exclude_none=True)
    with mistakes.shown():
        sampling = validated(Sampling, asdict(model.api.experiment.sampling) | given, "the settings of generation")
    return sampling.for_sample(state.user_prompt.text, state.epoch - 1)


def _finish(state: TaskState, trajectory: Trajectory) -> None:
    """Leave the whole text as the output, for scorers to read as our graders do."""
    state.store.set("stop", trajectory.stop)
    output = state.output if trajectory.steps else ModelOutput.from_content(str(state.model), "", "model_length")
    state.output = output.model_copy(update={"completion": trajectory.text})
