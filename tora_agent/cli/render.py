"""A trajectory on the terminal, while it grows."""

import re

from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from tora_agent.agent import Trajectory
from tora_agent.sandbox import Execution

_FENCE = "```"
_CONTROLS = {code: "\ufffd" for code in [*range(32), *range(127, 160)] if chr(code) not in "\n\t"}


def printable(text: str) -> str:
    """A text that no one vouches for, without characters that would steer the terminal."""
    return text.translate(_CONTROLS)


class Transcript:
    """Prints the model's text piece by piece: rationale at once, code line by line with its colours."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._syntax = Syntax("", "python", theme="ansi_dark", background_color="default")
        self._code: list[str] | None = None  # the lines of the open block
        self._line = ""
        self._shown = 0  # characters of the line that are printed

    def feed(self, text: str) -> None:
        """Print the next piece of the model's text."""
        for part in re.split(r"(?<=\n)", printable(text)):
            self._line += part
            if self._line.endswith("\n"):
                self._end_line()
            elif self._code is None and not self._line.startswith("`"):
                self._print(self._line[self._shown :])
                self._shown = len(self._line)

    def end_segment(self) -> None:
        """The model has stopped: print what is still held back."""
        if self._line:
            self._line += "\n"
            self._end_line()
        self._code = None

    def output(self, execution: Execution, result: str) -> None:
        """Print what a program gave back."""
        style = "cyan" if execution.status == "ok" else "yellow"
        for line in printable(result).splitlines():
            self._console.print(Text(f"  │ {line}", style=style))

    def _end_line(self) -> None:
        line, self._line, shown, self._shown = self._line, "", self._shown, 0
        if line.startswith(_FENCE):
            self._code = [] if self._code is None else None
        elif self._code is None:
            self._print(line[shown:])
        else:
            self._code.append(line)
            coloured = self._syntax.highlight("".join(self._code)).split("\n")[len(self._code) - 1]
            self._console.print(Text("  ") + coloured, soft_wrap=True)

    def _print(self, text: str) -> None:
        self._console.print(Text(text), end="", soft_wrap=True)


def print_answer(console: Console, trajectory: Trajectory) -> None:
    """The boxed answer set apart, and one line on what it took."""
    reasons = {
        "answered": "answered",
        "no_answer": "the model ended without an answer",
        "round_limit": "stopped at the limit of rounds",
        "token_limit": "stopped at the limit of tokens",
        "context_full": "stopped because the context was full",
    }
    console.print()
    if trajectory.answer:
        console.print(
            Panel.fit(Text(printable(trajectory.answer), style="bold green"), title="answer", title_align="left")
        )
    programs = sum(step.program is not None for step in trajectory.steps)
    console.print(
        Text(
            f"{reasons[trajectory.stop]} · {programs} program{'' if programs == 1 else 's'} · "
            f"{trajectory.completion_tokens} tokens · {trajectory.seconds:.1f} s",
            style="dim",
        )
    )
