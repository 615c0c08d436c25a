"""What stands before the app: who may ask, from where, how often and how much. Plain ASGI, so that streams stream."""

import asyncio
import ipaddress
import secrets
import time
from collections import Counter
from math import ceil
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tora_agent.serve.failures import Failure
from tora_agent.serve.metrics import Metrics
from tora_agent.serve.settings import Serving

COOKIE = "tora_agent_key"
_OPEN = ("/health", "/login", "/static/")  # what needs no key
_BODY_SECONDS = 30.0  # that a client may pause while it sends its request
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guards:
    """Let a request through to the app, or answer it here."""

    def __init__(self, app: ASGIApp, settings: Serving, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._rate = Rate(settings.rate)
        self._names = tuple(map(str.lower, settings.hosts))  # as `urlsplit` has them

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let the app do it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
                route = getattr(scope.get("route"), "path", "other")
                self._metrics.answered(route, message["status"])
            await send(message)

        refusal = self._refusal(scope, Headers(scope=scope))
        if refusal:
            await refusal(scope, receive, answer)
        else:
            await self._app(scope, self._limited(receive), answer)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        host, origin, path = headers.get("host", ""), headers.get("origin"), scope["path"]
        if not may_be_called(host, self._names):
            return _refused(403, "this server does not go by that name: --allow-host NAME adds one")
        if origin is not None and origin.partition("://")[2] != host:
            return _refused(403, "pages of other sites may not use this server")
        if self._settings.key and not path.startswith(_OPEN) and not self._knows_key(headers, self._settings.key):
            if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                return RedirectResponse("/login", 303)
            return _refused(401, "the API key is missing or wrong", {"WWW-Authenticate": "Bearer"})
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._settings.body_bytes:
            return _refused(413, f"a request may have {self._settings.body_bytes} bytes at most")
        if path.startswith(("/v1/", "/mcp", "/login")) and (
            wait := self._rate.wait(scope["client"][0] if scope["client"] else "")
        ):
            return _refused(429, "too many requests: try again later", {"Retry-After": str(wait)})
        return None

    def _knows_key(self, headers: Headers, key: str) -> bool:
        kind, _, shown = headers.get("authorization", "").partition(" ")
        return (kind.lower() == "bearer" and same_key(shown, key)) or same_key(_cookie(headers), key)

    def _limited(self, receive: Receive) -> Receive:
        """A request's body piece by piece, as far as it may go."""
        size, whole = 0, False

        async def next_piece() -> Message:
            nonlocal size, whole
            if whole:
                return await receive()  # from now on this waits for the client to go
            try:
                message = await asyncio.wait_for(receive(), _BODY_SECONDS)
            except TimeoutError as error:
                raise HTTPException(408, "the request did not come in time") from error
            size += len(message.get("body", b""))
            whole = not message.get("more_body")
            if size > self._settings.body_bytes:
                raise HTTPException(413, f"a request may have {self._settings.body_bytes} bytes at most")
            return message

        return next_piece


class Rate:
    """Counts the requests of each client in the running minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: Counter[str] = Counter()
        self._ends = 0.0

    def wait(self, client: str) -> int:
        """Count one more request; 0, or the seconds to wait where it is one too many."""
        now = time.monotonic()
        if now >= self._ends:
            self._counts.clear()
            self._ends = now + 60
        self._counts[client] += 1
        return ceil(self._ends - now) if self._counts[client] > self._most else 0


def may_be_called(host: str, names: tuple[str, ...]) -> bool:
    """Whether the Host header is one that only this server answers to.

    A page of another site can only get here under a name of its own, which it lets resolve to this machine (DNS
    rebinding); so numeric addresses are safe, and of the names only those that the user gave.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in ("localhost", *names):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def same_key(shown: str, key: str) -> bool:
    """Whether two keys are the same, in a time that does not tell where they differ."""
    return secrets.compare_digest(shown.encode(), key.encode())


def _cookie(headers: Headers) -> str:
    return cookie_parser(headers.get("cookie", "")).get(COOKIE, "")


def _refused(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    kind = "rate_limit_error" if status == 429 else "invalid_request_error"
    return Failure(status, kind, message, headers=headers).response()
