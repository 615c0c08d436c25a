"""Writes tiny GGUF files with random weights whose layers keep a state: Mamba, and Jamba, where some layers attend."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from gguf import GGUFReader, GGUFWriter
from numpy.typing import NDArray

Kind = Literal["mamba", "attention"]

WIDTH, INNER, STATE, KERNEL, RANK = 64, 128, 16, 4, 4
HEADS, KEY_HEADS, FEED_FORWARD = 4, 2, 96


def write_model(path: Path, architecture: Literal["mamba", "jamba"], layers: Sequence[Kind], vocabulary: Path) -> None:
    """Write one with these layers, and the vocabulary of another model."""
    writer = GGUFWriter(path, architecture)
    _add_numbers(writer, architecture, layers)
    tokens = _add_vocabulary(writer, vocabulary)
    chance = np.random.default_rng(1)

    def add(name: str, *size: int) -> None:
        norm = name.endswith("norm.weight")
        writer.add_tensor(name, np.ones(size, np.float32) if norm else _random(chance, size))

    add("token_embd.weight", tokens, WIDTH)
    add("output_norm.weight", WIDTH)
    add("output.weight", tokens, WIDTH)
    for number, kind in enumerate(layers):
        prefix = f"blk.{number}."
        for name, size in _tensors(kind, architecture).items():
            add(prefix + name, *size)
        if kind == "mamba":
            writer.add_tensor(prefix + "ssm_a", -np.abs(_random(chance, (INNER, STATE))) - np.float32(0.1))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _tensors(kind: Kind, architecture: str) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {"attn_norm.weight": (WIDTH,)}
    if kind == "attention":
        keys = WIDTH * KEY_HEADS // HEADS
        found |= {"attn_q.weight": (WIDTH, WIDTH), "attn_output.weight": (WIDTH, WIDTH)}
        found |= {"attn_k.weight": (keys, WIDTH), "attn_v.weight": (keys, WIDTH)}
    else:
        found |= {
            "ssm_in.weight": (2 * INNER, WIDTH),
            "ssm_conv1d.weight": (INNER, KERNEL),
            "ssm_conv1d.bias": (INNER,),
            "ssm_x.weight": (RANK + 2 * STATE, INNER),
            "ssm_dt.weight": (INNER, RANK),
            "ssm_dt.bias": (INNER,),
            "ssm_d": (INNER,),
            "ssm_out.weight": (WIDTH, INNER),
        }
    if architecture == "jamba":
        wide = {"ffn_gate.weight": (FEED_FORWARD, WIDTH), "ffn_up.weight": (FEED_FORWARD, WIDTH)}
        found |= {"ffn_norm.weight": (WIDTH,), **wide, "ffn_down.weight": (WIDTH, FEED_FORWARD)}
        if kind == "mamba":
            found |= {"ssm_dt_norm.weight": (RANK,), "ssm_b_norm.weight": (STATE,), "ssm_c_norm.weight": (STATE,)}
    return found


def _add_numbers(writer: GGUFWriter, architecture: str, layers: Sequence[Kind]) -> None:
    hybrid = architecture == "jamba"
    writer.add_context_length(2048)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(len(layers))
    writer.add_feed_forward_length(FEED_FORWARD if hybrid else 0)
    writer.add_head_count(HEADS if hybrid else 0)
    if hybrid:
        writer.add_head_count_kv([KEY_HEADS if kind == "attention" else 0 for kind in layers])
        writer.add_vocab_size(0)
    writer.add_ssm_conv_kernel(KERNEL)
    writer.add_ssm_inner_size(INNER)
    writer.add_ssm_state_size(STATE)
    writer.add_ssm_time_step_rank(RANK)
    writer.add_layer_norm_rms_eps(1e-5)


def _add_vocabulary(writer: GGUFWriter, source: Path) -> int:
    fields = {key: field.contents() for key, field in GGUFReader(source).fields.items() if "tokenizer" in key}
    tokens = fields["tokenizer.ggml.tokens"]
    writer.add_tokenizer_model(fields["tokenizer.ggml.model"])
    writer.add_tokenizer_pre(fields["tokenizer.ggml.pre"])
    writer.add_token_list(tokens)
    writer.add_token_types(fields["tokenizer.ggml.token_type"])
    writer.add_token_merges(fields["tokenizer.ggml.merges"])
    writer.add_eos_token_id(fields["tokenizer.ggml.eos_token_id"])
    writer.add_add_bos_token(False)
    return len(tokens)


def _random(chance: np.random.Generator, size: tuple[int, ...]) -> NDArray[Any]:
    return (chance.standard_normal(size) * 0.3).astype(np.float32)
