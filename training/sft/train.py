"""The training loop: the same on two CPU cores and on a GPU, from random weights or from a base model."""

import itertools
import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from tora_agent.errors import Stopped, UserError
from tora_agent.prompt import load_prompt
from tora_agent.training.folder import alone_in
from tora_agent.training.sft import checkpoint
from tora_agent.training.sft.batches import Batch, Batches
from tora_agent.training.sft.checkpoint import Counters
from tora_agent.training.sft.config import Curriculum, Training
from tora_agent.training.sft.curve import draw_curve
from tora_agent.training.sft.examples import Examples, Row, encode, is_held_out, read_corpus
from tora_agent.training.sft.model import chosen_device, load_model, load_tokenizer
from tora_agent.training.sft.optimizers import build_optimizers, scale_rates

LOG_STEPS = 20
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def train(config: Training, resume: bool, report: Callable[[str], None]) -> Path:
    """Train until the budget is used up, and give the model's folder.

    The output folder gets a checkpoint every few minutes and at the end, `log.jsonl`, `curve.png` and the model
    in Hugging Face's layout. `report` receives a line on every event that a person would follow.

    Raises:
        UserError: a corpus, the model to start from or the checkpoint cannot be used, or the output folder holds a
            run that would be lost, or another process at work.
        Stopped: SIGINT or SIGTERM came; the checkpoint is of the step that was in hand.
    """
    if not resume and (config.output / checkpoint.STATE).exists():
        raise UserError(f"{config.output} holds a run: --resume goes on with it, and another output starts afresh")
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    with alone_in(config.output):
        tokenizer = load_tokenizer(config, resume)
        model = load_model(config, len(tokenizer))
        examples, held_out = load_examples(config.curriculum, tokenizer)
        tokens = examples.starts[-1] / 1e6
        report(f"{len(examples)} trajectories, {tokens:.1f} million tokens, {len(held_out)} held out")
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
        self._corpus_tokens = int(examples.starts[-1])
        self._batches = Batches(examples, stages, config.batch_tokens, config.seed)
        self._held_out = Batches(held_out, (), config.batch_tokens, config.seed).all_in_order()
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
            while not stopping() and (progress := self._progress()) < 1:
                losses.append(self._step(progress))
                counters.seconds = time.monotonic() - begun
                if counters.steps % LOG_STEPS == 0:
                    self._write(loss=sum(losses) / len(losses), rate=config.schedule.rate_factor(progress))
                    losses.clear()
                if counters.seconds - saved >= config.checkpoint_minutes * 60:
                    self._save()
                    saved = counters.seconds
            self._save()
            if stopping():
                raise Stopped(f"stopped after {counters.steps} steps; {config.output} holds the checkpoint")
        if config.lora:
            checkpoint.save_model(config.output, self._model.merge_and_unload(), self._tokenizer)
        return config.output / checkpoint.MODEL

    def _progress(self) -> float:
        """The share of the budget that is used."""
        counters = self._counters
        return self._config.schedule.progress(counters.tokens, counters.seconds, self._corpus_tokens)

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

    def _held_out_loss(self) -> dict[str, float]:
        """The loss on what is held out, for the log; empty where nothing is."""
        self._model.eval()
        total, count = 0.0, 0
        with torch.no_grad():
            for batch in self._held_out:
                learned = int(batch.learned.sum())
                total += self._loss(batch).item() * learned
                count += learned
        return {"held_out_loss": total / count} if count else {}

    def _save(self) -> None:
        self._write(**self._held_out_loss())
        output = self._config.output
        checkpoint.save(output, self._counters, self._model, self._optimizers, self._batches.state())
        if not self._config.lora:  # adapters are merged at the end alone: to part them again is not exact
            checkpoint.save_model(output, self._model, self._tokenizer)
        draw_curve(self._log, output / "curve.png")

    def _write(self, **values: float) -> None:
        """One line of the log, and the same for the person who watches."""
        counters = self._counters
        line = {"steps": counters.steps, "tokens": counters.tokens, "seconds": round(counters.seconds, 1)} | values
        with self._log.open("a") as log:
            log.write(f"{json.dumps(line)}\n")
        numbers = ", ".join(f"{name} {value:.4f}" for name, value in values.items()) or "nothing held out"
        speed = counters.tokens / max(counters.seconds, 1e-9)
        self._report(f"step {counters.steps}, {counters.tokens / 1e6:.2f} M tokens, {speed:.0f}/s: {numbers}")


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
