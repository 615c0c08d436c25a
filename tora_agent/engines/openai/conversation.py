"""A prompt's text as a chat: its turns become messages, and output blocks go back as the user's."""

import json
import re
from typing import Any

from tora_agent import protocol

Message = dict[str, Any]

TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "python",
        "description": "Run a Python program and read what it prints.",
        "parameters": {
            "type": "object",
            "properties": {"code": {"type": "string", "description": "The program; print what you want to read."}},
            "required": ["code"],
        },
    },
}

_TURN = re.compile(r"^<\|(system|user|assistant)\|>\n", re.MULTILINE)


def messages(text: str) -> list[Message]:
    """The conversation that a prompt stands for.

    Lines such as `<|user|>` begin a turn, as in ToRA's own prompt; a text without them is one message of the
    user's. In the assistant's turns each output block becomes a message of the user's, as `reply_with` will send it.
    """
    before, *turns = _TURN.split(text)
    found = [_message("user", before)]
    for role, content in zip(turns[::2], turns[1::2], strict=True):
        if role == "assistant":
            for written, output in protocol.segments(content):
                found.append(_message("assistant", written))
                found.append(_message("user", "" if output is None else protocol.output_block(output)))
        else:
            found.append(_message(role, content))
    return [message for message in found if message["content"]]


def said(text: str, call: str | None, arguments: str) -> Message:
    """The assistant's own message, with its call of the tool where it made one.

    Servers refuse a conversation with arguments that are no JSON: those go back as the program they were taken for.
    """
    message = _message("assistant", text)
    if call is None:
        return message
    sent = json.dumps({"code": arguments}) if _code(arguments) is None else arguments
    function = {"name": TOOL["function"]["name"], "arguments": sent}
    return message | {"tool_calls": [{"id": call, "type": "function", "function": function}]}


def reply_with(block: str, call: str | None) -> Message:
    """An appended output block as a message: the tool's where the model had called it, by the call's id."""
    if call is None:
        return _message("user", block)
    return {"role": "tool", "tool_call_id": call, "content": protocol.outputs(block)[0]}


def fenced(arguments: str) -> str:
    """A tool call's program in the fences by which the loop knows one.

    Arguments that are not as they should be are taken for the program: the model reads what comes of it.
    """
    code = _code(arguments)
    return in_fences(arguments if code is None else code)


def in_fences(program: str) -> str:
    """A program as the loop knows one."""
    return f"```python\n{program.strip(chr(10))}\n```"


def _code(arguments: str) -> str | None:
    """The program in a tool call's arguments; None where they are not an object with a text `code`."""
    try:
        code = json.loads(arguments)["code"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return code if isinstance(code, str) else None


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content.strip("\n")}
