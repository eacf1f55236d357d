"""What happened to keys; `events` has it among the rest."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tertulia.core.encryption import KeyObject


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysPublished:
    """A member of an encrypted conversation goes by another public key there from now on."""

    conversation_id: UUID
    seq: int
    account_id: UUID
    public_key: KeyObject


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged:
    """Somebody goes by another identity from now on, or by their first.

    `audience` is themselves and those with whom they share an encrypted conversation.
    """

    account_id: UUID
    public_key: KeyObject
    audience: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverMoved:
    """Two devices of one account have said one thing more to one another, or are done.

    `device` is what the one that asked is called; `messages` are all of them so far.
    """

    account_id: UUID
    handover_id: UUID
    device: str
    messages: tuple[KeyObject, ...]
    is_over: bool


KeyChange = IdentityChanged | HandoverMoved
"""What became of an account's own keys."""
