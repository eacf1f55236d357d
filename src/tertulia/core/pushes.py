"""What is pushed to people who are not looking, as values, and the service that takes it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tertulia.core.model import Preferences
from tertulia.core.notify_rules import NotificationSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSubscription:
    """Where a browser can be reached, and the keys that it alone reads with (RFC 8291).

    It belongs to the session that made it and ends with it.
    """

    id: UUID
    account_id: UUID
    session_id: UUID
    endpoint: str
    p256dh: str
    auth: str
    inserted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A subscription of a member who has not read everything, and what that member wants to hear.

    `has_blocked` says that they have blocked one of those who sent something.
    """

    subscription: PushSubscription
    read_seq: int
    preferences: Preferences
    settings: NotificationSettings
    has_blocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageNotice:
    """A message to tell somebody of; `picture` is the key of one."""

    conversation_id: UUID
    message_id: UUID
    seq: int
    title: str
    body: str
    picture: str | None
    sent_at: datetime
    is_urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNotice:
    """What was told of a conversation has been read elsewhere."""

    conversation_id: UUID
    read_seq: int


Notice = MessageNotice | ReadNotice


class Gone(Exception):
    """There is nobody at this subscription any more, or it never could be pushed to."""


class TryLater(Exception):
    """The push service did not take it now; `after_s` is how long it asks to be left alone."""

    def __init__(self, why: str, after_s: float | None = None) -> None:
        super().__init__(why)
        self.after_s = after_s


class PushService(Protocol):
    """The way to browsers, over the push services that they chose (RFC 8030)."""

    @property
    def public_key(self) -> str:
        """The key by which push services know this server (RFC 8292), in base64url."""

    def require_usable(self, endpoint: str, p256dh: str, auth: str) -> None:
        """Raise Invalid for a subscription that nothing can be pushed to."""

    async def push(self, subscription: PushSubscription, notice: Notice) -> None:
        """Hand a notice over; raises Gone or TryLater, and anything else for what is odd."""
