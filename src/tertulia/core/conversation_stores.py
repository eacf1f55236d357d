"""The stores of looking after a conversation: who is kept out, who may come in, what was done.

As with all stores, methods run inside the transaction of the `Work` that holds them, take and
return frozen values, and refuse with the errors of `core.errors`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tertulia.core.moderation import AuditEntry, Ban, Invite


class BanStore(Protocol):
    """Who is kept out of which conversation."""

    async def add(self, ban: Ban) -> bool:
        """Keep somebody out; False where they were kept out already, and nothing changes."""

    async def drop(self, conversation_id: UUID, account_id: UUID) -> bool:
        """Lift a ban; False where there was none."""

    async def among(self, conversation_id: UUID, people: Collection[UUID]) -> frozenset[UUID]:
        """Return those of these people who are kept out."""

    async def page(
        self, conversation_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
    ) -> tuple[Ban, ...]:
        """Return bans by (inserted_at, account_id), the latest first."""


class InviteStore(Protocol):
    """Links into conversations."""

    async def add(self, invite: Invite) -> None:
        """Store a new one."""

    async def get(self, conversation_id: UUID, invite_id: UUID) -> Invite | None:
        """Return one of a conversation's links, whether or not it still holds."""

    async def by_digest(self, digest: bytes) -> Invite | None:
        """Return the link with this token, whether or not it still holds."""

    async def living(self, conversation_id: UUID, at: datetime) -> tuple[Invite, ...]:
        """Return the links into a conversation that hold at that moment, the latest first."""

    async def update(self, invite: Invite) -> None:
        """Store how often it was used and when it was revoked."""

    async def revoke_all_of(self, conversation_id: UUID, account_id: UUID, at: datetime) -> None:
        """Revoke what one person made for a conversation."""


class AuditStore(Protocol):
    """The trails of conversations."""

    async def add(self, entries: Sequence[AuditEntry]) -> None:
        """Write down what was done."""

    async def page(
        self, conversation_id: UUID, *, before: UUID | None, limit: int
    ) -> tuple[AuditEntry, ...]:
        """Return a trail by id, the latest first."""
