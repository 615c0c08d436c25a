"""A prompt by name or path: a readable file with a short header, filled strictly."""

import ast
import re
import warnings
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

from tora_agent import protocol
from tora_agent.errors import UserError
from tora_agent.sandbox import Execution, Mode
from tora_agent.validation import no_such, read_yaml, shipped_names, validated

Style = Literal["tora", "cot", "pal"]

QUESTION = "{question}"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a prompt has the model's replies read: all that a replay needs of it. The defaults are those of `tora`."""

    style: Style = "tora"
    mode: Mode = "stateless"
    rounds: int = 4


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is said to the model around a question, and how its replies are read.

    Attributes:
        text: the prompt, with `{question}` once.
        stop: strings that end a generation.
        rounds: generations at most.
        style: `tora` alternates text and programs; `cot` runs nothing; `pal` runs one program whose result,
            printed or returned by `solution()`, is the answer.
        mode: whether programs share their state (`notebook`) or each starts afresh (`stateless`).
    """

    name: str
    text: str
    stop: tuple[str, ...]
    rounds: int
    style: Style = "tora"
    mode: Mode = "stateless"

    @property
    def reading(self) -> Reading:
        """How replies are read."""
        return Reading(self.style, self.mode, self.rounds)

    def fill(self, question: str) -> str:
        """The text that the model sees for this question."""
        return self.text.replace(QUESTION, question)

    def program(self, reply: str, before: str) -> str | None:
        """The program to run after `reply`, which follows the generated text `before`; None when it is final."""
        if self.style == "cot":
            return None
        if self.style == "pal":
            return _pal_program(reply)
        return protocol.closing_program(reply, before)

    def render(self, execution: Execution) -> str:
        """The output block that goes back to the model."""
        result = protocol.result_text(execution.stdout, execution.error, execution.status == "timeout")
        return protocol.output_block(rf"\boxed{{{result}}}" if self.style == "pal" else result)


def load_prompt(name_or_path: str, family: str = "") -> Prompt:
    """Read a prompt that ships with the package by its name, or one of the user's by its path.

    A few-shot prompt goes by its first name where the `family` of the problems is known: `cot` for `cot_gsm8k`.

    Raises:
        UserError: no such prompt, or a file that is not one; the sentence names the file and the fault.
    """
    path = Path(name_or_path)
    if path.suffix == ".md":
        try:
            return _parse(path.stem, path.read_text(encoding="utf-8"), name_or_path)
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"the prompt file {name_or_path} cannot be read: {error}") from error
    shipped = prompt_names()
    if name_or_path not in shipped and f"{name_or_path}_{family}" in shipped:
        name_or_path = f"{name_or_path}_{family}"
    if name_or_path not in shipped:
        raise no_such("prompt", name_or_path, shipped, f"there are {', '.join(shipped)}, or a path that ends in .md")
    file = resources.files("tora_agent.prompts") / f"{name_or_path}.md"
    return _parse(name_or_path, file.read_text(encoding="utf-8"), f"{name_or_path}.md")


def bare_prompt(reading: Reading) -> Prompt:
    """A prompt that is the question alone, for text that was generated before."""
    return Prompt("", QUESTION, (), reading.rounds, reading.style, reading.mode)


def prompt_names() -> list[str]:
    """The names of the prompts that ship with the package."""
    return shipped_names("tora_agent.prompts", ".md")


def _parse(name: str, source: str, where: str) -> Prompt:
    match = re.fullmatch(r"---\n(.*?)\n?---\n(.*?)\n?", source.replace("\r\n", "\n"), re.DOTALL)
    if not match:
        raise UserError(f"{where} is not a prompt: it must begin with a header between two lines of three dashes")
    about = f"the header of {where}"
    header = validated(_Header, read_yaml(match[1], about) or {}, about)
    if match[2].count(QUESTION) != 1:
        raise UserError(f"{where} must hold {QUESTION} exactly once, and holds it {match[2].count(QUESTION)} times")
    return Prompt(name, match[2], header.stop, header.rounds, header.style, header.mode)


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands between the dashes at the top of a prompt file; `about` is for people only."""

    stop: tuple[str, ...] = ()
    rounds: int = 1
    style: Style = "tora"
    mode: Mode = "stateless"
    about: str = ""

    def __post_init__(self) -> None:
        if self.rounds < 1:
            raise ValueError("rounds must be at least 1")
        if "" in self.stop:
            raise ValueError("a stop string must not be empty")


def _pal_program(reply: str) -> str | None:
    blocks = protocol.programs(reply)
    if not blocks:
        return None
    program = blocks[-1]
    defines = re.search(r"^def solution\(", program, re.MULTILINE)
    return f"{program}\nprint(solution())" if defines and not _prints(program) else program


def _prints(program: str) -> bool:
    """Whether a program prints outside of its functions."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of odd escapes, which are the program's own affair
            waiting: list[ast.AST] = [ast.parse(program)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return bool(re.search(r"^print\(", program, re.MULTILINE))
    while waiting:
        match waiting.pop():
            case ast.Call(func=ast.Name(id="print")):
                return True
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                pass
            case node:
                waiting += ast.iter_child_nodes(node)
    return False
