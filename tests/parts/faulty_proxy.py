"""A proxy before a real server that does to a request what a test asks for: delays, refusals, cuts, other replies."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

REFUSAL = '{"error": {"message": "invalid tool call arguments"}}'


@dataclass(frozen=True)
class Fault:
    """`status` and `body` are answered, without the server; `cut` ends its reply after so many bytes; `delay` first."""

    status: int = 0
    body: str = "{}"
    headers: str = ""
    cut: int | None = None
    delay: float = 0


@dataclass
class Proxy:
    """Its address, the requests that came, and the faults of the next ones; `always` is that of all others."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    always: Fault = Fault()
    asked: asyncio.Event = field(default_factory=asyncio.Event)


def streamed(*chunks: dict[str, Any]) -> Fault:
    """A reply as events: what a test wants a model to say."""
    return Fault(200, "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n")


def _well_formed(request: dict[str, Any]) -> bool:
    """Whether vLLM, llama-server and Ollama would read the tool calls of a conversation."""
    calls = [call for message in request.get("messages", []) for call in message.get("tool_calls", [])]
    try:
        return all(isinstance(json.loads(call["function"]["arguments"]), dict) for call in calls)
    except ValueError:
        return False


@asynccontextmanager
async def proxy(upstream: str = "") -> AsyncIterator[Proxy]:
    """A proxy to the server at `upstream`, for the time of the context; without one it knows the faults alone."""
    host, _, upstream_port = upstream.removeprefix("http://").removesuffix("/v1").partition(":")
    state = Proxy(always=Fault() if upstream else Fault(404))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next((line[15:] for line in head.lower().split("\r\n") if line.startswith("content-length:")), "0")
            body = await reader.readexactly(int(length))
            fault = Fault() if state.faults and upstream else state.always
            if body:  # no look at the list of models, which has no faults of its own
                state.requests.append(json.loads(body))
                state.asked.set()
                fault = state.faults.popleft() if state.faults else state.always
                fault = fault if _well_formed(state.requests[-1]) else Fault(400, REFUSAL)
            await asyncio.sleep(fault.delay)
            if fault.status:
                kind = "text/event-stream" if fault.body.startswith("data:") else "application/json"
                start = f"HTTP/1.1 {fault.status} Said\r\nContent-Type: {kind}\r\nConnection: close\r\n"
                writer.write(f"{start}{fault.headers}\r\n{fault.body}".encode())
            else:
                await forward(head, body, writer, fault.cut)
        except (OSError, asyncio.IncompleteReadError):
            pass  # an end that a test wanted
        finally:
            writer.close()

    async def forward(head: str, body: bytes, writer: asyncio.StreamWriter, cut: int | None) -> None:
        from_server, to_server = await asyncio.open_connection(host, int(upstream_port))
        lines = [line for line in head.split("\r\n") if not line.lower().startswith("connection:")]
        to_server.write("\r\n".join([lines[0], "Connection: close", *lines[1:]]).encode() + body)
        sent = 0
        while data := await from_server.read(256):
            data = data if cut is None else data[: cut - sent]
            writer.write(data)
            await writer.drain()
            sent += len(data)
            if sent == cut:
                break
        to_server.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    state.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield state
    finally:
        server.close()
