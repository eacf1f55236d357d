"""Conversations: how they begin, what they are called, who finds them, and how they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tertulia.core import known_as, lifecycle, limits, message_policy, policy, texts
from tertulia.core.accounts import require_people
from tertulia.core.avatars import Avatars
from tertulia.core.contacts import require_welcome
from tertulia.core.encryption import KeyPair
from tertulia.core.errors import Conflict, Invalid, NotFound
from tertulia.core.key_ring import KeyRing
from tertulia.core.limits import Limits
from tertulia.core.model import (
    Actor,
    Chat,
    Conversation,
    Kind,
    Listing,
    Page,
    RoomOrder,
)
from tertulia.core.paging import cut, decode_token
from tertulia.core.ports import Clock, Storage, Work

MAX_SLOW_MODE_S = 24 * 60 * 60
"""More have no place in the numbers of a database."""


class Conversations:
    """Starting, finding, changing and ending conversations."""

    def __init__(
        self,
        storage: Storage,
        avatars: Avatars,
        ring: KeyRing,
        doors: Limits,
        clock: Clock,
        topics: tuple[str, ...],
    ) -> None:
        self._storage = storage
        self._avatars = avatars
        self._ring = ring
        self._doors = doors
        self._clock = clock
        self.topics = topics

    async def known_as(self, actor: Actor, name: str) -> Conversation:
        """Return an open conversation that the person is in, by its number or its id.

        NotFound where there is none, Conflict `encrypted` where it is not open.
        """
        async with self._storage.read() as work:
            named = await known_as.id_of(work, name)
            if named is None:
                raise NotFound("There is no such conversation.")
            membership = await work.conversations.for_member(actor.account_id, named)
        if membership.conversation.encrypted:
            raise message_policy.encrypted()
        return membership.conversation

    async def start_private(
        self,
        actor: Actor,
        other_id: UUID,
        *,
        encrypted: bool = False,
        keys: KeyPair | None = None,
    ) -> Chat:
        """Return the private chat with another person, begun now if there was none.

        Beside the open one two people may have an encrypted one, which its founder may begin with
        `keys` of their own. It is not begun again: Conflict `conversation_already_exists`.
        """
        _may_have_keys(keys, encrypted=encrypted)
        if other_id == actor.account_id:
            raise Invalid("A private chat is with somebody else.", attr="user_ids")
        known = await self.between(actor, other_id, encrypted=encrypted)
        if known is not None:
            return await self._known(actor, known, encrypted=encrypted)
        await self._doors.take(limits.CONVERSATIONS_OF, str(actor.account_id))
        fresh = lifecycle.new_conversation(Kind.PRIVATE, self._clock(), encrypted=encrypted)
        try:
            async with self._storage.begin() as work:
                known = await work.conversations.between(
                    actor.account_id, other_id, encrypted=encrypted
                )
                if known is None:
                    await require_people(work, [other_id])
                    # Held, so that a block at this moment is seen here or finds the chat begun.
                    for account_id in sorted((actor.account_id, other_id)):
                        await work.accounts.locked(account_id)
                    await require_welcome(work, actor.account_id, [other_id])
                    await self._begin(work, actor, fresh, [other_id], keys)
                    return await work.conversations.chat(actor.account_id, fresh.id)
        except Conflict:
            # Both began it at the same moment and the other one's came first: it is the same chat.
            known = await self.between(actor, other_id, encrypted=encrypted)
            if known is None:
                raise
        return await self._known(actor, known, encrypted=encrypted)

    async def start_group(
        self,
        actor: Actor,
        alias: str | None,
        user_ids: Sequence[UUID],
        *,
        encrypted: bool = False,
        keys: KeyPair | None = None,
    ) -> Chat:
        """Begin a group with these people in it; its founder owns it, and may name it later.

        An encrypted one may begin with the founder's `keys`.
        """
        _may_have_keys(keys, encrypted=encrypted)
        others = [user_id for user_id in dict.fromkeys(user_ids) if user_id != actor.account_id]
        if len(others) >= policy.MAX_GROUP_MEMBERS:
            raise Invalid(
                f"A group has at most {policy.MAX_GROUP_MEMBERS} members.",
                code="too_long",
                attr="user_ids",
            )
        group = replace(
            lifecycle.new_conversation(Kind.GROUP, self._clock(), encrypted=encrypted),
            alias=None if alias is None else texts.alias(alias),
        )
        await self._doors.take(limits.CONVERSATIONS_OF, str(actor.account_id))
        if others:
            await self._doors.take(
                limits.PEOPLE_BROUGHT_IN_BY, str(actor.account_id), count=len(others)
            )
        async with self._storage.begin() as work:
            await require_welcome(work, actor.account_id, others)
            await self._begin(work, actor, group, others, keys)
            return await work.conversations.chat(actor.account_id, group.id)

    async def start_room(
        self,
        actor: Actor,
        alias: str,
        topic: str,
        name: str | None,
        description: str | None,
    ) -> Chat:
        """Open a room under a topic of the directory.

        A short name that is asked for must be free (Invalid `taken`); a derived one is made so.
        """
        shown = texts.alias(alias)
        room = lifecycle.new_conversation(Kind.ROOM, self._clock())
        room = replace(
            room,
            alias=shown,
            topic=self._topic(topic),
            name=texts.room_name(name) if name else _free_name(shown, room.id),
            description=None if description is None else texts.description(description),
        )
        await self._doors.take(limits.CONVERSATIONS_OF, str(actor.account_id))
        async with self._storage.begin() as work:
            await lifecycle.begin(work, room, actor.account_id)
            return await work.conversations.chat(actor.account_id, room.id)

    async def get(self, actor: Actor, conversation_id: UUID) -> Chat:
        """Return one of this person's conversations."""
        async with self._storage.read() as work:
            return await work.conversations.chat(actor.account_id, conversation_id)

    async def page(self, actor: Actor, token: str | None, size: int) -> Page[Chat]:
        """Return a person's conversations, the latest active first."""
        before = decode_token(token, datetime, int)
        async with self._storage.read() as work:
            found = await work.conversations.chats(actor.account_id, before=before, limit=size + 1)
        return cut(
            found,
            size,
            lambda chat: (chat.conversation.last_activity_at, chat.conversation.number),
        )

    async def between(
        self, actor: Actor, other_id: UUID, *, encrypted: bool = False
    ) -> UUID | None:
        """Return the open or the encrypted private chat with another person, if there is one."""
        async with self._storage.read() as work:
            return await work.conversations.between(actor.account_id, other_id, encrypted=encrypted)

    async def change(
        self,
        actor: Actor,
        conversation_id: UUID,
        *,
        alias: str | None = None,
        name: str | None = None,
        topic: str | None = None,
        description: str | None = None,
        slow_mode_s: int | None = None,
    ) -> Chat:
        """Change what a group or room is called and about; None leaves a field as it is.

        With `slow_mode_s` above 0 plain members wait that long between two messages.
        """
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            policy.may_change(membership)
            old = membership.conversation
            new = old
            if alias is not None:
                new = replace(new, alias=texts.alias(alias))
            if description is not None:
                new = replace(new, description=texts.description(description))
            if topic is not None or name is not None:
                new = self._relisted(new, name, topic)
            if slow_mode_s is not None:
                new = replace(new, slow_mode_s=_slow_mode(slow_mode_s))
            if new != old:
                await lifecycle.change(work, old, new, actor.account_id, self._clock())
            return await work.conversations.chat(actor.account_id, conversation_id)

    async def delete(self, actor: Actor, conversation_id: UUID) -> None:
        """End a group or room for everyone in it."""
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            policy.may_delete(membership)
            await lifecycle.end(work, conversation_id, self._clock())
        await self._avatars.forget(membership.conversation.picture)

    async def directory(
        self,
        actor: Actor,
        topic: str | None,
        order: RoomOrder,
        text: str,
        token: str | None,
        size: int,
    ) -> Page[Listing]:
        """Return rooms, of one topic or all, that carry every word of `text`, or a part of one.

        Name, alias and description count, and neither case nor accents do.
        """
        wanted = texts.search(text, "q")
        after = decode_token(token, int, int)
        await self._doors.take(limits.SEARCHES_OF, str(actor.account_id))
        async with self._storage.read() as work:
            found = await work.conversations.directory(
                actor.account_id,
                topic=self._topic(topic) if topic else None,
                text=wanted,
                order=order,
                after=after,
                limit=size + 1,
            )
        return cut(found, size, lambda listing: _listing_key(listing.conversation, order))

    async def _known(self, actor: Actor, conversation_id: UUID, *, encrypted: bool) -> Chat:
        """Return a private chat that was there already, unless somebody means to begin it."""
        if encrypted:
            raise lifecycle.already_exists()
        return await self.get(actor, conversation_id)

    async def _begin(
        self,
        work: Work,
        actor: Actor,
        fresh: Conversation,
        others: Sequence[UUID],
        keys: KeyPair | None,
    ) -> None:
        await lifecycle.begin(work, fresh, actor.account_id, others)
        if keys is not None:
            await self._ring.put(
                work, fresh.id, actor.account_id, fresh.head_seq, keys, fresh.inserted_at
            )

    def _relisted(
        self, conversation: Conversation, name: str | None, topic: str | None
    ) -> Conversation:
        if conversation.kind is not Kind.ROOM:
            attr = "topic" if topic is not None else "name"
            raise Invalid("Only rooms are listed in the directory.", attr=attr)
        if name is not None:
            conversation = replace(conversation, name=texts.room_name(name))
        if topic is not None:
            conversation = replace(conversation, topic=self._topic(topic))
        return conversation

    def _topic(self, topic: str) -> str:
        if topic not in self.topics:
            raise Invalid(f"A topic is one of: {', '.join(self.topics)}.", attr="topic")
        return topic


def _may_have_keys(keys: KeyPair | None, *, encrypted: bool) -> None:
    if keys is not None and not encrypted:
        raise Invalid("Only encrypted conversations have keys.", attr="public_key")


def _free_name(alias: str, conversation_id: UUID) -> str:
    # The tail is random bits of a fresh id, so that a derived name never meets a taken one.
    base = texts.room_name_from(alias)
    tail = conversation_id.hex[-8:]
    return f"{base}-{tail}" if base else tail


def _slow_mode(seconds: int) -> int:
    if not 0 <= seconds <= MAX_SLOW_MODE_S:
        raise Invalid("Slow mode is 0 seconds to a day.", attr="slow_mode_s")
    return seconds


def _listing_key(room: Conversation, order: RoomOrder) -> tuple[int, int]:
    return room.member_count if order == "popular" else room.number, room.number
