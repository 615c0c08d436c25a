"""What a program may use, and what came of it: the values on both sides of the sandbox's seam."""

from dataclasses import dataclass, fields
from typing import Literal

Mode = Literal["stateless", "notebook"]
LATE = ("scipy",)  # packages that are loaded only once a program mentions them: they take seconds
WALLS = ("landlock", "seccomp")  # the kernel's, in the order in which a child puts them up
Status = Literal["ok", "error", "timeout", "memory", "refused", "killed"]


class SandboxUnavailable(Exception):
    """The sandbox itself failed: no process could be started. A program's own failure is an `Execution`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use."""

    seconds: float = 5.0  # wall-clock time of one run
    memory_mb: int = 1024  # address space beyond what the interpreter and its libraries take, in MiB
    output_bytes: int = 100_000  # of standard output that is kept

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) > 0:
                raise ValueError(f"{field.name} must be above 0")


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
