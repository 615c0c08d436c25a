"""What comes of one sample of a problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tora_agent.agent import Trajectory
from tora_agent.eval.grading import Verdict
from tora_agent.eval.tasks import Problem


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sample of a problem as its executor hands it back: the trajectory, the paper's verdict and the strict one."""

    trajectory: Trajectory
    tora: Verdict
    strict: Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished sample: the paper's verdict and the strict one; `vote` is the sample whose answer it repeats.

    `vote` is its own number where the answer is new, and None where there is no answer. `moved` holds the votes of
    later samples, ended before, that change with it.
    """

    problem: Problem
    sample: int
    trajectory: Trajectory
    tora: Verdict
    strict: Verdict
    vote: int | None
    moved: Mapping[int, int | None] = field(default_factory=dict)
