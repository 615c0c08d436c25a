"""Run untrusted Python programs: `async with Sandbox() as sandbox, sandbox.session() as session: ...`."""

from tora_agent.sandbox.limits import Execution, Limits, Mode, SandboxBusy, SandboxUnavailable, Status, WallMissing
from tora_agent.sandbox.probe import Wall, walls
from tora_agent.sandbox.sandbox import CallDied, CallFailed, Sandbox
from tora_agent.sandbox.session import Session
from tora_agent.sandbox.sync import SyncSandbox, SyncSession, run_program

__all__ = [
    "CallDied",
    "CallFailed",
    "Execution",
    "Limits",
    "Mode",
    "Sandbox",
    "SandboxBusy",
    "SandboxUnavailable",
    "Session",
    "Status",
    "SyncSandbox",
    "SyncSession",
    "Wall",
    "WallMissing",
    "run_program",
    "walls",
]
