"""From tokens' bytes to text: whole characters, up to the earliest stop string, no white space at the end."""

import codecs
import functools
import re

# A byte that is not UTF-8 travels as a lone surrogate, so that it stays one byte, and is shown as U+FFFD.
_SHOWN = dict.fromkeys(range(0xDC80, 0xDD00), "\ufffd")


class TextStream:
    """Text that grows by a token's bytes and gives away only what no later token can take back.

    White space and the beginning of a stop string are held back until they are decided, and so is half a
    character. What is given away is, all in all, the same however the bytes are split into tokens; the work
    per token does not grow with the text.
    """

    def __init__(self, stop: tuple[str, ...]) -> None:
        self.stopped = False
        self._whole, self._whole_or_begun = _stop_patterns(stop)
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._held = ""
        self._clear = 0  # no stop string begins in the first so many characters of what is held
        self._given: list[str] = []

    def push(self, data: bytes) -> str:
        """Add a token's bytes; returns what became final. A complete stop string sets `stopped`."""
        self._held += self._decode(data)
        match = self._whole_or_begun.search(self._held, self._clear)
        if match is None:
            return self._give(len(self._held))
        self.stopped = match.lastgroup == "whole"
        return self._give(match.start())

    def finish(self) -> str:
        """End the text where no token follows; returns what was held back and turns out to be text.

        A stop string that the beginning of another had hidden may come to light: then `stopped` is set.
        """
        match = self._whole.search(self._held, self._clear)
        self.stopped = match is not None
        return self._give(match.start() if match else len(self._held))

    @property
    def text(self) -> str:
        """All that was given away."""
        return "".join(self._given).translate(_SHOWN)

    @property
    def data(self) -> bytes:
        """The bytes of the tokens that `text` was made of, without those that it leaves out."""
        return "".join(self._given).encode("utf-8", "surrogateescape")

    def _give(self, end: int) -> str:
        """Give away what is held before `end`, without the white space there."""
        final = self._held[:end].rstrip()
        self._held = self._held[len(final) :]
        self._clear = end - len(final)
        if not final:
            return ""
        self._given.append(final)
        return final if final.isascii() else final.translate(_SHOWN)


@functools.lru_cache(maxsize=64)
def _stop_patterns(stop: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Two patterns whose leftmost match is a whole stop string; the second also finds one begun at the end.

    Raises:
        ValueError: a stop string is empty.
    """
    if "" in stop:
        raise ValueError("a stop string must not be empty")
    whole = "|".join(map(re.escape, stop)) or "(?!)"
    beginnings = [string[:length] for string in stop for length in range(1, len(string))]
    begun = "|".join(map(re.escape, beginnings)) or "(?!)"
    return re.compile(whole), re.compile(f"(?P<whole>{whole})|(?:{begun})\\Z")
