"""Who is typing where: never stored, announced on every change, and forgotten after silence.

Each node announces those who type on it; the roster has them all, for whoever comes later.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from tertulia.core.errors import NotFound
from tertulia.core.model import Actor, Face
from tertulia.core.ports import Publish, Storage
from tertulia.core.presence_events import TypingStarted, TypingStopped
from tertulia.core.roster import Roster, RosterEntry

SILENCE_S = 6.0
"""A client that keeps typing says so again before this; one that vanished is thus noticed."""


@dataclass(frozen=True, slots=True)
class _Typist:
    conversation_id: UUID
    account_id: UUID

    @property
    def entry(self) -> RosterEntry:
        """How others find them."""
        return RosterEntry(self.conversation_id, self.account_id.hex, "")


@dataclass(frozen=True, slots=True)
class _Typing:
    person: Face
    silence: asyncio.TimerHandle


class Typists:
    """The people typing, of whom this node announces its own."""

    def __init__(
        self, storage: Storage, roster: Roster, publish: Publish, *, silence_s: float = SILENCE_S
    ) -> None:
        self._storage = storage
        self._roster = roster
        self._publish = publish
        self._silence_s = silence_s
        self._typing: dict[_Typist, _Typing] = {}

    async def start(self, actor: Actor, conversation_id: UUID) -> None:
        """Note that somebody types; said again, it lasts on.

        Of somebody whom the other one has blocked nobody hears.
        """
        typist = _Typist(conversation_id, actor.account_id)
        try:
            async with self._storage.read() as work:
                membership = await work.conversations.for_member(actor.account_id, conversation_id)
                person = (await work.accounts.get(actor.account_id)).face
        except NotFound:
            # Who was removed meanwhile is not seen typing until the silence is noticed.
            await self._stop(typist)
            raise
        if membership.member.silenced_at is not None:
            await self._stop(typist)
            return
        # Of those who fell silent there is nothing more to tell: their own node has.
        await self._roster.expire()
        await self._roster.enter([typist.entry], self._silence_s)
        if self._forget(typist) is None:
            self._publish([TypingStarted(conversation_id=conversation_id, person=person)])
        loop = asyncio.get_running_loop()
        silence = loop.call_later(self._silence_s, self._end, typist)
        self._typing[typist] = _Typing(person, silence)

    async def stop(self, actor: Actor, conversation_id: UUID) -> None:
        """Note that somebody stopped typing, or sent what they typed."""
        await self._stop(_Typist(conversation_id, actor.account_id))

    async def seen_by(self, actor: Actor, conversation_id: UUID) -> tuple[UUID, ...]:
        """Return who types in a conversation now, for one of its members."""
        async with self._storage.read() as work:
            await work.conversations.for_member(actor.account_id, conversation_id)
        return await self.typing_in(conversation_id)

    async def typing_in(self, conversation_id: UUID) -> tuple[UUID, ...]:
        """Return who types in a conversation now, on whatever node."""
        return tuple(UUID(each.key) for each in await self._roster.present([conversation_id]))

    def close(self) -> None:
        """Forget everyone, when the node stops."""
        for typing in self._typing.values():
            typing.silence.cancel()
        self._typing.clear()

    async def _stop(self, typist: _Typist) -> None:
        self._end(typist)
        await self._roster.leave([typist.entry])

    def _end(self, typist: _Typist) -> None:
        person = self._forget(typist)
        if person is not None:
            self._publish([TypingStopped(conversation_id=typist.conversation_id, person=person)])

    def _forget(self, typist: _Typist) -> Face | None:
        """Stop waiting for somebody's silence; None if nobody did."""
        typing = self._typing.pop(typist, None)
        if typing is None:
            return None
        typing.silence.cancel()
        return typing.person
