"""How deep calls may nest: as deep as in CPython, whatever frames of ours stand below a program's."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

DEEPEST = 100_000  # what the stack of the zygote has room for
_CALL_OF_EXEC = 1  # it counts, though it has no frame
T = TypeVar("T")
_below = 0


def start_here() -> None:
    """What the caller runs with `exec` is a program's lowest frame; the limit that was set so far stays its limit."""
    global _below
    limit, depth = get_limit(), _CALL_OF_EXEC
    frame: FrameType | None = sys._getframe(1)
    while frame:
        frame, depth = frame.f_back, depth + 1
    _below = depth
    set_limit(limit)


def get_limit() -> int:
    """`sys.getrecursionlimit`."""
    return sys.getrecursionlimit() - _below


def set_limit(limit: int) -> None:
    """`sys.setrecursionlimit`, up to what there is room for; raises what it raises."""
    sys.setrecursionlimit(min(limit, DEEPEST) + _below if limit > 0 else limit)


def with_room(work: Callable[[], T], source: str, mode: str) -> T:
    """What comes of checking and compiling the source, which needs more depth than CPython's compiler does.

    Raises:
        RecursionError: CPython's compiler finds it too deep.
    """
    try:
        return work()
    except RecursionError:
        compile(source, "<program>", mode, dont_inherit=True)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEPEST)
    try:
        return work()
    finally:
        sys.setrecursionlimit(limit)
