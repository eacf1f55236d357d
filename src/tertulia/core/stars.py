"""Stars: what one person wants to find again; nobody else knows of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tertulia.core import message_policy, naming
from tertulia.core.changing import Changing
from tertulia.core.errors import Conflict
from tertulia.core.events import MessageStarred, MessageUnstarred
from tertulia.core.model import Actor, History, Page
from tertulia.core.paging import cut, decode_token
from tertulia.core.ports import Clock, Storage


class Stars:
    """Each person's own stars.

    A star falls with its message. What one has left is out of sight, and back with its stars for
    whoever comes back.
    """

    def __init__(self, storage: Storage, changing: Changing, clock: Clock) -> None:
        self._storage = storage
        self._changing = changing
        self._clock = clock

    async def star(self, actor: Actor, message_id: UUID) -> None:
        """Put a star on a message; a second one changes nothing. Conflict `too_many_stars`."""
        await self._changing.count(actor)
        async with self._storage.begin() as work:
            # One person's stars are counted one after the other.
            await work.accounts.locked(actor.account_id)
            message = await work.messages.for_member(actor.account_id, message_id)
            message_policy.still_there(message)
            if not await work.stars.add(actor.account_id, message, self._clock()):
                return
            if await work.stars.count(actor.account_id) > message_policy.MAX_STARS:
                raise Conflict("Take a star away first.", code="too_many_stars")
            work.announce(
                MessageStarred(
                    conversation_id=message.conversation_id,
                    account_id=actor.account_id,
                    message_id=message_id,
                )
            )

    async def unstar(self, actor: Actor, message_id: UUID) -> None:
        """Take a star away, even from what one does not see any more."""
        await self._changing.count(actor)
        async with self._storage.begin() as work:
            conversation_id = await work.stars.remove(actor.account_id, message_id)
            if conversation_id is None:
                # Without a star nothing changes, but of what is there alone.
                await work.messages.for_member(actor.account_id, message_id)
                return
            work.announce(
                MessageUnstarred(
                    conversation_id=conversation_id,
                    account_id=actor.account_id,
                    message_id=message_id,
                )
            )

    async def ids(self, actor: Actor) -> tuple[UUID, ...]:
        """Return the messages that have one's star and that one can see, the latest star first."""
        async with self._storage.read() as work:
            return await work.stars.ids(actor.account_id)

    async def page(self, actor: Actor, token: str | None, size: int) -> History:
        """Return them whole, by pages."""
        before = decode_token(token, datetime, UUID)
        async with self._storage.read() as work:
            found = await work.stars.page(actor.account_id, before=before, limit=size + 1)
            page = cut(found, size, lambda starred: (starred[1], starred[0].id))
            messages = tuple(message for message, _ in page.items)
            return await naming.history(work, actor, Page(items=messages, token=page.token))
