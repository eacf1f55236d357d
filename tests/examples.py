"""Example values for tests (`from tests import examples as eg`); each is made anew at every call.

What a test is about it names (`eg.message(body="Hello")`); the rest is usual and valid.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from tertulia.core.encryption import StoredPair
from tertulia.core.ids import new_id
from tertulia.core.letters import WaitingLetter
from tertulia.core.message import Draft, Message
from tertulia.core.model import (
    Account,
    Conversation,
    Kind,
    Member,
    Profile,
    RefreshToken,
    Role,
    Session,
)
from tertulia.core.proofs import Identity, OneTimeToken, Passkey, PhoneCode, Purpose
from tertulia.core.scheduled import Scheduled

if TYPE_CHECKING:
    from uuid import UUID

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
"""The moment at which examples happen; it has milliseconds, so that losing them is seen."""

_numbers = count(1)


def moment(minutes: float = 0) -> datetime:
    """Return the moment so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def account(**changes: Any) -> Account:
    """Return an account whose names nobody else has."""
    number = next(_numbers)
    usual = Account(
        id=new_id(),
        number=0,
        email=f"Person{number}@example.org",
        username=f"Person{number}",
        display_name=f"Person {number}",
        avatar=None,
        confirmed_at=None,
        profile=Profile(),
        inserted_at=NOON,
        updated_at=NOON,
    )
    return replace(usual, **changes)


def session(account_id: UUID, **changes: Any) -> Session:
    """Return a living session."""
    usual = Session(
        id=new_id(),
        account_id=account_id,
        name="Firefox",
        address="127.0.0.1",
        inserted_at=NOON,
        last_used_at=NOON,
    )
    return replace(usual, **changes)


def refresh_token(session_id: UUID, **changes: Any) -> RefreshToken:
    """Return an unspent refresh token."""
    usual = RefreshToken(
        digest=new_id().bytes * 2, session_id=session_id, expires_at=moment(minutes=60)
    )
    return replace(usual, **changes)


def one_time_token(account_id: UUID | None = None, **changes: Any) -> OneTimeToken:
    """Return a token that confirms an address."""
    usual = OneTimeToken(
        digest=new_id().bytes * 2,
        purpose=Purpose.CONFIRM_EMAIL,
        account_id=account_id,
        detail=None,
        expires_at=moment(minutes=60),
    )
    return replace(usual, **changes)


def phone_number() -> str:
    """Return a valid number that nobody else has."""
    return f"+346{next(_numbers):08}"


def phone_code(**changes: Any) -> PhoneCode:
    """Return a code for whoever signs in with a number."""
    usual = PhoneCode(
        phone="+34600123456", asker=None, digest=b"digest", expires_at=moment(minutes=5)
    )
    return replace(usual, **changes)


def identity(account_id: UUID, **changes: Any) -> Identity:
    """Return an account at a provider."""
    usual = Identity(
        provider="google",
        subject=new_id().hex,
        account_id=account_id,
        email="person@example.org",
        inserted_at=NOON,
    )
    return replace(usual, **changes)


def passkey(account_id: UUID, **changes: Any) -> Passkey:
    """Return a passkey that was never used."""
    usual = Passkey(
        id=new_id().bytes,
        account_id=account_id,
        public_key=b"key",
        sign_count=0,
        name="Laptop",
        transports=("internal",),
        inserted_at=NOON,
    )
    return replace(usual, **changes)


def waiting_letter(**changes: Any) -> WaitingLetter:
    """Return a letter that is due."""
    usual = WaitingLetter(
        id=new_id(), sealed="sealed", tries=0, due_at=NOON, expires_at=None, inserted_at=NOON
    )
    return replace(usual, **changes)


def conversation(kind: Kind = Kind.GROUP, **changes: Any) -> Conversation:
    """Return a conversation at its first seq, with the names that its kind has."""
    number = next(_numbers)
    is_room = kind is Kind.ROOM
    usual = Conversation(
        id=new_id(),
        number=0,
        kind=kind,
        encrypted=False,
        name=f"room-{number}" if is_room else None,
        alias=None if kind is Kind.PRIVATE else f"Circle {number}",
        topic="books" if is_room else None,
        description=None,
        head_seq=1,
        member_count=0,
        inserted_at=NOON,
        updated_at=NOON,
        last_activity_at=NOON,
    )
    return replace(usual, **changes)


def member(conversation_id: UUID, account_id: UUID, **changes: Any) -> Member:
    """Return somebody who has been in a conversation since it began."""
    usual = Member(
        conversation_id=conversation_id,
        account_id=account_id,
        role=Role.MEMBER,
        joined_at=NOON,
        joined_seq=1,
        changed_seq=1,
        read_seq=1,
    )
    return replace(usual, **changes)


def draft(conversation_id: UUID, sender_id: UUID, **changes: Any) -> Draft:
    """Return a message to be sent."""
    return replace(
        Draft(conversation_id=conversation_id, sender_id=sender_id, body="Good evening"), **changes
    )


def stored_pair(conversation_id: UUID, account_id: UUID, **changes: Any) -> StoredPair:
    """Return keys that were published as the second thing that happened in a conversation."""
    usual = StoredPair(
        conversation_id=conversation_id,
        account_id=account_id,
        seq=2,
        sealed_public_key="sealed",
        sealed_private_key="sealed",
        inserted_at=NOON,
    )
    return replace(usual, **changes)


def scheduled(**changes: Any) -> Scheduled:
    """Return a message that waits for its time."""
    usual = Scheduled(
        id=new_id(),
        account_id=new_id(),
        conversation_id=new_id(),
        body="Hello",
        reply_to=None,
        due_at=NOON,
        inserted_at=NOON,
    )
    return replace(usual, **changes)


def message(**changes: Any) -> Message:
    """Return a message as the second thing that happened in some conversation."""
    usual = Message(
        id=new_id(),
        conversation_id=new_id(),
        seq=2,
        changed_seq=2,
        sender_id=new_id(),
        client_ref=None,
        body="Good evening",
        reply_to=None,
        inserted_at=NOON,
    )
    return replace(usual, **changes)
