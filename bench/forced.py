"""Forced trajectories: recorded texts whose tokens are fed instead of sampled, so that any model writes them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from tora_agent import protocol
from tora_agent.engines.base import Completion, Sampling
from tora_agent.engines.llama_cpp import LlamaCpp
from tora_agent.engines.llama_cpp.sampler import Sampler
from tora_agent.engines.replay import read_recordings
from tora_agent.errors import UserError
from tora_agent.prompt import Prompt

STOP = (protocol.END_OF_TEXT, protocol.STOP_OUTPUT)


@dataclass(frozen=True, slots=True)
class Forced:
    """A question's prompt, and what a model writes: in each turn a text, and the output that follows it, if any."""

    question: str
    prompt: str
    turns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """How many were computed to read prompts and outputs, and how many were written."""

    read: int
    written: int


class ForcedSampler(Sampler):
    """Does all that a greedy sampler does, and then picks the token that it was told to."""

    def __init__(self, vocabulary: int, n_ctx: int) -> None:
        super().__init__(Sampling(), vocabulary, n_ctx)
        self._tokens: Iterator[int] = iter(())

    def force(self, tokens: Iterable[int]) -> None:
        self._tokens = iter(tokens)

    def pick(self, context: Any, index: int) -> int:
        super().pick(context, index)
        return next(self._tokens)


def trajectories(prompt: Prompt, recorded: Path | None, limit: int) -> list[Forced]:
    """The first `limit` of a file of recorded trajectories; without one, plain ones made of the data set `sample`.

    Raises:
        UserError: the file cannot be read, or holds none.
    """
    texts = read_recordings(recorded) if recorded else _made_up()
    told = [(question, text) for question, text in texts.items() if text.strip()]
    if not told:
        raise UserError(f"{recorded} holds no trajectory with a text: record some with `tora-agent runs export`")
    return [Forced(question, prompt.fill(question), tuple(_turns(text))) for question, text in told[:limit]]


def _turns(text: str) -> Iterator[tuple[str, str]]:
    for segment, output in protocol.segments(text):
        if output is None:
            yield segment, ""
        else:
            yield f"{segment}\n{protocol.STOP_OUTPUT}", protocol.output_block(output)


def _made_up() -> dict[str, str]:
    lines = (resources.files("tora_agent.eval") / "data" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["question"]: _solution(row["question"], row["answer"]) for row in map(json.loads, lines)}


def _solution(question: str, answer: str) -> str:
    program = f"```python\n# {question}\nresult = {answer!r}\nprint(result)\n```"
    return f"{program}{protocol.output_block(answer)}The answer is $\\boxed{{{answer}}}$."


async def follow(engine: LlamaCpp, forced: Forced) -> Tokens:
    """Let an engine write one trajectory."""
    sampler = ForcedSampler(engine.tokenizer.size, engine.config.n_ctx)
    read = written = 0
    async with engine.sequence_with(forced.prompt, sampler) as sequence:
        for text, output in forced.turns:
            tokens = engine.tokenizer.continuation(text.encode())
            sampler.force(tokens)
            async for item in sequence.generate(STOP, len(tokens)):
                if isinstance(item, Completion):
                    read += item.prompt_tokens
                    written += item.completion_tokens
            await sequence.append(output)
    return Tokens(read, written)


def least_read(engine: LlamaCpp, work: Iterable[Forced]) -> int:
    """How many tokens have to be read when every distinct beginning of a prompt, and every output, is read once."""
    beginnings: set[tuple[int, int]] = set()
    outputs = 0
    for forced in work:
        before = 0
        for token in engine.tokenizer.prompt(forced.prompt):
            beginnings.add((before, token))
            before = hash((before, token))
        outputs += sum(len(engine.tokenizer.continuation(output.encode())) for _, output in forced.turns)
    return len(beginnings) + outputs
