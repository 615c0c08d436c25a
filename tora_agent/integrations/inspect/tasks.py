"""Our tasks as inspect_ai's: `tora_agent/gsm8k` and the other shipped ones, and `tora_agent/tora_task` for any."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample

from tora_agent.eval.tasks import load_problems, load_task, task_names
from tora_agent.integrations.inspect import mistakes
from tora_agent.integrations.inspect.scoring import strict_scorer, tora_scorer
from tora_agent.integrations.inspect.solving import tora


@task
def tora_task(
    dataset: str = "sample",
    data_dir: str | None = None,
    prompt: str | None = None,
    limits: Mapping[str, Any] | None = None,
    sandbox: Mapping[str, Any] | None = None,
) -> Task:
    """A task of ours, solved by the solver `tora` and scored by both graders.

    Args:
        dataset: a task's name, or the path of its YAML or JSON lines file.
        data_dir: the folder of its data files; None is the package or the hub.
        prompt, limits, sandbox: the solver's.
    """
    with mistakes.shown():
        found = load_task(dataset)
        problems = list(load_problems(found, Path(data_dir) if data_dir else None))
    samples = [
        Sample(id=problem.id, input=problem.question, target=problem.answer, metadata=dict(problem.groups))
        for problem in problems
    ]
    return Task(
        dataset=MemoryDataset(samples, name=found.name),
        solver=tora(prompt, found.few_shot, limits, sandbox),
        scorer=[tora_scorer(), strict_scorer()],
        name=found.name,
    )


def _named(name: str) -> Callable[..., Task]:
    @task(name=name)
    def named(
        data_dir: str | None = None,
        prompt: str | None = None,
        limits: Mapping[str, Any] | None = None,
        sandbox: Mapping[str, Any] | None = None,
    ) -> Task:
        return tora_task(name, data_dir, prompt, limits, sandbox)

    return named


NAMED = {name: _named(name) for name in task_names()}
