"""Run untrusted Python programs: `async with Sandbox() as sandbox, sandbox.session() as session: ...`."""

from tora_agent.sandbox.limits import Execution, Limits, Mode, SandboxUnavailable, Status
from tora_agent.sandbox.probe import Wall, walls
from tora_agent.sandbox.sandbox import CallFailed, Sandbox, Session, run_program

__all__ = [
    "CallFailed",
    "Execution",
    "Limits",
    "Mode",
    "Sandbox",
    "SandboxUnavailable",
    "Session",
    "Status",
    "Wall",
    "run_program",
    "walls",
]
