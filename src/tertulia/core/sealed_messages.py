"""Messages that the server cannot read: each is as many copies as there are members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from tertulia.core import message_policy, recipients, texts
from tertulia.core.changing import Changing, Held
from tertulia.core.composing import attached, files_or_first
from tertulia.core.encryption_stores import Holder
from tertulia.core.errors import Conflict
from tertulia.core.events import SealedEdited, SealedReacted
from tertulia.core.message import (
    PLAIN,
    Copy,
    Draft,
    Extras,
    Message,
    SealedReaction,
    without_copy,
)
from tertulia.core.model import Actor
from tertulia.core.ports import Journal, Storage
from tertulia.core.sent_again import sent_before


class SealedMessages:
    """The messages of encrypted conversations.

    They are deleted, pinned and starred as other messages are. Every call is RateLimited beyond
    `sends`, for an account on all its devices together.
    """

    def __init__(self, storage: Storage, journal: Journal, changing: Changing) -> None:
        self._storage = storage
        self._journal = journal
        self._changing = changing

    async def send(
        self,
        actor: Actor,
        conversation_id: UUID,
        copies: Mapping[UUID, str],
        *,
        client_ref: str | None = None,
        reply_to: UUID | None = None,
        attachments: Sequence[UUID] = (),
        is_silent: bool = False,
    ) -> Message:
        """Send a message, sealed for exactly the present members; returns once it is durable.

        The answer has the sender's own copy. Sending a `client_ref` again returns the first
        message, whatever the copies. Conflict `client_ref_taken` where that is in another
        conversation, `missing_keys` while some member has no keys, `too_many_recipients`,
        `not_enough_recipients`, `not_encrypted` in an open conversation; Invalid `required` or
        `too_long` names `encrypted_messages`.
        """
        carried = attached(attachments)
        ref = None if client_ref is None else texts.client_ref(client_ref)
        sealed = recipients.copies(copies)
        await self._changing.count(actor)
        extras = PLAIN
        if carried:
            async with self._storage.read() as work:
                files = await files_or_first(work, actor.account_id, conversation_id, ref, carried)
            if isinstance(files, Message):
                return files
            extras = Extras(attachments=files)
        if is_silent:
            extras = replace(extras, is_silent=True)
        sent = await self._journal.append(
            Draft(
                conversation_id=conversation_id,
                sender_id=actor.account_id,
                body=None,
                client_ref=ref,
                reply_to=reply_to,
                extras=extras,
                copies=sealed,
            )
        )
        if sent.copy is None and ref is not None:
            # It is the first message under this name, which the journal finds without its copy.
            async with self._storage.read() as work:
                found = await sent_before(work, actor.account_id, {conversation_id: ref})
            return found.get(conversation_id, sent)
        return sent

    async def edit(
        self,
        actor: Actor,
        message_id: UUID,
        copies: Mapping[UUID, str],
        *,
        conversation_id: UUID | None = None,
    ) -> Message:
        """Seal one's own message anew; the answer has the author's own copy.

        It is sealed for exactly the present members, or exactly those of them who have a copy of
        it; whoever joined later gets none either way, and need not have keys. Refused as `send` is;
        with `conversation_id` there is no such message outside of it.
        """
        sealed = recipients.copies(copies)
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            message_policy.may_edit_sealed(held.membership, held.message)
            holders = await _addressed(held, sealed)
            edited = await held.change(edited_at=held.now)
            kept = {account_id: sealed[account_id] for account_id in holders}
            await held.work.copies.replace(edited, kept)
            held.work.announce(
                SealedEdited(
                    conversation_id=edited.conversation_id,
                    seq=edited.changed_seq,
                    message=without_copy(edited),
                    copies={
                        account_id: Copy(id=holders[account_id].copy_id, content=content)
                        for account_id, content in kept.items()
                    },
                )
            )
            return _with_content(edited, kept[held.account_id])

    async def react(
        self,
        actor: Actor,
        message_id: UUID,
        copies: Mapping[UUID, str],
        *,
        conversation_id: UUID | None = None,
    ) -> Message:
        """React to a message instead of any time before; no copies at all withdraw it.

        Otherwise it is sealed for the same people as an edit is. Conflict `too_many_reactions`
        past 100 people; Invalid names `encrypted_reactions`. Withdrawing what is not there changes
        nothing.
        """
        sealed = recipients.reactions(copies)
        async with self._changing.hold(actor, message_id, conversation_id) as held:
            message_policy.is_encrypted(held.membership)
            reactors = _reactors(held.message)
            if sealed:
                message_policy.may_react_sealed(held.membership, held.message)
                holders = await _addressed(held, sealed)
                _has_room(reactors, held.account_id)
            elif held.account_id in reactors:
                holders = await held.work.copies.holders(held.message)
            else:
                return held.message
            changed = await held.change()
            kept = {account_id: sealed[account_id] for account_id in holders} if sealed else {}
            await held.work.copies.react(changed, held.account_id, kept)
            held.work.announce(
                SealedReacted(
                    conversation_id=changed.conversation_id,
                    seq=changed.changed_seq,
                    message=without_copy(changed),
                    account_id=held.account_id,
                    copies={account_id: kept.get(account_id) for account_id in holders},
                )
            )
            return _with_reaction(changed, held.account_id, kept.get(held.account_id))


async def _addressed(held: Held, sealed: Mapping[UUID, str]) -> dict[UUID, Holder]:
    """Return the present members who have a copy, if this is sealed for them or for everyone here.

    Whoever seals may not know who of those here joined later, so copies for these are let go.
    """
    holders = await held.work.copies.holders(held.message)
    refusal = recipients.missing_keys(each.has_keys for each in holders.values())
    if refusal is None and sealed.keys() != holders.keys():
        present = await held.work.members.present(held.message.conversation_id)
        refusal = recipients.unsuited(sealed, {member.account_id for member in present})
    if refusal is not None:
        raise refusal
    return holders


def _reactors(message: Message) -> frozenset[UUID]:
    """Return who has reacted, which everybody who was there then knows from their own copy."""
    reactions = message.copy.reactions if message.copy else ()
    return frozenset(each.account_id for each in reactions)


def _has_room(reactors: frozenset[UUID], account_id: UUID) -> None:
    if account_id not in reactors and len(reactors) >= message_policy.MAX_SEALED_REACTORS:
        raise Conflict("This message has as many reactions as it can.", code="too_many_reactions")


def _with_content(message: Message, content: str) -> Message:
    if message.copy is None:
        return message
    return replace(message, copy=replace(message.copy, content=content))


def _with_reaction(message: Message, account_id: UUID, content: str | None) -> Message:
    if message.copy is None:
        return message
    others = [each for each in message.copy.reactions if each.account_id != account_id]
    if content is not None:
        others.append(SealedReaction(account_id, content))
    others.sort(key=lambda each: each.account_id)
    return replace(message, copy=replace(message.copy, reactions=tuple(others)))
