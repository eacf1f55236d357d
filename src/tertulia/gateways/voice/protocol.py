"""What a client may say, one JSON object in each text message: read whole, or refused by name.

    {"type": "offer", "payload": {"to": "0198...", "to_session": "5f0c...", "sdp": "v=0..."}}
    {"type": "offer", "to": "0198...", "sdp": "v=0..."}
    {"type": "voice_state", "payload": {"muted": true}}
    {"type": "leave"}

- The `type` is read without regard to case.
- What belongs into the `payload` may stand beside the `type` as well; the payload comes first.
- Without `to_session` the participation is meant that this person has now.
- Keys that are not known here are passed over.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from tertulia.gateways.malformed import Malformed, malformed

Flat = dict[str, str | bool | Annotated[int, Meta(ge=-(2**53), le=2**53)] | None]
"""An object that is passed on as it is, in which nothing lies deeper."""


class VoiceState(Struct, frozen=True):
    """Say how one is there; what is left out is as before."""

    muted: bool | None = None
    deafened: bool | None = None
    speaking: bool | None = None
    sharing: bool | None = None
    camera: bool | None = None


class Addressed(Struct, frozen=True, kw_only=True):
    """Whom something is for: a person, or one participation of theirs.

    The forwarding server is `sfu`; one sends by its `up`, and hears the others by its `down`.
    """

    to: str
    to_session: str | None = None


class Offer(Addressed, frozen=True, kw_only=True):
    """Offer a connection to another participant."""

    sdp: str
    proof: Flat | UnsetType = UNSET


class Answer(Addressed, frozen=True, kw_only=True):
    """Answer another participant's offer."""

    sdp: str
    proof: Flat | UnsetType = UNSET


class IceCandidate(Addressed, frozen=True, kw_only=True):
    """Tell another participant of a way by which one can be reached; null ends them."""

    candidate: Flat | None


class Silence(Struct, frozen=True):
    """Mute somebody for all, or let them speak again; for the owner and admins."""

    user_id: str
    silenced: bool


class Remove(Struct, frozen=True):
    """Show somebody out of the channel; for the owner and admins."""

    user_id: str


class Leave(Struct, frozen=True):
    """Leave the channel at once; the socket is closed."""


Command = VoiceState | Offer | Answer | IceCandidate | Silence | Remove | Leave
"""What a client asks for."""

SHAPES: dict[str, type[Command]] = {
    "voice_state": VoiceState,
    "offer": Offer,
    "answer": Answer,
    "ice_candidate": IceCandidate,
    "silence": Silence,
    "remove": Remove,
    "leave": Leave,
}


class _Envelope(Struct, frozen=True):
    type: str
    payload: dict[str, Raw] | None = None


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_BESIDE = msgspec.json.Decoder(dict[str, Raw])
_DECODERS = {name: msgspec.json.Decoder(shape) for name, shape in SHAPES.items()}


def parse(text: str) -> Command:
    """Read one text message; raises Malformed, and nothing else."""
    try:
        envelope = _ENVELOPE.decode(text)
        decoder = _DECODERS.get(envelope.type.lower())
        if decoder is not None:
            said = _BESIDE.decode(text) | (envelope.payload or {})
            return decoder.decode(msgspec.json.encode(said))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise malformed(error) from None
    raise Malformed("There is no such type.", code="unknown_event", attr="type")
