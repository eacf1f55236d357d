"""What a client may ask for: each event and its payload as a value, or a refusal that says why not.

    ["join_room", {"room": "0198..."}]             a room by its id, or by its number
    ["leave_room", {"room": 7}]
    ["message", {"room": 7, "message": "hello", "client_ref": "a1"}]
    ["edit_message", {"room": 7, "id": "0198...", "message": "Hello"}]
    ["delete_message", {"room": 7, "id": "0198..."}]
    ["react", {"room": 7, "id": "0198...", "emoji": "🎉"}]
    ["typing", {"room": 7, "typing": true}]

Keys that an event does not know are passed over.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Raw, Struct

from tertulia.gateways.malformed import Malformed, malformed

MAX_ROOM_CHARS = 64

Room = Annotated[str, Meta(max_length=MAX_ROOM_CHARS)] | Annotated[int, Meta(ge=0, le=2**53)]
"""A conversation by its id or its number; the number may be a string too."""


class JoinRoom(Struct, frozen=True):
    """Hear what happens in a room from now on."""

    room: Room


class LeaveRoom(Struct, frozen=True):
    """Hear no more of a room, and stay its member."""

    room: Room


class SendMessage(Struct, frozen=True):
    """A new message; `client_ref` makes sending it again harmless.

    The text may be empty beside attachments, which are ids of uploads.
    """

    room: Room
    message: str = ""
    client_ref: str | None = None
    reply_to: UUID | None = None
    attachments: tuple[UUID, ...] = ()


class EditMessage(Struct, frozen=True):
    """Another text for one's own message."""

    room: Room
    id: UUID
    message: str


class DeleteMessage(Struct, frozen=True):
    """Take a message back for everyone."""

    room: Room
    id: UUID


class React(Struct, frozen=True):
    """Give a message this emoji, or take it back where one has given it."""

    room: Room
    id: UUID
    emoji: str


class Typing(Struct, frozen=True):
    """Be seen typing for a while, or no more."""

    room: Room
    typing: bool = True


Command = JoinRoom | LeaveRoom | SendMessage | EditMessage | DeleteMessage | React | Typing

SHAPES: dict[str, type[Command]] = {
    "join_room": JoinRoom,
    "leave_room": LeaveRoom,
    "message": SendMessage,
    "edit_message": EditMessage,
    "delete_message": DeleteMessage,
    "react": React,
    "typing": Typing,
}
_DECODERS = {name: msgspec.json.Decoder(shape) for name, shape in SHAPES.items()}


def command(name: str, payload: Raw) -> Command:
    """Return what an event asks for; raises Malformed."""
    decoder = _DECODERS.get(name)
    if decoder is None:
        raise Malformed("There is no such event.", code="unknown_event")
    try:
        return decoder.decode(payload)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise malformed(error) from None
