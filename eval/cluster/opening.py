"""A pool of workers, from the connection to a cluster to their end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tora_agent.eval.cluster.config import RayConfig
from tora_agent.eval.cluster.connection import connected
from tora_agent.eval.cluster.portions import portions
from tora_agent.eval.cluster.worker import Assignment, Worker
from tora_agent.eval.grading import Grader

if TYPE_CHECKING:
    from tora_agent.eval.cluster.pool import Pool

_SECONDS = 15.0  # in which a cluster with room has started a worker's process


@asynccontextmanager
async def open_pool(
    config: RayConfig, assignment: Callable[[int, int], Assignment], whole_nodes: bool, strict: Grader
) -> AsyncIterator[tuple["Pool", int]]:
    """Connect to the cluster and hire workers; the pool, and how many problems it takes at the same time.

    `assignment` tells each of so many workers, with so many CPUs, what to do; `whole_nodes` is that of `portions`.

    Raises:
        UserError: there is no such cluster, it has another version of Ray or Python, or no room.
    """
    with connected(config.address) as nodes:
        import ray  # which reads at once what `connected` has set

        from tora_agent.eval.cluster.pool import Pool

        found = portions(nodes, config, whole_nodes)
        resources = {"num_cpus": found.cpus, "num_gpus": config.gpus}
        # without a record of every call, which costs as much as half the call
        actor = ray.remote(**resources, scheduling_strategy="SPREAD", enable_task_events=False)(Worker)
        pool = Pool(actor.remote, assignment(found.workers, max(1, int(found.cpus))), found.workers, strict)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(pool.keep_worker()) for _ in range(found.workers)]
                tasks.append(group.create_task(_tell_of_wait(pool.started)))
                yield pool, found.workers * await pool.slots
                for task in tasks:
                    task.cancel()
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None


async def _tell_of_wait(started: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(started.wait(), _SECONDS)
    except TimeoutError:
        logging.getLogger(__name__).warning(
            "others use the Ray cluster's CPUs or GPUs: waiting until they end (`ray status` shows who)"
        )
