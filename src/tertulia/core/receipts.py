"""How far each member has read. Unread counts are derived from this pointer, never kept."""

from __future__ import annotations

from uuid import UUID

from tertulia.core.errors import Invalid
from tertulia.core.events import ConversationRead
from tertulia.core.model import Actor, Chat
from tertulia.core.ports import Clock, Storage
from tertulia.core.preferences import clear_unread_mark


class Receipts:
    """Read pointers, which only move forward and take no seq of their own."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def read(self, actor: Actor, conversation_id: UUID, seq: int | None = None) -> Chat:
        """Note that everything up to `seq` (by default all there is) has been read.

        A conversation that was marked as unread is so no longer.
        """
        async with self._storage.begin() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            head = membership.conversation.head_seq
            if seq is not None and not 0 <= seq <= head:
                raise Invalid("There is no such seq in this conversation.", attr="seq")
            # First, as it holds the account, which changing preferences holds before the row.
            if membership.member.preferences.marked_unread:
                await clear_unread_mark(work, actor, conversation_id)
            now = self._clock()
            read_seq = head if seq is None else seq
            if await work.members.read(conversation_id, actor.account_id, read_seq, now):
                work.announce(
                    ConversationRead(
                        conversation_id=conversation_id,
                        kind=membership.conversation.kind,
                        account_id=actor.account_id,
                        read_seq=read_seq,
                        read_at=now,
                    )
                )
            return await work.conversations.chat(actor.account_id, conversation_id)
