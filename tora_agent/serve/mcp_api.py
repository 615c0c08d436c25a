"""The agent as tools of the Model Context Protocol: `solve`, `execute` and `grade`, for any client of it."""

import inspect
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, TypeAdapter, ValidationError

from tora_agent import protocol
from tora_agent.agent import Executed, Finished, Running, Stop
from tora_agent.engines.base import EngineError
from tora_agent.errors import UserError
from tora_agent.eval.grading import Verdict
from tora_agent.sandbox import Execution, SandboxUnavailable, Status
from tora_agent.serve.gate import Busy
from tora_agent.serve.metrics import Metrics
from tora_agent.serve.outcome import Outcome
from tora_agent.serve.requests import Defaults, ExecuteRequest, GradeRequest, SolveRequest, first_fault
from tora_agent.serve.solving import Desk, Job, News, TooLong

_HARMLESS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

Context = ServerRequestContext[Any]
Tell = Callable[[str], Awaitable[None]]  # says how far a call has come


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer, and how many samples gave it."""

    answer: str
    votes: int


@dataclass(frozen=True, slots=True)
class Solution:
    """A solved problem; where samples voted, their winner.

    `answer` is "" where there is none, and `stop` says how the work ended. `text` is all of the rationale, the programs
    and their output, and `programs` how each of them ended. The tokens are those of all samples.
    """

    answer: str
    stop: Stop
    text: str
    programs: tuple[Status, ...]
    votes: tuple[Standing, ...]
    prompt_tokens: int
    completion_tokens: int


class Tools:
    """What clients may call; the docstrings tell the models among them what for."""

    def __init__(self, desk: Desk, defaults: Defaults) -> None:
        self._desk = desk
        self._defaults = defaults

    async def solve(self, request: SolveRequest, tell: Tell) -> Solution:
        """Solve a math problem step by step, with Python programs that run in a sandbox, and give its answer."""
        job = self._defaults.solve(request)
        outcome = Outcome(job)
        with self._desk.gate.enter(job.size):
            async with aclosing(self._desk.work(job)) as happening:
                async for news in happening:
                    outcome.add(news)
                    if said := _said(news, job):
                        await tell(said)
        (trajectory,) = outcome.chosen()
        usage = outcome.usage()
        return Solution(
            trajectory.answer,
            trajectory.stop,
            trajectory.text,
            tuple(step.execution.status for step in trajectory.steps if step.execution),
            tuple(Standing(**vote) for vote in outcome.votes()),
            usage["prompt_tokens"],
            usage["completion_tokens"],
        )

    async def execute(self, request: ExecuteRequest, tell: Tell) -> Execution:
        """Run a Python program in a sandbox without files or network; sympy, numpy and scipy are there."""
        return await self._desk.execute(request.code, request.timeout)

    async def grade(self, request: GradeRequest, tell: Tell) -> Verdict:
        """Say whether an answer, or a whole solution's, is mathematically equal to the right one."""
        return await self._desk.grade(request.pred, request.gold, request.task, request.grader)


def create_server(desk: Desk, defaults: Defaults) -> Server[Any]:
    """The server, for any transport."""
    tools = Tools(desk, defaults)
    methods = (tools.solve, tools.execute, tools.grade)
    calls = {call.name: call for call in (_Call(method, desk.metrics) for method in methods)}

    async def list_tools(context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[call.told() for call in calls.values()])

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in calls:
            raise MCPError(INVALID_PARAMS, f"there is no tool named {params.name}: there are {', '.join(calls)}")
        return await calls[params.name].answer(params.arguments or {}, context)

    return Server(
        "tora-agent",
        version=metadata.version("tora-agent"),
        instructions="Math problems, solved with programs; a sandbox for Python; a grader of answers.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


class _Call:
    """A tool between the protocol's types and its own, which its method's annotations name."""

    def __init__(self, method: Callable[[Any, Tell], Awaitable[Any]], metrics: Metrics) -> None:
        types = inspect.get_annotations(method)
        self.name = method.__name__
        self._method = method
        self._metrics = metrics
        self._request: type[BaseModel] = types["request"]
        self._result = types["return"]

    def told(self) -> Tool:
        """The tool as clients see it."""
        return Tool(
            name=self.name,
            description=inspect.getdoc(self._method),
            input_schema=self._request.model_json_schema(),
            output_schema=TypeAdapter(self._result).json_schema(mode="serialization"),
            annotations=_HARMLESS,
        )

    async def answer(self, arguments: dict[str, Any], context: Context) -> CallToolResult:
        """Call it; what goes wrong is a result that says so, for a model to read."""
        steps = 0

        async def tell(message: str) -> None:
            nonlocal steps
            steps += 1
            await context.session.report_progress(steps, message=message)

        try:
            result = asdict(await self._method(self._request.model_validate(arguments), tell))
        except ValidationError as error:
            return _failed(first_fault(error.errors()))
        except (UserError, Busy) as error:
            return _failed(str(error))
        except (TooLong, EngineError, SandboxUnavailable) as error:
            self._metrics.failed(error)
            return _failed(str(error))
        except Exception as error:
            self._metrics.failed(error)
            logging.getLogger(__name__).exception("the tool %s failed", self.name)
            return _failed("the server failed: its log says how")
        return CallToolResult(content=[TextContent(type="text", text=json.dumps(result))], structured_content=result)


def _failed(sentence: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=sentence)], is_error=True)


def _said(news: News, job: Job) -> str | None:
    """What is worth telling; None is nothing."""
    match news:
        case None:
            return "still at work"
        case number, Running():
            said = "a program runs"
        case number, Executed(_, appended):
            said = f"the program gave {protocol.outputs(appended)[0]}"
        case number, Finished(trajectory):
            said = f"the answer is {trajectory.answer}" if trajectory.answer else "there is no answer"
        case _:
            return None
    return said if job.size == 1 else f"sample {number + 1}: {said}"
