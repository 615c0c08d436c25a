"""GGUF models in this process, through llama.cpp; llama_cpp itself is imported when a model is loaded."""

from tora_agent.engines.llama_cpp.config import MOST_SLOTS, LlamaCppConfig
from tora_agent.engines.llama_cpp.engine import LlamaCpp
from tora_agent.engines.llama_cpp.header import Header, read_header
from tora_agent.engines.llama_cpp.memory import PROGRAM_BYTES, Shape
from tora_agent.engines.llama_cpp.model import ModelInfo
from tora_agent.engines.llama_cpp.native import build_info, gpu_memory, gpu_support

__all__ = [
    "MOST_SLOTS",
    "PROGRAM_BYTES",
    "Header",
    "LlamaCpp",
    "LlamaCppConfig",
    "ModelInfo",
    "Shape",
    "build_info",
    "gpu_memory",
    "gpu_support",
    "read_header",
]
