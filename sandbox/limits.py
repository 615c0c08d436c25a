"""What a program may use, and what came of it: the values on both sides of the sandbox's seam."""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["stateless", "notebook"]
LATE = ("scipy",)  # packages that are loaded only once a program mentions them: they take seconds
WALLS = ("namespaces", "capabilities", "landlock", "seccomp")  # the kernel's, in the order in which they are put up
REQUIRED_WALLS = ("landlock", "seccomp")  # any Linux that is not ancient has them, for any user
MOST_SECONDS = 86_400
_MOST = {"seconds": MOST_SECONDS, "memory_mb": 1 << 20, "output_bytes": 1 << 30}
Status = Literal["ok", "error", "timeout", "memory", "refused", "killed"]


class SandboxUnavailable(Exception):
    """The sandbox itself failed: no process could be started. A program's own failure is an `Execution`."""


class SandboxBusy(SandboxUnavailable):
    """No place for a program came free in the time that the sandbox may wait for one."""


class WallMissing(SandboxUnavailable):
    """A wall that the limits require cannot be put up on this system."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use."""

    seconds: float = 5.0  # wall-clock time of one run, without what it waited for a CPU that others kept busy
    memory_mb: int = 1024  # address space beyond what the interpreter and its libraries take, in MiB
    output_bytes: int = 100_000  # of standard output that is kept
    require_walls: bool = False  # refuse to run where a wall of the kernel is missing, instead of warning

    def __post_init__(self) -> None:
        for name, most in _MOST.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float if name == "seconds" else int):
                kind = "number" if name == "seconds" else "whole number"
                raise ValueError(f"{name} must be a {kind} above 0 and at most {most}, not {value!r}")
            if not 0 < value <= most:
                raise ValueError(f"{name} must be above 0 and at most {most}")


@dataclass(frozen=True, slots=True)
class Execution:
    """What came of one program.

    `stdout` is what it printed, also before a failure; `error` is the last line of its traceback, or the
    sentence that says which limit or rule ended it, and None exactly when the status is "ok". `truncated` tells
    that output beyond the limit was dropped.
    """

    status: Status
    stdout: str
    error: str | None
    truncated: bool
    seconds: float
