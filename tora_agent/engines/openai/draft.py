"""A raw completion in the making, over as many requests as it takes."""

from tora_agent.engines.base import Completion, FinishReason
from tora_agent.engines.openai.replies import Reply
from tora_agent.engines.text import TextStream


class Draft:
    """What has been written of one generation. `raw` is all of it, `asked` how many tokens to ask for next.

    `finish` is None until it is done: "stop" also stands for the model's own end, which servers don't tell apart.
    """

    def __init__(self, stop: tuple[str, ...], max_tokens: int) -> None:
        self.raw = ""
        self.asked = max_tokens
        self.finish: FinishReason | None = None
        self._text = TextStream(stop)
        self._read = 0
        self._written = 0
        self._most = max_tokens
        self._room = max_tokens

    @property
    def text(self) -> str:
        """What is final."""
        return self._text.text

    def push(self, text: str) -> str:
        """Add a piece; returns what became final, and ends the draft where a stop string is complete."""
        self.raw += text
        final = self._text.push(text.encode(errors="replace"))
        if self._text.stopped:
            self.finish = "stop"
        return final

    def take(self, reply: Reply) -> None:
        """Count a reply whose pieces were pushed, and see whether it ends the draft."""
        all_asked = self.asked >= self._most - self._written
        self._read += reply.read
        self._written += reply.written
        if reply.finish == "length" and (all_asked or not reply.written):
            self.finish = "length"
        elif reply.finish not in (None, "length"):
            self.finish = "stop"
        elif self._written >= self._most:
            self.finish = "length"
        self.asked = min(self._room, self._most - self._written)

    def ask_for_less(self) -> bool:
        """After a refusal for lack of room; False where even one token has none, which ends the draft."""
        if self.asked == 1:
            self.finish = "length"
            return self._written > 0
        self._room = self.asked = self.asked // 2
        return True

    def end(self) -> str:
        """What was held back and turns out to be text."""
        final = self._text.finish()
        if self._text.stopped:
            self.finish = "stop"
        return final

    def completion(self, seconds: float) -> Completion:
        """The whole, once `finish` is known."""
        assert self.finish
        return Completion(self.text, self.finish, self._read, self._written, seconds)
