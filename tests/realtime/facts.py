"""People, a conversation and events of a made-up town."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from tertulia.core.events import MemberLeft, MessageSent
from tertulia.core.model import Account, Conversation, Kind, Member, Message, Profile, Role

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
CHAT, OTHER_CHAT = UUID(int=1), UUID(int=2)
ANA, BEA, CARO = UUID(int=11), UUID(int=12), UUID(int=13)
SESSION, OTHER_SESSION = UUID(int=21), UUID(int=22)


def account(account_id: UUID = ANA) -> Account:
    """Return somebody's account."""
    return Account(
        id=account_id,
        number=account_id.int,
        email=None,
        username=None,
        display_name=f"Person {account_id.int}",
        avatar=None,
        confirmed_at=None,
        profile=Profile(),
        inserted_at=NOON,
        updated_at=NOON,
    )


def conversation(conversation_id: UUID = CHAT) -> Conversation:
    """Return a group."""
    return Conversation(
        id=conversation_id,
        number=conversation_id.int,
        kind=Kind.GROUP,
        encrypted=False,
        name=None,
        alias="Friends",
        topic=None,
        description=None,
        head_seq=1,
        member_count=3,
        inserted_at=NOON,
        updated_at=NOON,
        last_activity_at=NOON,
    )


def member(account_id: UUID = ANA, conversation_id: UUID = CHAT) -> Member:
    """Return somebody's place in a conversation."""
    return Member(
        conversation_id=conversation_id,
        account_id=account_id,
        role=Role.MEMBER,
        joined_at=NOON,
        joined_seq=1,
        changed_seq=1,
        read_seq=0,
    )


def sent(seq: int, conversation_id: UUID = CHAT) -> MessageSent:
    """Say that a message took this seq."""
    message = Message(
        id=UUID(int=seq),
        conversation_id=conversation_id,
        seq=seq,
        changed_seq=seq,
        sender_id=ANA,
        client_ref=None,
        body=f"message {seq}",
        reply_to=None,
        inserted_at=NOON,
    )
    return MessageSent(conversation_id=conversation_id, seq=seq, message=message)


def left(seq: int, account_id: UUID, conversation_id: UUID = CHAT) -> MemberLeft:
    """Say that somebody's leaving took this seq."""
    return MemberLeft(
        conversation_id=conversation_id,
        seq=seq,
        member=member(account_id, conversation_id),
        removed=False,
        member_count=2,
    )
