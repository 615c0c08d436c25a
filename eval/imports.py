"""Other projects' published outputs as runs: each line becomes a problem with its trajectories, graded as ours are."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from tora_agent import protocol
from tora_agent.agent import Step, Stop, Trajectory
from tora_agent.engines.base import Completion
from tora_agent.errors import UserError
from tora_agent.eval.grading import Grader
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.runner import work_off
from tora_agent.eval.store import Store
from tora_agent.eval.tasks import Problem
from tora_agent.eval.votes import Ballots, Vote
from tora_agent.prompt import Reading
from tora_agent.sandbox import Execution, Status
from tora_agent.validation import encodes, read_objects

Form = Literal["tora", "mathcoder"]
_AT_ONCE = 4  # answers that are graded at the same time
_ERROR = re.compile(r"(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt)(?::.*)?")


@dataclass(frozen=True, slots=True)
class Published:
    """A problem of a file, and its trajectories in the order of their samples."""

    problem: Problem
    trajectories: tuple[Trajectory, ...]


def read_outputs(path: Path, form: Form, problems: Iterable[Problem] | None = None) -> list[Published]:
    """Read a file of outputs: lines of ToRA's repository (`tora`), or of MathCoder's (`mathcoder`).

    Ids, gold answers and groups are those of `problems` with the same questions, in their order, where these are
    given; else the file's own.

    Raises:
        UserError: a line is of another form, repeats a problem, or is about none of the `problems`.
    """
    read = _READERS[form]
    known = None if problems is None else _by_question(problems)
    found: dict[str, Published] = {}
    for number, (where, record) in enumerate(read_objects(path)):
        published = read(where, record, number)
        if known is not None:
            published = replace(published, problem=_looked_up(published.problem, known, where))
        identifier = published.problem.id
        if identifier in found:
            raise UserError(f"{where} is about problem {identifier}, as an earlier line is: give each problem one line")
        found[identifier] = published
    if not found:
        raise UserError(f"the file {path} holds no line")
    return list(found.values())


def identity(path: Path, form: Form, published: Iterable[Published]) -> str:
    """A digest of a file's content and of what it is graded against: the same import is the same run."""
    golds = [(item.problem.id, item.problem.answer) for item in published]
    return hashlib.sha256(f"import {form} {golds}".encode() + path.read_bytes()).hexdigest()


def reading(form: Form, published: Iterable[Published]) -> Reading:
    """How the outputs are read when their programs are run again: in as many rounds as the longest of them has."""
    rounds = max(_rounds(trajectory) for item in published for trajectory in item.trajectories)
    return Reading(mode="notebook" if form == "mathcoder" else "stateless", rounds=rounds)


def _rounds(trajectory: Trajectory) -> int:
    """One more than the steps where the last ran a program, and no limit ended it: the model had nothing to add."""
    steps = trajectory.steps
    unended = not steps or (steps[-1].program is not None and trajectory.stop != "round_limit")
    return len(steps) + unended


async def grade_into(
    store: Store,
    run: int,
    published: Sequence[Published],
    tora: Grader,
    strict: Grader,
    graded: Callable[[bool | None], None],
) -> None:
    """Grade what the run does not hold yet, store each trajectory at once, and hand its verdict to `graded`.

    Raises:
        UserError: the store cannot be written.
        SandboxUnavailable: an answer could not be graded; what was graded before is kept.
    """
    ballots = Ballots(strict, max(len(item.trajectories) for item in published))
    done = set()
    for result in store.results(run):
        ballots.restore(result.problem_id, Vote(result.sample, result.vote, result.correct), result.answer)
        done.add((result.problem_id, result.sample))

    async def grade(item: Published) -> None:
        gold = item.problem.answer
        for sample, trajectory in enumerate(item.trajectories):
            if (item.problem.id, sample) not in done:
                verdict = await tora.grade(trajectory.answer, gold)
                other = await strict.grade(trajectory.answer, gold)
                counted = await ballots.cast(item.problem.id, sample, trajectory.answer, verdict.correct)
                store.add(run, Outcome(item.problem, sample, trajectory, verdict, other, *counted))
                graded(verdict.correct)

    await work_off(published, grade, _AT_ONCE)


def _tora(where: str, record: Mapping[str, Any], number: int) -> Published:
    match record:
        case {"question": str(question), "gt": str() | int() | float() as gold, "code": [_, *_] as texts}:
            groups = {name: _text(str(record[name]), where) for name in ("type", "level") if record.get(name)}
            question, gold, *written = (_text(text or "", where) for text in (question.strip(), str(gold), *texts))
            problem = Problem(_text(str(record.get("idx", number)), where), question, gold, groups)
            return Published(problem, tuple(_from_text(question, text) for text in written))
    raise UserError(f'{where} is no output of ToRA\'s: it needs "question", "gt" and "code": [text, ...]')


def _mathcoder(where: str, record: Mapping[str, Any], number: int) -> Published:
    match record:
        case {
            "id": str(identifier),
            "ground_truth": {"answer": str(gold)},
            "debug_result": [*turns],
            "completion": str(answer),
        } if all(_is_turn(turn) for turn in turns):
            question = next((turn["content"] for turn in turns if turn["role"] == "user"), "").strip()
            steps = [turn for turn in turns if turn["role"] in _MATHCODER_TURNS]
            if steps and steps[-1]["role"] == "text" and steps[-1]["content"] == answer:
                steps.pop()  # the answer once more
            for text in (identifier, question, gold, answer, *(turn["content"] for turn in steps)):
                _text(text, where)
            trajectory = _from_turns(question, steps, answer)
            return Published(Problem(identifier, question, gold), (trajectory,))
    raise UserError(
        f'{where} is no output of MathCoder\'s: it needs "id", "ground_truth": {{"answer"}}, "completion", '
        'and "debug_result" with roles and contents'
    )


_READERS: dict[Form, Callable[[str, Mapping[str, Any], int], Published]] = {"tora": _tora, "mathcoder": _mathcoder}
_MATHCODER_TURNS = ("text", "code", "execution")


def _is_turn(turn: object) -> bool:
    match turn:
        case {"role": str(), "content": str()}:
            return True
    return False


def _text(value: object, where: str) -> str:
    if isinstance(value, str) and encodes(value):
        return value
    raise UserError(f"{where}: {str(value)[:40]!r} is no text that can be stored")


def _from_text(question: str, text: str) -> Trajectory:
    """A trajectory from its whole text, with the programs and outputs that stand in it."""
    steps: list[Step] = []
    before = ""
    for segment, output in protocol.segments(text):
        program = None if output is None else protocol.last_program(before + segment)
        steps.append(_step(segment, program, output))
        before += segment + steps[-1].appended
    cut_off = text.rstrip().endswith(protocol.CALL_LIMIT_NOTE.strip())
    if cut_off:
        steps[-1] = replace(steps[-1], appended=steps[-1].appended + protocol.CALL_LIMIT_NOTE)
    return _trajectory(question, steps, protocol.extract_answer(text), cut_off)


def _from_turns(question: str, turns: Sequence[Mapping[str, str]], answer: str) -> Trajectory:
    """A trajectory from the turns of a notebook: what stands before an execution asked for it."""
    steps: list[Step] = []
    written, program = "", None
    for turn in turns:
        content = turn["content"].replace("\r\n", "\n").strip("\n")
        if turn["role"] == "execution":
            steps.append(_step(written, program or "", content))
            written, program = "", None
        elif turn["role"] == "code":
            program = content
            written += f"\n```python\n{content}\n```"
        else:
            written += content
    if written:
        steps.append(_step(written, None, None))
    return _trajectory(question, steps, answer, cut_off=False)


def _step(text: str, program: str | None, output: str | None) -> Step:
    completion = Completion(text, "eos" if output is None else "stop", 0, 0, 0.0)
    if output is None:
        return Step(completion)
    status = _status(output)
    execution = Execution(status, output, None if status == "ok" else output, False, 0.0)
    return Step(completion, program, execution, protocol.output_block(output))


def _status(output: str) -> Status:
    """How a program ended, from the output that the model was given: all that a file tells."""
    if output.strip() == protocol.TIMEOUT_RESULT:
        return "timeout"
    last = output.strip().rpartition("\n")[2].strip()
    return "error" if _ERROR.fullmatch(last) else "ok"


def _trajectory(question: str, steps: Sequence[Step], answer: str, cut_off: bool) -> Trajectory:
    stop: Stop = "round_limit" if cut_off else "answered" if answer else "no_answer"
    return Trajectory(question, "", tuple(steps), answer, stop)


def _by_question(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    known: dict[str, list[Problem]] = {}
    for problem in problems:
        known.setdefault(_squashed(problem.question), []).append(problem)
    return known


def _looked_up(problem: Problem, known: Mapping[str, list[Problem]], where: str) -> Problem:
    """The data set's problem with this question; where it asks the question again, the next line is about that one."""
    try:
        same = known[_squashed(problem.question)]
        return same.pop(0) if len(same) > 1 else same[0]
    except KeyError:
        raise UserError(
            f"{where}: its question is none of the data set's; leave --dataset out, or name another"
        ) from None


def _squashed(text: str) -> str:
    return "".join(text.split())
