"""The stores of accounts' own keys.

As with all stores, methods run inside the transaction of the `Work` that holds them, take and
return frozen values, and refuse with the errors of `core.errors`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tertulia.core.account_key import StoredIdentity, StoredWrap
from tertulia.core.handover import StoredHandover


class AccountKeyStore(Protocol):
    """Identities, and wraps of accounts' secrets; all sealed."""

    async def identity(self, account_id: UUID) -> StoredIdentity | None:
        """Return a person's identity."""

    async def identities_of(self, account_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the sealed public key of each of these people who has an identity."""

    async def put_identity(self, identity: StoredIdentity) -> None:
        """Store an identity in the place of any earlier one."""

    async def wraps(self, account_id: UUID) -> tuple[StoredWrap, ...]:
        """Return a person's wraps, in order of their making."""

    async def add_wraps(self, wraps: Sequence[StoredWrap]) -> None:
        """Store wraps."""

    async def drop_wrap(self, account_id: UUID, wrap_id: UUID) -> None:
        """Forget one of a person's wraps."""

    async def drop_wraps(self, account_id: UUID) -> None:
        """Forget all of a person's wraps."""

    async def drop_all(self, account_id: UUID) -> None:
        """Forget a person's identity and wraps."""

    async def correspondents(self, account_id: UUID) -> frozenset[UUID]:
        """Return everyone with whom an encrypted conversation is shared now."""


class HandoverStore(Protocol):
    """Secrets on their way between two devices of one account; a session takes its own along."""

    async def add(self, handover: StoredHandover) -> None:
        """Store a new one."""

    async def get(self, account_id: UUID, handover_id: UUID) -> StoredHandover | None:
        """Return one of a person's, expired or not."""

    async def locked(self, account_id: UUID, handover_id: UUID) -> StoredHandover | None:
        """Do as `get` does, holding its row until the work ends."""

    async def begun_by(self, session_id: UUID) -> tuple[StoredHandover, ...]:
        """Return what a session has asked for."""

    async def update(self, handover: StoredHandover) -> None:
        """Store its messages and who answers."""

    async def drop(self, handover_id: UUID) -> None:
        """Forget one."""

    async def drop_all(self, account_id: UUID) -> None:
        """Forget all of a person's."""

    async def sweep(self, now: datetime) -> None:
        """Forget what expired."""


class AccountKeyWork(Protocol):
    """The stores of this module, as a `Work` has them."""

    @property
    def account_keys(self) -> AccountKeyStore:
        """Identities, and wraps of accounts' secrets."""

    @property
    def handovers(self) -> HandoverStore:
        """Secrets on their way between two devices."""
