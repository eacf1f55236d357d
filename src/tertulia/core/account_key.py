"""The nouns of an account's own keys: its identity, and the ways to the secret that opens them.

As keys of conversations, they are JSON objects that the server does not interpret. The secret wraps
the private keys on people's devices and is never here but wrapped itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tertulia.core.encryption import KeyObject


class WrapKind(StrEnum):
    """By what the account's secret is found again on a new device."""

    RECOVERY = "recovery"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnIdentity:
    """What a person signs conversation keys with; each replacement has the next `version`."""

    public_key: KeyObject
    private_key: KeyObject
    version: int
    inserted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWrap:
    """The account's secret as a device has wrapped it; `label` tells its owner what by."""

    kind: WrapKind
    wrapped: KeyObject
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWrap:
    """A wrap that is kept."""

    id: UUID
    kind: WrapKind
    label: str | None
    wrapped: KeyObject
    inserted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKeys:
    """All that somebody keeps here of their own keys; no wraps without an identity."""

    identity: OwnIdentity | None
    wraps: tuple[KeyWrap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIdentity:
    """An identity as it is stored: the JSON of both keys, sealed by the vault."""

    account_id: UUID
    sealed_public_key: str
    sealed_private_key: str
    version: int
    inserted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWrap:
    """A wrap as it is stored, sealed by the vault."""

    id: UUID
    account_id: UUID
    kind: WrapKind
    label: str | None
    sealed: str
    inserted_at: datetime
