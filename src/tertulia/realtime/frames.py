"""WebSocket frames as a server sends them (RFC 6455, section 5.2), and batches of them.

A server's frames are not masked and compression is off, so the bytes of a frame are the same for
every listener and are made once::

    81 05 68 65 6c 6c 6f      FIN and opcode 1 (text), length 5, "hello"
"""

from __future__ import annotations

from collections.abc import Sequence

_FIN_TEXT = 0x81
_FIN_BINARY = 0x82
_LENGTH_IN_16_BITS = 126
_LENGTH_IN_64_BITS = 127


def text_frame(payload: bytes) -> bytes:
    """Return one whole text message as a single frame."""
    return _frame(_FIN_TEXT, payload)


def _frame(fin_and_opcode: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < _LENGTH_IN_16_BITS:
        return bytes((fin_and_opcode, length)) + payload
    if length < 1 << 16:
        return bytes((fin_and_opcode, _LENGTH_IN_16_BITS)) + length.to_bytes(2, "big") + payload
    return bytes((fin_and_opcode, _LENGTH_IN_64_BITS)) + length.to_bytes(8, "big") + payload


class Sound:
    """One binary message that goes out to many: its `payload`, and the `frame` that it is."""

    __slots__ = ("frame", "payload")

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.frame = _frame(_FIN_BINARY, payload)


class Batch:
    """Text messages that go out together, to many: `payloads` one by one, `frames` as one write."""

    __slots__ = ("frames", "payloads")

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self.payloads = payloads
        self.frames = b"".join([text_frame(payload) for payload in payloads])
