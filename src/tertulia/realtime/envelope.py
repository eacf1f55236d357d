"""An event as it travels between nodes: MessagePack, under the name of its type.

["9f2c...", 17, "TypingStarted", {"conversation_id": "0198...", "person": {...}}]

`node` is who published it, `number` counts what that node has published since it started.
"""

from __future__ import annotations

import logging
from typing import get_args

from msgspec import DecodeError, Raw, Struct
from msgspec.msgpack import Decoder, Encoder

from tertulia.core.events import Event

_log = logging.getLogger(__name__)


class Envelope(Struct, array_like=True, frozen=True):
    """What is known of an event before it is opened."""

    node: str
    number: int
    kind: str
    content: Raw


_ENCODER = Encoder()
_ENVELOPES = Decoder(Envelope)
KINDS = {kind.__name__: Decoder(kind) for kind in get_args(Event)}
"""How each kind of event is read, by its name."""


def seal(node: str, number: int, event: Event) -> bytes:
    """Return an event as it is sent."""
    content = Raw(_ENCODER.encode(event))
    return _ENCODER.encode(Envelope(node, number, type(event).__name__, content))


def read(sent: bytes) -> Envelope | None:
    """Return what came; None for what is no envelope."""
    try:
        return _ENVELOPES.decode(sent)
    except DecodeError:
        _log.warning("something came from Redis that no node of this version has sent")
        return None


def unseal(envelope: Envelope) -> Event | None:
    """Return the event; None for one that this version does not know.

    While nodes are replaced by newer ones, these tell of things that the older have no word for.
    """
    try:
        event: Event = KINDS[envelope.kind].decode(envelope.content)
    except (KeyError, DecodeError):
        _log.warning("another node told of a %s that this one cannot read", envelope.kind)
        return None
    return event
