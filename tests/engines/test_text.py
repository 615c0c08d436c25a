"""Text from the bytes of tokens: the same however they are split."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tora_agent.engines.text import TextStream

STOP = ("</s>", "```output")


def read(pieces: list[bytes], stop: tuple[str, ...] = STOP) -> tuple[list[str], TextStream]:
    """What the stream gave away piece by piece, until it stopped or the pieces ended."""
    stream, given_away = TextStream(stop), []
    for piece in pieces:
        given_away.append(stream.push(piece))
        if stream.stopped:
            return given_away, stream
    given_away.append(stream.finish())
    return given_away, stream


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


def expected(text: str, stop: tuple[str, ...]) -> str:
    """The definition: the text up to the earliest stop string, without white space at its end."""
    found = [text.index(string) for string in stop if string in text]
    return text[: min(found, default=len(text))].rstrip()


@pytest.mark.parametrize("cut", range(30))
def test_a_stop_string_is_found_at_every_split(cut: int) -> None:
    data = b"```python\nprint(1)\n```\n```output\n1"
    given_away, stream = read([data[:cut], data[cut:]])
    assert "".join(given_away) == "```python\nprint(1)\n```"
    assert stream.stopped


def test_byte_by_byte_nothing_is_given_away_that_has_to_be_taken_back() -> None:
    given_away, _ = read([bytes([byte]) for byte in b"a ```out b \n```output"])
    assert [piece for piece in given_away if piece] == ["a", " ```out", " b"]


def test_the_earliest_stop_string_wins_whatever_its_place_in_the_list() -> None:
    for stop in (STOP, STOP[::-1]):
        assert read([b"x</s>y```output"], stop)[1].text == "x"
        assert read([b"x```outputy</s>"], stop)[1].text == "x"


def test_a_stop_string_hidden_behind_an_unfinished_one_counts_when_the_text_ends() -> None:
    _, stream = read([b"abcde"], ("bcdX", "cd"))
    assert (stream.text, stream.stopped) == ("ab", True)
    _, stream = read([b"abcd"], ("bcdX", "cd"))
    assert (stream.text, stream.stopped) == ("ab", True)


def test_a_stop_string_may_begin_with_white_space() -> None:
    _, stream = read([b"one \n", b"\ntwo"], ("\n\n",))
    assert (stream.text, stream.stopped) == ("one", True)


def test_half_a_character_waits_and_is_dropped_at_the_end() -> None:
    euro = "€".encode()
    assert read([euro[:1], euro[1:2], euro[2:]])[0] == ["", "", "€", ""]
    _, stream = read([b"5 ", euro[:2]])
    assert (stream.text, stream.data) == ("5", b"5")


def test_what_is_not_utf8_is_shown_and_keeps_its_bytes() -> None:
    _, stream = read([b"a\xffb\xf0\x9f", b"c"])
    assert stream.text == "a\ufffdb\ufffd\ufffdc"
    assert stream.data == b"a\xffb\xf0\x9fc"


def test_an_empty_stop_string_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        TextStream(("</s>", ""))


pieces_of_text = st.lists(
    st.sampled_from(["`", "```", "output", "</s", ">", "</s>", " ", "\n", "\n\n", "€", "😀", "x", "<"]), max_size=12
)
stops = st.lists(st.sampled_from(["</s>", "```output", "\n\n", "`", "s>", "€", "output\n", "x </s>", " x"]), max_size=4)


@given(pieces_of_text, stops, st.lists(st.integers(0, 100), max_size=8))
@example(["</s", ">"], ["</s>", "s>"], [2, 3])
def test_any_text_any_stop_strings_any_split(texts: list[str], stop: list[str], cuts: list[int]) -> None:
    text = "".join(texts)
    given_away, stream = read(split(text.encode(), cuts), tuple(stop))
    assert "".join(given_away) == stream.text == expected(text, tuple(stop))
    assert stream.data == stream.text.encode()
    assert stream.stopped == any(string in text for string in stop)


@given(st.binary(max_size=40), st.lists(st.integers(0, 100), max_size=8))
def test_any_bytes_are_the_same_text_however_they_are_split(data: bytes, cuts: list[int]) -> None:
    given_away, stream = read(split(data, cuts))
    assert "".join(given_away) == stream.text == read([data])[1].text
    assert data.startswith(stream.data)
