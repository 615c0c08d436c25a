"""Text to tokens and back, and the cut to the exact text, on both kinds of vocabulary."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tora_agent.engines.base import Sampling
from tora_agent.engines.batching.generation import Generation, Inbox, Track
from tora_agent.engines.llama_cpp.sampler import Sampler
from tora_agent.engines.llama_cpp.tokenizer import Tokenizer

N_CTX = 512
anything = st.text(st.characters(exclude_characters="\u2581", exclude_categories=["Cs"]), max_size=40)
protocol_like = st.lists(
    st.sampled_from(["```", "output", "\n", " ", "  ", "the answer", "</s>", "`", "é", "😀", "12", "print"]),
    max_size=10,
).map("".join)
on_one_vocabulary = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@pytest.fixture(params=["tokenizer", "sentencepiece_tokenizer"])
def vocabulary(request: pytest.FixtureRequest) -> Tokenizer:
    """Byte-level BPE, as the shipped model has it, and SentencePiece, as ToRA has it."""
    found: Tokenizer = request.getfixturevalue(request.param)
    return found


@on_one_vocabulary
@given(text=anything | protocol_like)
def test_a_continuation_is_its_text_byte_for_byte(vocabulary: Tokenizer, text: str) -> None:
    assert vocabulary.detokenise(vocabulary.continuation(text.encode())) == text.encode()


def test_a_prompt_begins_as_the_vocabulary_wants(tokenizer: Tokenizer, sentencepiece_tokenizer: Tokenizer) -> None:
    assert tokenizer.detokenise(tokenizer.prompt("the answer")) == b"the answer"
    tokens = sentencepiece_tokenizer.prompt("the answer")
    assert tokens[0] == 1  # BOS
    assert [sentencepiece_tokenizer.pieces[token] for token in tokens[1:]] == [b" the", b" answer"]


def test_no_text_becomes_a_control_token(sentencepiece_tokenizer: Tokenizer) -> None:
    tokens = sentencepiece_tokenizer.continuation(b"<s></s><unk>")
    assert not {0, 1, 2} & set(tokens)
    assert sentencepiece_tokenizer.pieces[2] is None  # what the model itself writes ends the text


@on_one_vocabulary
@given(
    before=protocol_like,
    written=protocol_like | anything,
    appended=protocol_like,
    stop=st.lists(st.sampled_from(["</s>", "```output", "put", "swer", "\n", "é", "1"]), max_size=3),
)
def test_the_track_holds_exactly_the_kept_text(
    vocabulary: Tokenizer, before: str, written: str, appended: str, stop: list[str]
) -> None:
    """Whatever a model writes and wherever a stop string cuts it, also when a further text is appended."""

    async def write() -> tuple[bytes, bytes]:
        opening = vocabulary.prompt("x" + before)
        track = Track(0, list(opening), Sampler(Sampling(), vocabulary.size, N_CTX))
        kept = vocabulary.detokenise(opening)
        for addition in ("", appended, ""):
            generation = Generation(track, addition, tuple(stop), N_CTX, Inbox())
            generation.begin(vocabulary, N_CTX)
            finish = None
            for token in vocabulary.continuation(written.encode()):
                _, finish = generation.accept(token, vocabulary.pieces[token])
                if finish:
                    break
            if not finish:
                finish = generation.accept(end, None)[1]
            kept += addition.encode() + generation.complete(finish, vocabulary).text.encode()
        return vocabulary.detokenise(track.tokens) + track.remainder, kept

    end = 2 if vocabulary.pieces[2] is None else 0
    held, kept = asyncio.run(write())
    assert held == kept
