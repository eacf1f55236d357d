"""The rows beside a message that tell whom it mentions and what it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.storage.talk_tables import EVERYONE

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.message import Message

    MentionRow = tuple[UUID, UUID, int]
    MediaRow = tuple[UUID, int, int, str, UUID | None]


def mentions_of(message: Message) -> list[MentionRow]:
    """Return (conversation, account or EVERYONE, seq) for each of those mentioned."""
    extras = message.extras
    if message.deleted_at is not None:
        return []
    people = (*extras.mentions, EVERYONE) if extras.mentions_all else extras.mentions
    return [(message.conversation_id, account_id, message.seq) for account_id in people]


def media_of(message: Message, *, has_link: bool) -> list[MediaRow]:
    """Return (conversation, seq, position, kind, upload) for each thing carried."""
    carried: list[tuple[str, UUID | None]] = [
        (attachment.kind, attachment.id) for attachment in message.extras.attachments
    ]
    if has_link:
        carried.append(("link", None))
    return [
        (message.conversation_id, message.seq, position, kind, upload_id)
        for position, (kind, upload_id) in enumerate(carried)
    ]
