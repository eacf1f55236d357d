"""Forwarding: telling elsewhere what was said, with the name of who said it first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from tertulia.core import message_policy, polls, texts
from tertulia.core.changing import Changing
from tertulia.core.composing import slow_mode
from tertulia.core.errors import Invalid
from tertulia.core.message import Draft, Extras, Message, Origin
from tertulia.core.model import Actor, Kind, Membership, Role
from tertulia.core.ports import Clock, Journal, Storage, Work
from tertulia.core.prose import has_link
from tertulia.core.sent_again import sent_before

MAX_TARGETS = 20


class Forwarding:
    """Sends copies of a message.

    A copy carries the same files and previews, and the first origin of what was forwarded before.
    It mentions and silences nobody; a poll is asked anew, without its votes.
    """

    def __init__(
        self, storage: Storage, journal: Journal, changing: Changing, clock: Clock
    ) -> None:
        self._storage = storage
        self._journal = journal
        self._changing = changing
        self._clock = clock

    async def forward(
        self,
        actor: Actor,
        message_id: UUID,
        conversation_ids: Sequence[UUID],
        *,
        client_ref: str | None = None,
    ) -> tuple[Message, ...]:
        """Send a message to 1 to 20 conversations and return the copies in their order.

        All of them are looked at before anything is sent. What is refused after that, since things
        changed at that moment, leaves the other copies sent; with `client_ref` the same call made
        again sends what is missing and nothing twice.
        """
        targets = _targets(conversation_ids)
        ref = None if client_ref is None else texts.client_ref(client_ref)
        refs = {} if ref is None else {each: _ref_of_copy(ref, each) for each in targets}
        await self._changing.count(actor, len(targets))
        async with self._storage.read() as work:
            message = await work.messages.for_member(actor.account_id, message_id)
            source = await work.conversations.for_member(actor.account_id, message.conversation_id)
            sent = await sent_before(work, actor.account_id, refs)
            missing = [each for each in targets if each not in sent]
            if missing:
                message_policy.may_forward_from(source, message)
            for each in missing:
                await self._look_at(work, actor, each)
        extras = _copied(source, message)
        body = message.body or ""
        drafts = [
            Draft(
                conversation_id=each,
                sender_id=actor.account_id,
                body=body,
                client_ref=refs.get(each),
                extras=extras,
                has_link=has_link(body),
            )
            for each in missing
        ]
        fresh = dict(zip(missing, await self._append_all(drafts), strict=True))
        return tuple(fresh[each] if each in fresh else sent[each] for each in targets)

    async def _look_at(self, work: Work, actor: Actor, conversation_id: UUID) -> None:
        target = await work.conversations.for_member(actor.account_id, conversation_id)
        message_policy.may_send(target)
        wait = timedelta(seconds=target.conversation.slow_mode_s)
        if not wait or target.member.role is not Role.MEMBER:
            return
        last = await work.archive.last_sent_at(conversation_id, actor.account_id)
        left = timedelta(0) if last is None else last + wait - self._clock()
        if left > timedelta(0):
            raise slow_mode(left)

    async def _append_all(self, drafts: Sequence[Draft]) -> list[Message]:
        """Append at once, so that one commit has them all; raise what was refused after it."""
        outcomes = await asyncio.gather(
            *(self._journal.append(draft) for draft in drafts), return_exceptions=True
        )
        sent: list[Message] = []
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
            sent.append(outcome)
        return sent


def _targets(conversation_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    targets = tuple(dict.fromkeys(conversation_ids))
    if not 1 <= len(targets) <= MAX_TARGETS:
        raise Invalid(
            f"Forward to 1 to {MAX_TARGETS} conversations at once.", attr="conversation_ids"
        )
    return targets


def _ref_of_copy(client_ref: str, conversation_id: UUID) -> str:
    ref = f"{client_ref}:{conversation_id}"
    # A digest in hexadecimal digits is just as long as a name may be.
    return ref if len(ref) <= texts.MAX_CLIENT_REF_CHARS else sha256(ref.encode()).hexdigest()


def _copied(source: Membership, message: Message) -> Extras:
    extras = message.extras
    is_room = source.conversation.kind is Kind.ROOM
    origin = extras.origin or Origin(
        message_id=message.id,
        sender_id=message.sender_id,
        conversation_id=message.conversation_id if is_room else None,
    )
    return Extras(
        attachments=extras.attachments,
        origin=origin,
        poll=None if extras.poll is None else polls.begun_anew(extras.poll),
        previews=extras.previews,
    )
