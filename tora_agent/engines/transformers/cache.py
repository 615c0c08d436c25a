"""The keys and values of all sequences, layer by layer, in tensors that are set aside once."""

import math
from pathlib import Path

import torch
from transformers import CacheLayerMixin, DynamicCache, DynamicLayer, PreTrainedModel
from transformers.cache_utils import DynamicSlidingWindowLayer

from tora_agent.engines.transformers.config import TransformersConfig
from tora_agent.engines.transformers.memory import free_on
from tora_agent.errors import UserError

_MOST_CHOSEN = 16  # slots where the user names no number


class Place:
    """Where in the cache a pass through the model reads and writes.

    `slots` is (sequences, 1) and `positions` (sequences, tokens); `length` is that of the longest of the sequences
    with its new tokens. `rows` are the slots once more: a slice where they are neighbours, so that nothing is copied.
    """

    def __init__(self, slots: list[int], positions: list[range], device: torch.device) -> None:
        """Take the slots in rising order, and for each as many positions of new tokens."""
        self.slots = torch.tensor(slots, device=device)[:, None]
        self.positions = torch.tensor([list(each) for each in positions], device=device)
        self.length = max(each.stop for each in positions)
        neighbours = slots[-1] - slots[0] == len(slots) - 1
        self.rows = slice(slots[0], slots[-1] + 1) if neighbours else self.slots[:, 0]

    @property
    def mask(self) -> torch.Tensor:
        """Which positions each new token sees, its own and those before: (sequences, 1, tokens, length)."""
        return (torch.arange(self.length, device=self.positions.device) <= self.positions[..., None])[:, None]


class Layer(CacheLayerMixin):  # type: ignore[misc]
    """One layer's keys and values, (slots, heads, n_ctx, width): a position of a slot is the position in its text."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor) -> None:
        super().__init__()
        self.keys, self.values = keys, values
        self.is_initialized = True
        self.place: Place | None = None

    @property
    def slots(self) -> int:
        """How many sequences it holds."""
        return int(self.keys.shape[0])

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        """Nothing to do: the tensors are there."""

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: object, **__: object
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write the new keys and values at their place; returns those of the sequences up to the longest's end."""
        assert self.place
        device, rows = self.keys.device, self.place.rows  # the layers may be on several
        slots, positions = self.place.slots.to(device), self.place.positions.to(device)
        self.keys[slots, :, positions] = key_states.transpose(1, 2)
        self.values[slots, :, positions] = value_states.transpose(1, 2)
        read = rows if isinstance(rows, slice) else rows.to(device)
        return self.keys[read, :, : self.place.length], self.values[read, :, : self.place.length]

    def copy(self, source: int, target: int, start: int, end: int) -> None:
        """Copy a sequence's states from position `start` to before `end` to another."""
        for states in (self.keys, self.values):
            states[target, :, start:end] = states[source, :, start:end]

    def wipe(self, slots: list[int]) -> None:
        """Forget what was computed for these sequences; a NaN stays one, even weighed with zero."""
        self.keys[slots] = 0
        self.values[slots] = 0

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """The length of what `update` returns, and at which position it begins."""
        assert self.place
        return self.place.length, 0

    def get_seq_length(self) -> int:
        """How many tokens the longest of the sequences had before."""
        assert self.place
        return self.place.length - int(self.place.positions.shape[1])

    def get_max_length(self) -> int:
        """How many tokens a slot has room for."""
        return int(self.keys.shape[2])


def make_layers(folder: Path, model: PreTrainedModel, config: TransformersConfig) -> list[Layer]:
    """The cache for a loaded model.

    Raises:
        UserError: memory does not suffice for one context, or the model's attention is of a kind that this cache
            does not know.
    """
    shapes = _one_token(folder, model, config.n_ctx)
    fitting = _fitting(shapes, config.n_ctx)
    slots = config.slots or min(fitting, _MOST_CHOSEN)
    if not 1 <= slots <= fitting:
        needed = sum(map(_bytes, shapes)) * config.n_ctx * max(slots, 1) / 1e9
        raise UserError(
            f"the cache of {folder} for {max(slots, 1)} x {config.n_ctx} tokens needs {needed:.1f} GB of memory, more"
            " than is free beside the weights: choose fewer slots, a smaller n_ctx, or a smaller model"
        )
    return [
        Layer(_set_aside(shape.keys, slots, config.n_ctx), _set_aside(shape.values, slots, config.n_ctx))
        for shape in shapes
    ]


@torch.inference_mode()  # type: ignore[untyped-decorator]
def _one_token(folder: Path, model: PreTrainedModel, n_ctx: int) -> list[DynamicLayer]:
    """The model's own cache after one token, which shows what a token takes and where.

    Raises:
        UserError: it is no cache of all that was read, or the model does not run.
    """
    cache = DynamicCache(config=model.config)
    try:
        model(input_ids=torch.zeros(1, 1, dtype=torch.long, device=model.device), cache=cache, use_cache=True)
    except (RuntimeError, ValueError, TypeError) as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{folder} is loaded but does not run: {reason}") from error
    for layer in cache.layers:
        if type(layer) not in (DynamicLayer, DynamicSlidingWindowLayer):
            raise UserError(f"{folder} has layers that remember no whole text: run it on a server (docs/backends.md)")
        if layer.is_sliding and layer.sliding_window < n_ctx:
            raise UserError(
                f"{folder} has layers that see {layer.sliding_window} tokens at a time: choose an n_ctx of at most"
                " that, or run it on a server (docs/backends.md)"
            )
    return cache.layers  # type: ignore[no-any-return]


def _bytes(layer: DynamicLayer) -> int:
    return int(layer.keys.nbytes + layer.values.nbytes)


def _fitting(shapes: list[DynamicLayer], n_ctx: int) -> int:
    """How many contexts the free memory of every device that holds layers has room for."""
    devices = {layer.keys.device for layer in shapes}
    taken = {device: sum(_bytes(layer) for layer in shapes if layer.keys.device == device) for device in devices}
    return min(math.floor(free_on(device) / (taken[device] * n_ctx)) for device in devices)


def _set_aside(one: torch.Tensor, slots: int, n_ctx: int) -> torch.Tensor:
    """Room for `n_ctx` tokens of each slot; zeros, for what is never written is read, and weighed with zero."""
    return one.new_zeros(slots, one.shape[1], n_ctx, one.shape[3])
