"""The agent as a model in OpenAI's API: the tool loop runs inside, and the text is the trajectory's."""

import secrets
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from tora_agent.agent import Executed, Finished, Generated, Trajectory
from tora_agent.serve.failures import REPLIES, accounted
from tora_agent.serve.outcome import Outcome
from tora_agent.serve.requests import ChatRequest, CompletionRequest, Defaults, Generation
from tora_agent.serve.solving import Desk, Job, News
from tora_agent.serve.streaming import PING, EventStream, message, while_connected

_CHAT, _TEXT = "chat.completion", "text_completion"


class Form:
    """The shape of a chat's replies, or of a completion's."""

    def __init__(self, kind: str, model: str) -> None:
        self._chat = kind == _CHAT
        self._kind = kind
        self._about = {
            "id": f"{'chatcmpl' if self._chat else 'cmpl'}-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": model,
        }

    def whole(self, outcome: Outcome) -> dict[str, Any]:
        """The reply at the end of everything."""
        choices = [self._choice(index, trajectory) for index, trajectory in enumerate(outcome.chosen())]
        reply = {"object": self._kind, **self._about, "choices": choices, "usage": outcome.usage()}
        return reply | ({"tora": {"votes": outcome.votes()}} if outcome.votes() else {})

    def piece(self, index: int, text: str, first: bool) -> str:
        """A chunk of text."""
        role = {"role": "assistant"} if first else {}
        return self._chunk([self._open({"delta": {**role, "content": text}} if self._chat else {"text": text}, index)])

    def end(self, index: int, trajectory: Trajectory) -> str:
        """The chunk that says why a text has ended."""
        ended = {"finish_reason": _finish_reason(trajectory), "tora": _about(trajectory)}
        return self._chunk([self._open({"delta": {}} if self._chat else {"text": ""}, index) | ended])

    def last(self, outcome: Outcome) -> str:
        """The chunk that counts the tokens."""
        return self._chunk([], usage=outcome.usage())

    def _choice(self, index: int, trajectory: Trajectory) -> dict[str, Any]:
        text = trajectory.text
        content = {"message": {"role": "assistant", "content": text, "refusal": None}} if self._chat else {"text": text}
        ended = {"finish_reason": _finish_reason(trajectory), "tora": _about(trajectory)}
        return self._open(content, index) | ended

    def _open(self, content: dict[str, Any], index: int) -> dict[str, Any]:
        return {"index": index, **content, "logprobs": None, "finish_reason": None}

    def _chunk(self, choices: list[dict[str, Any]], **more: Any) -> str:
        kind = f"{_CHAT}.chunk" if self._chat else _TEXT
        return message({"object": kind, **self._about, "choices": choices, **more})


def _finish_reason(trajectory: Trajectory) -> str:
    return "length" if trajectory.stop in ("token_limit", "context_full") else "stop"


def _about(trajectory: Trajectory) -> dict[str, Any]:
    statuses = [step.execution.status for step in trajectory.steps if step.execution]
    return {"answer": trajectory.answer, "stop": trajectory.stop, "programs": statuses}


def routes(desk: Desk, defaults: Defaults) -> APIRouter:
    """`/v1/models`, `/v1/chat/completions` and `/v1/completions`."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"], responses=REPLIES)
    name = desk.solver.engine.name
    began = int(time.time())

    @router.get("/models")
    async def list_models() -> dict[str, Any]:
        """The one model that answers."""
        return {"object": "list", "data": [_model(name, began)]}

    @router.get("/models/{model:path}", responses={404: REPLIES[400]})
    async def get_model(model: str) -> dict[str, Any]:
        """What is known of the model."""
        _require(model, name)
        return _model(name, began)

    @router.post("/chat/completions", response_model=None)
    async def create_chat_completion(body: ChatRequest, request: Request) -> Response | dict[str, Any]:
        """Solve the user's last message; the reply is the whole trajectory, programs and outputs included."""
        return await _reply(desk, request, body, defaults.chat(body), Form(_CHAT, name))

    @router.post("/completions", response_model=None)
    async def create_completion(body: CompletionRequest, request: Request) -> Response | dict[str, Any]:
        """Go on with a text as it stands, running the programs that the model writes; with `stop`, without."""
        return await _reply(desk, request, body, defaults.completion(body), Form(_TEXT, name))

    return router


def _model(name: str, began: int) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": began, "owned_by": "tora-agent"}


def _require(wanted: str | None, name: str) -> None:
    if wanted is not None and wanted != name:
        raise HTTPException(404, f"there is no model of that name here: {name} answers")


async def _reply(desk: Desk, request: Request, body: Generation, job: Job, form: Form) -> Response | dict[str, Any]:
    _require(body.model, desk.solver.engine.name)
    places = desk.gate.enter(job.size)
    if body.stream:
        counted = bool(body.stream_options and body.stream_options.include_usage)
        return EventStream(_chunks(desk, job, form, counted), places)
    with places:
        return form.whole(await while_connected(request, _to_end(desk, job)))


async def _to_end(desk: Desk, job: Job) -> Outcome:
    outcome = Outcome(job)
    async with aclosing(desk.work(job)) as happening:
        async for news in happening:
            outcome.add(news)
    return outcome


async def _chunks(desk: Desk, job: Job, form: Form, counted: bool) -> AsyncGenerator[str, None]:
    """The job as chunks; where there is a vote, its winner follows in one piece."""
    outcome = Outcome(job)
    sent: Counter[int] = Counter()  # characters of each trajectory
    try:
        async with aclosing(desk.work(job)) as happening:
            async for news in happening:
                outcome.add(news)
                for line in _told(news, job, form, sent):
                    yield line
        if job.vote:
            for index, trajectory in enumerate(outcome.chosen()):
                yield form.piece(index, trajectory.text, first=True)
                yield form.end(index, trajectory)
        if counted:
            yield form.last(outcome)
        yield "data: [DONE]\n\n"
    except Exception as error:
        yield message(accounted(error, desk.metrics).body())


def _told(news: News, job: Job, form: Form, sent: Counter[int]) -> Iterable[str]:
    match news:
        case None:
            yield PING
        case (number, Generated(text) | Executed(_, text)) if not job.vote:
            yield form.piece(number, text, first=not sent[number])
            sent[number] += len(text)
        case (number, Finished(trajectory)) if not job.vote:
            if rest := trajectory.text[sent[number] :]:  # the note that the rounds were used up
                yield form.piece(number, rest, first=False)
            yield form.end(number, trajectory)
