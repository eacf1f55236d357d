"""Calls in private chats: what rings at whose, until they come, decline, or nobody waits.

All nodes know of all calls, since whoever is called may answer by any of them. The one by which
somebody calls ends what nobody answers.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core.errors import NotFound
from tertulia.core.model import Account
from tertulia.core.participant import CallEnd
from tertulia.core.ports import Publish
from tertulia.core.voice_events import CallDeclined, CallEnded, CallStarted

RING_S = 45.0
FORGET_S = 15.0
"""How much longer a call of another node is remembered, which ends it unless it is gone itself."""


@dataclass(frozen=True, slots=True)
class _Ringing:
    call: CallStarted
    is_own: bool
    end: asyncio.TimerHandle


class Calls:
    """What rings, at most one call in each private chat."""

    def __init__(self, publish: Publish, *, ring_s: float = RING_S) -> None:
        self._publish = publish
        self._ring_s = ring_s
        self._ringing: dict[UUID, _Ringing] = {}

    def ring(self, conversation_id: UUID, caller: Account, callee_id: UUID, at: datetime) -> None:
        """Have it ring at the other one's."""
        call = CallStarted(
            conversation_id=conversation_id, account_id=callee_id, caller=caller, started_at=at
        )
        loop = asyncio.get_running_loop()
        end = loop.call_later(self._ring_s, self.end, conversation_id, "missed")
        self._ringing[conversation_id] = _Ringing(call, is_own=True, end=end)
        self._publish([call])

    def learn(self, told: CallStarted) -> None:
        """Learn that it rings, by whatever node."""
        place = told.conversation_id
        if place not in self._ringing:
            loop = asyncio.get_running_loop()
            end = loop.call_later(self._ring_s + FORGET_S, self._forget, place)
            self._ringing[place] = _Ringing(told, is_own=False, end=end)

    def learn_end(self, told: CallEnded) -> None:
        """Learn that it rings no more."""
        self._forget(told.conversation_id)

    def ringing_at(self, account_id: UUID) -> tuple[CallStarted, ...]:
        """Return what rings at somebody's now."""
        return tuple(
            each.call for each in self._ringing.values() if each.call.account_id == account_id
        )

    def rings_at(self, conversation_id: UUID, account_id: UUID) -> bool:
        """Whether this chat's call rings at somebody's now."""
        ringing = self._ringing.get(conversation_id)
        return ringing is not None and ringing.call.account_id == account_id

    def is_own(self, conversation_id: UUID, account_id: UUID) -> bool:
        """Whether it rings at somebody's because another calls by this node."""
        return self.rings_at(conversation_id, account_id) and self._ringing[conversation_id].is_own

    def decline(self, conversation_id: UUID, account_id: UUID) -> None:
        """Say that one will not come; NotFound where nothing rings at this person's."""
        if not self.rings_at(conversation_id, account_id):
            raise NotFound("Nothing rings here.")
        self.end(conversation_id, "declined")
        self._publish([CallDeclined(conversation_id=conversation_id, account_id=account_id)])

    def end(self, conversation_id: UUID, reason: CallEnd) -> None:
        """Have it ring no more; nothing happens where it does not."""
        ringing = self._forget(conversation_id)
        if ringing is not None:
            callee_id = ringing.call.account_id
            self._publish(
                [CallEnded(conversation_id=conversation_id, account_id=callee_id, reason=reason)]
            )

    def close(self) -> None:
        """Forget all of them, when the node stops."""
        for ringing in self._ringing.values():
            ringing.end.cancel()
        self._ringing.clear()

    def _forget(self, conversation_id: UUID) -> _Ringing | None:
        ringing = self._ringing.pop(conversation_id, None)
        if ringing is not None:
            ringing.end.cancel()
        return ringing
