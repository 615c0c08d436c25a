"""Servers that speak OpenAI's HTTP API; the openai package is imported when one is opened."""

from tora_agent.engines.openai.config import OpenAIConfig
from tora_agent.engines.openai.engine import OpenAICompatible

__all__ = ["OpenAICompatible", "OpenAIConfig"]
