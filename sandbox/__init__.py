"""Run untrusted Python programs: `async with Sandbox() as sandbox, sandbox.session() as session: ...`."""

from tora_agent.sandbox.limits import Execution, Limits, Mode, SandboxUnavailable, Status, WallMissing
from tora_agent.sandbox.probe import Wall, walls
from tora_agent.sandbox.sandbox import CallDied, CallFailed, Sandbox, run_program
from tora_agent.sandbox.session import Session

__all__ = [
    "CallDied",
    "CallFailed",
    "Execution",
    "Limits",
    "Mode",
    "Sandbox",
    "SandboxUnavailable",
    "Session",
    "Status",
    "Wall",
    "WallMissing",
    "run_program",
    "walls",
]
