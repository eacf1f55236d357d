"""Looking through what was said: around a place, by what it carries, one message, its readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core import message_policy, naming
from tertulia.core.errors import Invalid, NotFound
from tertulia.core.message import Message, Version
from tertulia.core.model import Account, Actor, History, HistoryOrder, Membership, Page
from tertulia.core.paging import cut, decode_token, encode_token
from tertulia.core.ports import Storage, Work
from tertulia.core.talk_stores import MediaKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Messages on both sides of one, the oldest first.

    The tokens are those of `Openings.history`: the older one goes on in the order "desc", the newer
    one in "asc". `target_seq` is None in a conversation without messages.
    """

    messages: tuple[Message, ...]
    people: tuple[Account, ...]
    older_token: str | None
    newer_token: str | None
    target_seq: int | None


class Browsing:
    """Reading what one may see in other ways than from its ends."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def around(
        self,
        actor: Actor,
        conversation_id: UUID,
        size: int,
        *,
        seq: int | None = None,
        message_id: UUID | None = None,
        at: datetime | None = None,
    ) -> Surroundings:
        """Return what was said around a place, which is named in exactly one of the three ways.

        By `seq` or `at` it is the first message from there on, or else the last one there is.
        """
        if [seq, message_id, at].count(None) != 2:
            raise Invalid("Name the place by one of seq, message_id and at.", attr="seq")
        if at is not None and at.tzinfo is None:
            raise Invalid("A time needs its zone.", attr="at")
        async with self._storage.browse() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            if message_id is not None:
                seq = await _seq_of(work, actor, conversation_id, message_id)
            elif at is not None:
                seq = await work.archive.first_at(conversation_id, at)
            return await _around(work, actor, membership, seq, size)

    async def numbered(self, actor: Actor, conversation_id: UUID, seq: int) -> Message:
        """Return the message that took this `seq` of its conversation, or its tombstone."""
        async with self._storage.browse() as work:
            place = await work.conversations.for_member(actor.account_id, conversation_id)
            found = await work.messages.page(
                conversation_id,
                copies_of=place.copies_of,
                after_seq=seq - 1,
                order="asc",
                limit=1,
            )
        if not found or found[0].seq != seq:
            raise NotFound("There is no such message.")
        return found[0]

    async def message(self, actor: Actor, message_id: UUID) -> History:
        """Return one message, or its tombstone, with the people whom it names."""
        async with self._storage.browse() as work:
            message = await work.messages.for_member(actor.account_id, message_id)
            return await naming.history(work, actor, Page(items=(message,), token=None))

    async def versions(self, actor: Actor, message_id: UUID) -> tuple[Version, ...]:
        """Return what one's own message said before it was edited, the oldest first."""
        async with self._storage.browse() as work:
            message = await work.messages.for_member(actor.account_id, message_id)
            membership = await work.conversations.for_member(
                actor.account_id, message.conversation_id
            )
            message_policy.may_see_versions(membership, message)
            return await work.versions.of(message_id)

    async def readers(self, actor: Actor, message_id: UUID) -> tuple[tuple[Account, datetime], ...]:
        """Return which others have read that far and when they last said so, in that order."""
        async with self._storage.browse() as work:
            message = await work.messages.for_member(actor.account_id, message_id)
            membership = await work.conversations.for_member(
                actor.account_id, message.conversation_id
            )
            message_policy.may_see_readers(membership)
            here = await work.members.people(message.conversation_id)
            if membership.conversation.encrypted:
                holders = await work.copies.holders(message)
                here = tuple(each for each in here if each[0].account_id in holders)
            # A newcomer's pointer starts at the joining, before which nothing was read by them.
            readers = [
                (account, member.read_at)
                for member, account in here
                if member.read_at is not None
                and member.read_seq >= message.seq
                and member.account_id != message.sender_id
            ]
        return tuple(sorted(readers, key=lambda reader: reader[1]))

    async def media(
        self, actor: Actor, conversation_id: UUID, kind: MediaKind, token: str | None, size: int
    ) -> History:
        """Return a page of the messages that carry something of this kind, the newest first."""
        (before_seq,) = decode_token(token, int) or (None,)
        async with self._storage.browse() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            found = await work.archive.carrying(
                conversation_id,
                kind,
                copies_of=membership.copies_of,
                before_seq=before_seq,
                limit=size + 1,
            )
            page = cut(found, size, lambda message: (message.seq,))
            return await naming.history(work, actor, page)


async def _seq_of(work: Work, actor: Actor, conversation_id: UUID, message_id: UUID) -> int:
    message = await work.messages.for_member(actor.account_id, message_id)
    if message.conversation_id != conversation_id:
        raise NotFound("There is no such message.")
    return message.seq


async def _around(
    work: Work, actor: Actor, membership: Membership, seq: int | None, size: int
) -> Surroundings:
    ahead = await _from(work, membership, seq, size - size // 2 + 1)
    if not ahead:
        return Surroundings(
            messages=(), people=(), older_token=None, newer_token=None, target_seq=None
        )
    target_seq = ahead[0].seq
    behind = await _page(work, membership, target_seq, "desc", size // 2 + 1)
    newer = cut(ahead, size - size // 2, lambda message: (message.seq,))
    shown_behind = behind[: size // 2]
    has_older = len(behind) > len(shown_behind)
    shown = (*reversed(shown_behind), *newer.items)
    page = await naming.history(work, actor, Page(items=shown, token=newer.token))
    return Surroundings(
        messages=shown,
        people=page.people,
        older_token=encode_token(shown[0].seq) if has_older else None,
        newer_token=newer.token,
        target_seq=target_seq,
    )


async def _from(
    work: Work, membership: Membership, seq: int | None, limit: int
) -> tuple[Message, ...]:
    """Return what was said from a seq on; where that is nothing, the last that was said."""
    if seq is not None:
        found = await _page(work, membership, seq - 1, "asc", limit)
        if found:
            return found
    return await _page(work, membership, None, "desc", 1)


async def _page(
    work: Work, membership: Membership, after_seq: int | None, order: HistoryOrder, limit: int
) -> tuple[Message, ...]:
    return await work.messages.page(
        membership.conversation.id,
        copies_of=membership.copies_of,
        after_seq=after_seq,
        order=order,
        limit=limit,
    )
