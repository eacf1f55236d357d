"""Pins: what everyone in a conversation is to find quickly."""

from __future__ import annotations

from uuid import UUID

from tertulia.core import message_policy, naming
from tertulia.core.changing import Changing, Held
from tertulia.core.errors import Conflict
from tertulia.core.events import MessagePinned, MessageUnpinned
from tertulia.core.message import Message, without_copy
from tertulia.core.model import Actor, History, Kind, Page
from tertulia.core.moderation import Act
from tertulia.core.ports import Storage


class Pins:
    """Pinning and unpinning for everyone; what is deleted is pinned no more."""

    def __init__(self, storage: Storage, changing: Changing) -> None:
        self._storage = storage
        self._changing = changing

    async def pin(
        self, actor: Actor, message_id: UUID, *, conversation_id: UUID | None = None
    ) -> Message:
        """Pin a message; pinning it again changes nothing. Conflict `too_many_pins` past 100."""
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            message = held.message
            message_policy.may_pin(held.membership)
            message_policy.still_there(message)
            if message.pinned_at is not None:
                return message
            pinned = await held.work.archive.pinned(message.conversation_id, copies_of=None)
            if len(pinned) >= message_policy.MAX_PINS:
                raise Conflict("Unpin something first.", code="too_many_pins")
            changed = await held.change(pinned_at=held.now)
            await _note(held, Act.MESSAGE_PINNED)
            held.work.announce(
                MessagePinned(
                    conversation_id=changed.conversation_id,
                    seq=changed.changed_seq,
                    message=without_copy(changed),
                    account_id=held.account_id,
                )
            )
            return changed

    async def unpin(
        self, actor: Actor, message_id: UUID, *, conversation_id: UUID | None = None
    ) -> Message:
        """Unpin a message; one that is not pinned stays as it is."""
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            message_policy.may_pin(held.membership)
            if held.message.pinned_at is None:
                return held.message
            changed = await held.change(pinned_at=None)
            await _note(held, Act.MESSAGE_UNPINNED)
            held.work.announce(
                MessageUnpinned(
                    conversation_id=changed.conversation_id,
                    seq=changed.changed_seq,
                    message=without_copy(changed),
                    account_id=held.account_id,
                )
            )
            return changed

    async def list(self, actor: Actor, conversation_id: UUID) -> History:
        """Return what is pinned in a conversation, the newest pin first; it is one page."""
        async with self._storage.read() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            pinned = await work.archive.pinned(conversation_id, copies_of=membership.copies_of)
            return await naming.history(work, actor, Page(items=pinned, token=None))


async def _note(held: Held, act: Act) -> None:
    # Nobody looks after a private chat, so nobody would read it there.
    if held.membership.conversation.kind is not Kind.PRIVATE:
        await held.note(act)
