"""Verdicts by one of two sets of rules, and on whole completions."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

from tora_agent.errors import UserError
from tora_agent.eval.grading import rules
from tora_agent.eval.grading.rules import Verdict
from tora_agent.eval.grading.strict import compare, spelling
from tora_agent.protocol import extract_answer, has_box, normalise
from tora_agent.sandbox import CallFailed, Sandbox

SECONDS = 3.0  # for one verdict, as in the reference
CALLS = 100  # pairs that one process compares at most
LOADING_SECONDS = 60.0  # for importing the algebra, on a busy machine
_KEPT = 100_000  # verdicts: a server grades for as long as it runs
_LATEX_RUNTIME = "antlr4-python3-runtime"
_COMPLETION = re.compile(r"boxed|he answer is|```")
_SENTENCE = re.compile(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+")


GraderName = Literal["tora", "strict"]


@dataclass(frozen=True, slots=True)
class Rules:
    """A set of rules.

    Attributes:
        spell: an answer in the spelling that the rules compare.
        settle: the verdict where no algebra is needed, else None.
        algebra: the function that gives it where algebra is needed, for the sandbox.
    """

    spell: Callable[[str], str]
    settle: Callable[[str, str], Verdict | None]
    algebra: str


RULES: dict[GraderName, Rules] = {
    "tora": Rules(normalise, rules.settle, "tora_agent.eval.grading.symbolic:equal"),
    "strict": Rules(spelling.clean, compare.settle, "tora_agent.eval.grading.strict.algebra:equal"),
}


class Grader:
    """Verdicts by the rules of the paper (`tora`, faithful in every one), or by a mathematician's (`strict`).

    What needs algebra runs in the sandbox, since graded text is untrusted; such verdicts are kept, so that a
    pair is compared once.
    """

    def __init__(self, sandbox: Sandbox, name: GraderName = "tora") -> None:
        """Compare in `sandbox`.

        Raises:
            UserError: sympy's LaTeX parser lacks its runtime, without which right answers would be refused.
        """
        _require_latex_parser()
        self.name = name
        self._rules = RULES[name]
        self._sandbox = sandbox
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._loading = asyncio.Lock()
        self._loaded = False

    async def grade(self, prediction: str, gold: str) -> Verdict:
        """Compare two answers; a comparison that takes over 3 seconds is false.

        Raises:
            SandboxUnavailable: no process could be started for the comparison.
        """
        pair = self.spelled(prediction, gold)
        verdict = self._rules.settle(*pair) or self._verdicts.get(pair)
        if verdict is None:
            if len(self._verdicts) >= _KEPT:
                self._verdicts.clear()
            verdict = self._verdicts[pair] = await self._compare(*pair)
        return verdict

    def spelled(self, prediction: str, gold: str) -> tuple[str, str]:
        """Both answers in the spelling that the rules compare."""
        return self._rules.spell(prediction), self._rules.spell(gold)

    async def _compare(self, prediction: str, gold: str) -> Verdict:
        await self._load()
        try:
            pair = prediction, gold
            return Verdict(*await self._sandbox.call(self._rules.algebra, *pair, seconds=SECONDS, calls=CALLS))
        except TimeoutError:
            return Verdict(False, "time limit", f"no verdict within {SECONDS:g} seconds")
        except CallFailed as failure:
            return Verdict(False, "symbolic difference", f"the comparison failed: {failure}")

    async def _load(self) -> None:
        """Have the sandbox import the algebra once, which is no part of a verdict's time."""
        async with self._loading:
            if not self._loaded:
                with contextlib.suppress(TimeoutError, CallFailed):  # the comparison itself will say so
                    await self._sandbox.call(self._rules.algebra, "x", "x", seconds=LOADING_SECONDS)
                self._loaded = True


async def grade_text(grader: Grader, pred: str, gold: str, task: str | None) -> Verdict:
    """The verdict on an answer or a whole completion, against an answer or a whole solution of `task`."""
    return await grader.grade(stated_answer(pred), prepare_gold(task, gold))


def stated_answer(pred: str) -> str:
    """The answer of a completion; a text that has none of a completion's marks is an answer itself."""
    if _COMPLETION.search(pred):
        return extract_answer(pred)
    if "\\" not in pred and _SENTENCE.search(pred):
        return extract_answer(pred) or pred
    return pred


def prepare_gold(task: str | None, raw: str) -> str:
    """The gold answer, given as such or with its solution: after "####" (GSM8k), boxed (MATH).

    ASDiv's answers lose their parenthesised units.
    """
    if "####" in raw:
        return raw.rpartition("####")[2].strip()
    if has_box(raw):
        return extract_answer(raw)
    return re.sub(r"\(.*?\)", "", raw).strip() if task == "asdiv" else raw.strip()


def _require_latex_parser() -> None:
    try:
        found = metadata.version(_LATEX_RUNTIME)
    except metadata.PackageNotFoundError:
        found = "none"
    if not found.startswith("4.11."):
        raise UserError(
            f"grading needs {_LATEX_RUNTIME} 4.11 for sympy's LaTeX parser, but {found} is installed: "
            "pip install 'tora-agent[eval]'"
        )
