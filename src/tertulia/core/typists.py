"""Who is typing where: never stored, announced on every change, and forgotten after silence."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from tertulia.core.errors import NotFound
from tertulia.core.events import TypingStarted, TypingStopped
from tertulia.core.model import Actor
from tertulia.core.ports import Publish, Storage

SILENCE_S = 6.0
"""A client that keeps typing says so again before this; one that vanished is thus noticed."""


@dataclass(frozen=True, slots=True)
class _Typist:
    conversation_id: UUID
    account_id: UUID


class Typists:
    """The people typing on this node."""

    def __init__(self, storage: Storage, publish: Publish, *, silence_s: float = SILENCE_S) -> None:
        self._storage = storage
        self._publish = publish
        self._silence_s = silence_s
        self._silences: dict[_Typist, asyncio.TimerHandle] = {}

    async def start(self, actor: Actor, conversation_id: UUID) -> None:
        """Note that somebody types; said again, it lasts on.

        Of somebody whom the other one has blocked nobody hears.
        """
        typist = _Typist(conversation_id, actor.account_id)
        try:
            async with self._storage.read() as work:
                membership = await work.conversations.for_member(actor.account_id, conversation_id)
        except NotFound:
            # Who was removed meanwhile is not seen typing until the silence is noticed.
            self._end(typist)
            raise
        if membership.member.silenced_at is not None:
            self._end(typist)
            return
        if not self._forget(typist):
            self._publish(
                [TypingStarted(conversation_id=conversation_id, account_id=actor.account_id)]
            )
        loop = asyncio.get_running_loop()
        self._silences[typist] = loop.call_later(self._silence_s, self._end, typist)

    async def stop(self, actor: Actor, conversation_id: UUID) -> None:
        """Note that somebody stopped typing, or sent what they typed."""
        self._end(_Typist(conversation_id, actor.account_id))

    def typing_in(self, conversation_id: UUID) -> tuple[UUID, ...]:
        """Return who types in a conversation now."""
        return tuple(
            typist.account_id
            for typist in self._silences
            if typist.conversation_id == conversation_id
        )

    def close(self) -> None:
        """Forget everyone, when the node stops."""
        for silence in self._silences.values():
            silence.cancel()
        self._silences.clear()

    def _end(self, typist: _Typist) -> None:
        if self._forget(typist):
            self._publish(
                [
                    TypingStopped(
                        conversation_id=typist.conversation_id, account_id=typist.account_id
                    )
                ]
            )

    def _forget(self, typist: _Typist) -> bool:
        """Stop waiting for somebody's silence; False if nobody did."""
        silence = self._silences.pop(typist, None)
        if silence is None:
            return False
        silence.cancel()
        return True
