"""Benchmarks as data: each task is one YAML file that says where its problems are and how to read them."""

from tora_agent.eval.tasks.loading import Problem, checksum, in_order, is_expected, load_problems
from tora_agent.eval.tasks.task import HubSource, Task, gold_form, load_task, task_names

__all__ = [
    "HubSource",
    "Problem",
    "Task",
    "checksum",
    "gold_form",
    "in_order",
    "is_expected",
    "load_problems",
    "load_task",
    "task_names",
]
