"""A trained Llama model as a GGUF file, and the check that llama.cpp computes with it what PyTorch does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from tora_agent.engines.llama_cpp.config import LlamaCppConfig
from tora_agent.engines.llama_cpp.context import Context
from tora_agent.engines.llama_cpp.memory import allowed_memory
from tora_agent.engines.llama_cpp.model import Model
from tora_agent.engines.llama_cpp.native import library
from tora_agent.engines.llama_cpp.tokenizer import Tokenizer
from tora_agent.errors import UserError
from tora_agent.prompt import load_prompt
from tora_agent.training.sft.examples import lay_out, read_corpus
from tora_agent.training.sft.tokenizer import LLAMA_CPP_NAME, backend, is_ours

if TYPE_CHECKING:
    from gguf import GGUFWriter
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

CHECKED = 50  # trajectories of a corpus that are compared
LEAST_SAME_CHOICE = 0.95  # rounding to eight bits changes few choices; a wrong layout changes most

Floats = NDArray[np.float32]
Quantisation = Literal["F32", "F16", "Q8_0"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How close llama.cpp is to PyTorch on some texts.

    Attributes:
        same_tokens: texts that both cut into the same tokens, of `texts`.
        same_choice: the share of positions at which both find the same token the likeliest.
        largest_difference: of any log-probability of a next token that PyTorch gives at least one percent.
    """

    texts: int
    same_tokens: int
    same_choice: float
    largest_difference: float


def export(model_folder: Path, output: Path, kind: Quantisation = "Q8_0") -> None:
    """Write the model of a training run (Llama, tokenizer of `train_tokenizer`) as one GGUF file.

    Norms stay in 32-bit floats. For models with another tokenizer, llama.cpp's own converter is the tool.

    Raises:
        UserError: the folder holds no such model, or the file cannot be written.
    """
    model, tokenizer = load(model_folder)
    import gguf

    writer = gguf.GGUFWriter(output, "llama")
    writer.add_name(output.stem)
    writer.add_file_type(gguf.LlamaFileType[f"MOSTLY_{kind}" if kind != "F32" else "ALL_F32"])
    _add_shape(writer, model.config)
    _add_vocabulary(writer, tokenizer)
    for tensor, values in _tensors(model):
        exact = values.ndim == 1 or kind == "F32"
        stored = gguf.GGMLQuantizationType["F32" if exact else kind]
        writer.add_tensor(tensor, gguf.quants.quantize(values, stored), raw_dtype=stored)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    except OSError as error:
        raise UserError(f"the model {output} cannot be written: {error.strerror}") from error


def load(folder: Path) -> "tuple[PreTrainedModel, PreTrainedTokenizerBase]":
    """The model and tokenizer of a folder in Hugging Face's layout.

    Raises:
        UserError: the folder holds no Llama model with a byte-level BPE tokenizer.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}: name the folder `model` in the output of a training run")
    try:
        model = AutoModelForCausalLM.from_pretrained(folder, dtype="float32")
        tokenizer = AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} holds no trained model: {str(error).splitlines()[0]}") from error
    if model.config.model_type != "llama" or not is_ours(tokenizer):
        raise UserError(
            f"{folder} is not a Llama model with a tokenizer of ours, the only kind that is exported here: "
            "for a fine-tuned base model, llama.cpp's convert_hf_to_gguf.py is the tool"
        )
    return model, tokenizer


def compare(model_folder: Path, file: Path, texts: Sequence[str]) -> Agreement:
    """Run texts through the GGUF file in llama.cpp and through the model in PyTorch."""
    import torch

    model, tokenizer = load(model_folder)
    length = model.config.max_position_embeddings
    loaded = Model(file, n_gpu_layers=0)
    cutter = Tokenizer(loaded)
    config = LlamaCppConfig(n_ctx=length, slots=1, n_batch=length, n_gpu_layers=0)
    context = Context(file, loaded, config, allowed_memory(config))
    same_tokens, choices, differences = 0, [], [0.0]
    for text in texts:
        tokens = tokenizer(text)["input_ids"]
        same_tokens += cutter.prompt(text) == tokens
        with torch.no_grad():
            ours = _log_softmax(model(input_ids=torch.tensor([tokens])).logits[0].numpy())
        theirs = _log_softmax(_logits(context, tokens, cutter.size))
        choices.append(ours.argmax(-1) == theirs.argmax(-1))
        differences.append(float(np.abs(ours - theirs)[ours > np.log(0.01)].max(initial=0.0)))
    context.free()
    return Agreement(len(texts), same_tokens, float(np.concatenate(choices).mean()), max(differences))


def _logits(context: Context, tokens: list[int], vocabulary: int) -> Floats:
    """What llama.cpp computes for every position of a text: (tokens, vocabulary)."""
    context.truncate(slot=0, length=0)
    rows = [context.batch.add(0, position, [token], output=True) for position, token in enumerate(tokens)]
    context.decode()
    get = library().llama_get_logits_ith
    return np.stack([np.ctypeslib.as_array(get(context.handle, row), (vocabulary,)).copy() for row in rows])


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))  # type: ignore[no-any-return]


def _add_shape(writer: "GGUFWriter", config: Any) -> None:
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_vocab_size(config.vocab_size)


def _add_vocabulary(writer: "GGUFWriter", tokenizer: "PreTrainedTokenizerBase") -> None:
    import gguf

    tokens = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
    end = tokenizer.eos_token_id
    kinds = [gguf.TokenType.CONTROL if place == end else gguf.TokenType.NORMAL for place in range(len(tokens))]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(LLAMA_CPP_NAME)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in backend(tokenizer)["model"]["merges"]])
    writer.add_bos_token_id(end)  # never added; llama.cpp would else make up a number
    writer.add_eos_token_id(end)
    writer.add_add_bos_token(False)


def _tensors(model: "PreTrainedModel") -> Iterator[tuple[str, Floats]]:
    """Every weight by llama.cpp's name; a tied output matrix is not stored twice."""
    import gguf

    config = model.config
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    for name, weight in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        values = weight.float().numpy()
        if name.endswith("q_proj.weight"):
            values = _interleaved(values, config.num_attention_heads)
        if name.endswith("k_proj.weight"):
            values = _interleaved(values, config.num_key_value_heads)
        yield names.get_name(name, try_suffixes=(".weight",)), values


def _interleaved(weight: Floats, heads: int) -> Floats:
    """Rows of a query or key matrix, from rotated halves (transformers) to rotated neighbours (llama.cpp)."""
    halves = weight.reshape(heads, 2, -1, weight.shape[-1])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(weight.shape))


def check(model_folder: Path, file: Path, corpus: Path) -> Agreement:
    """Compare the GGUF file with the model on the first trajectories of a corpus.

    Raises:
        UserError: the corpus cannot be read or is empty, or llama.cpp does not compute what PyTorch does.
    """
    prompt = load_prompt("tora")
    texts = [lay_out(row, prompt)[0] for row in islice(read_corpus(corpus), CHECKED)]
    if not texts:
        raise UserError(f"the corpus {corpus} is empty: nothing to check {file} on")
    agreement = compare(model_folder, file, texts)
    if agreement.same_tokens < agreement.texts or agreement.same_choice < LEAST_SAME_CHOICE:
        raise UserError(
            f"llama.cpp does not compute with {file} what PyTorch does: the same tokens for {agreement.same_tokens} of "
            f"{agreement.texts} texts, the same choice at {agreement.same_choice:.1%} of the positions "
            f"(at least {LEAST_SAME_CHOICE:.0%} are needed)"
        )
    return agreement
