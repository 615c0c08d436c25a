"""The engine for checkpoints in Hugging Face's layout: many sequences in one PyTorch model, in this process."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tora_agent.engines.base import Sampling
from tora_agent.engines.batching import BatchingEngine
from tora_agent.engines.transformers.config import TransformersConfig
from tora_agent.errors import UserError

if TYPE_CHECKING:
    from tora_agent.engines.transformers.context import Context
    from tora_agent.engines.transformers.sampler import Sampler
    from tora_agent.engines.transformers.vocabulary import Vocabulary

_DEFAULT = TransformersConfig()
_BATCH = 512  # tokens of one step at most


def check_libraries() -> None:
    """Refuse to go on without what every checkpoint needs.

    Raises:
        UserError: PyTorch or transformers is not installed.
    """
    if not (find_spec("torch") and find_spec("transformers")):
        raise UserError(
            "running a checkpoint needs PyTorch and transformers: install them with pip install 'tora-agent[hf]'"
        )


class Transformers(BatchingEngine):
    """An `Engine` over transformers and PyTorch."""

    def __init__(self, context: "Context", vocabulary: "Vocabulary", config: TransformersConfig, name: str) -> None:
        """Take over a model in its context; `load` makes it."""
        self.config = config
        self.vocabulary = vocabulary
        self._name = name
        self._device = context.device
        super().__init__(context, vocabulary, config.n_ctx, _BATCH)

    @classmethod
    def load(cls, folder: Path, config: TransformersConfig = _DEFAULT, name: str = "") -> "Transformers":
        """Load the checkpoint in a folder; blocks for as long as that takes. `name` is the folder's if empty.

        Raises:
            UserError: a library is missing; the folder holds no checkpoint of a text generator; the configuration does
                not suit it, or memory does not suffice.
        """
        check_libraries()
        from tora_agent.engines.transformers.cache import make_layers
        from tora_agent.engines.transformers.context import Context
        from tora_agent.engines.transformers.model import load_model, load_vocabulary

        model = load_model(folder, config)
        vocabulary = load_vocabulary(folder, model)
        return cls(Context(model, make_layers(folder, model, config)), vocabulary, config, name or folder.name)

    @property
    def name(self) -> str:
        """The repository's name, or the folder's."""
        return self._name

    def _sampler(self, sampling: Sampling) -> "Sampler":
        from tora_agent.engines.transformers.sampler import Sampler

        return Sampler(sampling, self._device)
