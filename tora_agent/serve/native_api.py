"""What OpenAI's API has no place for: a trajectory step by step, the sandbox, the graders."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from tora_agent.agent import Executed, Finished, Generated, Running
from tora_agent.serve.failures import REPLIES, accounted
from tora_agent.serve.requests import Defaults, ExecuteRequest, GradeRequest, SolveRequest
from tora_agent.serve.solving import Desk, Job, News, ProblemTooLong, Tally
from tora_agent.serve.streaming import PING, EventStream, message, while_connected


def routes(desk: Desk, defaults: Defaults) -> APIRouter:
    """`/v1/solve`, `/v1/execute` and `/v1/grade`."""
    router = APIRouter(prefix="/v1", tags=["tora-agent"], responses=REPLIES)

    @router.post("/solve", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
    async def solve(body: SolveRequest) -> Response:
        """Solve a problem and tell each step as a server-sent event: what the pages show is made of these."""
        job = defaults.solve(body)
        places = desk.gate.enter(job.size)
        return EventStream(_events(desk, job), places)

    @router.post("/execute")
    async def execute(body: ExecuteRequest, request: Request) -> dict[str, Any]:
        """Run a program in the sandbox."""
        return asdict(await while_connected(request, desk.execute(body.code, body.timeout)))

    @router.post("/grade")
    async def grade(body: GradeRequest, request: Request) -> dict[str, Any]:
        """Compare an answer with the gold answer."""
        return asdict(await while_connected(request, desk.grade(body.pred, body.gold, body.task, body.grader)))

    return router


async def _events(desk: Desk, job: Job) -> AsyncGenerator[str, None]:
    try:
        async with aclosing(desk.work(job)) as happening:
            async for news in happening:
                yield PING if news is None else message(_told(news))
        yield message({"type": "done"})
    except Exception as error:
        yield message({"type": "error", "message": accounted(error, desk.metrics).message})


def _told(news: News) -> dict[str, Any]:
    match news:
        case Tally(winner, answers):
            votes = [{"answer": answer, "samples": voters} for answer, voters in answers]
            return {"type": "vote", "winner": winner, "votes": votes}
        case number, Generated(text):
            return {"type": "generated", "sample": number, "text": text}
        case number, Running(program):
            return {"type": "running", "sample": number, "program": program}
        case number, Executed(execution, appended):
            return {"type": "executed", "sample": number, "execution": asdict(execution), "appended": appended}
        case number, Finished(trajectory):
            if not trajectory.steps:
                raise ProblemTooLong
            return {
                "type": "finished",
                "sample": number,
                "answer": trajectory.answer,
                "stop": trajectory.stop,
                "prompt_tokens": trajectory.prompt_tokens,
                "completion_tokens": trajectory.completion_tokens,
                "seconds": trajectory.seconds,
            }
    raise AssertionError(news)
