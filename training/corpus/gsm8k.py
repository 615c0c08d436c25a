"""GSM8k's training problems as programs: from the calculator annotations of their solutions, numbers varied.

A solution marks each of its calculations as `<<48/2=24>>`. The calculations become the lines of a program, with
names from the units of the numbers and from the operations. Where every number has exactly one origin, other numbers are put in and
the answer is computed anew, in exact fractions, apart from the program.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tora_agent.errors import UserError
from tora_agent.training.corpus.calculation import (
    Calculation,
    Number,
    Operation,
    Reference,
    Sign,
    numbers,
    parse,
    python,
    references,
    replaced,
    value,
)
from tora_agent.training.corpus.draft import Draft, Generator, conclusion
from tora_agent.training.corpus.givens import Given, find_givens, hidden, justified, rewritten, varied
from tora_agent.training.corpus.naming import distinct, name_of_given

VARIED = 0.8  # of the drafts of a problem whose numbers can vary
ATTEMPTS = 40  # draws of new numbers before the old ones are kept
MOST_STEPS = 6
VERBS: dict[Sign, str] = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
RESULTS: dict[Sign, str] = {"+": "total", "-": "difference", "*": "product", "/": "share"}

_ANNOTATION = re.compile(r"<<([^<>=]+)=([^<>=]+)>>")


@dataclass(frozen=True, slots=True)
class Step:
    """A calculation, and the key of its result."""

    key: str
    calculation: Calculation


@dataclass(frozen=True, slots=True)
class Template:
    """A problem whose program is known, its variables by key; `varies` tells whether all its numbers are used."""

    question: str
    givens: tuple[Given, ...]
    steps: tuple[Step, ...]
    names: Mapping[str, str]
    varies: bool


def generators(path: Path) -> dict[str, Generator]:
    """Generators of the problems of a file, by the number of steps: "gsm8k_2_steps".

    Raises:
        UserError: the file cannot be read or is not GSM8k's.
    """
    by_family: dict[str, list[Template]] = {}
    for template in read_templates(path):
        by_family.setdefault(f"gsm8k_{len(template.steps)}_steps", []).append(template)
    return {family: _generator(family, by_family[family]) for family in sorted(by_family)}


def _generator(family: str, templates: Sequence[Template]) -> Generator:
    return lambda rng: draft(rng, family, rng.choice(templates))


def read_templates(path: Path) -> Iterator[Template]:
    """The problems of a file that can be turned into programs.

    Raises:
        UserError: the file cannot be read or is not GSM8k's.
    """
    try:
        problems = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        pairs = [(str(problem["question"]), str(problem["answer"])) for problem in problems]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{path} is not a file of JSON lines with question and answer, as GSM8k's is: {error}"
        ) from error
    return (template for pair in pairs if (template := template_of(*pair)))


def template_of(question: str, solution: str) -> Template | None:
    """The program of a problem, or None where the annotations do not lead to the answer."""
    question = " ".join(question.split())
    givens = find_givens(question)
    trace = _Trace(givens)
    if not all(trace.add(annotation) for annotation in _ANNOTATION.finditer(solution)):
        return None
    stated = solution.rpartition("####")[2].strip().replace(",", "")
    if not trace.unique or not 0 < len(trace.steps) <= MOST_STEPS or not re.fullmatch(r"\d+(\.\d+)?", stated):
        return None
    if trace.values[trace.steps[-1].key] != Fraction(stated):
        return None
    steps = _needed(trace.steps)
    used = {key for step in steps for key in references(step.calculation)}
    constants = [number.value for step in steps for number in numbers(step.calculation)]
    if hidden(question, [given for given in givens if given.key in used]):
        return None
    if not all(justified(question, constant) for constant in constants):
        return None
    varies = all(given.key in used for given in givens) and not hidden(question, givens)
    return Template(
        question, givens, steps, _names(question, [given for given in givens if given.key in used], steps), varies
    )


def _names(question: str, givens: Sequence[Given], steps: Sequence[Step]) -> dict[str, str]:
    """A variable for each given number and each result."""
    names: dict[str, str] = {}
    for given in givens:
        taken = names.values()
        percent = given.kind == "percent"
        names[given.key] = distinct("percent", taken) if percent else name_of_given(question, given.end, taken)
    for step in steps:
        names[step.key] = distinct(RESULTS[_last_sign(step.calculation)], names.values())
    return names


class _Trace:
    """Follows a solution's calculations: where each number of theirs comes from."""

    def __init__(self, givens: Sequence[Given]) -> None:
        self.values = {given.key: given.value for given in givens}
        self.shares = {given.value / 100: given.key for given in givens if given.kind == "percent"}
        self.used: set[str] = set()
        self.steps: list[Step] = []
        self.unique = len(set(self.values.values())) == len(givens)

    def add(self, annotation: re.Match[str]) -> bool:
        """Take in the next calculation; False where it is not arithmetic or its stated result is wrong."""
        calculation = parse(annotation[1])
        if calculation is None:
            return False
        calculation = replaced(calculation, self._origin)
        try:
            result = value(calculation, self.values)
            right = result == Fraction(annotation[2].strip().lstrip("$").replace(",", ""))
        except (ValueError, ZeroDivisionError):
            return False
        self.unique &= result not in self.values.values()
        step = Step(f"s{len(self.steps)}", calculation)
        self.steps.append(step)
        self.values[step.key] = result
        return right

    def _origin(self, number: Number) -> Calculation | None:
        """The latest result of that value, else a given number, one that was not used before others."""
        keys = [key for key, known in self.values.items() if known == number.value]
        if not keys and number.value in self.shares:
            return Operation("/", Reference(self.shares[number.value]), Number("100"))
        if not keys:
            return None
        self.unique &= len(keys) == 1
        key = max(keys, key=lambda key: (key not in self.used, key[0] == "s", int(key[1:])))
        self.used.add(key)
        return Reference(key)


def _last_sign(calculation: Calculation) -> Sign:
    """The operation that a calculation does last."""
    return calculation.sign if isinstance(calculation, Operation) else "+"


def _needed(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that the last one rests on, and itself."""
    needed = {steps[-1].key}
    for step in reversed(steps):
        if step.key in needed:
            needed.update(references(step.calculation))
    return tuple(step for step in steps if step.key in needed)


def draft(rng: random.Random, family: str, template: Template) -> Draft:
    """A problem of a template, with numbers of its own or, where that is possible, with new ones."""
    givens: Sequence[Given] = template.givens
    if template.varies and rng.random() < VARIED:
        candidates = (varied(rng, givens) for _ in range(ATTEMPTS))
        givens = next((new for new in candidates if _sensible(template, new)), template.givens)
    values = _values(template, givens)
    answer = _plain(values[template.steps[-1].key])
    return Draft(
        family,
        rewritten(template.question, template.givens, givens),
        f"{', then '.join(VERBS[_last_sign(step.calculation)] for step in template.steps).capitalize()}.",
        _program(template, givens, values),
        answer,
        conclusion(rng, answer),
    )


def _values(template: Template, givens: Sequence[Given]) -> dict[str, Fraction]:
    """The exact value of every given and of every step."""
    values = {given.key: given.value for given in givens}
    for step in template.steps:
        values[step.key] = value(step.calculation, values)
    return values


def _sensible(template: Template, givens: Sequence[Given]) -> bool:
    """Whether new numbers keep every result positive, and whole where it was whole."""
    old = _values(template, template.givens)
    try:
        new = _values(template, givens)
    except ZeroDivisionError:
        return False
    return (
        all(new[key] > 0 and (new[key].denominator == 1) == (old[key].denominator == 1) for key in old)
        and (new[template.steps[-1].key] * 100).denominator == 1
    )


def _program(template: Template, givens: Sequence[Given], values: Mapping[str, Fraction]) -> str:
    """The given numbers that are used, in the order of the question, then the steps, then the last result."""
    names = template.names
    used = {key for step in template.steps for key in references(step.calculation)}
    lines = [f"{names[given.key]} = {_plain(given.value)}" for given in givens if given.key in used]
    lines += [f"{names[step.key]} = {python(step.calculation, names, values)}" for step in template.steps]
    last = names[template.steps[-1].key]
    exact = all(values[key].denominator == 1 for key in used)
    return "\n".join([*lines, f"print({last})" if exact else f"print(round({last}, 2))"])


def _plain(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.6f}".rstrip("0")
