"""`tora-agent grade`: verdicts on answers."""

import asyncio
from typing import Annotated, Any

import typer

from tora_agent.names import GraderName


def grade(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Answer lines of JSON on standard input.")] = False,
    grader: Annotated[GraderName, typer.Option(help="Whose rules: the paper's, or a mathematician's.")] = "tora",
    explain: Annotated[
        bool, typer.Option("--explain", help="Say also what was compared: both answers as the rules spell them.")
    ] = False,
) -> None:
    """Grade answers: each line {"gold": ..., "pred": ..., "task": ...} is answered by {"correct": ..., "rule": ...}.

    "rule" and "reason" say how the verdict was found. "pred" may be a whole completion, whose answer is then
    extracted; "task" may be left out.
    """
    from tora_agent.errors import UserError

    if not jsonl:
        raise UserError("grade reads lines of JSON from standard input: give --jsonl")
    asyncio.run(_answer_lines(grader, explain))


async def _answer_lines(grader: GraderName, explain: bool) -> None:
    from tora_agent.cli.lines import answer_lines
    from tora_agent.eval.grading import Grader
    from tora_agent.sandbox import Sandbox

    sandbox = Sandbox(programs=False)
    judge = Grader(sandbox, grader)
    try:
        await answer_lines(lambda request: _answer(judge, request, explain), {"correct": None})
    finally:
        await sandbox.close()


async def _answer(judge: Any, request: dict[str, Any], explain: bool) -> dict[str, Any]:
    from dataclasses import asdict

    from tora_agent.cli.lines import text_field
    from tora_agent.eval.grading import prepare_gold, stated_answer
    from tora_agent.eval.tasks import gold_form

    task = text_field(request, "task") if request.get("task") is not None else None
    gold = request.get("gold")
    if isinstance(gold, int | float) and not isinstance(gold, bool):
        request = request | {"gold": str(gold)}  # data sets hold answers as numbers
    pair = stated_answer(text_field(request, "pred")), prepare_gold(text_field(request, "gold"), gold_form(task))
    verdict = asdict(await judge.grade(*pair))
    return verdict | {"compared": judge.spelled(*pair)} if explain else verdict
