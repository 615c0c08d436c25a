"""The transformers engine on the model that ships, as a checkpoint: its texts, its cache, what it refuses."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from collections.abc import Sequence as Strings
from importlib import resources, util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cached_cells import cells

pytest.importorskip("torch", reason="checkpoints need the extra `hf`")
pytest.importorskip("gguf", reason="the gguf package, which reads the model, is not installed")

import torch
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, processors
from transformers import AutoModelForCausalLM, AutoTokenizer

from tora_agent.agent import run, to_end
from tora_agent.engines.base import Completion, ContextFull, Engine, EngineError, Sampling
from tora_agent.engines.batching import CachedSequence
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig
from tora_agent.engines.transformers import Transformers, TransformersConfig
from tora_agent.engines.transformers.vocabulary import Vocabulary
from tora_agent.errors import UserError
from tora_agent.prompt import load_prompt
from tora_agent.sandbox import Sandbox
from tora_agent.training.export import export

pytestmark = pytest.mark.xdist_group("checkpoint")  # it takes long to make
APPLES = "<|user|>\nTom has 12 apples. Mary gives him 7 more. How many apples does Tom have now?\n<|assistant|>\n"
STOP = ("</s>", "```output")
OUTPUT = "\n```output\n19\n```\n"
GREEDY = Sampling()
CONFIG = TransformersConfig(n_ctx=512, slots=4)


@pytest.fixture(scope="module")
def engine(checkpoint: Path) -> Iterator[Transformers]:
    """One engine for the module; it ends with its last reference."""
    yield Transformers.load(checkpoint, CONFIG)


async def complete(
    sequence: CachedSequence, stop: Strings[str] = STOP, max_tokens: int = 80
) -> tuple[list[str], Completion]:
    """The pieces and the completion of one generation."""
    *pieces, completion = [item async for item in sequence.generate(stop, max_tokens)]
    assert isinstance(completion, Completion)
    return [piece for piece in pieces if isinstance(piece, str)], completion


async def completed(
    engine: Transformers, prompt: str = APPLES, sampling: Sampling = GREEDY, max_tokens: int = 80
) -> str:
    async with engine.sequence(prompt, sampling) as sequence:
        return (await complete(sequence, max_tokens=max_tokens))[1].text


async def solutions(engine: Engine, questions: list[str]) -> list[str]:
    """The texts of whole trajectories, worked on at the same time."""
    async with Sandbox(concurrency=2) as sandbox:
        prompt = load_prompt("tora")
        each = (to_end(run(question, engine, sandbox, prompt)) for question in questions)
        return [trajectory.text for trajectory in await asyncio.gather(*each)]


async def test_it_writes_what_llama_cpp_writes_with_the_same_weights(
    checkpoint: Path, engine: Transformers, tmp_path: Path
) -> None:
    pytest.importorskip("llama_cpp", reason="needs the extra `llama`")
    file = tmp_path / "same.gguf"
    export(checkpoint, file, "F32")
    lines = (resources.files("tora_agent.eval") / "data" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines[::7]]
    other = LlamaCpp.load(file, LlamaCppConfig(n_ctx=512, slots=4, threads=1))
    theirs, ours = await solutions(other, questions), await solutions(engine, questions)
    penalised = Sampling(repetition_penalty=5)
    async with other.sequence(APPLES, penalised) as sequence:
        _, completion = await complete(sequence)
    await other.close()
    assert await completed(engine) != await completed(engine, sampling=penalised) == completion.text
    assert len(questions) == 12 and "```output" in ours[0]
    # rounding differs, and may turn a token
    assert sum(one == other for one, other in zip(ours, theirs, strict=True)) >= 11


async def test_a_text_is_the_same_whatever_else_is_in_the_batch(engine: Transformers) -> None:
    prompts = [APPLES.replace("12", str(number)) + "\n" * (number % 3) for number in range(20, 28)]
    alone = [await completed(engine, prompt) for prompt in prompts]
    together = await asyncio.gather(*(completed(engine, prompt) for prompt in prompts))
    assert sum(one == other for one, other in zip(alone, together, strict=True)) >= 7  # rounding may turn a token
    assert await cells(engine) == 0


async def test_the_output_alone_is_read_in_the_second_turn(checkpoint: Path) -> None:
    fresh = Transformers.load(checkpoint, TransformersConfig(n_ctx=512, slots=1))
    async with fresh.sequence(APPLES, GREEDY) as sequence:
        pieces, first = await complete(sequence)
        await sequence.append(OUTPUT)
        _, second = await complete(sequence)
    await fresh.close()
    assert "".join(pieces) == first.text and first.text.endswith("```") and first.finish == "stop"
    assert "\\boxed{19}" in second.text and second.finish == "eos"
    assert first.prompt_tokens == len(fresh.vocabulary.prompt(APPLES))
    assert second.prompt_tokens == len(fresh.vocabulary.continuation(OUTPUT.encode()))


async def test_the_samples_of_a_problem_share_its_prompt(checkpoint: Path) -> None:
    fresh = Transformers.load(checkpoint, CONFIG)

    async def sample(seed: int) -> Completion:
        async with fresh.sequence(APPLES * 3, Sampling(temperature=1.0, seed=seed)) as sequence:
            return (await complete(sequence, max_tokens=5))[1]

    read = [completion.prompt_tokens for completion in await asyncio.gather(*map(sample, range(4)))]
    await fresh.close()
    assert sum(read) == len(fresh.vocabulary.prompt(APPLES * 3)) + 3  # the last of them each computes itself


async def test_after_a_stop_string_at_any_place_the_text_is_exact(engine: Transformers) -> None:
    """Also where it begins inside a token: the text goes on like a fresh prompt of the same text."""
    whole = await completed(engine)
    stops = [whole[start : start + 7] for start in range(2, len(whole) - 9, (len(whole) - 9) // 6)]
    same = []
    for stop in stops:
        async with engine.sequence(APPLES, GREEDY) as sequence:
            _, first = await complete(sequence, stop=[stop])
            assert first.finish == "stop"
            assert first.text == whole[: whole.index(stop)].rstrip()
            rest = whole[len(first.text) : whole.index(stop) + len(stop)]
            await sequence.append(rest)
            _, second = await complete(sequence)
        same.append(second.text == await completed(engine, APPLES + first.text + rest))
    # the fresh prompt may be split into other tokens, which may turn the next
    assert sum(same) >= 0.7 * len(stops) > 0


async def test_a_cancelled_sequence_frees_its_place(engine: Transformers) -> None:
    async def start(entered: asyncio.Event) -> None:
        async with engine.sequence(APPLES, GREEDY) as sequence:
            async for _ in sequence.generate((), 400):
                entered.set()
                await asyncio.sleep(3600)

    for _ in range(2):
        entered = [asyncio.Event() for _ in range(engine.slots)]
        tasks = [asyncio.create_task(start(each)) for each in entered]
        await asyncio.gather(*(each.wait() for each in entered))
        assert await cells(engine) > 0
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert await cells(engine) == 0


@pytest.mark.parametrize("cut", [{"top_k": 1}, {"top_p": 1e-6}, {"min_p": 1.0}, {"temperature": 0.001}])
async def test_every_setting_that_leaves_one_token_is_greedy(engine: Transformers, cut: dict[str, Any]) -> None:
    assert await completed(engine, sampling=Sampling(**{"temperature": 1.5} | cut)) == await completed(engine)


async def test_a_sample_follows_its_seed_alone(engine: Transformers) -> None:
    samplings = [Sampling(temperature=1.5, top_p=0.95, top_k=50, min_p=0.001, seed=seed) for seed in range(6)]
    alone = [await completed(engine, "The ", sampling, 20) for sampling in samplings]
    together = await asyncio.gather(*(completed(engine, "The ", sampling, 20) for sampling in samplings))
    assert len(set(alone)) > 3
    assert sum(one == other for one, other in zip(alone, together, strict=True)) >= 4  # rounding may turn a token


@pytest.mark.parametrize("temperature", [0, 0.01])
async def test_the_repetition_penalty_reads_the_prompt(engine: Transformers, temperature: float) -> None:
    read = set(engine.vocabulary.prompt(APPLES))
    repeated = []
    for penalty in (1.0, 5.0):
        text = await completed(engine, sampling=Sampling(temperature, repetition_penalty=penalty), max_tokens=30)
        repeated.append(len(read & set(engine.vocabulary.continuation(text.encode()))))
    assert repeated[1] < repeated[0]


async def test_what_outgrows_the_context_is_full(engine: Transformers) -> None:
    with pytest.raises(ContextFull, match="the context 512"):
        async with engine.sequence("12 " * 600, GREEDY):
            pass
    async with engine.sequence(APPLES, GREEDY) as sequence:
        await complete(sequence)
        await sequence.append("12 " * 600)
        with pytest.raises(ContextFull, match="no new one fits"):
            await complete(sequence)


async def test_closing_ends_what_runs_and_what_waits(checkpoint: Path) -> None:
    closing = Transformers.load(checkpoint, TransformersConfig(slots=1))

    async def for_ever() -> None:
        while True:
            await completed(closing)

    tasks = [asyncio.create_task(for_ever()) for _ in range(2)]
    await asyncio.sleep(0.05)
    await closing.close()
    for task in tasks:
        with pytest.raises(EngineError, match="the engine was closed"):
            await task


@pytest.mark.parametrize("kind", ["qwen2", "mistral", "gpt_neox", "phi3"])
async def test_other_architectures_write_what_transformers_alone_would(
    checkpoint: Path, tmp_path: Path, kind: str
) -> None:
    folder = another(checkpoint, tmp_path, kind, sliding_window=None)
    engine = Transformers.load(folder, CONFIG)
    prompts = [APPLES, "The ", "One, two, three"]
    ours = await asyncio.gather(*(completed(engine, prompt, max_tokens=20) for prompt in prompts))
    await engine.close()
    assert all(ours)
    model, tokenizer = AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    for prompt, text in zip(prompts, ours, strict=True):
        read = tokenizer(prompt, return_tensors="pt")
        written = model.generate(**read, max_new_tokens=20, do_sample=False)[0, read["input_ids"].shape[1] :]
        assert tokenizer.decode(written, skip_special_tokens=True).rstrip() == text


async def test_numbers_that_overflow_fail_their_sequence_and_no_later_one(checkpoint: Path, tmp_path: Path) -> None:
    folder = another(checkpoint, tmp_path, "mistral", sliding_window=None)
    weights = load_file(folder / "model.safetensors")
    weights["model.embed_tokens.weight"][AutoTokenizer.from_pretrained(folder)("@")["input_ids"]] = torch.inf
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    engine = Transformers.load(folder, TransformersConfig(n_ctx=512, slots=2))
    alone = [await completed(engine, prompt) for prompt in ("The ", APPLES)]
    for _ in range(engine.slots):
        with pytest.raises(EngineError, match="numbers overflow"):
            await completed(engine, "@" * 40)
    together = await asyncio.gather(*(completed(engine, prompt) for prompt in ("The ", APPLES)))
    await engine.close()
    assert together == alone


def another(checkpoint: Path, folder: Path, kind: str, **options: Any) -> Path:
    """A checkpoint of another architecture with random weights, whose heads share keys where it can."""
    from transformers import AutoConfig

    torch.manual_seed(0)
    shape = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4}
    # more tokens than the tokenizer knows, as many a model has
    vocabulary = {"vocab_size": 5000, "bos_token_id": None, "eos_token_id": 0, "pad_token_id": 0}
    config = AutoConfig.for_model(kind, **shape, **vocabulary, num_key_value_heads=2, **options)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    for file in checkpoint.glob("tokenizer*"):
        shutil.copy(file, folder)
    return folder


def test_layers_that_see_too_little_are_refused(checkpoint: Path, tmp_path: Path) -> None:
    folder = another(checkpoint, tmp_path, "mistral", sliding_window=64)
    with pytest.raises(UserError, match="see 64 tokens at a time: choose an n_ctx of at most that"):
        Transformers.load(folder, CONFIG)
    Transformers.load(folder, TransformersConfig(n_ctx=64))


@pytest.mark.parametrize(
    ("gone", "written", "sentence"),
    [
        ("config.json", {}, "is no checkpoint: it has no config.json"),
        ("tokenizer.json", {}, "has no tokenizer that can be read"),
        ("model.safetensors", {}, "has no weights: it needs model.safetensors"),
        (
            "model.safetensors",
            {"model.safetensors.index.json": '{"weight_map": {"a": "gone.safetensors"}}'},
            "lacks 1 of 1 files of weights .gone.safetensors",
        ),
        ("model.safetensors", {"model.safetensors": "x"}, "cannot be loaded"),
        ("config.json", {"config.json": '{"model_type": "none"}'}, "cannot be loaded"),
    ],
)
def test_a_broken_checkpoint_is_one_sentence(
    checkpoint: Path, tmp_path: Path, gone: str, written: dict[str, str], sentence: str
) -> None:
    folder = shutil.copytree(checkpoint, tmp_path / "broken")
    (folder / gone).unlink()
    for name, text in written.items():
        (folder / name).write_text(text)
    with pytest.raises(UserError, match=sentence) as refusal:
        Transformers.load(folder, CONFIG)
    assert "\n" not in str(refusal.value)


def test_weights_that_do_not_fit_are_not_loaded(checkpoint: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(checkpoint, tmp_path / "huge")
    with (folder / "model.safetensors").open("r+b") as weights:
        weights.truncate(1 << 40)  # takes no place on the disk
    with pytest.raises(UserError, match=r"needs 1099\.5 GB of memory for its weights"):
        Transformers.load(folder, CONFIG)


def test_weights_that_are_missing_are_not_made_up(checkpoint: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(checkpoint, tmp_path / "half")
    weights = load_file(folder / "model.safetensors")
    del weights["model.norm.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UserError, match=r"lacks weights of its model, such as model\.norm\.weight"):
        Transformers.load(folder, CONFIG)


@pytest.mark.skipif(bool(util.find_spec("gptqmodel")), reason="gptqmodel, whose absence is tested, is installed")
@pytest.mark.parametrize(("method", "library"), [("awq", "gptqmodel"), ("gptq", "optimum|gptqmodel")])
def test_a_quantised_checkpoint_without_its_library_names_it(
    checkpoint: Path, tmp_path: Path, method: str, library: str
) -> None:
    folder = shutil.copytree(checkpoint, tmp_path / method)
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"] = {"quant_method": method, "bits": 4, "group_size": 128}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match=f"needs a library that is not installed: .*({library})"):
        Transformers.load(folder, CONFIG)


def test_a_configuration_that_does_not_suit_is_one_sentence(checkpoint: Path) -> None:
    with pytest.raises(UserError, match="was trained for 2048"):
        Transformers.load(checkpoint, TransformersConfig(n_ctx=4096))
    with pytest.raises(UserError, match="PyTorch finds no device gpu"):
        Transformers.load(checkpoint, TransformersConfig(device="gpu"))
    with pytest.raises(ValueError, match="slots"):
        TransformersConfig(slots=0)


def sentencepiece() -> Vocabulary:
    """A vocabulary of Llama's kind: a space is U+2581, one is put before a text, other bytes have tokens."""
    words = ["\u2581", "t", "h", "e", "o", "u", "`", "th", "the", "\u2581the", "``", "```", "ou"]
    names = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *words]
    merges = [("t", "h"), ("th", "e"), ("\u2581", "the"), ("`", "`"), ("``", "`"), ("o", "u")]
    tokens = {name: place for place, name in enumerate(names)}
    whole = Tokenizer(models.BPE(tokens, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    whole.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    replace, strip = decoders.Replace("\u2581", " "), decoders.Strip(" ", 1, 0)
    whole.decoder = decoders.Sequence([replace, decoders.ByteFallback(), decoders.Fuse(), strip])
    whole.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    whole.add_special_tokens([AddedToken(name, special=True) for name in ("<unk>", "<s>", "</s>")])
    return Vocabulary(whole, {2}, Path("sentencepiece"))


SENTENCEPIECE = sentencepiece()


def test_a_prompt_begins_as_the_vocabulary_wants(engine: Transformers) -> None:
    tokens = SENTENCEPIECE.prompt("the")
    assert tokens[0] == 1 and [SENTENCEPIECE.pieces[token] for token in tokens] == [b"", b" the"]
    assert SENTENCEPIECE.pieces[2] is None
    assert joined(engine.vocabulary, engine.vocabulary.prompt("the")) == b"the"


def test_no_text_becomes_a_control_token(engine: Transformers) -> None:
    assert not {0, 1, 2} & set(SENTENCEPIECE.continuation(b"<s></s><unk>"))
    assert 0 not in engine.vocabulary.prompt("</s>")


@settings(max_examples=100)
@given(
    data=st.text(st.characters(exclude_characters="\u2581", exclude_categories=["Cs"])).map(str.encode) | st.binary()
)
def test_a_continuation_is_its_text_byte_for_byte(engine: Transformers, data: bytes) -> None:
    for vocabulary in (SENTENCEPIECE, engine.vocabulary):
        if "\u2581".encode() not in data:
            assert joined(vocabulary, vocabulary.continuation(data)) == data


def joined(vocabulary: Vocabulary, tokens: list[int]) -> bytes:
    return b"".join(vocabulary.pieces[token] or b"" for token in tokens)
