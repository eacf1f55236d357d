"""What a client may say, one JSON object in each text message: read whole, or refused by name.

    {"type": "join_channel", "channelId": "12"}
    {"type": "message", "channelId": "12", "content": "Hello", "client_ref": "a1"}
    {"type": "update_message", "channelId": "12", "messageId": "0198...", "content": "Hello!"}
    {"type": "add_reaction", "channelId": "12", "messageId": "0198...", "emoji": "🎉"}
    {"type": "status_update", "status": "away"}
    {"type": "PING"}

- The `type` is read without regard to case.
- A channel goes by its number or its id, as a text or, for a number, as an integer.
- A `requestId` is given back with the answer.
- Keys that are not known here are passed over.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from tertulia.gateways.malformed import Malformed, malformed

MAX_NAME_CHARS = 64

ChannelName = Annotated[str, Meta(max_length=MAX_NAME_CHARS)] | Annotated[int, Meta(ge=0, le=2**53)]
"""A conversation by its number or its id."""

RequestId = Annotated[str, Meta(max_length=MAX_NAME_CHARS)]


class Said(Struct, frozen=True, rename="camel", kw_only=True):
    """What every message may have."""

    request_id: RequestId | None = None


class InChannel(Said, frozen=True, rename="camel", kw_only=True):
    """What is about one channel."""

    channel_id: ChannelName

    @property
    def channel(self) -> str:
        """What the channel goes by, as a text."""
        return str(self.channel_id)


class JoinChannel(InChannel, frozen=True):
    """Hear what happens in a channel from now on."""


class LeaveChannel(InChannel, frozen=True):
    """Hear no more of a channel, and stay its member."""


class Send(InChannel, frozen=True, kw_only=True):
    """A new message; `client_ref` makes sending it again harmless.

    The text may be empty beside attachments, which are ids of uploads.
    """

    content: str = ""
    client_ref: str | None = msgspec.field(default=None, name="client_ref")
    parent_id: UUID | None = msgspec.field(default=None, name="parentId")
    attachments: tuple[UUID, ...] = ()


class AboutMessage(InChannel, frozen=True, kw_only=True):
    """What is about one message of a channel."""

    message_id: UUID = msgspec.field(name="messageId")


class UpdateMessage(AboutMessage, frozen=True, kw_only=True):
    """Another text for one's own message."""

    content: str


class DeleteMessage(AboutMessage, frozen=True):
    """Take a message back for everyone."""


class AddReaction(AboutMessage, frozen=True, kw_only=True):
    """Give a message an emoji."""

    emoji: str


class RemoveReaction(AboutMessage, frozen=True, kw_only=True):
    """Take an emoji back."""

    emoji: str


class Typing(InChannel, frozen=True, kw_only=True):
    """Be seen typing for a while, or no more."""

    typing: bool = True


class StatusUpdate(Said, frozen=True, kw_only=True):
    """Say how it is with one; offline is not to be seen online."""

    status: Literal["online", "away", "busy", "offline"]


class Ping(Said, frozen=True):
    """Ask whether the server is there."""


Command = (
    JoinChannel
    | LeaveChannel
    | Send
    | UpdateMessage
    | DeleteMessage
    | AddReaction
    | RemoveReaction
    | Typing
    | StatusUpdate
    | Ping
)
"""What a client asks for."""

SHAPES: dict[str, type[Command]] = {
    "join_channel": JoinChannel,
    "leave_channel": LeaveChannel,
    "message": Send,
    "update_message": UpdateMessage,
    "delete_message": DeleteMessage,
    "add_reaction": AddReaction,
    "remove_reaction": RemoveReaction,
    "typing": Typing,
    "status_update": StatusUpdate,
    "ping": Ping,
}


class _Envelope(Struct, frozen=True):
    type: str


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_DECODERS = {name: msgspec.json.Decoder(shape) for name, shape in SHAPES.items()}


class Unreadable(Exception):
    """Why a message is refused, and the `requestId` that it came with, if one could be read."""

    def __init__(self, reason: Malformed, request_id: str | None) -> None:
        super().__init__(reason.detail)
        self.reason = reason
        self.request_id = request_id


def parse(text: str) -> Command:
    """Read one text message; raises Unreadable, and nothing else."""
    try:
        decoder = _DECODERS.get(_ENVELOPE.decode(text).type.lower())
        if decoder is not None:
            return decoder.decode(text)
        reason = Malformed("There is no such type.", code="unknown_event", attr="type")
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        reason = malformed(error)
    raise Unreadable(reason, _request_id(text))


class _Named(Struct, frozen=True, rename="camel"):
    request_id: RequestId | None = None


_NAMED = msgspec.json.Decoder(_Named)


def _request_id(text: str) -> str | None:
    try:
        return _NAMED.decode(text).request_id
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
