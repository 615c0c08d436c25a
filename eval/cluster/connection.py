"""The connection to a Ray cluster, and every way in which it may not come about."""

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tora_agent.errors import UserError
from tora_agent.eval.cluster.portions import Node

_SECONDS = 5.0  # until a machine that does not answer is taken for none
_LOCAL_STORE = 80 << 20  # bytes of shared memory, the least that Ray takes: results are small, and go without it
_HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])  # of HTTP/2, with its empty settings
_SETTINGS = 4  # the type of the frame that answers it
_DEFAULTS = {
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".*",  # what it prints on standard output of workers that died
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_worker_niceness": "0",  # of a cluster that begins here: as a plain run's
}  # of our own, where the environment says nothing else


@contextmanager
def connected(address: str | None) -> Iterator[list[Node]]:
    """The nodes of the cluster at an address, `auto` or None as in `RayConfig`; leaving the context ends all actors.

    Raises:
        UserError: nothing answers there, or it is no Ray of this version.
    """
    os.environ.update(_DEFAULTS | os.environ)
    import ray

    address = address or os.environ.get("RAY_ADDRESS") or "local"
    own = {"include_dashboard": False, "object_store_memory": _LOCAL_STORE} if address == "local" else {}
    if address not in ("auto", "local"):
        _probe(address)
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.CRITICAL, **own)
    except ConnectionError:
        if address == "auto":
            raise UserError("no Ray cluster runs on this machine: `ray start --head` begins one") from None
        raise _wants_token(address) from None
    except ray.exceptions.AuthenticationError:
        raise _wants_token(address) from None
    except RuntimeError as error:  # other versions of Ray or Python
        raise UserError(f"the Ray cluster at {address} cannot be used: {' '.join(str(error).split())}") from None
    try:
        yield [
            Node(node["Resources"].get("CPU", 0), node["Resources"].get("GPU", 0))
            for node in ray.nodes()
            if node["Alive"]
        ]
    finally:
        ray.shutdown()


def _wants_token(address: str) -> UserError:
    return UserError(
        f"the Ray cluster at {address} asks for a token: set RAY_AUTH_MODE=token, and RAY_AUTH_TOKEN unless its head's "
        "~/.ray/auth_token is here, too"
    )


def _probe(address: str) -> None:
    """Make sure that a server of the right kind answers, for Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or "/" in host:
        raise UserError(
            f"the address {address} does not have the form HOST:PORT, such as 127.0.0.1:6379, or auto for the cluster "
            "that this machine is a node of"
        )
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _SECONDS) as connection:
            connection.sendall(_HELLO)
            answer = connection.recv(9)
    except (OSError, OverflowError, UnicodeError) as error:
        raise UserError(f"no Ray cluster answers at {address} ({error}): `ray start --head` begins one") from None
    if answer[3:4] != bytes([_SETTINGS]):
        raise UserError(f"what answers at {address} is no Ray cluster: give the port of `ray start --head`, often 6379")
