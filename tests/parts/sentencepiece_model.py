"""A tiny model with random weights and a SentencePiece vocabulary, the kind that real ToRA models have.

Run as a script with a path to write it.
"""

import sys
from pathlib import Path

import gguf
import numpy

WIDTH, HEADS, FEED_FORWARD, CONTEXT = 64, 2, 128, 512
WORDS = ("the", "answer", "is", "print", "total", "output", "python", "return", "```", "``", "==", "12", "é", "😀")


def write_model(path: Path) -> None:
    pieces, scores, types = _vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny-sentencepiece")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(pieces)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    for name, values in _weights(len(pieces)).items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _vocabulary() -> tuple[list[str], list[float], list[int]]:
    """Special tokens, bytes, then characters and words with all the beginnings that merges go through."""
    kind = gguf.TokenType
    pieces = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    types = [kind.UNKNOWN, kind.CONTROL, kind.CONTROL] + [kind.BYTE] * 256
    words = [variant for word in WORDS for variant in (word, f"▁{word}")]
    beginnings = {word[:length] for word in words for length in range(1, len(word) + 1)}
    plain = sorted(beginnings | set("abcdefghijklmnopqrstuvwxyz0123456789▁▁"), key=lambda piece: (-len(piece), piece))
    scores = [0.0] * len(pieces) + [-float(rank) for rank in range(len(plain))]
    return pieces + plain, scores, types + [kind.NORMAL] * len(plain)


def _weights(vocabulary: int) -> dict[str, numpy.ndarray]:
    shapes = {
        "token_embd": (vocabulary, WIDTH),
        "output": (vocabulary, WIDTH),
        "blk.0.attn_q": (WIDTH, WIDTH),
        "blk.0.attn_k": (WIDTH, WIDTH),
        "blk.0.attn_v": (WIDTH, WIDTH),
        "blk.0.attn_output": (WIDTH, WIDTH),
        "blk.0.ffn_gate": (FEED_FORWARD, WIDTH),
        "blk.0.ffn_up": (FEED_FORWARD, WIDTH),
        "blk.0.ffn_down": (WIDTH, FEED_FORWARD),
    }
    random = numpy.random.default_rng(0)
    weights = {f"{name}.weight": random.normal(0, 0.2, shape).astype("float32") for name, shape in shapes.items()}
    norms = {
        f"{name}.weight": numpy.ones(WIDTH, "float32") for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm")
    }
    return weights | norms


if __name__ == "__main__":
    write_model(Path(sys.argv[1]))
