"""How what goes wrong is told to a client: in the shape of OpenAI's API, in a stream as outside of one."""

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from tora_agent.engines.base import EngineError
from tora_agent.errors import UserError
from tora_agent.sandbox import SandboxUnavailable
from tora_agent.serve.gate import Busy
from tora_agent.serve.html import page
from tora_agent.serve.metrics import Metrics
from tora_agent.serve.requests import first_fault
from tora_agent.serve.solving import ProblemTooLong, TooLong
from tora_agent.serve.streaming import Gone


class ErrorDetail(BaseModel):
    """What went wrong."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorReply(BaseModel):
    """The body of every answer that is an error."""

    error: ErrorDetail


REPLIES: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorReply, "description": "The request is wrong; the message says where."},
    429: {"model": ErrorReply, "description": "The queue is full, or there were too many requests: see Retry-After."},
    503: {"model": ErrorReply, "description": "The engine or the sandbox failed."},
    504: {"model": ErrorReply, "description": "It took longer than the server allows."},
}


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as the client sees it."""

    status: int
    kind: str
    message: str
    code: str | None = None
    headers: dict[str, str] | None = None

    def body(self) -> dict[str, Any]:
        """The JSON that tells it."""
        return {"error": {"message": self.message, "type": self.kind, "param": None, "code": self.code}}

    def response(self) -> JSONResponse:
        """The answer that tells it."""
        return JSONResponse(self.body(), self.status, self.headers)


def failure(error: Exception) -> Failure:
    """What a client is told of an error; of one that nobody foresaw, nothing."""
    match error:
        case ProblemTooLong():
            return Failure(400, "invalid_request_error", str(error), "context_length_exceeded")
        case UserError():
            return Failure(400, "invalid_request_error", str(error))
        case RequestValidationError():
            return Failure(400, "invalid_request_error", first_fault(error.errors()))
        case Busy():
            return Failure(429, "rate_limit_error", str(error), "busy", {"Retry-After": str(error.retry_after)})
        case TooLong():
            return Failure(504, "timeout_error", str(error))
        case EngineError() | SandboxUnavailable():
            return Failure(503, "server_error", str(error))
        case HTTPException():
            headers = dict(error.headers) if error.headers else None
            return Failure(error.status_code, "invalid_request_error", str(error.detail), headers=headers)
    return Failure(500, "server_error", "the server failed: its log says how")


def accounted(error: Exception, metrics: Metrics) -> Failure:
    """What a client is told of an error, which is counted where it is none of the client's."""
    found = failure(error)
    if found.status >= 500:
        metrics.failed(error)
    return found


def handle_failures(app: FastAPI, metrics: Metrics) -> None:
    """Let the app answer every error so."""

    def answer(request: Request, error: Exception) -> Response:
        if isinstance(error, Gone):
            return Response(status_code=499)  # nobody reads it; the log shows what became of the request
        found = accounted(error, metrics)
        if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/"):
            return page("error.html", found.status, message=found.message)
        return found.response()

    kinds = (UserError, RequestValidationError, Busy, TooLong, EngineError, SandboxUnavailable, HTTPException, Gone)
    for kind in (*kinds, Exception):
        app.add_exception_handler(kind, answer)
