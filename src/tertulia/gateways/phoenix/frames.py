"""Phoenix's frames: one JSON text message each, in the two shapes that its serializers gave it.

Version 2 (`vsn=2.0.0`) is an array of five, version 1 (no `vsn`, or 1.x) an object:

    ["3", "7", "conversation:0198...", "send_message", {"content": "hello"}]
    {"topic": "system:general", "event": "set_hidden", "payload": {"hidden": true}, "ref": "7"}

The five are join_ref, ref, topic, event and payload. `ref` names a push so that its reply can be
told (`phx_reply` carries it back), `join_ref` is the ref of the join under which a frame was sent.
What the server sends to a whole topic has neither. Payloads stay undecoded here: what they hold
is the business of the event. Source: Phoenix.Socket.V1.JSONSerializer and V2.JSONSerializer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

MAX_NAME_CHARS = 255
"""The bound of Phoenix's own binary frames for refs, topics and events."""

_T = TypeVar("_T")
_Name = Annotated[str, Meta(max_length=MAX_NAME_CHARS)]
Ref = _Name | Annotated[int, Meta(ge=-(2**53), le=2**53)] | None
"""Strings, from the clients that are known; the server only gives it back as it came."""


class NotAFrame(Exception):
    """A text that is not a frame of this version; nothing in it can be answered."""


class Frame(Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """One frame from a client."""

    join_ref: Ref
    ref: Ref
    topic: _Name
    event: _Name
    payload: Raw


@dataclass(frozen=True, slots=True)
class Serializer:
    """One version of the wire.

    `parse` reads a frame or raises NotAFrame; `word` writes one from join_ref, ref, topic, event
    and payload.
    """

    parse: Callable[[str | bytes], Frame]
    word: Callable[[Ref, Ref, str, str, object], bytes]


class _FrameV1(Struct, frozen=True):
    topic: _Name
    event: _Name
    payload: Raw
    ref: Ref
    join_ref: Ref = None


_JSON = msgspec.json.Encoder()
_FRAME_V1 = msgspec.json.Decoder(_FrameV1)
_FRAME_V2 = msgspec.json.Decoder(Frame)


def _parse_v1(text: str | bytes) -> Frame:
    frame = _parse(_FRAME_V1, text)
    return Frame(frame.join_ref, frame.ref, frame.topic, frame.event, frame.payload)


def _word_v1(_join_ref: Ref, ref: Ref, topic: str, event: str, payload: object) -> bytes:
    return _JSON.encode({"topic": topic, "event": event, "payload": payload, "ref": ref})


def _parse_v2(text: str | bytes) -> Frame:
    return _parse(_FRAME_V2, text)


def _word_v2(join_ref: Ref, ref: Ref, topic: str, event: str, payload: object) -> bytes:
    return _JSON.encode((join_ref, ref, topic, event, payload))


def _parse(decoder: msgspec.json.Decoder[_T], text: str | bytes) -> _T:
    try:
        try:
            return decoder.decode(text)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            return decoder.decode(_well_formed(text))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise NotAFrame(str(error)) from None


def _well_formed(text: str | bytes) -> str:
    """Put U+FFFD for each half of a surrogate pair that stands alone in a JSON text.

    JavaScript can hold half an emoji in a string and JSON.stringify escapes it, but it is no text
    that UTF-8 can hold. WebSocket.send does the same to what is not escaped (Web IDL, USVString).
    """
    loose = json.dumps(json.loads(text), ensure_ascii=False)
    return loose.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


V1 = Serializer(_parse_v1, _word_v1)
V2 = Serializer(_parse_v2, _word_v2)


def serializer_for(vsn: str | None) -> Serializer | None:
    """Return the serializer that a client asks for by `vsn`, or None for one that is unknown."""
    if vsn is None or vsn.startswith("1."):
        return V1
    return V2 if vsn.startswith("2.") else None
