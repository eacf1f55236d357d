"""Tokens that work once: made here, told to one person, and kept as a digest only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from tertulia.core.errors import Invalid
from tertulia.core.ports import Work
from tertulia.core.proofs import OneTimeToken, Purpose

LIFETIMES: dict[Purpose, timedelta] = {
    Purpose.CONFIRM_EMAIL: timedelta(days=7),
    Purpose.CHANGE_EMAIL: timedelta(hours=1),
    Purpose.RESET_PASSWORD: timedelta(hours=1),
    Purpose.SECOND_STEP: timedelta(minutes=10),
    Purpose.PASSKEY_SIGN_IN: timedelta(minutes=5),
    Purpose.PASSKEY_ADD: timedelta(minutes=5),
}
_TOKEN_BYTES = 32


def new_token() -> str:
    """Return a fresh token of 256 random bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest_of(token: str) -> bytes:
    """Return what of a token is stored."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


async def issue(
    work: Work,
    purpose: Purpose,
    now: datetime,
    *,
    account_id: UUID | None = None,
    detail: str | None = None,
) -> str:
    """Store a new token for this purpose and return it."""
    token = new_token()
    await work.one_time_tokens.add(
        OneTimeToken(
            digest=digest_of(token),
            purpose=purpose,
            account_id=account_id,
            detail=detail,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    return token


async def look_at(work: Work, purpose: Purpose, token: str, now: datetime) -> OneTimeToken:
    """Return what a token stands for and leave it good; Invalid `invalid_token` otherwise."""
    return _held(await work.one_time_tokens.get(purpose, digest_of(token)), now)


async def redeem(work: Work, purpose: Purpose, token: str, now: datetime) -> OneTimeToken:
    """Return what a token stands for, once; Invalid `invalid_token` otherwise."""
    return _held(await work.one_time_tokens.take(purpose, digest_of(token)), now)


def owner_of(token: OneTimeToken) -> UUID:
    """Return whose token it is; Invalid `invalid_token` for one that is nobody's."""
    if token.account_id is None:
        raise bad_token()
    return token.account_id


def bad_token() -> Invalid:
    """Return the refusal of a token that does not hold, whatever the reason."""
    return Invalid(
        "This has been used already, or it is too old.", code="invalid_token", attr="token"
    )


def _held(stored: OneTimeToken | None, now: datetime) -> OneTimeToken:
    if stored is None or stored.expires_at <= now:
        raise bad_token()
    return stored
