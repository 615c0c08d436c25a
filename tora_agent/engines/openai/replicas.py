"""Several servers with the same model: which one is asked next, and which are left alone for a while."""

import asyncio
import json
import os
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from time import monotonic

from tora_agent.engines.openai.config import OpenAIConfig
from tora_agent.engines.openai.failures import ServerFailed, meaning
from tora_agent.engines.openai.replies import Fields, Piece, pieces
from tora_agent.errors import UserError
from tora_agent.validation import fits_header

_FIRST_REST = 0.5  # seconds; doubled with each failure in a row
_LONGEST_REST = 30.0
_MOST_DOUBLINGS = 10  # far beyond the longest rest
_ANSWER_SECONDS = 10.0  # for a connection, and for the list of models
_LISTED = 8  # models that a sentence names


class Replica:
    """One server. `model` is its own name for the model; empty until it was looked at, and after each failure."""

    def __init__(self, url: str, config: OpenAIConfig, model: str) -> None:
        from openai import AsyncOpenAI, Timeout

        self.url = url
        self.in_flight = 0
        self.model = ""
        self.rests_until = 0.0
        self._asked = model
        self._failures = 0
        # another attempt is for `Replicas` to decide
        self._client = AsyncOpenAI(
            base_url=url,
            api_key=_key(),
            max_retries=0,
            timeout=Timeout(config.timeout_seconds, connect=_ANSWER_SECONDS),
        )

    async def look(self) -> None:
        """Make sure that it answers and has the model.

        Raises:
            ServerFailed: it doesn't answer.
            UserError: it has other models, or refuses the key.
        """
        from openai import APIError, NotFoundError

        try:
            page = await self._client.models.list(timeout=_ANSWER_SECONDS)
            names = [str(model.id) for model in page.data]
        except NotFoundError:  # it is there, and keeps no list
            names = []
        except (AttributeError, TypeError, ValueError) as error:
            raise UserError(f"what answers at {self.url} is no OpenAI-compatible server: check --base-url") from error
        except APIError as error:
            raise meaning(error, self.url) from error
        self.model = _own_name(self._asked, names, self.url)

    async def ask(self, fields: Fields, stream: bool) -> AsyncGenerator[Piece, None]:
        """A reply, to its end.

        Raises:
            ServerFailed: it came not at all, or not whole.
            UserError: the server refuses such a request.
            ContextFull: the request is too long for the model.
        """
        from openai import APIError

        self.in_flight += 1
        whole = False
        try:
            if not self.model:
                await self.look()
            async with aclosing(pieces(self._client, {"model": self.model, **fields}, stream)) as reply:
                async for piece in reply:
                    whole = whole or bool(piece.finish)  # TGI has "" in every piece but the last
                    yield piece
            if not whole:
                raise ServerFailed(f"the server at {self.url} broke off in mid-reply")
            self._failures = 0
        except (APIError, ServerFailed, json.JSONDecodeError) as error:
            if not whole:
                raise self._failed(error) from error
        finally:
            self.in_flight -= 1

    async def close(self) -> None:
        """End its connections."""
        await self._client.close()

    def _failed(self, error: Exception) -> Exception:
        """What the error means; the server is left alone for a while where it is the server's."""
        from openai import APIError

        meant = meaning(error, self.url) if isinstance(error, APIError) else error
        if isinstance(meant, json.JSONDecodeError):
            meant = ServerFailed(f"the server at {self.url} broke off in mid-reply")
        if isinstance(meant, ServerFailed) and self.rests_until <= monotonic():  # not once for each request in flight
            rest = min(_LONGEST_REST, _FIRST_REST * 2 ** min(self._failures, _MOST_DOUBLINGS)) * random.uniform(0.5, 1)
            self.rests_until = monotonic() + (rest if meant.rest is None else meant.rest)
            self._failures += 1
            self.model = ""
        return meant


class Replicas:
    """All servers of one engine."""

    def __init__(self, config: OpenAIConfig, model: str) -> None:
        self._all = [Replica(url, config, model) for url in config.base_urls]

    async def look(self) -> None:
        """Make sure, before the first request, that one server answers, and that none has another model.

        Raises:
            UserError: no server answers, or one won't do.
        """
        found = await asyncio.gather(*(replica.look() for replica in self._all), return_exceptions=True)
        for error in found:
            if isinstance(error, BaseException) and not isinstance(error, ServerFailed):
                raise error
        if all(found):
            raise UserError(f"{found[0]}: start it, or correct --base-url")

    async def ask(self, fields: Fields, stream: bool, patience: "Patience") -> AsyncGenerator[Piece, None]:
        """A reply of the least busy server that is not left alone, waiting for one; raises as `Replica.ask` does."""
        await patience.wait(until=min(replica.rests_until for replica in self._all))
        ready = [replica for replica in self._all if replica.rests_until <= monotonic()] or self._all
        async with aclosing(min(ready, key=lambda replica: replica.in_flight).ask(fields, stream)) as reply:
            async for piece in reply:
                yield piece

    async def close(self) -> None:
        """End all connections."""
        for replica in self._all:
            await replica.close()


class Patience:
    """How long one generation asks again after a failure, while no new text comes."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends: float | None = None  # set by the first of the failures

    async def wait(self, until: float) -> None:
        """Sleep until then, or until the patience ends: a server may want to be left alone for a day."""
        now = monotonic()
        ends = now + self._seconds if self._ends is None else self._ends
        await asyncio.sleep(min(until, ends) - now)

    def bear(self, failure: ServerFailed, progress: bool) -> None:
        """Let a failure pass, or raise it where the time is over; `progress`: some text had come before it."""
        if progress or self._ends is None:
            self._ends = monotonic() + self._seconds
        elif monotonic() >= self._ends:
            raise ServerFailed(f"{failure} (asked again for {self._seconds:g} s)") from failure


def _own_name(asked: str, names: list[str], url: str) -> str:
    """A server's name for the model: the very one asked for, or a file's or repository's of that name.

    Raises:
        UserError: it has only other models.
    """
    if not names:
        return asked
    plain = {_plain(name): name for name in reversed(names)} | {name: name for name in names}
    found = plain.get(asked) or plain.get(_plain(asked))
    if not found:
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        offered = ", ".join(names[:_LISTED]) + more
        raise UserError(f"the server at {url} has no model {asked}: choose with --model what it offers: {offered}")
    return found


def _plain(name: str) -> str:
    """A model's name without folder, owner, ending and Ollama's tag."""
    return name.replace("\\", "/").rpartition("/")[2].removesuffix(".gguf").removesuffix(":latest").lower()


def _key() -> str:
    """The user's key; where there is none, something must stand in its place.

    Raises:
        UserError: it has characters that no request can carry.
    """
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if not fits_header(key):
        raise UserError("OPENAI_API_KEY has characters that no key can have: set it anew")
    return key or "none"
