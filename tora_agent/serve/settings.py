"""What a user chooses when starting the server."""

from dataclasses import dataclass
from pathlib import Path

from tora_agent.validation import fits_header


@dataclass(frozen=True, slots=True)
class Serving:
    """How the server guards itself.

    Attributes:
        key: what clients must show ("Authorization: Bearer KEY"); None asks for nothing.
        hosts: names besides `localhost` and numeric addresses that clients may call the server by.
        queue: trajectories that may wait for a slot; one more is answered with 429.
        rate: requests of one client in a minute at most, those for pages not counted.
        seconds: how long a request may take, waiting included.
        body_bytes: size of a request at most.
        store: the file of results that the pages show.
        mcp: whether to offer tools at `/mcp`.
    """

    key: str | None = None
    hosts: tuple[str, ...] = ()
    queue: int = 64
    rate: int = 600
    seconds: float = 600.0
    body_bytes: int = 1 << 20
    store: Path = Path("runs/tora-agent.sqlite")
    mcp: bool = False

    def __post_init__(self) -> None:
        if self.queue < 0:
            raise ValueError("queue must be 0 or more")
        if self.rate < 1:
            raise ValueError("rate must be at least 1")
        if self.key == "":
            raise ValueError("the API key must not be empty")
        if self.key and not fits_header(self.key):
            raise ValueError("the API key must be of printable ASCII characters, as headers are")
