"""What clients may ask for, as it comes over the wire, and the way from there to a `Job`."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tora_agent.agent import Budget
from tora_agent.engines.base import Sampling
from tora_agent.errors import UserError
from tora_agent.names import GraderName
from tora_agent.prompt import QUESTION, Prompt, load_prompt, prompt_names
from tora_agent.serve.solving import Job
from tora_agent.validation import encodable

MOST_SAMPLES = 64
_MOST_TEXT = 100_000  # characters of a problem or a program
_MOST_ANSWER = 4_000  # characters of an answer to grade
_NEUTRAL: dict[str, tuple[Any, ...]] = {  # what would change the answer in OpenAI's API and is not to be had here
    "tools": (None, []),
    "functions": (None, []),
    "response_format": (None, {"type": "text"}),
    "logprobs": (None, False),
    "logit_bias": (None, {}),
    "echo": (None, False),
    "suffix": (None, ""),
    "best_of": (None, 1),
    "frequency_penalty": (None, 0),
    "presence_penalty": (None, 0),
}

Text = Annotated[str, Field(max_length=_MOST_TEXT)]
Stop = Annotated[str, Field(min_length=1, max_length=1000)]


class Options(BaseModel):
    """What OpenAI's API has no name for."""

    model_config = ConfigDict(extra="forbid")

    prompt: str | None = Field(default=None, description="The name of a shipped prompt.")
    samples: int = Field(
        default=1,
        ge=1,
        le=MOST_SAMPLES,
        description="Of several, which need a temperature above 0, the answer with the most votes is given back.",
    )
    vote: GraderName = Field(default="strict", description="The grader that says which answers are equal.")
    rounds: int | None = Field(default=None, ge=1, le=32)
    top_k: int | None = Field(default=None, ge=0, lt=2**31)
    min_p: float | None = None
    repetition_penalty: float | None = None


class StreamOptions(BaseModel):
    """Whether the last chunk of a stream counts the tokens."""

    include_usage: bool = False


class Generation(BaseModel):
    """What completions and chats have in common; fields that are not here are ignored, unless they matter."""

    model: str | None = None
    n: int | None = Field(default=None, ge=1, le=MOST_SAMPLES)
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    max_tokens: int | None = Field(default=None, ge=1, lt=2**31)
    stop: Stop | list[Stop] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    tora: Options = Options()

    @model_validator(mode="before")
    @classmethod
    def _refuse_what_matters(cls, data: Any) -> Any:
        for name, neutral in _NEUTRAL.items():
            if isinstance(data, dict) and name in data and data[name] not in neutral:
                raise ValueError(f"{name} is not supported")
        return data

    @model_validator(mode="after")
    def _count_samples_once(self) -> Self:
        if (self.n or 1) > 1 and self.tora.samples > 1:
            raise ValueError("n gives back every sample and tora.samples the winner of their vote: ask for one of them")
        return self


class ContentPart(BaseModel):
    """A part of a message; only text can be solved."""

    type: Literal["text"]
    text: Text


class Message(BaseModel):
    """One message of a chat."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class ChatRequest(Generation):
    """A chat, whose last message of the user is the problem."""

    messages: list[Message] = Field(min_length=1, max_length=1000)
    max_completion_tokens: int | None = Field(default=None, ge=1, lt=2**31)

    @property
    def question(self) -> str:
        """The problem.

        Raises:
            UserError: there is none.
        """
        question = next((message.text for message in reversed(self.messages) if message.role == "user"), "").strip()
        if not question:
            raise UserError("there is no problem: the last message of the user is empty or missing")
        return question


class CompletionRequest(Generation):
    """Texts to go on with as they stand, without a prompt around them."""

    prompt: Text | list[Text]

    @property
    def prompts(self) -> tuple[str, ...]:
        """The texts.

        Raises:
            UserError: there are none, too many, or an empty one.
        """
        prompts = (self.prompt,) if isinstance(self.prompt, str) else tuple(self.prompt)
        if not prompts or not all(prompts):
            raise UserError("the prompt is empty: give the model something to read")
        if len(prompts) * (self.n or 1) > MOST_SAMPLES or (len(prompts) > 1 and self.tora.samples > 1):
            raise UserError(f"at most {MOST_SAMPLES} completions at once, and a vote on one prompt only")
        return prompts


class SolveRequest(Options):
    """A problem for the agent."""

    problem: Text = Field(description="The whole text of one math problem.")
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    max_tokens: int | None = Field(default=None, ge=1, lt=2**31)


class ExecuteRequest(BaseModel):
    """A program for the sandbox, and how many seconds it may take."""

    code: Text = Field(description="A Python program that prints its result; it shares nothing with earlier ones.")
    timeout: float | None = Field(default=None, gt=0, description="Seconds.")


class GradeRequest(BaseModel):
    """An answer, or a whole completion, to compare with the gold answer of a task."""

    pred: str = Field(max_length=_MOST_ANSWER, description="The answer, or a completion that states it.")
    gold: str = Field(max_length=_MOST_ANSWER, description="The right answer, or a data set's solution with it.")
    task: str | None = Field(default=None, max_length=100, description="The data set's name.")
    grader: GraderName = Field(default="tora", description="Whose rules: the paper's, or a mathematician's (strict).")


class Defaults:
    """What holds where a request says nothing."""

    def __init__(self, prompt: Prompt, sampling: Sampling, budget: Budget) -> None:
        self._prompt = prompt
        self._sampling = sampling
        self._budget = budget

    def chat(self, request: ChatRequest) -> Job:
        """The job of a chat.

        Raises:
            UserError: a value is wrong.
        """
        return self._job(request, (request.question,), self.prompt(request.tora.prompt), request.max_completion_tokens)

    def completion(self, request: CompletionRequest) -> Job:
        """The job of a completion: the prompt's stop strings and rounds, and its text left off."""
        return self._job(request, request.prompts, replace(self.prompt(request.tora.prompt), text=QUESTION), None)

    def solve(self, request: SolveRequest) -> Job:
        """The job of a problem."""
        if not request.problem.strip():
            raise UserError("the problem is empty: give its text")
        prompt = self.prompt(request.prompt)
        sampling = self._sampled(request, request, request.samples)
        budget = self._limited(prompt, request.rounds, request.max_tokens)
        vote = request.vote if request.samples > 1 else None
        return Job((request.problem.strip(),), prompt, sampling, budget, request.samples, vote)

    def prompt(self, name: str | None) -> Prompt:
        """The server's own prompt, or a shipped one; never a file that a client names."""
        if name is None or name == self._prompt.name:
            return self._prompt
        if name not in prompt_names():
            raise UserError(f"there is no prompt of that name: there are {', '.join(prompt_names())}")
        return load_prompt(name)

    def _job(self, request: Generation, questions: tuple[str, ...], prompt: Prompt, most: int | None) -> Job:
        samples = max(request.n or 1, request.tora.samples)  # some clients always send n: 1
        if request.stop:  # the client has a loop of its own: the model writes once, and nothing runs
            stop = [request.stop] if isinstance(request.stop, str) else request.stop
            prompt = replace(prompt, stop=tuple(stop), style="cot")
        return Job(
            questions,
            prompt,
            self._sampled(request, request.tora, samples),
            self._limited(prompt, request.tora.rounds, most or request.max_tokens),
            samples,
            request.tora.vote if request.tora.samples > 1 else None,
        )

    def _sampled(self, request: Generation | SolveRequest, options: Options, samples: int) -> Sampling:
        given: dict[str, Any] = {
            "temperature": request.temperature,
            "top_p": request.top_p,
            "top_k": options.top_k,
            "min_p": options.min_p,
            "repetition_penalty": options.repetition_penalty,
            "seed": secrets.randbits(32) if request.seed is None else request.seed % 2**32,
        }
        try:
            sampling = replace(self._sampling, **{name: value for name, value in given.items() if value is not None})
        except ValueError as error:
            raise UserError(str(error)) from error
        if samples > 1 and sampling.temperature == 0:
            raise UserError("several samples need a temperature above 0: greedy ones are all the same")
        return sampling

    def _limited(self, prompt: Prompt, rounds: int | None, most: int | None) -> Budget:
        """The server's limits, lowered by the client's: a request cannot raise them."""
        own = self._budget
        return replace(
            own, rounds=_least(own.rounds or prompt.rounds, rounds), total_tokens=_least(own.total_tokens, most)
        )


def first_fault(faults: Sequence[Any]) -> str:
    """What is wrong with a request in which pydantic found faults, in one sentence."""
    fault = faults[0]
    where = ".".join(str(part) for part in fault["loc"] if part != "body")
    said = fault["msg"].removeprefix("Value error, ")
    return encodable(f"{where}: {said}" if where else said)


def _least(*limits: int | None) -> int | None:
    return min((limit for limit in limits if limit is not None), default=None)
