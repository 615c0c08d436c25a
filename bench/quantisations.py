"""How llama.cpp's quantisations mix kinds of blocks in a Llama model: the rules by which ToRA's files were made."""

from typing import Literal, get_args

Quant = Literal[
    "Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_0", "Q4_K_S", "Q4_K_M", "Q5_0", "Q5_K_S", "Q5_K_M", "Q6_K", "Q8_0"
]
QUANTS: tuple[Quant, ...] = get_args(Quant)


def block_kind(quant: Quant, tensor: str, layer: int, layers: int) -> str:
    """The kind of a matrix's blocks in ggml's words; `tensor` is its name within its layer, such as "attn_v"."""
    eighth = layers // 8
    matters = layer < eighth or layer >= 7 * layers // 8 or (layer - eighth) % 3 == 2
    match quant, tensor:
        case "Q8_0", _:
            return "Q8_0"
        case _, "output":
            return "Q6_K"
        case "Q2_K", "token_embd" | "attn_q" | "attn_k":
            return "Q2_K"
        case "Q2_K", _:
            return "Q3_K"
        case "Q3_K_M", "attn_v" | "ffn_down":
            return "Q5_K" if layer < 2 else "Q4_K"
        case "Q3_K_M", "attn_output":
            return "Q4_K"
        case "Q3_K_L", "attn_v" | "attn_output" | "ffn_down":
            return "Q5_K"
        case "Q4_K_S", "ffn_down" if layer < eighth:
            return "Q5_K"
        case "Q4_K_M" | "Q5_K_M", "attn_v" | "ffn_down" if matters:
            return "Q6_K"
    return quant[:4]
