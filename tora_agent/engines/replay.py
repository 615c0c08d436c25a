"""An engine over recorded trajectories: it says what was recorded, while programs are truly run again."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from collections.abc import Sequence as Strings
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tora_agent import protocol
from tora_agent.engines.base import Completion, Sampling
from tora_agent.errors import UserError
from tora_agent.validation import encodes, read_objects

_SLOTS = 64  # a recording costs nothing: the sandbox is what limits a replay


@dataclass(frozen=True, slots=True)
class Difference:
    """An output that did not come out as it was recorded; None where there is none. `turn` counts from 0."""

    turn: int
    recorded: str | None
    fresh: str | None


def differences(recorded: str, fresh: str) -> list[Difference]:
    """Compare the outputs in a recorded trajectory's text with those in the text of its replay, exactly."""
    pairs = enumerate(zip_longest(_outputs(recorded), _outputs(fresh)))
    return [Difference(turn, *pair) for turn, pair in pairs if pair[0] != pair[1]]


def _outputs(text: str) -> list[str]:
    return [output for _, output in protocol.segments(text) if output is not None]


class Replay:
    """An `Engine` that gives each recorded segment back as the model's text, whatever output is appended."""

    def __init__(self, recordings: Mapping[str, str]) -> None:
        """Take whole trajectories by the full text of their prompts; those of one prompt are the same."""
        self._recordings = recordings

    @property
    def name(self) -> str:
        """What generates: no model."""
        return "replay"

    @property
    def slots(self) -> int:
        """Enough to keep any sandbox busy."""
        return _SLOTS

    @asynccontextmanager
    async def sequence(self, prompt: str, sampling: Sampling) -> AsyncIterator["ReplaySequence"]:
        """Open the recording of this prompt.

        Raises:
            UserError: nothing was recorded for it.
        """
        if prompt not in self._recordings:
            raise UserError(
                f"nothing was recorded for the problem {_shortened(prompt)}: replay the data set and the"
                " prompt that the recording was made with"
            )
        yield ReplaySequence(self._recordings[prompt])

    async def close(self) -> None:
        """Nothing is held."""


class ReplaySequence:
    """One recorded trajectory, read segment by segment."""

    def __init__(self, recording: str) -> None:
        self._segments = iter(protocol.segments(recording))

    async def generate(self, stop: Strings[str], max_tokens: int) -> AsyncGenerator[str | Completion, None]:
        """Give the next segment at once, whole; after the last, nothing.

        A recording has no tokens: their counts are 0.
        """
        began = time.perf_counter()
        text, output = next(self._segments, ("", None))
        if text:
            yield text
        yield Completion(text, "eos" if output is None else "stop", 0, 0, time.perf_counter() - began)

    async def append(self, text: str) -> None:
        """Nothing to do: what follows was recorded after the recorded output."""


def read_recordings(path: Path) -> dict[str, str]:
    """Whole trajectories by question, from JSONL: ToRA's (`code` holds the text) or ours (`text` does).

    Of several for one question the last counts.

    Raises:
        UserError: the file or a line of it can't be read; the sentence names the line.
    """
    return dict(_recording(where, record) for where, record in read_objects(path))


def _recording(where: str, record: dict[str, Any]) -> tuple[str, str]:
    """The question and the text of one line."""
    match record:
        case {"question": str(question), "text": str(text)} if encodes(text):
            return question, text
        case {"question": str(question), "code": [str(text), *_]} if encodes(text):
            return question, text
    raise UserError(f'{where} is no trajectory: it needs "question" and either "text" or "code": [text]')


def _shortened(prompt: str) -> str:
    line = " ".join(prompt.split())
    return f'"{line[:80]}..."' if len(line) > 80 else f'"{line}"'
