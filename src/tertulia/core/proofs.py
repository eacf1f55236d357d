"""What people prove who they are with, beside a password, as frozen values; stores return them.

What is secret is kept as a digest where it only has to be recognised, and sealed by the vault
where it has to be read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

SecondStepMethod = Literal["totp", "passkey", "recovery_code"]


class Purpose(StrEnum):
    """What a one-time token is good for; it is good for nothing else."""

    CONFIRM_EMAIL = "confirm_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105, a purpose and no password
    SECOND_STEP = "second_step"
    PASSKEY_SIGN_IN = "passkey_sign_in"
    PASSKEY_ADD = "passkey_add"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeToken:
    """The stored half of a token that works once: the SHA-256 digest of 256 random bits.

    `detail` is what the token was given for: the address to confirm, a challenge.
    """

    digest: bytes
    purpose: Purpose
    account_id: UUID | None
    detail: str | None
    expires_at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCode:
    """The one code that holds for a number; a new one takes its place.

    `asker` is the account that adds the number, None for whoever signs in with it.
    """

    phone: str
    asker: UUID | None
    digest: bytes
    expires_at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody's account at a provider: `subject` is its name there and never changes."""

    provider: str
    subject: str
    account_id: UUID
    email: str | None
    inserted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticator:
    """An app that shows codes (TOTP, RFC 6238); it counts once `confirmed_at` is set.

    `sealed_secret` is the shared secret as the vault keeps it. `last_step` is the time step of the
    last code that was used, which none at or before it may be again.
    """

    account_id: UUID
    sealed_secret: str
    confirmed_at: datetime | None
    last_step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A WebAuthn credential of an account (W3C Web Authentication, level 3).

    `public_key` is in COSE form; `transports` say how a browser may reach it.
    """

    id: bytes
    account_id: UUID
    public_key: bytes
    sign_count: int
    name: str
    transports: tuple[str, ...]
    inserted_at: datetime
    last_used_at: datetime | None = None
