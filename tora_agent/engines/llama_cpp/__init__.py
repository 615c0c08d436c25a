"""GGUF models in this process, through llama.cpp; llama_cpp itself is imported when a model is loaded."""

from tora_agent.engines.llama_cpp.config import MOST_SLOTS, LlamaCppConfig
from tora_agent.engines.llama_cpp.engine import LlamaCpp
from tora_agent.engines.llama_cpp.header import Header, read_header
from tora_agent.engines.llama_cpp.memory import PROGRAM_BYTES, Shape, allowed_memory, memory_kind
from tora_agent.engines.llama_cpp.model import ModelInfo
from tora_agent.engines.llama_cpp.native import build_info, gpu_support

__all__ = [
    "MOST_SLOTS",
    "PROGRAM_BYTES",
    "Header",
    "LlamaCpp",
    "LlamaCppConfig",
    "ModelInfo",
    "Shape",
    "allowed_memory",
    "build_info",
    "gpu_support",
    "memory_kind",
    "read_header",
]
