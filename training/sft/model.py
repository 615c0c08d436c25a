"""The model to train and its tokenizer: from nothing, or from a base model, whole or through LoRA adapters."""

import itertools
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from tora_agent.errors import UserError
from tora_agent.prompt import load_prompt
from tora_agent.training.sft.config import Device, Shape, Training
from tora_agent.training.sft.examples import lay_out, read_corpus
from tora_agent.training.sft.tokenizer import read_tokenizer, train_tokenizer

TOKENIZER_ROWS = 60_000  # of the corpora, that a new tokenizer learns from


def load_tokenizer(config: Training, resume: bool) -> PreTrainedTokenizerBase:
    """The base model's tokenizer; or, for a model from nothing, one learned from the corpora and kept for resuming."""
    if config.init.endswith(".gguf"):
        return read_tokenizer(Path(config.init))
    if config.init != "random":
        return _from_hub(AutoTokenizer, config.init)
    folder = config.output / "tokenizer"
    if resume and folder.exists():
        return AutoTokenizer.from_pretrained(folder)
    prompt = load_prompt(config.curriculum.prompt)
    rows = itertools.chain.from_iterable(map(read_corpus, config.curriculum.corpora))
    texts = (lay_out(row, prompt)[0] for row in itertools.islice(rows, TOKENIZER_ROWS))
    try:
        samples = [path.read_text(encoding="utf-8") for path in config.curriculum.tokenizer_sample]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"the tokenizer's sample cannot be read: {error}") from error
    tokenizer = train_tokenizer(itertools.chain(texts, samples), config.shape.vocabulary)
    tokenizer.save_pretrained(folder)
    return tokenizer


def load_model(config: Training, vocabulary: int) -> PreTrainedModel:
    """The model to train. What is trained is in 32-bit floats: small steps would be lost in 16 bits.

    With LoRA the base model is frozen and in bfloat16, and the result is a `PeftModel` around it.
    """
    if config.init == "random":
        model: PreTrainedModel = LlamaForCausalLM(llama_config(config.shape, vocabulary))
    elif config.init.endswith(".gguf"):
        file = Path(config.init)
        model = _from_hub(AutoModelForCausalLM, str(file.parent), gguf_file=file.name, dtype="float32")
        model.hf_quantizer.remove_quantization_config(model)  # it is whole again, and is saved as such
    else:
        model = _from_hub(AutoModelForCausalLM, config.init, dtype="bfloat16" if config.lora else "float32")
    if config.recompute:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    if config.lora is None:
        return model
    from peft import LoraConfig, get_peft_model

    rank, alpha = config.lora.rank, config.lora.alpha
    adapters = LoraConfig(r=rank, lora_alpha=alpha, target_modules="all-linear", task_type="CAUSAL_LM")
    return get_peft_model(model, adapters)


def llama_config(shape: Shape, vocabulary: int) -> LlamaConfig:
    """The configuration of a Llama model of this shape."""
    return LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=shape.width,
        intermediate_size=shape.feed_forward,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        max_position_embeddings=shape.context,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=0,
        rms_norm_eps=1e-5,
    )


def chosen_device(name: Device) -> torch.device:
    """The GPU where there is one, unless the config says otherwise.

    Raises:
        UserError: the config wants a GPU and PyTorch finds none.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise UserError("the device is cuda, and PyTorch finds no GPU: say auto or cpu")
    return torch.device(name)


def _from_hub(kind: Any, name: str, **options: object) -> Any:
    try:
        return kind.from_pretrained(name, **options)
    except (OSError, ValueError) as error:
        raise UserError(f"the base model {name} cannot be loaded: {str(error).splitlines()[0]}") from error
