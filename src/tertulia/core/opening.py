"""What a conversation shows to someone who opens it, or comes back to it after an absence.

The law: an old snapshot with the events since is a fresh snapshot, and so is an old snapshot with
the changes since. Each answer is read in one transaction, so that it shows one moment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from tertulia.core import naming, policy
from tertulia.core.errors import Invalid
from tertulia.core.key_ring import KeyRing
from tertulia.core.message import Message
from tertulia.core.model import (
    Account,
    Actor,
    Changes,
    Chat,
    History,
    HistoryOrder,
    Member,
    Membership,
    Page,
    Snapshot,
)
from tertulia.core.naming import named_in
from tertulia.core.paging import cut, decode_token
from tertulia.core.ports import Storage, Work

OPENING_PAGE_SIZE = 20
MAX_CHANGED_ROWS = 500
"""At least as many as one change touches (`policy.MAX_NEWCOMERS`), so that each answer gets on."""


class Openings:
    """Reading conversations: the first look, older pages, and what changed since."""

    def __init__(
        self, storage: Storage, ring: KeyRing, *, max_changed_rows: int = MAX_CHANGED_ROWS
    ) -> None:
        self._storage = storage
        self._ring = ring
        self._max_changed_rows = max_changed_rows

    async def open(self, actor: Actor, conversation_id: UUID) -> Snapshot:
        """Return a conversation with its latest page, its people and their read pointers."""
        async with self._storage.read() as work:
            chat = await work.conversations.chat(actor.account_id, conversation_id)
            messages = await _page(work, chat, None, OPENING_PAGE_SIZE, "desc")
            reads, people = await _reads_and_people(work, actor, chat, messages.items)
            keys = await self._ring.read(work, chat)
            return Snapshot(chat=chat, history=messages, people=people, reads=reads, keys=keys)

    async def changes(self, actor: Actor, conversation_id: UUID, since: int) -> Changes:
        """Return what changed after `since`, at most 500 rows of each sort in one answer.

        After a `since` past the head, which a copy has that is from before a backup was restored,
        nothing changed; the answer's `seq` is the head, from which such a copy goes on.
        """
        if since < 0:
            raise Invalid("A seq is not negative.", attr="since")
        async with self._storage.read() as work:
            chat = await work.conversations.chat(actor.account_id, conversation_id)
            head = chat.conversation.head_seq
            asked = (conversation_id, min(since, head), self._max_changed_rows + 1)
            messages = await work.messages.changed_since(*asked, copies_of=chat.copies_of)
            members = await work.members.changed_since(*asked)
            seq = self._covered(head, messages, members)
            messages = tuple(row for row in messages if row.changed_seq <= seq)
            members = tuple(row for row in members if row.changed_seq <= seq)
            reads, people = await _reads_and_people(work, actor, chat, messages, members)
            return Changes(
                chat=chat,
                since=since,
                seq=seq,
                messages=messages,
                members=members,
                people=people,
                reads=reads,
                keys=await self._ring.read(work, chat),
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
        async with self._storage.browse() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            messages = await _page(work, membership, token, size, order)
            return await naming.history(work, actor, messages)

    def _covered(self, head: int, messages: Sequence[Message], members: Sequence[Member]) -> int:
        """Return up to which seq the rows are whole: a list cut short is so to before its last one.

        Rows that one change touched together share a changed_seq, so the last value of a list that
        was cut may be missing some of its rows and is left for the next question.
        """
        cut_short = [rows for rows in (messages, members) if len(rows) > self._max_changed_rows]
        return min([head, *(rows[-1].changed_seq - 1 for rows in cut_short)])


async def _page(
    work: Work, place: Membership | Chat, token: str | None, size: int, order: HistoryOrder
) -> Page[Message]:
    (after_seq,) = decode_token(token, int) or (None,)
    found = await work.messages.page(
        place.conversation.id,
        copies_of=place.copies_of,
        after_seq=after_seq,
        order=order,
        limit=size + 1,
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
    named = named_in(messages)
    named.update(member.account_id for member in members)
    if not policy.reads_are_shared(chat.conversation.kind):
        named.add(actor.account_id)
        return (chat.member,), await work.accounts.seen_by(actor.account_id, named)
    # All who are here are acquaintances, so only the others are asked about.
    here = await work.members.people(chat.conversation.id)
    named.difference_update(member.account_id for member, _ in here)
    others = await work.accounts.seen_by(actor.account_id, named)
    return tuple(member for member, _ in here), (*(account for _, account in here), *others)
