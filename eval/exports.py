"""Stored runs for other programs: the lines of ToRA's repository, Parquet, and a data set of Hugging Face."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tora_agent.errors import UserError
from tora_agent.eval.metrics import by_problem
from tora_agent.eval.store import Result
from tora_agent.files import whole
from tora_agent.protocol import normalise

_SPLIT = "test"
_CARD = """---
configs:
- config_name: default
  data_files:
  - split: {split}
    path: {split}/*.arrow
---

# {title}

Trajectories of tora-agent: each row is one sample of one problem, with its programs, their outputs and two verdicts.
"""


def tora_lines(results: Iterable[Result]) -> Iterator[dict[str, Any]]:
    """One object for each problem, with the answers and texts of its samples, as ToRA's own evaluation reads them.

    It takes `gt` from a line that has a solution, `gt_cot`; of that a run knows the answer alone.
    """
    for number, samples in enumerate(by_problem(results).values()):
        first = samples[0]
        yield {
            "idx": int(first.problem_id) if first.problem_id.isdecimal() else number,
            "question": first.question,
            "gt_cot": first.gold,
            "gt": normalise(first.gold),
            **first.groups,
            "code": [sample.text for sample in samples],
            "pred": [normalise(sample.answer) for sample in samples],
        }


def json_lines(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Records (`Store.records`, `tora_lines`) as lines of JSON."""
    for record in records:
        yield json.dumps(record, ensure_ascii=False, default=datetime.isoformat) + "\n"


def write_jsonl(records: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write records as one file of JSON lines, which is there only once it is whole.

    Raises:
        UserError: it cannot be written.
    """
    with whole(path) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        file.writelines(json_lines(records))


def write_parquet(records: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write a run's records (`Store.records`) as one Parquet file, which is there only once it is whole.

    Raises:
        UserError: it cannot be written.
    """
    with whole(path) as unfinished:
        _table(records).to_parquet(unfinished)


def write_dataset(records: Iterable[Mapping[str, Any]], folder: Path) -> None:
    """Write a run's records as a folder that `load_dataset` and `load_from_disk` read, and the hub takes.

    Raises:
        UserError: the folder holds something already, or cannot be written.
    """
    from datasets import DatasetDict

    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UserError(f"{folder} is there already: name a folder that is not, with --output FOLDER")
    try:
        DatasetDict({_SPLIT: _table(records)}).save_to_disk(folder)
        (folder / "README.md").write_text(_CARD.format(split=_SPLIT, title=folder.name), encoding="utf-8")
    except OSError as error:
        raise UserError(f"the folder {folder} cannot be written: {error.strerror or error}") from error


def _table(records: Iterable[Mapping[str, Any]]) -> Any:
    """A table with a column for each field of a record, and one for each grouping, such as `group_level`."""
    import datasets

    datasets.disable_progress_bars()
    rows = [{**record, **_grouped(record)} for record in records]
    groupings = sorted({name for row in rows for name in row if name.startswith("group_")})
    features = _features(groupings)
    return datasets.Dataset.from_dict({name: [row.get(name) for row in rows] for name in features}, features)


def _grouped(record: Mapping[str, Any]) -> dict[str, str]:
    return {f"group_{name}": value for name, value in record["groups"].items()}


def _features(groupings: Iterable[str]) -> Any:
    """The same types for every run, whatever happens to be empty in it."""
    from datasets import Features, List, Value

    text, whole, real, truth = (Value(kind) for kind in ("string", "int64", "float64", "bool"))
    completion = dict.fromkeys(("text", "finish"), text) | dict.fromkeys(("prompt_tokens", "completion_tokens"), whole)
    execution = dict.fromkeys(("status", "stdout", "error"), text) | {"truncated": truth, "seconds": real}
    step = {"completion": completion | {"seconds": real}, "program": text, "execution": execution, "appended": text}
    return Features(
        dict.fromkeys(("problem_id", "question", "gold", "prompt", "text", "answer", "stop"), text)
        | dict.fromkeys(("rule", "strict_rule", *groupings), text)
        | dict.fromkeys(("run_id", "sample", "vote", "prompt_tokens", "completion_tokens"), whole)
        | dict.fromkeys(("correct", "strict"), truth)
        | {"steps": List(step), "seconds": real, "finished": Value("timestamp[us]")}
    )
