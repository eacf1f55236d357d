"""What clients post while they poll: packets of Engine.IO, with a character between them."""

from __future__ import annotations

from tertulia.gateways.asgi import Receive
from tertulia.gateways.socketio.frames import SEPARATOR, engine_packet

MAX_PACKETS = 1024
"""How many packets one body may have."""

_BINARY = "b"
"""Binary data in base64, which belongs to an event that is refused without it."""


async def read_packets(receive: Receive, max_bytes: int) -> bytes | None:
    """Return a body with nothing in it but packets; None for one that is too large, or no such."""
    body = bytearray()
    has_more = True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > max_bytes:
            return None
        has_more = message.get("more_body", False)
    try:
        return _packets(str(body, "utf-8"))
    except UnicodeDecodeError:
        return None


def _packets(body: str) -> bytes | None:
    found = [engine_packet(text) for text in body.split(SEPARATOR) if text[:1] != _BINARY]
    packets = [packet for packet in found if packet is not None]
    if len(packets) < len(found) or len(packets) > MAX_PACKETS:
        return None
    return SEPARATOR.join(packets).encode()
