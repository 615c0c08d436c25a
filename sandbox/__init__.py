"""Run untrusted Python programs: `async with Sandbox() as sandbox, sandbox.session() as session: ...`."""

from tora_agent.sandbox.limits import Execution, Limits, Mode, SandboxUnavailable, Status

__all__ = ["Execution", "Limits", "Mode", "SandboxUnavailable", "Status"]
