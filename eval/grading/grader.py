"""Verdicts by one of two sets of rules, and on whole completions."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from importlib import metadata
from typing import Literal

from tora_agent.errors import UserError
from tora_agent.eval.grading import rules
from tora_agent.eval.grading.rules import Verdict
from tora_agent.eval.grading.strict import compare, spelling
from tora_agent.names import GraderName
from tora_agent.protocol import extract_answer, has_box, normalise
from tora_agent.sandbox import CallDied, CallFailed, Sandbox, SandboxUnavailable

SECONDS = 3.0  # for one verdict, as in the reference
CALLS = 100  # pairs that one process compares at most
LOADING_SECONDS = 60.0  # for importing the algebra, on a busy machine
_KEPT = 100_000  # verdicts: a server grades for as long as it runs
_EQUAL = "\\frac{2x+2}{2}", "x+1"  # what needs algebra, and comes out equal by any rules
_LATEX_RUNTIME = "antlr4-python3-runtime"
_COMPLETION = re.compile(r"boxed|he answer is|```")
_VALUE = re.compile(r"(-?\d+(?:\.\d+)?)(?:/(\d+)|(%))?", re.ASCII)
_SENTENCE = re.compile(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+")


GoldForm = Literal["stated", "number", "without_unit"]  # what a data set's gold answers are, see `prepare_gold`


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
        """Compare two answers; a comparison that takes over 3 seconds, or too much memory, is false.

        Raises:
            SandboxUnavailable: no process could be started for the comparison, or none can compare.
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
        except CallDied:
            return Verdict(False, "memory limit", "the process that compared the two died of them")
        except CallFailed as failure:
            return Verdict(None, "failure", f"the comparison failed: {failure}")

    async def _load(self) -> None:
        """Have the sandbox import the algebra once, which is no part of a verdict's time, and see that it works."""
        async with self._loading:
            if not self._loaded:
                try:
                    equal, *_ = await self._sandbox.call(self._rules.algebra, *_EQUAL, seconds=LOADING_SECONDS)
                    reason = None if equal else f"{' and '.join(_EQUAL)} came out different"
                except (TimeoutError, CallFailed) as failure:
                    reason = str(failure) or f"the algebra did not load within {LOADING_SECONDS:g} seconds"
                if reason:
                    raise SandboxUnavailable(f"answers cannot be compared: {reason}")
                self._loaded = True


async def grade_text(grader: Grader, pred: str, gold: str, form: GoldForm = "stated") -> Verdict:
    """The verdict on an answer or a whole completion, against an answer or a whole solution."""
    return await grader.grade(stated_answer(pred), prepare_gold(gold, form))


def stated_answer(pred: str) -> str:
    """The answer of a completion; a text that has none of a completion's marks is an answer itself."""
    if _COMPLETION.search(pred):
        return extract_answer(pred)
    if "\\" not in pred and _SENTENCE.search(pred):
        return extract_answer(pred) or pred
    return pred


def prepare_gold(raw: str, form: GoldForm = "stated") -> str:
    """The gold answer, given as such or with its solution: after "####" (GSM8k), boxed (MATH).

    As `without_unit` it loses what is in parentheses (ASDiv). As `number` it is the value of a number, a quotient or a
    percentage, and a text as it is (TabMWP); a value is a decimal, which is how the paper compares it.
    """
    if "####" in raw:
        return raw.rpartition("####")[2].strip()
    if has_box(raw):
        return extract_answer(raw)
    if form == "without_unit":
        return re.sub(r"\(.*?\)", "", raw).strip()
    return _evaluated(raw.strip()) if form == "number" else raw.strip()


def _evaluated(text: str) -> str:
    if not (match := _VALUE.fullmatch(text.replace(",", ""))):
        return text
    number, divisor, percent = match.groups()
    try:
        value = Fraction(number) / int(divisor or 1) / (100 if percent else 1)
        return str(value if value.denominator == 1 else float(value))
    except (ArithmeticError, ValueError):  # over 0, beyond floats, or of more digits than Python reads
        return text


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
