"""What a user chooses about a cluster."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RayConfig:
    """Which Ray cluster works on the problems, and in which portions.

    Attributes:
        address: HOST:PORT of a cluster, or `auto` for the one that this machine is a node of; None is RAY_ADDRESS, or
            else a cluster of this machine alone, for the time of the run.
        workers: processes that work on problems; None is as many as the CPUs and GPUs allow.
        cpus: CPUs of each; None is what the number of workers leaves, or else those of the smallest node for a model
            in process (with `gpus`, a GPU's share of them), and one for everything else.
        gpus: GPUs of each.
    """

    address: str | None = None
    workers: int | None = None
    cpus: float | None = None
    gpus: float = 0

    def __post_init__(self) -> None:
        if self.workers is not None and not 1 <= self.workers <= 10_000:
            raise ValueError("workers must be from 1 to 10000")
        if self.cpus is not None and not _is_share(self.cpus):
            raise ValueError("cpus must be a whole number, or a part of one from 0.01")
        if self.gpus and not _is_share(self.gpus):
            raise ValueError("gpus must be a whole number, or a part of one from 0.01")


def _is_share(number: float) -> bool:
    """Whether Ray can give so many: parts are of one CPU or GPU only."""
    return 0.01 <= number <= 10_000 and (number < 1 or number == int(number))
