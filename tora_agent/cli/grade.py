"""`tora-agent grade`: verdicts on answers."""

import asyncio
from typing import Annotated, Any, Literal

import typer


def grade(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Answer lines of JSON on standard input.")] = False,
    grader: Annotated[Literal["tora"], typer.Option(help="Whose rules: tora's are the paper's.")] = "tora",
) -> None:
    """Grade answers: each line {"gold": ..., "pred": ..., "task": ...} is answered by {"correct": ..., "rule": ...}.

    "pred" may be a whole completion, whose answer is then extracted; "task" may be left out.
    """
    from tora_agent.cli.lines import answer_lines
    from tora_agent.errors import UserError
    from tora_agent.eval.grading import Grader
    from tora_agent.sandbox import Sandbox

    if not jsonl:
        raise UserError("grade reads lines of JSON from standard input: give --jsonl")
    with asyncio.Runner() as runner:
        sandbox = Sandbox()
        judge = Grader(sandbox)
        try:
            answer_lines(lambda request: runner.run(_answer(judge, request)), {"correct": None})
        finally:
            runner.run(sandbox.close())


async def _answer(judge: Any, request: dict[str, Any]) -> dict[str, Any]:
    from dataclasses import asdict

    from tora_agent.cli.lines import text_field
    from tora_agent.eval.grading import grade_text

    task = text_field(request, "task") if request.get("task") is not None else None
    gold = request.get("gold")
    if isinstance(gold, int | float) and not isinstance(gold, bool):
        request = request | {"gold": str(gold)}  # data sets hold answers as numbers
    verdict = await grade_text(judge, text_field(request, "pred"), text_field(request, "gold"), task)
    return asdict(verdict)
