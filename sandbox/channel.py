"""The frames between the parent and one child: a kind, a length, a payload. Neither side trusts more than that."""

import json
import socket
import struct
from typing import Any

HEADER = struct.Struct("!cI")
WALLS, END = b"w", b"e"  # from the child: which walls it put up; what came of a job
START, JOB = b"s", b"j"  # to the child
LARGEST_FRAME = 1 << 20  # of a child's: the parent may have to parse it


class BrokenChannel(Exception):
    """What arrived is no frame."""


def send(channel: socket.socket, kind: bytes, payload: bytes) -> None:
    """Send one frame, waiting for room."""
    channel.sendall(HEADER.pack(kind, len(payload)) + payload)


def frame(kind: bytes, message: Any) -> bytes:
    """A message as one frame."""
    payload = encode(message)
    return HEADER.pack(kind, len(payload)) + payload


def encode(message: Any) -> bytes:
    """A message as a frame's payload; lone surrogates survive as escapes."""
    return json.dumps(message).encode()


def receive(channel: socket.socket) -> Any:
    """The parent's next message, or None when it has closed the channel."""
    header = _receive_exactly(channel, HEADER.size)
    if header is None:
        return None
    payload = _receive_exactly(channel, HEADER.unpack(header)[1])
    return None if payload is None else json.loads(payload)


def _receive_exactly(channel: socket.socket, size: int) -> bytes | None:
    received = bytearray()
    while len(received) < size:
        piece = channel.recv(min(size - len(received), 1 << 20))
        if not piece:
            return None
        received += piece
    return bytes(received)


def take_frame(received: bytearray) -> tuple[bytes, bytes] | None:
    """Cut the first whole frame off what was received; None where it is not whole yet.

    Raises:
        BrokenChannel: the bytes are no frame of a child's.
    """
    if len(received) < HEADER.size:
        return None
    kind, size = HEADER.unpack_from(received)
    if kind not in (WALLS, END) or size > LARGEST_FRAME:
        raise BrokenChannel
    end = HEADER.size + size
    if len(received) < end:
        return None
    payload = bytes(received[HEADER.size : end])
    del received[:end]
    return kind, payload
