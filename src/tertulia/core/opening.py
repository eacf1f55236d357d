"""What a conversation shows to someone who opens it, or comes back to it after an absence.

The law: an old snapshot with the events since is a fresh snapshot, and so is an old snapshot with
the changes since. Each answer is read in one transaction, so that it shows one moment.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from tertulia.core import policy
from tertulia.core.accounts import seen_by, without_address
from tertulia.core.errors import Invalid
from tertulia.core.model import (
    Account,
    Actor,
    Changes,
    Chat,
    History,
    HistoryOrder,
    Member,
    Message,
    Page,
    Snapshot,
)
from tertulia.core.paging import cut, decode_token
from tertulia.core.ports import Storage, Work

OPENING_PAGE_SIZE = 20
MAX_CHANGED_ROWS = 500


class Openings:
    """Reading conversations: the first look, older pages, and what changed since."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def open(self, actor: Actor, conversation_id: UUID) -> Snapshot:
        """Return a conversation with its latest page, its people and their read pointers."""
        async with self._storage.read() as work:
            chat = await work.conversations.chat(actor.account_id, conversation_id)
            messages = await _page(work, conversation_id, None, OPENING_PAGE_SIZE, "desc")
            reads, people = await _reads_and_people(work, actor, chat, messages.items)
            return Snapshot(chat=chat, history=messages, people=people, reads=reads)

    async def changes(self, actor: Actor, conversation_id: UUID, since: int) -> Changes:
        """Return what changed after `since`, at most 500 rows of each sort in one answer."""
        if since < 0:
            raise Invalid("A seq is not negative.", attr="since")
        async with self._storage.read() as work:
            chat = await work.conversations.chat(actor.account_id, conversation_id)
            limit = MAX_CHANGED_ROWS + 1
            messages = await work.messages.changed_since(conversation_id, since, limit)
            members = await work.members.changed_since(conversation_id, since, limit)
            seq = _covered(chat.conversation.head_seq, messages, members)
            messages = tuple(row for row in messages if row.changed_seq <= seq)
            members = tuple(row for row in members if row.changed_seq <= seq)
            reads, people = await _reads_and_people(work, actor, chat, messages, members)
            return Changes(
                chat=chat,
                since=since,
                seq=max(seq, since),
                messages=messages,
                members=members,
                people=people,
                reads=reads,
            )

    async def history(
        self,
        actor: Actor,
        conversation_id: UUID,
        token: str | None,
        size: int,
        order: HistoryOrder,
    ) -> History:
        """Return a page of messages, tombstones included, from the newest or the oldest end."""
        async with self._storage.read() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            messages = await _page(work, conversation_id, token, size, order)
            senders = {message.sender_id for message in messages.items}
            people = await work.accounts.find(senders)
            if policy.addresses_are_shared(membership.conversation.kind):
                people = await seen_by(work, actor.account_id, people)
            else:
                people = tuple(map(without_address, people))
            return History(messages=messages, people=people)


async def _page(
    work: Work, conversation_id: UUID, token: str | None, size: int, order: HistoryOrder
) -> Page[Message]:
    (after_seq,) = decode_token(token, int) or (None,)
    found = await work.messages.page(
        conversation_id, after_seq=after_seq, order=order, limit=size + 1
    )
    return cut(found, size, lambda message: (message.seq,))


async def _reads_and_people(
    work: Work,
    actor: Actor,
    chat: Chat,
    messages: Collection[Message],
    members: Collection[Member] = (),
) -> tuple[tuple[Member, ...], tuple[Account, ...]]:
    """Return whose read pointers the reader sees, and everyone whom the answer names."""
    named = {message.sender_id for message in messages}
    named.update(member.account_id for member in members)
    if not policy.reads_are_shared(chat.conversation.kind):
        people = await work.accounts.find(named | {actor.account_id})
        return (chat.member,), tuple(
            person if person.id == actor.account_id else without_address(person)
            for person in people
        )
    present = await work.members.present(chat.conversation.id)
    named.update(member.account_id for member in present)
    people = await work.accounts.find(named)
    return present, await seen_by(work, actor.account_id, people)


def _covered(head: int, messages: Collection[Message], members: Collection[Member]) -> int:
    """Return up to which seq the rows are whole: a cut list is whole up to before its last one.

    Rows that one change touched together share a changed_seq, so the last value of a cut list may
    be missing some of its rows and is left for the next question.
    """
    covered = head
    for rows in ([row.changed_seq for row in messages], [row.changed_seq for row in members]):
        if len(rows) > MAX_CHANGED_ROWS:
            covered = min(covered, rows[-1] - 1)
    return covered
