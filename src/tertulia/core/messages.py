"""Messages: sending, editing and deleting them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from tertulia.core import mentions, message_policy, polls, texts
from tertulia.core.changing import Changing, Held
from tertulia.core.composing import attached, files_or_first, required_body
from tertulia.core.events import MessageDeleted, MessageEdited
from tertulia.core.message import PLAIN, Copy, Draft, Extras, Message, left_of, without_copy
from tertulia.core.model import Actor
from tertulia.core.moderation import Act
from tertulia.core.polls import NewPoll
from tertulia.core.ports import Journal, Storage
from tertulia.core.prose import has_link


class Messages:
    """The messages of conversations that the server can read, and the deleting of any.

    Every call is RateLimited beyond `sends`, for an account on all its devices together.
    """

    def __init__(
        self, storage: Storage, journal: Journal, changing: Changing, *, max_body_chars: int
    ) -> None:
        self._storage = storage
        self._journal = journal
        self._changing = changing
        self._max_body_chars = max_body_chars

    async def send(
        self,
        actor: Actor,
        conversation_id: UUID,
        body: str,
        *,
        client_ref: str | None = None,
        reply_to: UUID | None = None,
        attachments: Sequence[UUID] = (),
        poll: NewPoll | None = None,
        is_silent: bool = False,
    ) -> Message:
        """Send a message; returns once it is durable.

        `client_ref` is the sender's own name for it: sending it again returns the first message,
        and is Conflict `client_ref_taken` where that is in another conversation.
        `attachments` are uploads of the sender for this conversation that no message carries yet.
        """
        carried = attached(attachments)
        text = texts.body(
            body, self._max_body_chars, may_be_empty=bool(carried) or poll is not None
        )
        ref = None if client_ref is None else texts.client_ref(client_ref)
        asked = None if poll is None else polls.begun(poll)
        await self._changing.count(actor)
        extras = PLAIN
        # Most messages are plain text, and are not looked at any closer.
        if carried or mentions.names_in(text):
            found = await self._looked_at(actor, conversation_id, text, ref, carried)
            if isinstance(found, Message):
                return found
            extras = found
        if asked is not None or is_silent:
            extras = replace(extras, poll=asked, is_silent=is_silent)
        return await self._journal.append(
            Draft(
                conversation_id=conversation_id,
                sender_id=actor.account_id,
                body=text,
                client_ref=ref,
                reply_to=reply_to,
                extras=extras,
                has_link=has_link(text),
            )
        )

    async def edit(
        self, actor: Actor, message_id: UUID, body: str, *, conversation_id: UUID | None = None
    ) -> Message:
        """Give one's own message another body; the same body changes nothing.

        Whom it mentions stays. What it said before is kept for its author.

        With `conversation_id` there is no such message outside of that conversation.
        """
        new_body = texts.body(body, self._max_body_chars, may_be_empty=True)
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            message = held.message
            message_policy.may_edit(held.membership, message)
            required_body(new_body, message.extras)
            if message.body == new_body:
                return message
            # Whom it mentions was settled, and told, when it was sent.
            edited = await held.change(
                body=new_body,
                edited_at=held.now,
                extras=replace(
                    message.extras,
                    # What a link led to goes with the link.
                    previews=tuple(
                        each for each in message.extras.previews if each.url in new_body
                    ),
                ),
            )
            await held.work.versions.keep(message, edited.changed_seq)
            await held.work.messages.carry(edited, has_link=has_link(new_body))
            held.work.announce(
                MessageEdited(
                    conversation_id=edited.conversation_id, seq=edited.changed_seq, message=edited
                )
            )
            return edited

    async def delete(
        self, actor: Actor, message_id: UUID, *, conversation_id: UUID | None = None
    ) -> Message:
        """Delete a message for everyone; its tombstone stays. Deleting again changes nothing.

        With `conversation_id` there is no such message outside of that conversation.
        """
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            message_policy.may_delete(held.membership, held.message)
            if held.message.deleted_at is not None:
                return held.message
            copy = held.message.copy
            deleted = await held.change(
                body=None,
                deleted_at=held.now,
                pinned_at=None,
                extras=left_of(held.message.extras),
                copy=copy and Copy(id=copy.id, content=None),
            )
            await _let_go(held, deleted)
            if deleted.sender_id != actor.account_id:
                await held.note(Act.MESSAGE_DELETED)
            held.work.announce(
                MessageDeleted(
                    conversation_id=deleted.conversation_id,
                    seq=deleted.changed_seq,
                    message=without_copy(deleted),
                )
            )
            return deleted

    async def _looked_at(
        self,
        actor: Actor,
        conversation_id: UUID,
        body: str,
        client_ref: str | None,
        carried: Sequence[UUID],
    ) -> Extras | Message:
        """Return what hangs on a message, or the first message where it is sent again."""
        async with self._storage.read() as work:
            files = await files_or_first(
                work, actor.account_id, conversation_id, client_ref, carried
            )
            if isinstance(files, Message):
                return files
            people, calls_all = await mentions.resolve(
                work, actor.account_id, conversation_id, body
            )
            return Extras(attachments=files, mentions=people, mentions_all=calls_all)


async def _let_go(held: Held, deleted: Message) -> None:
    """Let go of what hung on a message that is no more."""
    work = held.work
    await work.messages.carry(deleted)
    if deleted.copy is not None:
        await work.copies.clear(deleted)
    await work.versions.forget(deleted.id)
    await work.stars.fall(deleted.id)
    ids = [attachment.id for attachment in held.message.extras.attachments]
    await work.uploads.let_go(ids, held.now)
