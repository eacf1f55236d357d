"""`user:{own id}`: what concerns one person, told to all of that person's devices.

< [null, null, "user:0198...", "new_conversation", {"conversation": {...}, "user_ids": [...]}]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Raw

from tertulia.core.errors import Forbidden
from tertulia.gateways.payload import Handler, Nothing, Payload
from tertulia.gateways.phoenix.channels.channel import Caller, Channel
from tertulia.gateways.phoenix.voice_words import call
from tertulia.realtime.topic import AccountTopic


class UserChannel(Channel):
    """Hears of new and ended conversations, and of what is done on one's other devices."""

    __slots__ = ()

    def __init__(self, caller: Caller, name: str) -> None:
        if name != str(caller.actor.account_id):
            raise Forbidden("This topic is another person's.", code="unauthorized")
        super().__init__(caller)

    @property
    def events(self) -> Mapping[str, Handler[Any]]:
        """Nothing is pushed here."""
        return {}

    async def join(self, payload: Raw) -> object:
        """Begin to listen."""
        _JOIN.read(payload)
        account_id = self._caller.actor.account_id
        await self._listen(AccountTopic(account_id))
        return {
            "calls": list(map(call, self._caller.core.voice.channels.calls.ringing_at(account_id)))
        }


_JOIN = Payload(Nothing)
