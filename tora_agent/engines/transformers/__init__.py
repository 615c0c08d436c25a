"""Checkpoints in Hugging Face's layout, in this process, through PyTorch; torch is imported when one is loaded."""

from tora_agent.engines.transformers.config import Dtype, TransformersConfig
from tora_agent.engines.transformers.engine import Transformers, check_libraries

__all__ = ["Dtype", "Transformers", "TransformersConfig", "check_libraries"]
