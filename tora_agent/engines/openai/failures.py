"""What a server's error means: the user's mistake, the end of the context, or a reason to ask again."""

import re
from typing import TYPE_CHECKING

from tora_agent.engines.base import ContextFull, EngineError
from tora_agent.errors import UserError

if TYPE_CHECKING:
    from openai import APIError

_AGAIN = {408, 409, 425, 429}  # and all from 500 on: the same request may go well later, or elsewhere
_NO_ENDPOINT = {404, 405, 501}
# Servers agree on no code for this: OpenAI's and llama_cpp.server's, llama-server's, or the words of vLLM, SGLang, TGI
_CONTEXT_CODES = {"context_length_exceeded", "exceed_context_size_error"}
_CONTEXT_WORDS = re.compile(r"context (length|size|window)|maximum model length|`inputs` tokens \+ `max_new_tokens`")


class ServerFailed(EngineError):
    """A server gave no whole reply: worth asking again. `rest` is how many seconds it wants to be left alone."""

    def __init__(self, message: str, rest: float | None = None) -> None:
        super().__init__(message)
        self.rest = rest


def meaning(error: "APIError", url: str) -> UserError | ContextFull | ServerFailed:
    """The error of this project that an error of the client stands for."""
    status = getattr(error, "status_code", None)
    words = " ".join(_message(error).split())
    if {error.code, error.type} & _CONTEXT_CODES or _CONTEXT_WORDS.search(words):
        return ContextFull(words)
    if error.code == "insufficient_quota":
        return UserError(f"the account at {url} has no quota left: {words}")
    if status is None or status < 400 or (status >= 500 and status != 501) or status in _AGAIN:
        return ServerFailed(f"the server at {url} failed: {words}", _wanted_rest(error))
    if status in (401, 403):
        return UserError(f"the server at {url} refuses the key ({status}): set OPENAI_API_KEY to one that it knows")
    if status in _NO_ENDPOINT and error.code != "model_not_found":
        return UserError(
            f"the server at {url} does not offer this API ({status}): --base-url mostly ends in /v1, "
            "and a server for chat models needs --api chat"
        )
    return UserError(f"the server at {url} refuses the request ({status}): {words}")


def _message(error: "APIError") -> str:
    """What the server itself said, which the client's message wraps."""
    body = error.body
    while isinstance(body, dict):
        body = body.get("message") or body.get("error") or body.get("detail")
    cause = error.__cause__
    return body if isinstance(body, str) else f"{error.message} ({cause})" if cause and str(cause) else error.message


def _wanted_rest(error: "APIError") -> float | None:
    """The seconds of a Retry-After header."""
    response = getattr(error, "response", None)
    wanted = response.headers.get("retry-after", "") if response is not None else ""
    return float(wanted) if re.fullmatch(r"\d+(\.\d+)?", wanted) else None
