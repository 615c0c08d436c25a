"""The engine for GGUF files: many sequences in one llama.cpp context, in this process."""

from pathlib import Path
from typing import TYPE_CHECKING

from tora_agent.engines.base import Sampling
from tora_agent.engines.batching import BatchingEngine
from tora_agent.engines.llama_cpp.config import LlamaCppConfig
from tora_agent.engines.llama_cpp.context import Context
from tora_agent.engines.llama_cpp.memory import allowed_memory
from tora_agent.engines.llama_cpp.model import Model, ModelInfo
from tora_agent.engines.llama_cpp.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tora_agent.engines.llama_cpp.sampler import Sampler

_DEFAULT = LlamaCppConfig()


class LlamaCpp(BatchingEngine):
    """An `Engine` over llama.cpp."""

    def __init__(self, model: Model, context: Context, config: LlamaCppConfig) -> None:
        """Take over a loaded model and its context; `load` makes both."""
        self.config = config
        self.tokenizer = Tokenizer(model)
        self._info = model.info
        super().__init__(context, self.tokenizer, config.n_ctx, config.n_batch)

    @classmethod
    def load(cls, path: Path, config: LlamaCppConfig = _DEFAULT) -> "LlamaCpp":
        """Load a GGUF file; blocks for as long as that takes.

        Raises:
            UserError: llama-cpp-python is missing; the file is missing, broken or no text generator; the
                configuration does not suit it.
        """
        memory = allowed_memory(config)  # before the weights take their share of it
        model = Model(path, config.n_gpu_layers)
        try:
            return cls(model, Context(path, model, config, memory), config)
        except BaseException:
            model.free()
            raise

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self._info.name

    @property
    def info(self) -> ModelInfo:
        """What the model file says of itself."""
        return self._info

    def _sampler(self, sampling: Sampling) -> "Sampler":
        from tora_agent.engines.llama_cpp.sampler import Sampler  # here, for numpy's sake

        return Sampler(sampling, self.tokenizer.size, self.config.n_ctx)
