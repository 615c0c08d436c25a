"""The trajectories as the page carries them: compressed JSON, which the browser unpacks."""

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any

from tora_agent.eval.failures import failure_kind
from tora_agent.eval.report.numbers import ReportedRun
from tora_agent.eval.store import Result


def compressed(runs: Sequence[ReportedRun]) -> str:
    """All trajectories of the runs as base64 of gzip of a JSON array; base64 holds no character that HTML knows."""
    trajectories = [_plain(reported, result) for reported in runs for result in sorted(reported.results, key=_place)]
    packed = gzip.compress(json.dumps(trajectories, ensure_ascii=False).encode(), mtime=0)
    return base64.b64encode(packed).decode()


def _place(result: Result) -> tuple[int, str, int]:
    """Where a trajectory stands in the list: by problem, numbers in their own order, then by sample."""
    return int(result.problem_id) if result.problem_id.isdecimal() else 0, result.problem_id, result.sample


def _plain(reported: ReportedRun, result: Result) -> dict[str, Any]:
    return {
        "run": reported.run.id,
        "problem": result.problem_id,
        "sample": result.sample if reported.summary.samples > 1 else None,
        "question": result.question,
        "gold": result.gold,
        "groups": dict(result.groups),
        "text": result.text,
        "answer": result.answer,
        "stop": result.stop,
        "correct": result.correct,
        "rule": result.rule,
        "strict": result.strict,
        "strictRule": result.strict_rule,
        "failure": failure_kind(result),
        "tokensRead": result.prompt_tokens,
        "tokensWritten": result.completion_tokens,
        "seconds": round(result.seconds, 2),
        "programSeconds": round(result.program_seconds, 2),
    }
