"""The stores of encrypted conversations: keys, and what was sealed for each person.

As with all stores, methods run inside the transaction of the `Work` that holds them, take and
return frozen values, and refuse with the errors of `core.errors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from tertulia.core.encryption import StoredPair
from tertulia.core.message import Message


@dataclass(frozen=True, slots=True)
class Holder:
    """A present member's copy of a message, and whether that member has keys now."""

    copy_id: UUID
    has_keys: bool


class EncryptionKeyStore(Protocol):
    """The keys of conversations, sealed."""

    async def add(self, pair: StoredPair) -> None:
        """Store a pair; it is its owner's current one from now on."""

    async def current(self, conversation_id: UUID) -> dict[UUID, str]:
        """Return the sealed public key of each present member who published since they joined."""

    async def of(self, conversation_id: UUID, account_id: UUID) -> tuple[StoredPair, ...]:
        """Return all pairs of one person in a conversation, the latest first."""

    async def drop_all(self, account_id: UUID) -> None:
        """Forget all pairs of a person."""


class CopyStore(Protocol):
    """Messages as they were sealed. New ones come in through the Journal."""

    async def holders(self, message: Message) -> dict[UUID, Holder]:
        """Return who of the present members has a copy of a message, by account."""

    async def replace(self, message: Message, contents: Mapping[UUID, str]) -> None:
        """Store what a message's copies say from now on; all of these people have one."""

    async def clear(self, message: Message) -> None:
        """Forget what a message said, and all reactions to it, for everyone who has a copy."""

    async def react(self, message: Message, author_id: UUID, contents: Mapping[UUID, str]) -> None:
        """Store what somebody reacted with, instead of anything before."""
