"""Changing a message that was sent: found, held and stored in the same way by all who do it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tertulia.core.audit import note
from tertulia.core.errors import NotFound
from tertulia.core.limits import Limit, Limits
from tertulia.core.message import Message
from tertulia.core.model import Actor, Face, Membership
from tertulia.core.moderation import Act
from tertulia.core.ports import Clock, Storage, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A message under its conversation's lock, beside the asking person's place there."""

    work: Work
    membership: Membership
    message: Message
    now: datetime

    @property
    def account_id(self) -> UUID:
        """Who holds it."""
        return self.membership.member.account_id

    async def face(self) -> Face:
        """Return what everybody may see of whoever holds it."""
        return (await self.work.accounts.get(self.account_id)).face

    async def change(self, **fields: Any) -> Message:
        """Store the message with other fields, by the next seq of its conversation."""
        seq = await self.work.conversations.take_seq(self.message.conversation_id)
        changed = replace(self.message, changed_seq=seq, **fields)
        await self.work.messages.update(changed)
        return changed

    async def note(self, act: Act) -> None:
        """Write down in the conversation's trail what is done to the message."""
        await note(
            self.work,
            self.message.conversation_id,
            self.account_id,
            act,
            self.now,
            targets=[self.message.sender_id],
            detail={"message_id": str(self.message.id)},
        )


class Changing:
    """Takes hold of messages.

    Every time counts among `sends`, for an account on all its devices together, and is RateLimited
    beyond it.
    """

    def __init__(self, storage: Storage, doors: Limits, clock: Clock, *, sends: Limit) -> None:
        self._storage = storage
        self._doors = doors
        self._clock = clock
        self._sends = sends

    async def count(self, actor: Actor, times: int = 1) -> None:
        """Count what somebody sends or changes."""
        await self._doors.take(self._sends, str(actor.account_id), times)

    @asynccontextmanager
    async def hold(
        self, actor: Actor, message_id: UUID, conversation_id: UUID | None
    ) -> AsyncIterator[Held]:
        """Hold a message, tombstones included, until the block ends; what it did is stored then.

        With `conversation_id` there is no such message outside of that conversation.
        """
        await self.count(actor)
        async with self._storage.begin() as work:
            found = await work.messages.for_member(actor.account_id, message_id)
            if conversation_id not in (None, found.conversation_id):
                raise NotFound("There is no such message.")
            membership = await work.conversations.locked_for_member(
                actor.account_id, found.conversation_id
            )
            # Read again under the conversation's lock: somebody may have changed it in between.
            message = await work.messages.for_member(actor.account_id, message_id)
            yield Held(work=work, membership=membership, message=message, now=self._clock())
