"""Messages and people as JSON objects of this dialect, whose keys are in camel case."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from tertulia.core import message as core
from tertulia.core.model import Face
from tertulia.gateways import extras
from tertulia.gateways.objects import avatar_address
from tertulia.gateways.times import Time, time


class User(Struct, frozen=True):
    """A person."""

    id: UUID
    username: str | None
    display_name: str
    avatar: str | None


_CAMEL = {
    "channel_id": "channelId",
    "user_id": "userId",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "parent_id": "parentId",
    "is_deleted": "isDeleted",
}
"""Of the rest clients of this vocabulary expect the words as they are."""


class Reaction(Struct, frozen=True, rename="camel"):
    """An emoji that one person gave."""

    user_id: UUID
    emoji: str


class Message(Struct, frozen=True, rename=_CAMEL):
    """A message, or what is left of it; `user` is there when it is new."""

    id: UUID
    channel_id: str | None
    content: str
    user_id: UUID
    seq: int
    reactions: Sequence[Reaction]
    attachments: Sequence[extras.Attachment]
    has_attachments: bool
    created_at: Time
    updated_at: Time
    parent_id: UUID | None
    client_ref: str | None
    poll: extras.Poll | None
    is_deleted: bool
    user: User | UnsetType = UNSET


def user(person: Face) -> User:
    """Word a person."""
    return User(person.id, person.username, person.display_name, avatar_address(person))


def message(message: core.Message, channel_id: str | None, sender: Face | None = None) -> Message:
    """Word a message."""
    worded = extras.worded(message.extras)
    return Message(
        id=message.id,
        channel_id=channel_id,
        content=message.body or "",
        user_id=message.sender_id,
        seq=message.seq,
        reactions=[
            Reaction(account_id, given.emoji)
            for given in message.extras.reactions
            for account_id in given.account_ids
        ],
        attachments=worded.attachments,
        has_attachments=bool(worded.attachments),
        created_at=time(message.inserted_at),
        updated_at=time(message.deleted_at or message.edited_at or message.inserted_at),
        parent_id=message.reply_to,
        client_ref=message.client_ref,
        poll=worded.poll,
        is_deleted=message.deleted_at is not None,
        user=UNSET if sender is None else user(sender),
    )
