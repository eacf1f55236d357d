"""People and conversations that are always the same ones, and what they do."""

from __future__ import annotations

from uuid import UUID

from tertulia.core.events import MemberLeft, MessageSent, SealedEdited, SealedReacted, SealedSent
from tertulia.core.message import Copy, Message
from tertulia.core.model import Face
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
    return MessageSent(
        conversation_id=conversation_id, seq=seq, message=message, sender=face_of(ANA)
    )


def face_of(account_id: UUID) -> Face:
    """Return what everybody sees of somebody."""
    return Face(account_id, account_id.int, None, "Somebody", None)


def sealed_sent(*holders: UUID) -> SealedSent:
    """Say that a message of Ana's was sealed for these people."""
    return SealedSent(conversation_id=CHAT, seq=2, message=_sealed(), copies=_copies_for(*holders))


def sealed_edited(*holders: UUID) -> SealedEdited:
    """Say that it was sealed anew."""
    return SealedEdited(
        conversation_id=CHAT, seq=3, message=_sealed(), copies=_copies_for(*holders)
    )


def sealed_reacted(*holders: UUID) -> SealedReacted:
    """Say that Bea reacted to it."""
    return SealedReacted(
        conversation_id=CHAT,
        seq=4,
        message=_sealed(),
        account_id=BEA,
        copies=dict.fromkeys(holders, "!"),
    )


def _sealed() -> Message:
    return eg.message(conversation_id=CHAT, sender_id=ANA, body=None)


def _copies_for(*holders: UUID) -> dict[UUID, Copy]:
    return {each: Copy(id=UUID(int=each.int + 100), content=f"for {each}") for each in holders}


def left(seq: int, account_id: UUID, conversation_id: UUID = CHAT) -> MemberLeft:
    """Say that somebody's leaving took this seq."""
    return MemberLeft(
        conversation_id=conversation_id,
        seq=seq,
        member=eg.member(conversation_id, account_id, changed_seq=seq, left_at=eg.NOON),
        removed=False,
        member_count=2,
    )
