"""`system:general`: who is online, and by what name people go.

< [null, null, "system:general", "presence_diff", {"joins": {"0198...": {"metas": [...]}}, ...}]
> ["1", "4", "system:general", "set_hidden", {"hidden": true}]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import UNSET, Raw, Struct, UnsetType

from tertulia.core.errors import NotFound
from tertulia.core.events import Presence
from tertulia.gateways.phoenix.channels.channel import DONE, Caller, Channel
from tertulia.gateways.phoenix.channels.payload import Handler, Payload, taking
from tertulia.gateways.phoenix.dialect import presences
from tertulia.realtime.topic import CircleTopic, TownTopic


class SystemChannel(Channel):
    """Counts its person as online for as long as it is joined, unless hidden."""

    __slots__ = ("_online", "_presence_ref")

    def __init__(self, caller: Caller, name: str) -> None:
        if name != "general":
            raise NotFound("There is no such topic.", code="unmatched topic")
        super().__init__(caller)
        self._presence_ref: str | None = None
        self._online: dict[UUID, tuple[Presence, ...]] = {}

    @property
    def events(self) -> Mapping[str, Handler[Any]]:
        """Changing one's name and whether one is seen online."""
        return _EVENTS

    async def join(self, payload: Raw) -> object:
        """Come online: hidden if so asked, by default as in one's profile."""
        asked = _JOIN.read(payload).hidden
        core, account_id = self._caller.core, self._caller.actor.account_id
        hidden = (await core.accounts.me(self._caller.actor)).profile.hidden
        if asked is not UNSET:
            hidden = asked
        self._listen(TownTopic(), CircleTopic(account_id))
        self._presence_ref = core.presence.join(account_id, hidden)
        self._online = await core.presence.state(account_id)
        return {}

    def greeting(self) -> tuple[tuple[str, object], ...]:
        """Tell who is online."""
        online, self._online = self._online, {}
        return (("presence_state", presences(online)),)

    def close(self) -> None:
        """Go offline."""
        super().close()
        ref, self._presence_ref = self._presence_ref, None
        if ref is not None:
            self._caller.core.presence.leave(ref)

    async def set_hidden(self, payload: SetHidden) -> object:
        """Be seen online or not, on all one's devices and from now on."""
        await self._caller.core.accounts.set_profile(self._caller.actor, hidden=payload.hidden)
        return DONE

    async def set_display_name(self, payload: SetDisplayName) -> object:
        """Go by another name."""
        accounts = self._caller.core.accounts
        await accounts.rename(self._caller.actor, display_name=payload.display_name)
        return DONE


class _Join(Struct, frozen=True):
    hidden: bool | UnsetType = UNSET


class SetHidden(Struct, frozen=True):
    """Whether not to be shown among those online."""

    hidden: bool


class SetDisplayName(Struct, frozen=True):
    """A new name to be shown."""

    display_name: str


_JOIN = Payload(_Join)
_EVENTS = {
    "set_hidden": taking(SetHidden, SystemChannel.set_hidden),
    "set_display_name": taking(SetDisplayName, SystemChannel.set_display_name),
}
