"""A GGUF file in the shape of a real model, with random weights: what the model costs, without its weights."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tora_agent.bench.quantisations import Quant, block_kind
from tora_agent.errors import UserError
from tora_agent.models import bundled

if TYPE_CHECKING:
    from gguf import GGUFWriter

_BLOCKS = 4096  # random ones; a tensor repeats them


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers of a Llama model that decide what it costs."""

    layers: int
    width: int
    feed_forward: int
    heads: int
    kv_heads: int
    vocabulary: int = 32_016
    context: int = 4096
    rope_base: float = 1e6


SHAPES = {  # the last three are those of ToRA Code (CodeLlama, arXiv 2308.12950)
    "tiny": Shape(2, 256, 512, 4, 4, vocabulary=8192),
    "100m": Shape(12, 768, 2048, 12, 12),
    "1b": Shape(22, 2048, 5632, 32, 4),
    "7b": Shape(32, 4096, 11008, 32, 32),
    "13b": Shape(40, 5120, 13824, 40, 40),
    "34b": Shape(48, 8192, 22016, 64, 8, vocabulary=32_000),
}


def write_random_model(path: Path, shape: Shape, quant: Quant) -> None:
    """Write such a model, with the vocabulary of the model in the package, filled up to the shape's size.

    Raises:
        UserError: the gguf package is missing.
    """
    writer = _header(path, shape, quant)
    for _, size, kind in _tensors(shape, quant):
        writer.write_tensor_data(_data(size, kind))
    writer.close()


def write_empty_model(path: Path, shape: Shape, quant: Quant) -> None:
    """Write the header alone, and a hole of the weights' size: a file that takes no room, and can be looked into.

    Raises:
        UserError: the gguf package is missing.
    """
    writer = _header(path, shape, quant)
    writer.close()
    start = -path.stat().st_size % writer.data_alignment + path.stat().st_size
    os.truncate(path, start + sum(_bytes(size, kind) for _, size, kind in _tensors(shape, quant)))


def _header(path: Path, shape: Shape, quant: Quant) -> "GGUFWriter":
    """A writer to which only the weights are still to be given."""
    try:
        from gguf import GGUFWriter, LlamaFileType
    except ImportError as error:
        raise UserError("writing a model needs the gguf package: pip install 'tora-agent[llama]'") from error
    writer = GGUFWriter(path, "llama")
    writer.add_name(path.stem)
    writer.add_file_type(LlamaFileType[f"MOSTLY_{quant}"])
    _add_shape(writer, shape)
    _add_vocabulary(writer, shape.vocabulary)
    for name, size, kind in _tensors(shape, quant):
        writer.add_tensor_info(name, size, np.dtype(np.float32), _bytes(size, kind), raw_dtype=_kind(kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    return writer


def _add_shape(writer: "GGUFWriter", shape: Shape) -> None:
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_vocab_size(shape.vocabulary)


def _add_vocabulary(writer: "GGUFWriter", size: int) -> None:
    from gguf import GGUFReader, TokenType

    fields = {key: field.contents() for key, field in GGUFReader(bundled()).fields.items()}
    tokens, kinds = fields["tokenizer.ggml.tokens"], fields["tokenizer.ggml.token_type"]
    unused = size - len(tokens)
    writer.add_tokenizer_model(fields["tokenizer.ggml.model"])
    writer.add_tokenizer_pre(fields["tokenizer.ggml.pre"])
    writer.add_token_list(tokens + [f"<unused {number}>" for number in range(unused)])
    writer.add_token_types(kinds + [TokenType.UNUSED] * unused)
    writer.add_token_merges(fields["tokenizer.ggml.merges"])
    writer.add_eos_token_id(fields["tokenizer.ggml.eos_token_id"])
    writer.add_bos_token_id(fields["tokenizer.ggml.bos_token_id"])
    writer.add_add_bos_token(False)


def _tensors(shape: Shape, quant: Quant) -> Iterator[tuple[str, tuple[int, ...], str]]:
    """Name, size and kind of each."""
    width, wide = shape.width, shape.feed_forward
    keys = width * shape.kv_heads // shape.heads
    yield "token_embd.weight", (shape.vocabulary, width), block_kind(quant, "token_embd", 0, shape.layers)
    yield "output_norm.weight", (width,), "F32"
    yield "output.weight", (shape.vocabulary, width), block_kind(quant, "output", 0, shape.layers)
    matrices = {
        "attn_q": (width, width),
        "attn_k": (keys, width),
        "attn_v": (keys, width),
        "attn_output": (width, width),
        "ffn_gate": (wide, width),
        "ffn_up": (wide, width),
        "ffn_down": (width, wide),
    }
    for layer in range(shape.layers):
        yield f"blk.{layer}.attn_norm.weight", (width,), "F32"
        yield f"blk.{layer}.ffn_norm.weight", (width,), "F32"
        for name, size in matrices.items():
            yield f"blk.{layer}.{name}.weight", size, block_kind(quant, name, layer, shape.layers)


def _kind(kind: str) -> Any:
    from gguf import GGMLQuantizationType

    return GGMLQuantizationType[kind]


def _bytes(size: tuple[int, ...], kind: str) -> int:
    from gguf import GGML_QUANT_SIZES

    weights, length = GGML_QUANT_SIZES[_kind(kind)]
    return int(np.prod(size) // weights * length)


def _data(size: tuple[int, ...], kind: str) -> NDArray[Any]:
    """Small weights around 0, as bytes: each block's scales are set, the rest of it is random."""
    if kind == "F32":
        return np.ones(size, np.float32)
    length = _bytes((256,), kind) // (256 // (32 if kind == "Q8_0" else 256))
    blocks = np.random.default_rng(0).integers(0, 256, (_BLOCKS, length), np.uint8)
    scales = {"Q8_0": {0: 1e-4}, "Q4_K": {0: 2e-5, 2: 1.5e-4}, "Q6_K": {208: 5e-6}}[kind]  # by their place
    for place, scale in scales.items():
        blocks[:, place : place + 2] = np.frombuffer(np.float16(scale).tobytes(), np.uint8)
    return np.resize(blocks.ravel(), _bytes(size, kind))
