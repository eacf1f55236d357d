"""Messages: sending, editing and deleting them."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from tertulia.core import policy, texts
from tertulia.core.errors import Conflict, NotFound
from tertulia.core.events import MessageDeleted, MessageEdited
from tertulia.core.limits import Limit, Limits
from tertulia.core.model import Actor, Draft, Membership, Message
from tertulia.core.ports import Clock, Journal, Storage, Work


class Messages:
    """The messages of conversations that the server can read.

    Every call is RateLimited beyond `sends`, for an account on all its devices together.
    """

    def __init__(
        self,
        storage: Storage,
        journal: Journal,
        doors: Limits,
        clock: Clock,
        *,
        sends: Limit,
        max_body_chars: int,
    ) -> None:
        self._storage = storage
        self._journal = journal
        self._doors = doors
        self._clock = clock
        self._sends = sends
        self._max_body_chars = max_body_chars

    async def send(
        self,
        actor: Actor,
        conversation_id: UUID,
        body: str,
        *,
        client_ref: str | None = None,
        reply_to: UUID | None = None,
    ) -> Message:
        """Send a message; returns once it is durable.

        `client_ref` is the sender's own name for it: sending it again returns the first message.
        """
        draft = Draft(
            conversation_id=conversation_id,
            sender_id=actor.account_id,
            body=texts.body(body, self._max_body_chars),
            client_ref=None if client_ref is None else texts.client_ref(client_ref),
            reply_to=reply_to,
        )
        await self._doors.take(self._sends, str(actor.account_id))
        return await self._journal.append(draft)

    async def edit(
        self, actor: Actor, message_id: UUID, body: str, *, conversation_id: UUID | None = None
    ) -> Message:
        """Give one's own message another body; the same body changes nothing.

        With `conversation_id` there is no such message outside of that conversation.
        """
        new_body = texts.body(body, self._max_body_chars)
        await self._doors.take(self._sends, str(actor.account_id))
        async with self._storage.begin() as work:
            membership, message = await _reach(work, actor, message_id, conversation_id)
            policy.may_edit(membership, message)
            if membership.conversation.encrypted:
                raise Conflict("This conversation is encrypted.", code="encrypted")
            if message.body == new_body:
                return message
            now = self._clock()
            seq = await work.conversations.take_seq(message.conversation_id)
            edited = replace(message, body=new_body, changed_seq=seq, edited_at=now)
            await work.messages.update(edited)
            work.announce(
                MessageEdited(conversation_id=edited.conversation_id, seq=seq, message=edited)
            )
            return edited

    async def delete(
        self, actor: Actor, message_id: UUID, *, conversation_id: UUID | None = None
    ) -> Message:
        """Delete a message for everyone; its tombstone stays. Deleting again changes nothing.

        With `conversation_id` there is no such message outside of that conversation.
        """
        await self._doors.take(self._sends, str(actor.account_id))
        async with self._storage.begin() as work:
            membership, message = await _reach(work, actor, message_id, conversation_id)
            policy.may_delete_message(membership, message)
            if message.deleted_at is not None:
                return message
            now = self._clock()
            seq = await work.conversations.take_seq(message.conversation_id)
            deleted = replace(message, body=None, changed_seq=seq, deleted_at=now)
            await work.messages.update(deleted)
            work.announce(
                MessageDeleted(conversation_id=deleted.conversation_id, seq=seq, message=deleted)
            )
            return deleted


async def _reach(
    work: Work, actor: Actor, message_id: UUID, conversation_id: UUID | None
) -> tuple[Membership, Message]:
    """Fetch a message for changing, through the right to see its conversation."""
    found = await work.messages.for_member(actor.account_id, message_id)
    if conversation_id not in (None, found.conversation_id):
        raise NotFound("There is no such message.")
    membership = await work.conversations.locked_for_member(actor.account_id, found.conversation_id)
    # Read again under the conversation's lock: somebody may have changed it in between.
    return membership, await work.messages.for_member(actor.account_id, message_id)
