"""The stores of messages and of what people do with them.

As with all stores, methods run inside the transaction of the `Work` that holds them, and take and
return frozen values.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from tertulia.core.message import Message, Version
from tertulia.core.model import HistoryOrder

MediaKind = Literal["image", "video", "audio", "file", "link"]


class MessageStore(Protocol):
    """The history of conversations. New messages come in through the Journal.

    With `copies_of` it is that of an encrypted conversation as this person has it: the messages of
    which they have a copy, with it. Without, messages are read as they are for everyone.
    """

    async def for_member(self, account_id: UUID, message_id: UUID) -> Message:
        """Return a message, or its tombstone, of a conversation of which the person is a member.

        In an encrypted one it is there for those who have a copy of it, and comes with it. Refuses
        with NotFound, the same whether there is no such message or not for this person.
        """

    async def page(
        self,
        conversation_id: UUID,
        *,
        copies_of: UUID | None,
        after_seq: int | None,
        order: HistoryOrder,
        limit: int,
    ) -> tuple[Message, ...]:
        """Return history from one end, or past `after_seq` in the direction of `order`."""

    async def sent_by(
        self, conversation_id: UUID, sender_id: UUID, *, after_seq: int | None, limit: int
    ) -> tuple[Message, ...]:
        """Return what one person sent into a conversation, past `after_seq`, the oldest first."""

    async def changed_since(
        self, conversation_id: UUID, since: int, limit: int, *, copies_of: UUID | None
    ) -> tuple[Message, ...]:
        """Return rows with changed_seq past `since`, in its order."""

    async def carry(self, message: Message, *, has_link: bool = False) -> None:
        """Have it be found by whom it mentions and what it carries now, and by nothing else."""

    async def update(self, message: Message) -> None:
        """Store body, changed_seq, what hangs on it, and when it was edited, deleted or pinned."""


class MentionStore(Protocol):
    """Whom names mean in a conversation."""

    async def members_called(
        self, conversation_id: UUID, usernames: Collection[str]
    ) -> dict[str, UUID]:
        """Return who of the living members goes by these usernames, by the folded username."""


class StarStore(Protocol):
    """What each person has put a star on."""

    async def add(self, account_id: UUID, message: Message, at: datetime) -> bool:
        """Put a star on a message; False where there was one."""

    async def remove(self, account_id: UUID, message_id: UUID) -> UUID | None:
        """Take a star away and return the conversation of its message; None without a star."""

    async def count(self, account_id: UUID) -> int:
        """Return how many stars a person has given, those out of sight included."""

    async def ids(self, account_id: UUID) -> tuple[UUID, ...]:
        """Return the starred messages that a person can see, the latest star first."""

    async def page(
        self, account_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
    ) -> tuple[tuple[Message, datetime], ...]:
        """Do as `ids` does, past a (time of the star, message), each beside its star's time."""

    async def drop_all(self, account_id: UUID) -> None:
        """Take all of a person's stars away."""

    async def fall(self, message_id: UUID) -> None:
        """Take everyone's star from a message that is no more."""


class VersionStore(Protocol):
    """What messages said before they were edited."""

    async def keep(self, message: Message, seq: int) -> None:
        """Keep what a message says until the change that takes this seq."""

    async def of(self, message_id: UUID) -> tuple[Version, ...]:
        """Return what a message said before, the oldest first."""

    async def forget(self, message_id: UUID) -> None:
        """Forget what a message ever said."""


class ArchiveStore(Protocol):
    """Ways into a conversation's history other than from its ends.

    `copies_of` is as it is for the `MessageStore`.
    """

    async def sent_as(self, sender_id: UUID, refs: Collection[str]) -> tuple[Message, ...]:
        """Return what somebody sent under these names, with their own copies."""

    async def last_sent_at(self, conversation_id: UUID, account_id: UUID) -> datetime | None:
        """Return when a member spoke last, as far as it is kept: while slow mode is on."""

    async def first_at(self, conversation_id: UUID, at: datetime) -> int | None:
        """Return the seq of the first message sent at that moment or later."""

    async def pinned(self, conversation_id: UUID, *, copies_of: UUID | None) -> tuple[Message, ...]:
        """Return what is pinned, the newest pin first."""

    async def carrying(
        self,
        conversation_id: UUID,
        kind: MediaKind,
        *,
        copies_of: UUID | None,
        before_seq: int | None,
        limit: int,
    ) -> tuple[Message, ...]:
        """Return the messages that carry something of this kind, the newest first."""
