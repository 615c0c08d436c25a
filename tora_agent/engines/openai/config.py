"""What a user chooses about servers."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from tora_agent.names import Api


@dataclass(frozen=True, slots=True)
class OpenAIConfig:
    """How servers that speak OpenAI's API are asked. The key is read from OPENAI_API_KEY, and never stored.

    Attributes:
        base_urls: their addresses, `/v1` included; several are replicas of one model.
        api: `completions` goes on with the raw text, as ToRA models want it; `chat` sends the text as a conversation;
            `tools` lets a chat model call a Python tool instead of writing fences.
        slots: sequences at once on each server.
        timeout_seconds: how long to wait for the next piece of text.
        patience_seconds: how long a generation whose server failed asks again, without new text, before it gives up.
        standard: send only what OpenAI's own API knows, which refuses the rest: no top_k, min_p and repetition penalty.
    """

    base_urls: tuple[str, ...] = ()
    api: Api = "completions"
    slots: int = 16
    timeout_seconds: float = 120.0
    patience_seconds: float = 300.0
    standard: bool = False

    def __post_init__(self) -> None:
        for url in self.base_urls:
            if not _is_address(url):
                raise ValueError(f"{url} is no server's address: it looks like http://127.0.0.1:8000/v1")
        if not 1 <= self.slots <= 1024:
            raise ValueError("slots must be from 1 to 1024")
        if not (self.timeout_seconds > 0 and self.patience_seconds > 0):
            raise ValueError("timeout_seconds and patience_seconds must be above 0")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False
