"""How the CPUs and GPUs of a cluster's nodes are shared out among workers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tora_agent.errors import UserError
from tora_agent.eval.cluster.config import RayConfig

_ROUNDING = 1e-6  # a third of a CPU fits three times into one


@dataclass(frozen=True, slots=True)
class Node:
    """What a machine of the cluster has."""

    cpus: float
    gpus: float = 0


@dataclass(frozen=True, slots=True)
class Portions:
    """So many workers, each with so many CPUs."""

    workers: int
    cpus: float


def portions(nodes: Sequence[Node], config: RayConfig, whole_nodes: bool) -> Portions:
    """Share the nodes out; with `whole_nodes` workers are as large as every node, or every GPU's share of one, allows.

    Raises:
        UserError: there is no room for what the user asks for.
    """
    cpus = config.cpus or _largest(nodes, config, whole_nodes)
    room = _room(nodes, cpus, config.gpus)
    if room < (config.workers or 1):
        asked = f"{config.workers} workers" if config.workers else "a worker"
        each = f"{cpus:.3g} CPUs" + (f" and {config.gpus:g} GPUs" if config.gpus else "")
        raise UserError(
            f"the cluster has no room for {asked} with {each} each (its nodes have {_listed(nodes)}): "
            "ask for fewer with --workers, or smaller ones with --set ray.cpus"
        )
    return Portions(config.workers or room, cpus)


def _largest(nodes: Sequence[Node], config: RayConfig, whole_nodes: bool) -> float:
    """The most CPUs that so many workers as are wanted can each have; less than one where they outnumber the CPUs."""
    if not (config.workers or whole_nodes):
        return 1
    nodes = [node for node in nodes if node.cpus]  # a head is often without
    wanted = config.workers or (_room(nodes, 0, config.gpus) if config.gpus else len(nodes))
    most = int(max((node.cpus for node in nodes), default=1))
    choices = [*range(most, 0, -1), *(1 / parts for parts in range(2, wanted + 1))]
    return next((cpus for cpus in choices if _room(nodes, cpus, config.gpus) >= wanted), 1)


def _room(nodes: Sequence[Node], cpus: float, gpus: float) -> int:
    """How many workers of this size the nodes hold."""
    return sum(min(_times(node.cpus, cpus), _times(node.gpus, gpus)) for node in nodes if cpus or gpus)


def _times(there: float, each: float) -> int:
    return math.floor(there / each + _ROUNDING) if each else 1 << 30


def _listed(nodes: Sequence[Node]) -> str:
    return ", ".join(f"{node.cpus:g} CPUs" + (f" and {node.gpus:g} GPUs" if node.gpus else "") for node in nodes)
