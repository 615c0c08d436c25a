"""The training loop: the same on two CPU cores and on a GPU, from random weights or from a base model."""

import itertools
import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import nn
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
from tora_agent.training.sft import checkpoint
from tora_agent.training.sft.batches import Batch, Batches
from tora_agent.training.sft.checkpoint import Counters
from tora_agent.training.sft.config import Curriculum, Device, Shape, Training
from tora_agent.training.sft.curve import draw_curve
from tora_agent.training.sft.examples import Examples, Row, encode, is_held_out, lay_out, read_corpus
from tora_agent.training.sft.optimizers import build_optimizers, scale_rates
from tora_agent.training.sft.tokenizer import train_tokenizer

TOKENIZER_ROWS = 60_000  # of the corpora, that a new tokenizer learns from
LOG_STEPS = 20
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def train(config: Training, resume: bool, report: Callable[[str], None]) -> Path:
    """Train until the budget is used up or the process is told to stop (SIGINT, SIGTERM); give the model's folder.

    The output folder gets a checkpoint every few minutes and at the end, `log.jsonl`, `curve.png` and the model
    in Hugging Face's layout. `report` receives a line on every event that a person would follow.

    Raises:
        UserError: a corpus, the model to start from or the checkpoint cannot be used.
    """
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    config.output.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(config)
    model = load_model(config, len(tokenizer))
    examples, held_out = load_examples(config.curriculum, tokenizer)
    report(f"{len(examples)} trajectories, {examples.starts[-1] / 1e6:.1f} million tokens, {len(held_out)} held out")
    run = Run(config, model, tokenizer, examples, held_out, report)
    if resume:
        run.resume()
    return run.go()


class Run:
    """A model in training, with all that a checkpoint holds."""

    def __init__(
        self,
        config: Training,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        examples: Examples,
        held_out: Examples,
        report: Callable[[str], None],
    ) -> None:
        self._config = config
        self._device = chosen_device(config.device)
        self._model = model.to(self._device)
        self._tokenizer = tokenizer
        self._report = report
        if self._device.type == "cpu":
            self._model.set_attn_implementation("eager")  # the fused kernel's backward pass is half as fast there
        decoder = self._model.get_decoder()
        self._decoder = torch.compile(decoder, dynamic=True) if config.compile else decoder
        self._optimizers = build_optimizers(model, config.optimizers)
        stages = config.curriculum.stages
        self._batches = Batches(examples, stages, config.batch_tokens, config.seed)
        self._held_out = Batches(held_out, stages, config.batch_tokens, config.seed).all_in_order()
        self._counters = Counters()
        self._log = config.output / "log.jsonl"

    def resume(self) -> None:
        """Go on from the last checkpoint in the output folder."""
        self._counters, batches = checkpoint.load(self._config.output, self._model, self._optimizers)
        self._batches.restore(batches)
        checkpoint.cut_log(self._log, self._counters.steps)
        self._report(f"resumed after {self._counters.steps} steps, {self._counters.tokens / 1e6:.1f} million tokens")

    def go(self) -> Path:
        """Train to the end; see `train`."""
        if not self._counters.steps:
            self._log.write_text("")
        config, counters, losses = self._config, self._counters, []
        begun = time.monotonic() - counters.seconds
        saved = counters.seconds
        with stop_requests() as stopping:
            while not stopping() and (progress := config.schedule.progress(counters.tokens, counters.seconds)) < 1:
                losses.append(self._step(progress))
                counters.seconds = time.monotonic() - begun
                if counters.steps % LOG_STEPS == 0:
                    self._write(loss=sum(losses) / len(losses), rate=config.schedule.rate_factor(progress))
                    losses.clear()
                if counters.seconds - saved >= config.checkpoint_minutes * 60:
                    self._save()
                    saved = counters.seconds
            self._save()
        return config.output / checkpoint.MODEL

    def _step(self, progress: float) -> float:
        """One step of the optimizers; gives its loss."""
        config = self._config
        self._model.train()
        scale_rates(self._optimizers, config.optimizers, config.schedule.rate_factor(progress))
        total = 0.0
        for _ in range(config.accumulate):
            batch = self._batches.next(progress)
            loss = self._loss(batch) / config.accumulate
            loss.backward()
            total += loss.item()
            self._counters.tokens += batch.tokens.numel()
        nn.utils.clip_grad_norm_(self._model.parameters(), config.optimizers.clip)
        for optimizer in self._optimizers:
            optimizer.step()
            optimizer.zero_grad()
        self._counters.steps += 1
        return total

    def _loss(self, batch: Batch) -> torch.Tensor:
        """The mean loss of the learned tokens. Rows are padded on the right, so causal attention needs no mask."""
        tokens, learned = batch.tokens.to(self._device), batch.learned[:, 1:].to(self._device)
        with torch.autocast(self._device.type, torch.bfloat16):
            hidden = self._decoder(input_ids=tokens[:, :-1], use_cache=False).last_hidden_state
            logits = self._model.get_output_embeddings()(hidden[learned])  # only where there is loss
        return nn.functional.cross_entropy(logits.float(), tokens[:, 1:][learned])

    def _held_out_loss(self) -> float:
        self._model.eval()
        total, count = 0.0, 0
        with torch.no_grad():
            for batch in self._held_out:
                learned = int(batch.learned.sum())
                total += self._loss(batch).item() * learned
                count += learned
        return total / max(1, count)

    def _save(self) -> None:
        self._write(held_out_loss=self._held_out_loss())
        output = self._config.output
        checkpoint.save(output, self._counters, self._model, self._optimizers, self._batches.state())
        checkpoint.save_model(output, self._model, self._tokenizer)
        draw_curve(self._log, output / "curve.png")

    def _write(self, **values: float) -> None:
        """One line of the log, and the same for the person who watches."""
        counters = self._counters
        line = {"steps": counters.steps, "tokens": counters.tokens, "seconds": round(counters.seconds, 1)} | values
        with self._log.open("a") as log:
            log.write(f"{json.dumps(line)}\n")
        numbers = ", ".join(f"{name} {value:.4f}" for name, value in values.items())
        speed = counters.tokens / max(counters.seconds, 1e-9)
        self._report(f"step {counters.steps}, {counters.tokens / 1e6:.2f} M tokens, {speed:.0f}/s: {numbers}")


def load_tokenizer(config: Training) -> PreTrainedTokenizerBase:
    """The base model's tokenizer; or, for a model from nothing, one learned from the corpora and kept for resuming."""
    if config.init != "random":
        return _from_hub(AutoTokenizer, config.init)
    folder = config.output / "tokenizer"
    if folder.exists():
        return AutoTokenizer.from_pretrained(folder)
    prompt = load_prompt(config.curriculum.prompt)
    rows = itertools.chain.from_iterable(map(read_corpus, config.curriculum.corpora))
    texts = (lay_out(row, prompt)[0] for row in itertools.islice(rows, TOKENIZER_ROWS))
    samples = (path.read_text(encoding="utf-8") for path in config.curriculum.tokenizer_sample)
    tokenizer = train_tokenizer(itertools.chain(texts, samples), config.shape.vocabulary)
    tokenizer.save_pretrained(folder)
    return tokenizer


def load_model(config: Training, vocabulary: int) -> PreTrainedModel:
    """The model to train, always with weights in 32-bit floats: small steps would be lost in 16 bits."""
    model: PreTrainedModel = (
        LlamaForCausalLM(llama_config(config.shape, vocabulary))
        if config.init == "random"
        else _from_hub(AutoModelForCausalLM, config.init, dtype="float32")
    )
    if config.recompute:
        model.gradient_checkpointing_enable()
    return model


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


def load_examples(curriculum: Curriculum, tokenizer: PreTrainedTokenizerBase) -> tuple[Examples, Examples]:
    """The corpora as tokens: what is trained on, and what is held out."""
    prompt = load_prompt(curriculum.prompt)
    kept: list[Row] = []
    held_out: list[Row] = []
    for row in itertools.chain.from_iterable(map(read_corpus, curriculum.corpora)):
        (held_out if is_held_out(row, curriculum.held_out) else kept).append(row)
    examples = encode(kept, prompt, tokenizer, curriculum.max_tokens)
    if not len(examples):
        raise UserError(f"no trajectory in the corpora is within {curriculum.max_tokens} tokens")
    return examples, encode(held_out, prompt, tokenizer, curriculum.max_tokens)


def chosen_device(name: Device) -> torch.device:
    """The GPU where there is one, unless the config says otherwise."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)


@contextmanager
def stop_requests() -> Iterator[Callable[[], bool]]:
    """While inside, SIGINT and SIGTERM only set what the function given tells, so a step is never cut in two."""
    received: list[int] = []
    before = {number: signal.signal(number, lambda number, _: received.append(number)) for number in STOP_SIGNALS}
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _from_hub(kind: Any, name: str, **options: object) -> Any:
    try:
        return kind.from_pretrained(name, **options)
    except (OSError, ValueError) as error:
        raise UserError(f"the base model {name} cannot be loaded: {str(error).splitlines()[0]}") from error
