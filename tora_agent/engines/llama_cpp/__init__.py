"""GGUF models in this process, through llama.cpp; llama_cpp itself is imported when a model is loaded."""

from tora_agent.engines.llama_cpp.config import MOST_SLOTS, LlamaCppConfig
from tora_agent.engines.llama_cpp.engine import LlamaCpp, LlamaCppSequence
from tora_agent.engines.llama_cpp.model import ModelInfo
from tora_agent.engines.llama_cpp.native import build_info, gpu_support

__all__ = ["MOST_SLOTS", "LlamaCpp", "LlamaCppConfig", "LlamaCppSequence", "ModelInfo", "build_info", "gpu_support"]
