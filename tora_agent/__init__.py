"""tora-agent: a language model solves math problems by writing programs that a sandbox runs.

`from tora_agent import Agent` for the whole; `tora_agent.sandbox` and `tora_agent.eval.grading` stand alone.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tora_agent.agent import Budget, Event, Executed, Finished, Generated, Running, Step, Trajectory
    from tora_agent.api import Agent
    from tora_agent.engines.base import EngineError, Sampling
    from tora_agent.engines.llama_cpp import LlamaCppConfig
    from tora_agent.errors import UserError
    from tora_agent.sandbox import Limits

_HOMES = {
    "Agent": "api",
    "Budget": "agent",
    "EngineError": "engines.base",
    "Event": "agent",
    "Executed": "agent",
    "Finished": "agent",
    "Generated": "agent",
    "Limits": "sandbox",
    "LlamaCppConfig": "engines.llama_cpp",
    "Running": "agent",
    "Sampling": "engines.base",
    "Step": "agent",
    "Trajectory": "agent",
    "UserError": "errors",
}

__all__ = [
    "Agent",
    "Budget",
    "EngineError",
    "Event",
    "Executed",
    "Finished",
    "Generated",
    "Limits",
    "LlamaCppConfig",
    "Running",
    "Sampling",
    "Step",
    "Trajectory",
    "UserError",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: importing the package stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
