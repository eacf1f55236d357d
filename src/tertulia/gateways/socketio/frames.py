"""Socket.IO's packets (protocol 5), as far as the namespace `/` without binary data has them.

    0{"token": "eyJ..."}                        CONNECT, with what the client calls `auth`
    0{"sid": "mFzX..."}                         its answer
    4{"message": "...", "data": {...}}          or CONNECT_ERROR
    2["typing", {"room": "7", "typing": true}]  EVENT
    212["message", {"room": "7", ...}]          EVENT that asks for the acknowledgement 12
    312[{"ok": true}]                           ACK
    1                                           DISCONNECT

Engine.IO (protocol 4) carries each of them as a message, with a `4` before it; what is worded here
has that already, so that it can go out as it is. A `/name,` behind the digit names another
namespace. Payloads stay undecoded here: what they hold is the business of
the event. Source: github.com/socketio/socket.io-protocol and engine.io-protocol.
"""

from __future__ import annotations

import re

import msgspec
from msgspec import Raw, Struct

SEPARATOR = "\x1e"
"""What stands between the packets of one polling body."""

DISCONNECT = b"41"

_PACKET = re.compile(
    r"(?P<kind>[0-6])"
    r"(?:(?P<attachments>[0-9]+)-)?"
    r"(?:(?P<namespace>/[^,]*)(?:,|$))?"
    r"(?P<ref>[0-9]{1,15})?"
    r"(?P<data>.*)",
    re.DOTALL,
)
_ENGINE_PACKETS = frozenset(("1", "2", "2probe", "3", "3probe", "5", "6"))
_ROOT = "/"
NOTHING = Raw(b"{}")
_MALFORMED = "7"
"""Stands for a message whose first character names no kind of packet."""


class NotAPacket(Exception):
    """A message that is no packet of this protocol."""


class Connect(Struct, frozen=True):
    """A client wants to be let into a namespace; `auth` is JSON, `{}` where there was none."""

    namespace: str
    auth: Raw


class Disconnect(Struct, frozen=True):
    """A client leaves."""


class Event(Struct, frozen=True):
    """A client says something; `ref` is the number of the acknowledgement that it asks for."""

    name: str
    payload: Raw
    ref: int | None


class Binary(Struct, frozen=True):
    """An event with binary data, which nothing here takes."""

    ref: int | None


class Passed(Struct, frozen=True):
    """What needs no answer: acknowledgements, and what is said in a namespace that is not there."""


Packet = Connect | Disconnect | Event | Binary | Passed

_JSON = msgspec.json.Encoder()
_ARGUMENTS = msgspec.json.Decoder(list[Raw])
_NAME = msgspec.json.Decoder(str)


def parse(text: str) -> Packet:
    """Read a packet from a client; raises NotAPacket."""
    found = _PACKET.fullmatch(text)
    if found is None:
        raise NotAPacket("This is no packet.")
    namespace = (found["namespace"] or _ROOT).partition("?")[0]
    if found["kind"] == "0":
        return Connect(namespace, Raw(found["data"].encode() or b"{}"))
    if namespace != _ROOT:
        return Passed()
    ref = None if found["ref"] is None else int(found["ref"])
    match found["kind"]:
        case "1":
            return Disconnect()
        case "2":
            return _event(found["data"], ref)
        case "5":
            return Binary(ref)
        case _:
            return Passed()


def engine_packet(text: str) -> str | None:
    """Return a packet of Engine.IO from a client as it may be handed on; None if it is none."""
    if text in _ENGINE_PACKETS or (text[:1] == "4" and text[1:2] in tuple("0123456")):
        return text
    return f"4{_MALFORMED}" if text[:1] == "4" else None


def event(name: str, payload: object) -> bytes:
    """Word an event."""
    return b"42" + _JSON.encode((name, payload))


def acknowledgement(ref: int, payload: object) -> bytes:
    """Word the answer to an event that asked for one."""
    return b"43%d" % ref + _JSON.encode((payload,))


def connected(sid: str) -> bytes:
    """Word that a client was let in."""
    return b"40" + _JSON.encode({"sid": sid})


def connect_error(namespace: str, code: str, detail: str) -> bytes:
    """Word that a client was not let in."""
    place = b"" if namespace == _ROOT else namespace.encode() + b","
    data = {"code": code, "detail": detail}
    return b"44" + place + _JSON.encode({"message": detail, "data": data})


def _event(data: str, ref: int | None) -> Event:
    try:
        name, *arguments = _ARGUMENTS.decode(data)
        return Event(_NAME.decode(name), arguments[0] if arguments else NOTHING, ref)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise NotAPacket(str(error)) from None
