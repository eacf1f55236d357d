"""People and conversations that are always the same ones, and what they do."""

from __future__ import annotations

from uuid import UUID

from tertulia.core.events import MemberLeft, MessageSent
from tests import examples as eg

CHAT, OTHER_CHAT = UUID(int=1), UUID(int=2)
ANA, BEA, CARO = UUID(int=11), UUID(int=12), UUID(int=13)
SESSION, OTHER_SESSION = UUID(int=21), UUID(int=22)


def sent(seq: int, conversation_id: UUID = CHAT) -> MessageSent:
    """Say that a message of Ana's took this seq."""
    message = eg.message(
        id=UUID(int=seq),
        conversation_id=conversation_id,
        seq=seq,
        changed_seq=seq,
        sender_id=ANA,
    )
    return MessageSent(conversation_id=conversation_id, seq=seq, message=message)


def left(seq: int, account_id: UUID, conversation_id: UUID = CHAT) -> MemberLeft:
    """Say that somebody's leaving took this seq."""
    return MemberLeft(
        conversation_id=conversation_id,
        seq=seq,
        member=eg.member(conversation_id, account_id, changed_seq=seq, left_at=eg.NOON),
        removed=False,
        member_count=2,
    )
