"""Our engines as models of inspect_ai: `--model tora/NAME`."""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    StopReason,
    modelapi,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolInfo

from tora_agent.compose import open_engine
from tora_agent.config import Experiment, load_experiment
from tora_agent.engines import base
from tora_agent.engines.base import Completion, ContextFull, Engine
from tora_agent.engines.openai.conversation import TOOL
from tora_agent.errors import UserError
from tora_agent.integrations.inspect import mistakes
from tora_agent.integrations.inspect.held import held
from tora_agent.models import locate
from tora_agent.prompt import Prompt
from tora_agent.validation import merge, nested

_FENCE = "```python"
_KEYS = {"engine", "llama_cpp", "openai", "sampling", "trajectories", "transformers"}
_CONNECTIONS = 256  # at once: an engine's slots are the limit, and who has one must never wait for a connection


@dataclass(frozen=True, slots=True)
class Turn:
    """What the loop asks of a model next: one generation of an open sequence, and how to find the program in it."""

    sequence: base.Sequence
    stop: Sequence[str]
    max_tokens: int
    program: Callable[[str], str | None]


TURN: ContextVar[Turn] = ContextVar("turn")


class ToraModel(ModelAPI):
    """One of our engines, which the solver `tora` drives; inspect_ai sees each generation as a call of this model."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008
        **settings: Any,
    ) -> None:
        """Name a model as `tora-agent --model` does; `settings` (`-M`) are keys of a config file, with their dots.

        A base URL chooses the engine for servers, `trajectories` the one that replays.
        """
        super().__init__(model_name, base_url, api_key, [], config)
        with mistakes.shown():
            self.experiment = _experiment(model_name, base_url, settings)

    async def engine(self, prompt: Prompt) -> Engine:
        """The engine, loaded by whoever asks first."""
        key = self.experiment, prompt if self.experiment.engine == "replay" else None
        return await held(key, lambda: open_engine(self.experiment, prompt))

    def max_connections(self) -> int:
        """No limit of its own: an engine's slots are one."""
        return _CONNECTIONS

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        """The sequence's next generation; its text is the output's `completion`, and the message shows it.

        Where the context is full, there is no text, and the stop reason is `model_length`.
        """
        turn = TURN.get(None)
        if turn is None:
            raise UserError("models named tora/... are driven by our loop: --solver tora_agent/tora")
        try:
            async with aclosing(turn.sequence.generate(turn.stop, turn.max_tokens)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Completion):
                        return _output(str(self.qualified_model_name), piece, turn.program(piece.text))
        except ContextFull:
            pass
        return ModelOutput.from_content(str(self.qualified_model_name), "", "model_length")


@modelapi(name="tora")
def tora_model() -> type[ModelAPI]:
    """The models of ours, for `--model tora/NAME`."""
    return ToraModel


def _experiment(model: str, base_url: str | None, settings: dict[str, Any]) -> Experiment:
    if others := sorted({key.partition(".")[0] for key in settings} - _KEYS):
        raise UserError(
            f"a model of ours takes {', '.join(sorted(_KEYS))} of a config file's keys, and not {others[0]}"
        )
    tree: dict[str, Any] = {"model": model}
    if base_url:
        merge(tree, {"engine": "openai", "openai": {"base_urls": [base_url]}})
    if "trajectories" in settings:
        tree["engine"] = "replay"
    for key, value in settings.items():
        merge(tree, nested(key, value))
    experiment = load_experiment(None, tree)
    if experiment.engine == "llama_cpp":
        locate(experiment.model, experiment.llama_cpp)
    return experiment


def _output(model: str, completion: Completion, program: str | None) -> ModelOutput:
    """A generation as inspect_ai shows one: the rationale, and the program as the call of a tool."""
    rationale, calls = completion.text, None
    reason: StopReason = "max_tokens" if completion.finish == "length" else "stop"
    if program is not None:
        before, fence, _ = completion.text.rpartition(_FENCE)
        rationale, reason = before.strip() if fence else rationale, "tool_calls"
        calls = [ToolCall(id=uuid4().hex, function=TOOL["function"]["name"], arguments={"code": program})]
    message = ChatMessageAssistant(content=rationale, tool_calls=calls, source="generate", model=model)
    read, written = completion.prompt_tokens, completion.completion_tokens
    return ModelOutput(
        model=model,
        choices=[ChatCompletionChoice(message=message, stop_reason=reason)],
        completion=completion.text,
        usage=ModelUsage(input_tokens=read, output_tokens=written, total_tokens=read + written),
        time=completion.seconds,
    )
