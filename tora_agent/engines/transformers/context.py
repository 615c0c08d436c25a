"""A PyTorch model with the KV cache of all sequences, and the batch that is computed in it."""

from dataclasses import dataclass, field

import torch
from transformers import Cache, PreTrainedModel

from tora_agent.engines.base import EngineError
from tora_agent.engines.transformers.cache import Layer, Place


@dataclass(slots=True)
class Logits:
    """What the last step computed, by the index of a part of the batch: the logits, and the likeliest token."""

    rows: dict[int, torch.Tensor] = field(default_factory=dict)
    likeliest: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """Tokens of one sequence in a batch."""

    slot: int
    position: int
    tokens: list[int]
    output: bool

    @property
    def positions(self) -> range:
        """Those of the tokens in the sequence's text."""
        return range(self.position, self.position + len(self.tokens))


class Batch:
    """The parts of the next step."""

    def __init__(self) -> None:
        self._parts: list[Part] = []

    def add(self, slot: int, position: int, tokens: list[int], output: bool) -> int:
        """Put tokens of a sequence in, the first at `position`; `output` asks for the logits of the last.

        Returns the index that names those logits after `Context.decode`.
        """
        self._parts.append(Part(slot, position, tokens, output))
        return len(self._parts) - 1

    def take(self) -> dict[int, Part]:
        """The parts by their indices; the batch is empty again for the next step."""
        parts, self._parts = self._parts, []
        return dict(enumerate(parts))


class Context:
    """The model and its cache; after its creation for one thread only.

    `handle` is what the last step computed, `slots` the number of sequences.
    """

    shares = True
    least_copied = 1  # nothing but what is saved is copied

    def __init__(self, model: PreTrainedModel, layers: list[Layer]) -> None:
        """Take over a loaded model and the cache that was made for it."""
        self.slots = layers[0].slots
        self.device: torch.device = model.device
        self.batch = Batch()
        self.handle = Logits()
        self._model = model
        self._layers = layers

    def decode(self) -> bool:
        """Compute what was added to `batch` since the last call, each longer part in a pass of its own; always True.

        Raises:
            EngineError: PyTorch failed, or the model's numbers overflow.
        """
        self.handle = Logits()
        parts = self.batch.take()
        writing = {index: part for index, part in parts.items() if len(part.tokens) == 1}
        reading = [{index: part} for index, part in parts.items() if index not in writing]
        try:
            for each in (writing, *reading):
                if each:
                    self._pass(each)
        except EngineError:
            for layer in self._layers:
                layer.wipe([part.slot for part in parts.values()])
            raise
        except (RuntimeError, IndexError) as error:  # the second for a token that the model does not know
            reason = str(error).partition("\n")[0]
            raise EngineError(f"PyTorch could not compute a batch: {reason}") from error
        return True

    def truncate(self, slot: int, length: int) -> bool:
        """Nothing to do: what the cache holds from position `length` on is not seen, and written over."""
        return True

    def copy(self, source: int, target: int, start: int, end: int) -> None:
        """Let a sequence have what another has in the cache from position `start` to before `end`."""
        for layer in self._layers:
            layer.copy(source, target, start, end)

    def free(self) -> None:
        """Give back the cache and the model."""
        del self._model
        self._layers.clear()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def _pass(self, parts: dict[int, Part]) -> None:
        """Run parts of the same length through the model."""
        ordered = sorted(parts.items(), key=lambda item: item[1].slot)  # neighbours in the cache are read in place
        place = Place([part.slot for _, part in ordered], [part.positions for _, part in ordered], self.device)
        for layer in self._layers:
            layer.place = place
        result = self._model(
            input_ids=torch.tensor([part.tokens for _, part in ordered], device=self.device),
            attention_mask=place.mask,
            position_ids=place.positions,
            cache=Cache(layers=self._layers),
            use_cache=True,
            logits_to_keep=1,
        )
        wanted = [(row, index) for row, (index, part) in enumerate(ordered) if part.output]
        if wanted:
            self._keep(result.logits[[row for row, _ in wanted], -1].float(), [index for _, index in wanted])

    def _keep(self, logits: torch.Tensor, indices: list[int]) -> None:
        highest, likeliest = logits.max(-1)
        if not highest.isfinite().all():
            raise EngineError(
                "the model's numbers overflow: compute in another type (--set transformers.dtype=bf16, or fp32)"
            )
        self.handle.rows.update(zip(indices, logits, strict=True))
        self.handle.likeliest.update(zip(indices, likeliest.tolist(), strict=True))
