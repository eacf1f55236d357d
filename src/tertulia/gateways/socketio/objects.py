"""The JSON objects of this dialect: people by their faces, and messages with their `text`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from tertulia.core import message as core
from tertulia.core.model import Face
from tertulia.gateways import extras
from tertulia.gateways.times import Time, time


class User(Struct, frozen=True):
    """A person; `avatar` is the address of a square picture on this server.

    Somebody who is known from before may be named by their `id` alone.
    """

    id: UUID
    username: str | None | UnsetType = UNSET
    display_name: str | UnsetType = UNSET
    avatar: str | None | UnsetType = UNSET
    number: int | UnsetType = UNSET


class Message(Struct, frozen=True):
    """A message; `text` is empty once it is deleted. Its other keys are those of REST."""

    id: UUID
    sender: User
    text: str
    timestamp: Time
    updated_at: Time
    seq: int
    changed_seq: int
    reply_to: UUID | None
    client_ref: str | None
    forwarded_from: extras.Origin | None
    reactions: Sequence[extras.Reaction]
    attachments: Sequence[extras.Attachment]
    mentions: Sequence[UUID]
    mentions_all: bool
    poll: extras.Poll | None
    previews: Sequence[extras.Preview]
    silent: bool
    pinned_at: Time | None
    edited: bool
    is_deleted: bool


def user(face: Face) -> User:
    """Word what everybody may see of a person."""
    avatar = face.avatar and f"/api/avatars/{face.avatar}/256"
    return User(face.id, face.username, face.display_name, avatar, face.number)


def message(message: core.Message, sender: Face | None = None) -> Message:
    """Word a message; without its `sender`'s face they are named by their id alone."""
    timestamp = time(message.inserted_at)
    changed_at = message.deleted_at or message.edited_at
    hung = extras.PLAIN if message.extras is core.PLAIN else extras.worded(message.extras)
    # Positional, as this stands on the hot path.
    return Message(
        message.id,
        User(message.sender_id) if sender is None else user(sender),
        message.body or "",
        timestamp,
        time(changed_at) if changed_at else timestamp,
        message.seq,
        message.changed_seq,
        message.reply_to,
        message.client_ref,
        *hung,
        time(message.pinned_at) if message.pinned_at else None,
        message.edited_at is not None,
        message.deleted_at is not None,
    )
