"""Chat models: a prompt as a conversation, and calls of a tool in the place of fences."""

import json
from collections.abc import AsyncIterator
from importlib import util
from typing import Any

import pytest

from faulty_proxy import Fault, proxy, streamed
from tora_agent.agent import Trajectory, run, to_end
from tora_agent.engines.base import Sampling
from tora_agent.engines.openai import OpenAICompatible, OpenAIConfig
from tora_agent.engines.openai.conversation import fenced, messages
from tora_agent.errors import UserError
from tora_agent.names import Api
from tora_agent.prompt import load_prompt
from tora_agent.sandbox import Sandbox

needs_openai = pytest.mark.skipif(not util.find_spec("openai"), reason="the extra `openai` is not installed")
PROGRAM = "x = 6 * 7\nprint(x)"


@pytest.fixture
async def script() -> AsyncIterator[Any]:
    """A server that says what a test puts into `faults`."""
    async with proxy() as server:
        yield server


def delta(finish: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish}]}


def called(finish: str | None = None, **call: Any) -> dict[str, Any]:
    return delta(finish, tool_calls=[{"index": 0} | call])


async def solved(
    script: Any, api: Api, prompt: str, question: str = "What is six times seven?", **settings: Any
) -> Trajectory:
    engine = OpenAICompatible("a-model", OpenAIConfig(base_urls=(script.url,), api=api, patience_seconds=9, **settings))
    try:
        async with Sandbox() as sandbox:
            return await to_end(run(question, engine, sandbox, load_prompt(prompt)))
    finally:
        await engine.close()


@needs_openai
async def test_a_chat_goes_through_the_same_loop(script: Any) -> None:
    script.faults.extend(
        [
            streamed(
                delta(role="assistant", content=""),
                delta(content="A program:\n"),
                delta("stop", content=fenced(PROGRAM)),
            ),
            streamed(
                delta(content="So it is $\\boxed{42}$.\n"), delta("stop"), {"choices": [], "usage": usage(90, 9, 60)}
            ),
        ]
    )
    trajectory = await solved(script, "chat", "chat")
    assert (trajectory.answer, trajectory.stop, len(trajectory.steps)) == ("42", "answered", 2)
    assert (trajectory.steps[1].completion.prompt_tokens, trajectory.steps[1].completion.completion_tokens) == (30, 9)
    first, second = (request["messages"] for request in script.requests)
    assert [message["role"] for message in first] == ["system", "user"]
    assert first[1]["content"] == "What is six times seven?"
    assert second[2:] == [
        {"role": "assistant", "content": f"A program:\n{fenced(PROGRAM)}"},
        {"role": "user", "content": "```output\n42\n```"},
    ]
    assert script.requests[0]["stop"] == ["```output"] and "tools" not in script.requests[0]


def usage(read: int, written: int, cached: int) -> dict[str, Any]:
    details = {"cached_tokens": cached}
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": 0, "prompt_tokens_details": details}


@needs_openai
async def test_a_tool_call_goes_through_the_same_loop(script: Any) -> None:
    arguments = json.dumps({"code": PROGRAM})
    other = {"index": 1, "id": "c2", "type": "function", "function": {"name": "python", "arguments": "{}"}}
    script.faults.extend(
        [
            Fault(200, f"data: {json.dumps(delta('', content='I'))}\n\n"),  # broke off, by TGI: asked anew
            streamed(
                delta(content="I compute."),
                called(id="c1", type="function", function={"name": "python", "arguments": arguments[:9]}),
                called(function={"arguments": arguments[9:]}),
                delta("tool_calls", tool_calls=[other]),
            ),
            streamed(delta("stop", content="It is $\\boxed{42}$.")),
        ]
    )
    trajectory = await solved(script, "tools", "tools")
    assert (trajectory.answer, trajectory.stop) == ("42", "answered")
    assert trajectory.text == f"I compute.\n{fenced(PROGRAM)}\n```output\n42\n```\nIt is $\\boxed{{42}}$."
    _, request, after = script.requests
    assert request["tools"][0]["function"]["name"] == "python" and request["parallel_tool_calls"] is False
    call = {"id": "c1", "type": "function", "function": {"name": "python", "arguments": arguments}}
    assert after["messages"][2:] == [
        {"role": "assistant", "content": "I compute.", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "42"},
    ]


@needs_openai
@pytest.mark.parametrize(
    "arguments",
    ["print('4", '"print(4)"', '{"program": "print(4)"}', '{"code": 4}', "[" * 9999],
    ids=["a program", "a text", "another name", "no text", "deep"],
)
async def test_arguments_that_are_not_as_they_should_be_are_the_program(script: Any, arguments: str) -> None:
    odd = called("tool_calls", id="c1", type="function", function={"name": "python", "arguments": arguments})
    script.faults.extend([streamed(odd), streamed(delta("stop", content="$\\boxed{4}$"))])
    trajectory = await solved(script, "tools", "tools")
    assert (trajectory.steps[0].program, trajectory.answer) == (arguments, "4")
    (call,) = script.requests[1]["messages"][2]["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"code": arguments}


@needs_openai
async def test_half_a_character_does_not_stop_the_loop(script: Any) -> None:
    script.faults.append(streamed(delta("stop", content="\\boxed{4\ud800}")))
    trajectory = await solved(script, "chat", "chat", "1\udcff + 3")
    assert trajectory.text == "\\boxed{4?}" and script.requests[0]["messages"][1]["content"] == "1? + 3"


@needs_openai
async def test_a_call_that_was_cut_off_is_not_run(script: Any) -> None:
    cut = called("length", id="c1", type="function", function={"name": "python", "arguments": '{"code": "pri'})
    script.faults.append(streamed(cut))
    trajectory = await solved(script, "tools", "tools")
    assert (trajectory.stop, trajectory.steps[0].program) == ("token_limit", None)


@needs_openai
async def test_a_hosted_server_is_asked_for_what_it_knows(script: Any) -> None:
    script.faults.append(streamed(delta("stop", content="$\\boxed{4}$")))
    await solved(script, "tools", "tools", standard=True)
    known = {"model", "messages", "temperature", "seed", "stream", "stream_options", "max_completion_tokens"}
    assert script.requests[0].keys() == known | {"tools", "parallel_tool_calls"}
    engine = OpenAICompatible("a-model", OpenAIConfig(base_urls=(script.url,), standard=True))
    with pytest.raises(UserError, match="has no top_k, min_p and repetition_penalty"):
        async with engine.sequence("x", Sampling(top_k=3)):
            pass
    await engine.close()


def test_turns_become_messages() -> None:
    shown = "Program:\n```python\n1\n```\n```output\n1\n```\nOne.\n"
    text = f"<|system|>\nBe brief.\n<|user|>\nOne?\n<|assistant|>\n{shown}<|user|>\nTwo?\n<|assistant|>\n"
    assert [(message["role"], message["content"]) for message in messages(text)] == [
        ("system", "Be brief."),
        ("user", "One?"),
        ("assistant", "Program:\n```python\n1\n```"),
        ("user", "```output\n1\n```"),
        ("assistant", "One."),
        ("user", "Two?"),
    ]


def test_a_text_without_turns_is_the_users() -> None:
    filled = load_prompt("tora_gsm8k").fill("How many?")
    assert messages(filled) == [{"role": "user", "content": filled}]
