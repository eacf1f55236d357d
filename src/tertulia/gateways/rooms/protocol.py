"""What a client may say, one JSON object in each text message: read whole, or refused by name.

    {"event_type": "chat_message", "message": {"text": "Hello", "client_ref": "a1"}}
    {"event_type": "chat_message", "message": {"text": "Hello!", "id": 7}}
    {"event_type": "message_was_updated", "id": 7, "new_text": "Hello!"}
    {"event_type": "message_was_deleted", "id": 7}
    {"event_type": "message_reaction", "id": 7, "reaction": "🎉"}
    {"event_type": "typing_indicator", "typing": true}

- A message is named by its `id`, which is its place in the history of its conversation.
- A `chat_message` with the `id` of a message, or a `messageId`, gives that one another text. It
  keeps the files and the message to which it replies.
- Keys that are not known here are passed over. A value of another type is refused, never converted.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, field

from tertulia.gateways.malformed import Malformed, malformed

Id = Annotated[int, Meta(ge=1, le=2**53 - 1)]
"""A place in history; no larger than what JavaScript counts exactly."""


class Send(Struct, frozen=True):
    """Say something new. `attachments` are ids of uploads; `reply_to` is an `id` or a `uuid`."""

    text: str
    attachments: tuple[UUID, ...] = ()
    client_ref: str | None = None
    reply_to: int | UUID | None = None


class Edit(Struct, frozen=True):
    """Give one's own message another text."""

    id: int
    text: str


class Delete(Struct, frozen=True):
    """Take a message away for everyone."""

    id: int


class React(Struct, frozen=True):
    """Give a message an emoji, or take it back where it was given."""

    id: int
    emoji: str


class Type(Struct, frozen=True):
    """Be seen typing for a while, or no more."""

    is_typing: bool


Command = Send | Edit | Delete | React | Type
"""What a client asks for."""


class _Said(Struct, frozen=True, tag_field="event_type"):
    pass


class _Message(Struct, frozen=True):
    text: str
    id: Id | None = None
    message_id: Id | None = field(default=None, name="messageId")
    attachments: tuple[UUID, ...] = ()
    client_ref: str | None = None
    reply_to: Id | UUID | None = None


class _ChatMessage(_Said, frozen=True, tag="chat_message"):
    message: _Message

    def means(self) -> Command:
        said = self.message
        edited = said.id or said.message_id
        if edited is not None:
            return Edit(edited, said.text)
        return Send(said.text, said.attachments, said.client_ref, said.reply_to)


class _MessageWasUpdated(_Said, frozen=True, tag="message_was_updated"):
    id: Id
    new_text: str

    def means(self) -> Command:
        return Edit(self.id, self.new_text)


class _MessageWasDeleted(_Said, frozen=True, tag="message_was_deleted"):
    id: Id

    def means(self) -> Command:
        return Delete(self.id)


class _MessageReaction(_Said, frozen=True, tag="message_reaction"):
    id: Id
    reaction: str

    def means(self) -> Command:
        return React(self.id, self.reaction)


class _TypingIndicator(_Said, frozen=True, tag="typing_indicator"):
    typing: bool = True

    def means(self) -> Command:
        return Type(self.typing)


SHAPES: dict[str, tuple[str, type[Struct]]] = {
    "chat_message": ("A new message, or with an `id` another text for one's own.", _ChatMessage),
    "message_was_updated": ("Another text for one's own message.", _MessageWasUpdated),
    "message_was_deleted": ("Take a message away for everyone.", _MessageWasDeleted),
    "message_reaction": ("Give an emoji, or take it back.", _MessageReaction),
    "typing_indicator": ("Be seen typing, or no more.", _TypingIndicator),
}
"""What each message is for, and its shape."""

_Event = (
    _ChatMessage | _MessageWasUpdated | _MessageWasDeleted | _MessageReaction | _TypingIndicator
)
_DECODER: msgspec.json.Decoder[_Event] = msgspec.json.Decoder(_Event)


def parse(text: str) -> Command:
    """Read one text message; raises Malformed, and nothing else."""
    try:
        return _DECODER.decode(text).means()
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        reason = malformed(error)
    if (reason.attr, reason.code) == ("event_type", "invalid"):
        reason = Malformed("There is no such event.", code="unknown_event", attr="event_type")
    raise reason
