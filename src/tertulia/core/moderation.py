"""The nouns of looking after a conversation: bans, invitations, and the trail of what was done.

Times are aware datetimes in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """Somebody who is kept out of a conversation, until the ban is lifted."""

    conversation_id: UUID
    account_id: UUID
    banned_by: UUID
    reason: str | None
    inserted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A link that lets people into a conversation.

    Its token is found by its SHA-256 `digest`, and kept sealed for those who look after the
    conversation. None for `expires_at` is never, and for `max_uses` any number.
    """

    id: UUID
    conversation_id: UUID
    digest: bytes
    sealed_token: str
    created_by: UUID
    inserted_at: datetime
    expires_at: datetime | None = None
    max_uses: int | None = None
    uses: int = 0
    revoked_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it lets somebody in at that moment."""
        return (
            self.revoked_at is None
            and (self.expires_at is None or at < self.expires_at)
            and (self.max_uses is None or self.uses < self.max_uses)
        )


class Act(StrEnum):
    """What somebody did who looks after a conversation.

    Its detail has: the new `alias`, `name`, `topic` or `description`; the `seconds` of slow mode;
    a `reason` that was given; the new `role`; the `invite_id`; the `message_id`.
    """

    CONVERSATION_CHANGED = "conversation_changed"
    PICTURE_CHANGED = "picture_changed"
    PICTURE_REMOVED = "picture_removed"
    SLOW_MODE_CHANGED = "slow_mode_changed"
    MEMBER_ADDED = "member_added"
    MEMBER_REMOVED = "member_removed"
    MEMBER_BANNED = "member_banned"
    MEMBER_UNBANNED = "member_unbanned"
    ROLE_CHANGED = "role_changed"
    OWNERSHIP_HANDED_OVER = "ownership_handed_over"
    INVITE_MADE = "invite_made"
    INVITE_REVOKED = "invite_revoked"
    INVITE_USED = "invite_used"
    MESSAGE_DELETED = "message_deleted"
    MESSAGE_PINNED = "message_pinned"
    MESSAGE_UNPINNED = "message_unpinned"


Detail = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of a conversation's trail: who did what, perhaps to whom. Ids rise with time."""

    id: UUID
    conversation_id: UUID
    actor_id: UUID
    act: Act
    inserted_at: datetime
    target_id: UUID | None = None
    detail: Detail = field(default_factory=dict)
