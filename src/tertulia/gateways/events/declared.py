"""What clients of the `type` vocabulary say and hear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from inspect import getdoc
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, UnsetType

from tertulia.core.model import EndReason, Role
from tertulia.core.participant import CallEnd
from tertulia.gateways import extras, objects
from tertulia.gateways.declared import Channel, Message, message
from tertulia.gateways.events import words
from tertulia.gateways.events.protocol import SHAPES
from tertulia.gateways.times import Time

_FRAME = """\
Every message is one JSON object that its `type` names; what is described here is beside that. The
answer to what came with a `requestId` carries it too.
"""

_heard = partial(message, __name__)
_Status = Literal["online", "away", "busy", "offline"]


class Updates(Struct, frozen=True):
    """What an edit changed."""

    content: str
    updated_at: Time
    has_attachments: bool


class Given(Struct, frozen=True, rename="camel"):
    """One reaction."""

    user_id: UUID
    emoji: str
    timestamp: Time


class ReactionPayload(Struct, frozen=True, rename="camel"):
    """Who reacted to what."""

    channel_id: str | None
    message_id: UUID
    reaction: Given
    user_id: UUID
    emoji: str


def _here(name: str, summary: str, /, **fields: Any) -> Message:
    return _heard(name, summary, channelId=str | None, conversationId=UUID, **fields)


def _lasting(name: str, summary: str, /, **fields: Any) -> Message:
    return _here(name, summary, seq=int, **fields)


_ANSWERS = [
    _heard("connection_established", "One is let in.", userId=UUID, timestamp=Time),
    _here(
        "channel_joined",
        "One hears of this channel from its `headSeq` on.",
        channel_id=int,
        headSeq=int,
        requestId=str | UnsetType,
    ),
    _here("channel_left", "One hears no more of it.", requestId=str | UnsetType),
    _here(
        "message_sent",
        "One's message is kept.",
        message=words.Message,
        client_ref=str | None,
        requestId=str | UnsetType,
    ),
    _heard("done", "What came with this `requestId` is done.", requestId=str),
    _heard("pong", "The server is there.", timestamp=Time, requestId=str | UnsetType),
    _heard(
        "error",
        "What was asked for is refused.",
        code=str,
        detail=str,
        attr=str | UnsetType,
        retryAfterS=float | UnsetType,
        requestId=str | UnsetType,
    ),
]
_OF_MESSAGES = [
    _lasting(
        "NEW_MESSAGE",
        "A message was sent.",
        message=words.Message,
        isReply=bool | UnsetType,
        parentId=UUID | UnsetType,
    ),
    _lasting("UPDATE_MESSAGE", "A message was edited.", id=UUID, updates=Updates),
    _lasting("DELETE_MESSAGE", "A message was deleted.", id=UUID),
    _lasting("REACTION_ADDED", "Somebody reacted to a message.", payload=ReactionPayload),
    _lasting("REACTION_REMOVED", "Somebody took a reaction back.", payload=ReactionPayload),
    _lasting("MESSAGE_PINNED", "A message was pinned for everyone.", id=UUID, userId=UUID),
    _lasting("MESSAGE_UNPINNED", "A message is pinned no more.", id=UUID, userId=UUID),
    _lasting("POLL_VOTED", "Somebody voted.", id=UUID, userId=UUID, choices=Sequence[int]),
    _lasting("POLL_CLOSED", "A poll takes no more votes.", id=UUID),
    _lasting(
        "PREVIEWS_ADDED",
        "The links of a message have been looked at.",
        id=UUID,
        previews=Sequence[extras.Preview],
    ),
]
_OF_CHANNELS = [
    _here("TYPING", "Somebody types, or no more.", userId=UUID, username=str, typing=bool),
    _here(
        "VOICE_CHANGED", "These are in the voice channel now.", participants=Sequence[words.User]
    ),
    _here("CALL_STARTED", "Somebody calls.", user=words.User, startedAt=Time),
    _here("CALL_ENDED", "It rings no more.", reason=CallEnd),
    _here("CHANNEL_READ", "Somebody has read this far.", userId=UUID, readSeq=int),
    _here("CHANNEL_ADDED", "A conversation came into one's list.", channel=objects.Conversation),
    _here("CHANNEL_ENDED", "It went from there.", reason=EndReason, note=str | None),
    _here("CHANNEL_LEFT", "One may hear no more of it."),
    _lasting("CHANNEL_UPDATED", "A conversation changed.", channel=objects.Conversation),
    _lasting("USER_JOINED", "People came in.", users=Sequence[words.User], memberCount=int),
    _lasting(
        "USER_LEFT", "Somebody left, or was removed.", userId=UUID, removed=bool, memberCount=int
    ),
    _lasting("MEMBER_UPDATED", "A member got another role.", userId=UUID, role=Role),
]
_OF_PEOPLE = [
    _heard("USER_STATUS", "How it is with somebody.", userId=UUID, status=_Status, timestamp=Time),
    _heard("USER_RENAMED", "Somebody goes by another name.", userId=UUID, displayName=str),
    _heard("USER_UPDATED", "Somebody looks otherwise now.", user=words.User),
    _heard("PROFILE_UPDATED", "One's own account changed.", user=objects.Me),
]

CHANNELS = (
    Channel(
        name="events",
        address="/ws",
        protocol="ws",
        title="Plain WebSocket, one for all conversations: the `type` vocabulary",
        frame=_FRAME,
        said=[
            Message(name, (getdoc(shape) or "").partition("\n")[0], shape)
            for name, shape in SHAPES.items()
        ],
        heard=[*_ANSWERS, *_OF_MESSAGES, *_OF_CHANNELS, *_OF_PEOPLE],
    ),
)
