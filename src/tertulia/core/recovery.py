"""The facts that a conversation has announced, told again from the rows that they left behind.

The rows have the latest state of what changed, not each step on the way to it. What several changes
made of one message is told by the last of them as the message it now is; the seqs of the others are
left out. Nobody is told twice for it: whoever hears these facts jumps what is not among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tertulia.core.events import (
    ConversationChanged,
    LastingChange,
    MemberChanged,
    MemberLeft,
    MembersJoined,
    MessageDeleted,
    MessageEdited,
    MessageSent,
    SealedEdited,
    SealedSent,
)
from tertulia.core.membership import MemberAccount, for_everyone
from tertulia.core.message import Message
from tertulia.core.model import Account, Conversation
from tertulia.core.ports import Storage, Work

MAX_ROWS = 5000
"""How many rows of each sort are read at once; what is beyond is asked for again."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """Facts in the order of their seq, and the seq up to which nothing else is left to tell."""

    events: tuple[LastingChange, ...]
    up_to: int


class Recovery:
    """Reads what happened, for those who missed the telling."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def since(self, conversation_id: UUID, since: int, up_to: int) -> Recovered | None:
        """Return what happened after one seq up to another; None where the conversation ended.

        What was sealed is told without the copies: their holders ask for them, as they do whenever
        they hear only that something was sealed.
        """
        async with self._storage.read() as work:
            conversation = await work.conversations.living(conversation_id)
            if conversation is None:
                return None
            asked = (conversation_id, since, MAX_ROWS)
            messages = await work.messages.changed_since(*asked, copies_of=None)
            members = await work.members.changed_since(*asked)
            for rows in (messages, members):
                if len(rows) == MAX_ROWS:
                    up_to = min(up_to, rows[-1].changed_seq - 1)
            people = await for_everyone(work, conversation.kind, members)
            told = [
                *_of_messages(conversation, messages, await _senders(work, messages), since),
                *_of_members(conversation, people, since),
            ]
        facts = {fact.seq: fact for fact in told if since < fact.seq <= up_to}
        unexplained = [seq for seq in range(since + 1, up_to + 1) if seq not in facts]
        if unexplained:
            # A change of the conversation itself leaves no row with its seq. Told in vain it does
            # no harm: it says how the conversation is.
            last = unexplained[-1]
            facts[last] = ConversationChanged(
                conversation_id=conversation_id, seq=last, conversation=conversation
            )
        return Recovered(tuple(facts[seq] for seq in sorted(facts)), up_to)


async def _senders(work: Work, messages: Sequence[Message]) -> dict[UUID, Account]:
    found = await work.accounts.find({message.sender_id for message in messages})
    return {account.id: account for account in found}


def _of_messages(
    conversation: Conversation,
    messages: Sequence[Message],
    senders: Mapping[UUID, Account],
    since: int,
) -> Iterator[LastingChange]:
    for message in messages:
        if message.deleted_at is not None:
            yield MessageDeleted(
                conversation_id=conversation.id, seq=message.changed_seq, message=message
            )
            continue
        if message.seq > since:
            yield _sent(conversation, message, senders[message.sender_id])
        if message.changed_seq > message.seq:
            yield _changed(conversation, message)


def _sent(conversation: Conversation, message: Message, sender: Account) -> LastingChange:
    if conversation.encrypted:
        return SealedSent(
            conversation_id=conversation.id, seq=message.seq, message=message, copies={}
        )
    return MessageSent(
        conversation_id=conversation.id, seq=message.seq, message=message, sender=sender.face
    )


def _changed(conversation: Conversation, message: Message) -> LastingChange:
    seq = message.changed_seq
    if conversation.encrypted:
        return SealedEdited(conversation_id=conversation.id, seq=seq, message=message, copies={})
    return MessageEdited(conversation_id=conversation.id, seq=seq, message=message)


def _of_members(
    conversation: Conversation, people: Sequence[MemberAccount], since: int
) -> Iterator[LastingChange]:
    joined: dict[int, list[MemberAccount]] = defaultdict(list)
    for member, person in people:
        if member.left_at is not None:
            yield MemberLeft(
                conversation_id=conversation.id,
                seq=member.changed_seq,
                member=member,
                removed=False,
                member_count=conversation.member_count,
            )
            continue
        if member.joined_seq > since:
            joined[member.joined_seq].append((member, person))
        if member.changed_seq > member.joined_seq:
            yield MemberChanged(
                conversation_id=conversation.id,
                seq=member.changed_seq,
                member=member,
                person=person,
            )
    for seq, newcomers in joined.items():
        yield MembersJoined(
            conversation_id=conversation.id,
            seq=seq,
            kind=conversation.kind,
            members=tuple(member for member, _ in newcomers),
            people=tuple(person for _, person in newcomers),
            member_count=conversation.member_count,
        )
