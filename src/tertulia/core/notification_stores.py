"""The stores of notifications and of what waits to be sent.

As with all stores, methods run inside the transaction of the `Work` that holds them, take and
return frozen values, and refuse with the errors of `core.errors`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tertulia.core.message import Message
from tertulia.core.model import Account, Conversation
from tertulia.core.notify_rules import NotificationSettings
from tertulia.core.pushes import Listener, PushSubscription
from tertulia.core.scheduled import Scheduled


@dataclass(frozen=True, slots=True, kw_only=True)
class Absentee:
    """Somebody who wants a digest and has been away; `sent_at` is when they got the last one."""

    account: Account
    settings: NotificationSettings
    sent_at: datetime | None


class NotificationSettingsStore(Protocol):
    """What people want to be notified of."""

    async def get(self, account_id: UUID) -> NotificationSettings:
        """Return somebody's settings, the usual ones where they have chosen nothing."""

    async def put(self, account_id: UUID, settings: NotificationSettings) -> None:
        """Store somebody's settings."""

    async def drop(self, account_id: UUID) -> None:
        """Forget somebody's settings."""

    async def absentees(
        self, now: datetime, *, after: UUID | None, limit: int
    ) -> tuple[Absentee, ...]:
        """Return who is due a digest, in order of id.

        They have an address that is theirs, something unread, have been away for as long as they
        say, and got no digest since they went.
        """

    async def claim_digest(self, absentee: Absentee, at: datetime) -> bool:
        """Note that a digest is sent; False where another node was quicker."""


class PushSubscriptionStore(Protocol):
    """Where browsers can be reached; those of ended sessions are never returned."""

    async def put(self, subscription: PushSubscription) -> None:
        """Store one in the place of any with the same endpoint, whosever that was."""

    async def trim(self, account_id: UUID, keep: int) -> None:
        """Forget a person's oldest ones beyond so many."""

    async def drop(self, account_id: UUID, endpoint: str) -> bool:
        """Forget a person's one by its endpoint; False where there was none."""

    async def forget(self, subscription_id: UUID) -> None:
        """Forget one that leads nowhere."""

    async def find(self, ids: Collection[UUID]) -> tuple[PushSubscription, ...]:
        """Return those of these that are still there."""


class NoticeStore(Protocol):
    """What is asked to find out who is to be told of what."""

    async def anybody_listens(self) -> bool:
        """Whether there is any subscription at all."""

    async def conversation(self, conversation_id: UUID) -> Conversation | None:
        """Return a living conversation."""

    async def messages(self, ids: Collection[UUID]) -> tuple[Message, ...]:
        """Return those of these messages that were not deleted, in order of seq."""

    async def senders(self, ids: Collection[UUID]) -> dict[UUID, UUID]:
        """Return who sent each of these messages."""

    async def listeners(
        self,
        conversation: Conversation,
        messages: Collection[Message],
        *,
        addressed: Collection[UUID],
        now: datetime,
        used_since: datetime,
    ) -> tuple[Listener, ...]:
        """Return the subscriptions of members who may have to be told of one of these messages.

        None is left out for whom `notify_rules` says so; `addressed` are those spoken to by name
        or in reply. Sessions last used before `used_since` are over, though nobody ended them.
        """


class ScheduledStore(Protocol):
    """Messages that wait for their time."""

    async def add(self, scheduled: Scheduled) -> None:
        """Store one."""

    async def count(self, account_id: UUID) -> int:
        """Return how many somebody has waiting."""

    async def of(self, account_id: UUID, conversation_id: UUID | None) -> tuple[Scheduled, ...]:
        """Return somebody's, all or those for one conversation, the first to be sent first."""

    async def get(self, account_id: UUID, scheduled_id: UUID) -> Scheduled:
        """Return one of somebody's or refuse with NotFound."""

    async def update(self, scheduled: Scheduled, now: datetime) -> bool:
        """Store body, due_at and failure; False where it is being sent, or gone."""

    async def drop(self, scheduled_id: UUID) -> bool:
        """Forget one; False where there was none."""

    async def drop_all(self, account_id: UUID) -> None:
        """Forget all that somebody has waiting."""

    async def is_any_due(self, now: datetime) -> bool:
        """Whether one is to be sent by now, and nobody is sending it."""

    async def hold_due(self, now: datetime, limit: int) -> tuple[UUID, ...]:
        """Return accounts of which something is to be sent by now and nothing is being sent.

        They are held until the work ends; those that somebody else holds are passed over.
        """

    async def claim_due(
        self, account_ids: Collection[UUID], now: datetime, until: datetime
    ) -> tuple[Scheduled, ...]:
        """Return what is to be sent by now, the first to be sent first.

        Nobody else gets it, nor what else is theirs, before `until`.
        """

    async def claim(self, scheduled_id: UUID, now: datetime, until: datetime) -> bool:
        """Keep others from sending one before `until`; False where somebody does already."""

    async def behind(self, scheduled: Scheduled) -> tuple[Scheduled, ...]:
        """Return what is to be sent after this one in its conversation, in order.

        It is of the same person, and held until the work ends. What failed is not among it.
        """

    async def release(self, scheduled: Scheduled) -> None:
        """Let go of a claim, storing due_at and failure."""


class NotificationWork(Protocol):
    """The stores of this module, as a `Work` has them."""

    @property
    def notification_settings(self) -> NotificationSettingsStore:
        """What people want to be notified of."""

    @property
    def push_subscriptions(self) -> PushSubscriptionStore:
        """Where browsers can be reached."""

    @property
    def notices(self) -> NoticeStore:
        """Who is to be told of what."""

    @property
    def scheduled(self) -> ScheduledStore:
        """Messages that wait for their time."""
