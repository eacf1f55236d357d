"""How a conversation begins, changes and ends, and how each of these is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tertulia.core.accounts import require_people
from tertulia.core.audit import note
from tertulia.core.errors import Conflict
from tertulia.core.events import ConversationChanged, ConversationEnded, ConversationStarted
from tertulia.core.ids import new_id
from tertulia.core.model import Conversation, Kind, Member, Role
from tertulia.core.moderation import Act
from tertulia.core.ports import Work


def new_conversation(kind: Kind, at: datetime, *, encrypted: bool = False) -> Conversation:
    """Return a conversation that has no name and nobody in it yet."""
    return Conversation(
        id=new_id(),
        number=0,
        kind=kind,
        encrypted=encrypted,
        name=None,
        alias=None,
        topic=None,
        description=None,
        head_seq=1,
        member_count=0,
        inserted_at=at,
        updated_at=at,
        last_activity_at=at,
    )


async def begin(
    work: Work, conversation: Conversation, founder_id: UUID, others: Sequence[UUID] = ()
) -> UUID:
    """Store a new conversation with its first members, the founder as its owner.

    A private chat is nobody's own; Conflict `conversation_already_exists` if these two have one of
    this sort, Invalid if one of the people is not there.
    """
    people = (founder_id, *others)
    await require_people(work, people)
    is_private = conversation.kind is Kind.PRIVATE
    begun = await work.conversations.add(
        replace(conversation, member_count=len(people)),
        (founder_id, others[0]) if is_private else None,
    )
    await work.members.add(
        [
            Member(
                conversation_id=begun.id,
                account_id=account_id,
                role=Role.OWNER if account_id == founder_id and not is_private else Role.MEMBER,
                joined_at=begun.inserted_at,
                joined_seq=begun.head_seq,
                changed_seq=begun.head_seq,
                read_seq=begun.head_seq,
            )
            for account_id in people
        ]
    )
    work.announce(ConversationStarted(conversation=begun, account_ids=people, member_ids=people))
    return begun.id


def already_exists() -> Conflict:
    """Refuse a second private chat of two people."""
    return Conflict("They have a chat already.", code="conversation_already_exists")


async def change(
    work: Work, old: Conversation, new: Conversation, actor_id: UUID, at: datetime
) -> Conversation:
    """Store what became of a conversation whose row is held, tell everyone, and write it down."""
    seq = await work.conversations.take_seq(new.id)
    changed = replace(new, head_seq=seq, updated_at=at)
    await work.conversations.update(changed)
    work.announce(ConversationChanged(conversation_id=changed.id, seq=seq, conversation=changed))
    await _note_change(work, old, changed, actor_id, at)
    return changed


async def end(work: Work, conversation_id: UUID, at: datetime) -> None:
    """Hide a conversation for ever from everyone who is in it."""
    present = await work.members.present(conversation_id)
    await work.conversations.delete(conversation_id, at)
    work.announce(
        ConversationEnded(
            conversation_id=conversation_id,
            account_ids=tuple(member.account_id for member in present),
            reason="deleted",
        )
    )


async def _note_change(
    work: Work, old: Conversation, new: Conversation, actor_id: UUID, at: datetime
) -> None:
    words = {
        name: getattr(new, name) or ""
        for name in ("alias", "name", "topic", "description")
        if getattr(new, name) != getattr(old, name)
    }
    if words:
        await note(work, new.id, actor_id, Act.CONVERSATION_CHANGED, at, detail=words)
    if new.slow_mode_s != old.slow_mode_s:
        detail = {"seconds": new.slow_mode_s}
        await note(work, new.id, actor_id, Act.SLOW_MODE_CHANGED, at, detail=detail)
    if new.picture != old.picture:
        act = Act.PICTURE_CHANGED if new.picture else Act.PICTURE_REMOVED
        await note(work, new.id, actor_id, act, at)
