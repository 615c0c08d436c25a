"""What goes over the wire: a request's fields, and a reply piece by piece."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tora_agent.engines.base import Sampling
from tora_agent.engines.openai.conversation import TOOL
from tora_agent.engines.openai.failures import ServerFailed
from tora_agent.errors import UserError
from tora_agent.validation import encodable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Fields = dict[str, Any]

_NEARLY_ALL = 0.999999  # as top_p: TGI refuses 1
_ALL_TOKENS = 2**30  # as top_k: SGLang, whose own number for it this is, refuses 0, and llama_cpp.server -1


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a reply: its text, how it ended, the id and arguments of a tool call, each where it has it.

    `read` and `written` are tokens by the server's own count, where it gives one.
    """

    text: str = ""
    finish: str | None = None
    call: str | None = None
    arguments: str = ""
    read: int | None = None
    written: int | None = None


@dataclass(slots=True)
class Reply:
    """What has come of a reply so far; `finish` is None until it is whole, and `call` where no tool was called.

    Until the server has given its own count, a piece counts as a token.
    """

    text: str = ""
    finish: str | None = None
    call: str | None = None
    arguments: str = ""
    read: int = 0
    written: int = 0

    def add(self, piece: Piece) -> None:
        """Put the next piece to the others."""
        self.text += piece.text
        self.arguments += piece.arguments
        self.finish = piece.finish or self.finish
        self.call = self.call or piece.call
        self.read = self.read if piece.read is None else piece.read
        self.written = self.written + bool(piece.text or piece.arguments) if piece.written is None else piece.written


def sampling_fields(sampling: Sampling, standard: bool) -> Fields:
    """The sampling as any server reads it; what counts is said, for servers have defaults of their own.

    At temperature 0 nothing else chooses a token, and TGI would take a top_p for a wish to sample.

    Raises:
        UserError: the sampling is beyond what `standard` allows.
    """
    sampled = sampling.temperature > 0
    plain: Fields = {"temperature": sampling.temperature, "seed": sampling.seed}
    if sampled:
        plain["top_p"] = min(sampling.top_p, _NEARLY_ALL)
    if standard:
        if (sampling.top_k, sampling.min_p, sampling.repetition_penalty) != (0, 0, 1):
            raise UserError("OpenAI's own API has no top_k, min_p and repetition_penalty: leave them out")
        return plain
    penalty = sampling.repetition_penalty  # by vLLM's name for it, and by llama.cpp's
    more: Fields = {"repetition_penalty": penalty, "repeat_penalty": penalty}
    if sampled:
        more |= {"top_k": sampling.top_k or _ALL_TOKENS, "min_p": sampling.min_p}
    return plain | {"extra_body": more}


def chat_fields(messages: list[Fields], tools: bool) -> Fields:
    """The conversation, and whether the model may call the tool."""
    return {"messages": messages} | ({"tools": [TOOL], "parallel_tool_calls": False} if tools else {})


async def pieces(client: "AsyncOpenAI", fields: Fields, stream: bool) -> AsyncGenerator[Piece, None]:
    """One reply to a request: a chat's where the fields hold messages, piece by piece where it is streamed.

    Raises:
        openai.APIError: no reply, or not all of it.
        ServerFailed: what came is no reply.
    """
    create = client.chat.completions.create if "messages" in fields else client.completions.create
    if not stream:
        yield _piece(await create(**fields), client)
        return
    reply: Any = await create(**fields, stream=True, stream_options={"include_usage": True})
    if not hasattr(reply, "response"):
        raise _no_reply(client)
    async with reply:
        async for chunk in reply:
            yield _piece(chunk, client)


def _piece(chunk: Any, client: "AsyncOpenAI") -> Piece:
    """A piece from a chunk of a stream, or from a whole reply."""
    try:
        usage = chunk.usage
        read = written = None
        if usage:
            details = getattr(usage, "prompt_tokens_details", None)
            read = usage.prompt_tokens - ((details and details.cached_tokens) or 0)
            written = usage.completion_tokens
        if not chunk.choices:
            return Piece(read=read, written=written)
        choice = chunk.choices[0]
        message = getattr(choice, "delta", None) or getattr(choice, "message", None)
        text = encodable((message.content if message else choice.text) or "")
        calls = getattr(message, "tool_calls", None) or []
        first = calls and getattr(calls[0], "index", None) in (None, 0)  # of several calls at once the first counts
        if not first:
            return Piece(text, choice.finish_reason, read=read, written=written)
        function = calls[0].function
        call = calls[0].id or ("call" if function.name else None)  # the beginning has the name, and mostly an id
        return Piece(text, choice.finish_reason, call, encodable(function.arguments or ""), read, written)
    except (AttributeError, TypeError) as error:
        raise _no_reply(client) from error


def _no_reply(client: "AsyncOpenAI") -> ServerFailed:
    return ServerFailed(f"what the server at {client.base_url} says is no reply of OpenAI's API")
