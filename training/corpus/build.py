"""Building a corpus: problems drawn by the generators, their programs executed, and only what agrees written."""

import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from tora_agent.errors import UserError
from tora_agent.protocol import output_block
from tora_agent.training.corpus import gsm8k, stories, symbolic, word_problems
from tora_agent.training.corpus.agreement import agree
from tora_agent.training.corpus.decontaminate import TestQuestions
from tora_agent.training.corpus.draft import Draft, Generator
from tora_agent.training.corpus.execution import Execute, in_sandbox
from tora_agent.training.corpus.spacing import respaced
from tora_agent.training.corpus.trajectories import new_corpus
from tora_agent.training.families import check_positive, check_weights, weight_of

Source = Literal["word_problems", "stories", "symbolic", "gsm8k"]
Fate = Literal["kept", "duplicate", "contaminated", "failed", "disagrees"]

BATCH = 1000  # drafts whose programs are executed together
PATIENCE = 5  # drafts drawn for each that is asked for, before a narrow mix is given up


@dataclass(frozen=True, slots=True)
class CorpusConfig:
    """What a corpus is made of.

    Attributes:
        count: how many trajectories.
        seed: of everything random.
        shares: how much of the corpus comes from each source, in any unit.
        weights: of families within their source, by name or pattern; the first that matches counts, else 1.
        tests: the directory of the test sets whose questions are kept out, beside those in the package.
        gsm8k: the file of GSM8k's training questions.
    """

    count: int
    tests: Path | None = None
    seed: int = 0
    shares: dict[Source, float] = field(default_factory=lambda: {"word_problems": 0.7, "symbolic": 0.3})
    weights: dict[str, float] = field(default_factory=dict)
    gsm8k: Path | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("count must be at least 1")
        check_positive([*self.weights.values(), *self.shares.values()])
        if not any(self.shares.values()):
            raise ValueError("shares must give some source more than 0")
        if self.shares.get("gsm8k") and self.gsm8k is None:
            raise ValueError("shares has gsm8k, so gsm8k must name the file of its training questions")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the drafts, in all and by family."""

    fates: Mapping[Fate, int]
    families: Mapping[str, Mapping[Fate, int]]


async def build(config: CorpusConfig, output: Path, execute: Execute | None = None) -> Report:
    """Write a corpus as JSON lines of family, question, text and answer; the same config gives the same file.

    Programs run in the sandbox, unless something else is given to execute them.

    Raises:
        UserError: a family's name or a file of the config is wrong.
        SandboxUnavailable: the sandbox could not start.
    """
    if execute is None:
        async with in_sandbox() as execute:
            return await build(config, output, execute)
    fates: Counter[tuple[str, Fate]] = Counter()
    room = config.count
    tests = TestQuestions.of_directory(config.tests)
    stream = islice(drafts(config), PATIENCE * config.count)
    with new_corpus(output) as file:
        async for draft, fate, result in judged(stream, tests, execute):
            fates[draft.family, fate] += 1
            if fate == "kept":
                file.write(json.dumps(record(draft, result), ensure_ascii=False) + "\n")
                room -= 1
            if not room:
                break
    return _report(fates)


async def judged(
    stream: Iterator[Draft], tests: TestQuestions, execute: Execute
) -> AsyncIterator[tuple[Draft, Fate, str]]:
    """Every draft with what becomes of it and what its program printed, in the order of drawing."""
    seen: set[str] = set()
    while batch := list(islice(stream, BATCH)):
        early = [_admit(draft, seen, tests) for draft in batch]
        runnable = [draft.program for draft, fate in zip(batch, early, strict=True) if fate is None]
        printed = iter(await execute(runnable))
        for draft, fate in zip(batch, early, strict=True):
            result = next(printed) if fate is None else None
            yield draft, fate or _verdict(draft, result), result or ""


def drafts(config: CorpusConfig) -> Iterator[Draft]:
    """Draw problems without end, by the config's shares and weights.

    Raises:
        UserError: at once, not at the first draft: a family's name or a file of the config is wrong.
    """
    generators, weights = _mix(config)
    rng = random.Random(config.seed)
    batches = iter(lambda: rng.choices(generators, weights, k=BATCH), None)
    return (generator(rng) for batch in batches for generator in batch)


def record(draft: Draft, result: str) -> dict[str, str]:
    """A trajectory as a line of the corpus: `text` is what follows the prompt."""
    program = f"```python\n{draft.program}\n```"
    text = "\n".join(filter(None, [draft.rationale, program])) + output_block(result) + draft.conclusion
    return {"family": draft.family, "question": draft.question, "text": text, "answer": draft.answer}


def _admit(draft: Draft, seen: set[str], tests: TestQuestions) -> Fate | None:
    """Why a draft need not be executed, if so."""
    if draft.question in seen:
        return "duplicate"
    seen.add(draft.question)
    return "contaminated" if tests.share(draft.question) else None


def _verdict(draft: Draft, result: str | None) -> Fate:
    if result is None:
        return "failed"
    return "kept" if agree(result, draft.answer) else "disagrees"


def _mix(config: CorpusConfig) -> tuple[Sequence[Generator], Sequence[float]]:
    """The generators of all sources, and how often each is drawn."""
    generators: list[Generator] = []
    weights: list[float] = []
    names: list[str] = []
    for source, share in config.shares.items():
        families = _families(source, config)
        own = [weight_of(config.weights, name) for name in families]
        generators += families.values()
        weights += [share * weight / (sum(own) or 1.0) for weight in own]
        names += families
    check_weights(config.weights, names, "the weights of the corpus")
    if not any(weights):
        raise UserError("the corpus's shares and weights leave no family")
    return generators, weights


def _families(source: Source, config: CorpusConfig) -> Mapping[str, Generator]:
    if source == "symbolic":
        return symbolic.GENERATORS
    if source == "gsm8k" and config.gsm8k is not None:
        families = gsm8k.generators(config.gsm8k)
    else:
        families = stories.generators() if source == "stories" else word_problems.GENERATORS
    return {name: respaced(generator) for name, generator in families.items()}


def _report(fates: Counter[tuple[str, Fate]]) -> Report:
    total: Counter[Fate] = Counter()
    families: dict[str, Counter[Fate]] = {}
    for (family, fate), count in sorted(fates.items()):
        total[fate] += count
        families.setdefault(family, Counter())[fate] += count
    return Report(dict(total), {family: dict(counts) for family, counts in families.items()})
