"""How a conversation begins, changes and ends, and how each of these is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tertulia.core.accounts import require_people
from tertulia.core.events import ConversationChanged, ConversationEnded, ConversationStarted
from tertulia.core.ids import new_id
from tertulia.core.model import Conversation, Kind, Member, Role
from tertulia.core.ports import Work


def new_conversation(kind: Kind, at: datetime) -> Conversation:
    """Return a conversation that has no name and nobody in it yet."""
    return Conversation(
        id=new_id(),
        number=0,
        kind=kind,
        encrypted=False,
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

    A private chat is nobody's own; Conflict `conversation_already_exists` if these two have one,
    Invalid if one of the people is not there.
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


async def change(work: Work, conversation: Conversation, at: datetime) -> Conversation:
    """Store what a conversation, whose row is held, is called and about now."""
    seq = await work.conversations.take_seq(conversation.id)
    changed = replace(conversation, head_seq=seq, updated_at=at)
    await work.conversations.update(changed)
    work.announce(ConversationChanged(conversation_id=changed.id, seq=seq, conversation=changed))
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
