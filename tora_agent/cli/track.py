"""`--track`: the tracker that an experiment names."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from tora_agent.config import Experiment
from tora_agent.eval.tracking import UNTRACKED, Tracker


def open_tracker(experiments: Sequence[Experiment], title: str) -> AbstractContextManager[Tracker]:
    """The tracker of these experiments, which are of one sweep; `title` is what they are together.

    Raises:
        UserError: it does not answer.
    """
    if experiments[0].track is None:
        return nullcontext(UNTRACKED)
    from tora_agent.integrations.mlflow import MLflow

    return MLflow(experiments, title)
