"""Pictures of groups and rooms, made and kept as those of people are."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from tertulia.core import lifecycle, limits, policy
from tertulia.core.avatars import Avatars
from tertulia.core.errors import Refusal
from tertulia.core.limits import Limits
from tertulia.core.model import Actor, Chat
from tertulia.core.ports import Clock, Storage


class ConversationPictures:
    """The pictures that conversations show; their owners change them."""

    def __init__(self, storage: Storage, avatars: Avatars, doors: Limits, clock: Clock) -> None:
        self._storage = storage
        self._avatars = avatars
        self._doors = doors
        self._clock = clock

    async def change(self, actor: Actor, conversation_id: UUID, data: bytes) -> Chat:
        """Show a conversation with another picture; `data` is any file that has one.

        Invalid `invalid_image` names `file`.
        """
        # Asked before the work of decoding, and once more when the row is held.
        async with self._storage.read() as work:
            policy.may_change(
                await work.conversations.for_member(actor.account_id, conversation_id)
            )
        await self._doors.take(limits.CONVERSATION_PICTURES_OF, str(actor.account_id))
        key = await self._avatars.keep(data)
        try:
            return await self._show(actor, conversation_id, key)
        except Refusal:
            await self._avatars.forget(key)
            raise

    async def remove(self, actor: Actor, conversation_id: UUID) -> Chat:
        """Show a conversation without a picture."""
        return await self._show(actor, conversation_id, None)

    async def _show(self, actor: Actor, conversation_id: UUID, key: str | None) -> Chat:
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            policy.may_change(membership)
            old = membership.conversation
            if old.picture != key:
                new = replace(old, picture=key)
                await lifecycle.change(work, old, new, actor.account_id, self._clock())
            chat = await work.conversations.chat(actor.account_id, conversation_id)
        if old.picture != key:
            await self._avatars.forget(old.picture)
        return chat
