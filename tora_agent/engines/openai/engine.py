"""The engine over servers: a sequence keeps its text, and sends all of it with every generation."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from collections.abc import Sequence as Strings
from contextlib import aclosing, asynccontextmanager

from tora_agent.engines.base import Completion, ContextFull, EngineError, FinishReason, Sampling, Sequence
from tora_agent.engines.openai.config import OpenAIConfig
from tora_agent.engines.openai.conversation import fenced, messages, reply_with, said
from tora_agent.engines.openai.draft import Draft
from tora_agent.engines.openai.failures import ServerFailed
from tora_agent.engines.openai.replicas import Patience, Replicas
from tora_agent.engines.openai.replies import Fields, Piece, Reply, chat_fields, sampling_fields
from tora_agent.engines.text import TextStream
from tora_agent.validation import encodable


class OpenAICompatible:
    """An `Engine` over one server or several with the same model; it belongs to one event loop."""

    def __init__(self, model: str, config: OpenAIConfig) -> None:
        """Name the model as the servers do; `open` also makes sure that they have it."""
        self.config = config
        self._model = model
        self._replicas = Replicas(config, model)
        self._free = asyncio.Semaphore(self.slots)
        self._closed = False

    @classmethod
    async def open(cls, model: str, config: OpenAIConfig) -> "OpenAICompatible":
        """An engine whose servers answer and have the model.

        Raises:
            UserError: no server answers, or one has another model or another key.
        """
        engine = cls(model, config)
        try:
            await engine._replicas.look()
        except BaseException:
            await engine.close()
            raise
        return engine

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model

    @property
    def slots(self) -> int:
        """How many sequences the servers are given at once; a further one waits."""
        return self.config.slots * len(self.config.base_urls)

    @asynccontextmanager
    async def sequence(self, prompt: str, sampling: Sampling) -> AsyncIterator[Sequence]:
        """Open a sequence that starts with `prompt`; only its first generation shows whether that fits.

        Raises:
            EngineError: the engine is closed.
            UserError: the sampling is beyond what these servers know.
        """
        fields = sampling_fields(sampling, self.config.standard)
        async with self._free:
            if self.config.api == "completions":
                yield TextSequence(self, prompt, fields)
            else:
                yield ChatSequence(self, prompt, fields)

    async def close(self) -> None:
        """End the connections; what runs ends with an `EngineError`."""
        self._closed = True
        await self._replicas.close()

    def ask(self, fields: Fields, max_tokens: int, stream: bool, patience: Patience) -> AsyncGenerator[Piece, None]:
        """One reply from one of the servers.

        Raises:
            ServerFailed: it broke off, or never came; it is worth asking again.
            ContextFull: what is sent and `max_tokens` together are more than the model reads.
            UserError: the servers refuse such a request.
            EngineError: the engine is closed.
        """
        if self._closed:
            raise EngineError("the engine is closed")
        limit = "max_completion_tokens" if self.config.standard and "messages" in fields else "max_tokens"
        return self._replicas.ask(fields | {limit: max_tokens}, stream, patience)


class TextSequence:
    """A `Sequence` over raw completions: after a reply that broke off, any server goes on from the text so far."""

    def __init__(self, engine: OpenAICompatible, prompt: str, sampling: Fields) -> None:
        self._engine = engine
        self._text = encodable(prompt)
        self._sampling = sampling

    async def generate(self, stop: Strings[str], max_tokens: int) -> AsyncGenerator[str | Completion, None]:
        """See `Sequence.generate`.

        Some servers refuse a request for more tokens than the context has room for: then fewer are asked for, and
        the rest later.
        """
        began = time.perf_counter()
        draft = Draft(tuple(stop), max_tokens)
        patience = Patience(self._engine.config.patience_seconds)
        stream = True
        while draft.finish is None:
            reply = Reply()
            fields = {"prompt": self._text + draft.raw, **self._sampling, **_stop(stop)}
            try:
                async with aclosing(self._engine.ask(fields, draft.asked, stream, patience)) as pieces:
                    async for piece in pieces:
                        reply.add(piece)
                        if final := draft.push(piece.text):
                            yield final
                        if draft.finish:
                            break
            except ServerFailed as failure:
                patience.bear(failure, progress=bool(reply.text))
                stream = bool(reply.text) or not stream  # some servers say why only where nothing is streamed
            except ContextFull:
                if not draft.ask_for_less():
                    raise
            draft.take(reply)
        if final := draft.end():
            yield final
        self._text += draft.text
        yield draft.completion(time.perf_counter() - began)

    async def append(self, text: str) -> None:
        """Add text that the model did not write."""
        self._text += encodable(text)


class ChatSequence:
    """A `Sequence` over a conversation. A reply is given away once it is whole: no server could go on with half."""

    def __init__(self, engine: OpenAICompatible, prompt: str, sampling: Fields) -> None:
        self._engine = engine
        self._tools = engine.config.api == "tools"
        self._messages = messages(encodable(prompt))
        self._sampling = sampling
        self._call: str | None = None

    async def generate(self, stop: Strings[str], max_tokens: int) -> AsyncGenerator[str | Completion, None]:
        """See `Sequence.generate`; a call of the tool comes as a program in fences, which ends the text."""
        began = time.perf_counter()
        fields = chat_fields(self._messages, self._tools) | self._sampling | ({} if self._tools else _stop(stop))
        reply = await self._reply(fields, max_tokens)
        stream = TextStream(tuple(stop))
        stream.push(reply.text.encode(errors="replace"))
        stream.finish()
        text = stream.text
        finish: FinishReason = "length" if reply.finish == "length" and not stream.stopped else "stop"
        self._call = reply.call if finish == "stop" else None  # a call that was cut off is none
        if text or self._call:
            self._messages.append(said(text, self._call, reply.arguments))
        if self._call:
            text = f"{text}\n{fenced(reply.arguments)}".lstrip("\n")
        if text:
            yield text
        yield Completion(text, finish, reply.read, reply.written, time.perf_counter() - began)

    async def append(self, text: str) -> None:
        """Add the tool's output: as its message where it was called, or else as the user's."""
        self._messages.append(reply_with(encodable(text), self._call))
        self._call = None

    async def _reply(self, fields: Fields, max_tokens: int) -> Reply:
        """A whole reply; where there is no room for so many tokens, one of fewer."""
        patience = Patience(self._engine.config.patience_seconds)
        stream = True
        while True:
            reply = Reply()
            try:
                async with aclosing(self._engine.ask(fields, max_tokens, stream, patience)) as pieces:
                    async for piece in pieces:
                        reply.add(piece)
                return reply
            except ServerFailed as failure:
                patience.bear(failure, progress=False)
                stream = bool(reply.text) or not stream
            except ContextFull:
                if max_tokens == 1:
                    raise
                max_tokens //= 2


def _stop(stop: Strings[str]) -> Fields:
    return {"stop": list(stop)} if stop else {}
