"""What clients of plain voice sockets say and hear."""

from __future__ import annotations

from functools import partial
from inspect import getdoc
from uuid import UUID

from msgspec import UnsetType

from tertulia.core.participant import Route, VoiceEnd
from tertulia.gateways.declared import Channel, Message, message
from tertulia.gateways.participants import ForwardedStream
from tertulia.gateways.voice import dialect
from tertulia.gateways.voice.protocol import SHAPES, Flat

_FRAME = """\
Every message is one JSON object {type, from_user_id, channel_id, payload}, of which a client needs
`type` and `payload` alone; what is described here is the payload. Binary messages are pieces of
sound and go to the others as they are.
"""

_heard = partial(message, __name__)


def _signal(name: str, summary: str, /, **more: object) -> Message:
    return _heard(name, summary, **{"from": str}, from_session=str, **more)


CHANNELS = (
    Channel(
        name="voice",
        address="/ws/voice/{channel}",
        parameters={"channel": "The number or the id of a conversation."},
        protocol="ws",
        title="Plain WebSocket, one for each voice channel",
        frame=_FRAME,
        said=[
            Message(name, (getdoc(shape) or "").partition("\n")[0], shape)
            for name, shape in SHAPES.items()
        ],
        heard=[
            Message("participants_list", "Who is there, for a newcomer.", dialect.Welcome),
            _heard("join", "Somebody came in.", user=dialect.Participant),
            _heard("leave", "A participation ended.", user_id=UUID, session=str, reason=VoiceEnd),
            Message("voice_state", "How somebody is there now.", dialect.Participant),
            _signal(
                "offer",
                "Somebody offers a connection; `sfu` says whose its media are.",
                sdp=str,
                proof=Flat | UnsetType,
                streams=dict[str, ForwardedStream] | UnsetType,
            ),
            _signal("answer", "Somebody answers an offer.", sdp=str, proof=Flat | UnsetType),
            _signal(
                "ice_candidate",
                "A way by which somebody can be reached.",
                candidate=Flat | None,
            ),
            _heard(
                "route",
                "The sound goes another way now.",
                route=Route,
                limit=int,
                end_to_end=bool,
            ),
            _heard("declined", "Whom one calls will not come.", user_id=UUID),
            _heard(
                "error",
                "What was asked for is refused.",
                code=str,
                detail=str,
                attr=str | UnsetType,
                limit=int | UnsetType,
                retry_after_s=float | UnsetType,
            ),
        ],
    ),
)
