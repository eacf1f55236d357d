"""What Socket.IO clients say and hear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from inspect import getdoc
from typing import Any
from uuid import UUID

from msgspec import UnsetType

from tertulia.core.model import EndReason, Role
from tertulia.core.participant import CallEnd
from tertulia.gateways import extras
from tertulia.gateways import objects as rest
from tertulia.gateways.declared import Channel, Message, message
from tertulia.gateways.socketio import objects
from tertulia.gateways.socketio.protocol import SHAPES
from tertulia.gateways.times import Time

_FRAME = """\
Engine.IO 4 and Socket.IO 5, in the namespace `/`. What is described here are the payloads: each
event has one. What a client emits is acknowledged by {"ok": true, ...} or {"error": {"code",
"detail", "attr"?, "retry_after_s"?}}; who is not let in gets `connect_error`.
"""

_heard = partial(message, __name__)


def _here(name: str, summary: str, /, **fields: Any) -> Message:
    return _heard(name, summary, room=UUID, number=int | None, **fields)


def _lasting(name: str, summary: str, /, **fields: Any) -> Message:
    return _here(name, summary, seq=int, **fields)


def _of_message(name: str, summary: str, /, **fields: Any) -> Message:
    return _lasting(name, summary, id=UUID, **fields)


CHANNELS = (
    Channel(
        name="socketio",
        address="/socket.io/",
        protocol="socketio",
        title="Socket.IO: rooms over polling and WebSocket",
        frame=_FRAME,
        said=[
            Message(name, (getdoc(shape) or "").partition("\n")[0], shape)
            for name, shape in SHAPES.items()
        ],
        heard=[
            _lasting("message", "A message was sent.", message=objects.Message),
            _of_message("message_edited", "A message was edited.", message=objects.Message),
            _of_message("message_deleted", "A message was deleted."),
            _of_message(
                "reaction",
                "Somebody reacted to a message, or took it back.",
                emoji=str,
                user=objects.User,
                added=bool,
            ),
            _of_message(
                "pin", "A message was pinned for everyone, or no more.", user_id=UUID, pinned=bool
            ),
            _of_message("vote", "Somebody voted.", user_id=UUID, choices=Sequence[int]),
            _of_message("poll_closed", "A poll takes no more votes.", poll=extras.Poll),
            _of_message(
                "previews",
                "The links of a message have been looked at.",
                previews=Sequence[extras.Preview],
            ),
            _here("typing", "Somebody types, or no more.", user=objects.User, typing=bool),
            _here("presence", "Somebody came or went.", user=objects.User, online=bool),
            _here("read", "Somebody has read this far.", user_id=UUID, read_seq=int, read_at=Time),
            _lasting("room_changed", "A room changed.", conversation=rest.Conversation),
            _lasting(
                "members_joined", "People came in.", users=Sequence[objects.User], member_count=int
            ),
            _lasting(
                "member_left",
                "Somebody left, or was removed.",
                user_id=UUID,
                removed=bool,
                member_count=int,
            ),
            _lasting("member_changed", "A member got another role.", user=objects.User, role=Role),
            _here(
                "voice",
                "These are in the voice channel now.",
                participants=Sequence[objects.User],
            ),
            _here("call", "Somebody calls.", user=objects.User, started_at=Time),
            _here("call_ended", "It rings no more.", reason=CallEnd),
            _here("room_added", "A room came into one's list.", conversation=rest.Conversation),
            _heard(
                "removed",
                "A room went from one's list, and is heard no more.",
                room=UUID,
                reason=EndReason,
                note=str | None,
            ),
            _heard(
                "error",
                "What asked for no acknowledgement is refused.",
                code=str,
                detail=str,
                attr=str | UnsetType,
                retry_after_s=float | UnsetType,
            ),
        ],
    ),
)
