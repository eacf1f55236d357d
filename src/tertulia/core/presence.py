"""Who is online: told to everyone in a small town, to acquaintances in a large one.

In a town of n people each coming or going told to all is n messages, and n people come; so above
`town_limit` people online each change is told only to those who share a private or group
conversation with that person, and to the person. A going is told to whoever was told of the coming.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tertulia.core.clock import utc_now
from tertulia.core.events import Event, Presence, PresenceChanged, VisibilityChanged
from tertulia.core.ids import new_id
from tertulia.core.ports import Clock, Publish, Roster, RosterEntry

DIFF_S = 0.25
"""What happens within this time is told at once."""

RETRY_S = 5.0
"""How long to wait when storage or the roster could not be reached."""

TTL_S = 60.0
RENEW_S = 20.0

MAX_CATCH_UP = 50
"""How many of those whom only acquaintances know one diff tells the town when it got small."""

Acquaintances = Callable[[UUID], Awaitable[Collection[UUID]]]
"""Everyone with whom a person shares a private or group conversation."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Tracked:
    """A connection of this node; `is_known` to its circle or, if `is_town_known`, to everyone."""

    entry: RosterEntry
    is_hidden: bool
    is_gone: bool = False
    is_known: bool = False
    is_town_known: bool = False

    @property
    def is_shown(self) -> bool:
        return not self.is_hidden and not self.is_gone


class PresenceBoard:
    """The people online: those of this node, which it announces, and through the roster all."""

    def __init__(
        self,
        roster: Roster,
        publish: Publish,
        acquaintances: Acquaintances,
        *,
        town_limit: int,
        clock: Clock = utc_now,
    ) -> None:
        self._roster = roster
        self._publish = publish
        self._acquaintances = acquaintances
        self._town_limit = town_limit
        self._clock = clock
        self._tracked: dict[str, _Tracked] = {}
        self._changed: dict[str, _Tracked] = {}
        self._quiet: dict[str, _Tracked] = {}
        self._has_changed = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def join(self, account_id: UUID, hidden: bool) -> str:
        """Count a connection of a person as online, unless hidden; return its ref."""
        online_at = str(int(self._clock().timestamp()))
        entry = RosterEntry(account_id, new_id().hex, online_at)
        self._tracked[entry.key] = tracked = _Tracked(entry, hidden)
        self._note(tracked)
        return entry.key

    def leave(self, ref: str) -> None:
        """Stop counting a connection; nothing happens if it is not counted."""
        tracked = self._tracked.pop(ref, None)
        if tracked is None:
            return
        tracked.is_gone = True
        self._note(tracked)

    def hear(self, events: Sequence[Event]) -> None:
        """Hide or show all connections of those who changed that, on whatever node."""
        for event in events:
            if isinstance(event, VisibilityChanged):
                self._set_hidden(event.account_id, event.hidden)

    async def state(self, account_id: UUID) -> dict[UUID, tuple[Presence, ...]]:
        """Return who is online: everyone in a small town, else acquaintances and oneself."""
        places: Collection[UUID] = await self._roster.places()
        if len(places) > self._town_limit:
            places = {account_id, *await self._acquaintances(account_id)} & set(places)
        return _presences(await self._roster.present(places))

    async def run(self) -> None:
        """Announce who came and went, and keep this node's entries alive; for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._announce_for_ever())
            tasks.create_task(self._renew_for_ever())

    async def announce(self) -> None:
        """Tell what changed since the last time."""
        async with self._one_at_a_time:
            self._has_changed.clear()
            changed, self._changed = self._changed, {}
            try:
                await self._announce(changed.values())
            except Exception:
                self._changed = changed | self._changed
                self._has_changed.set()
                raise

    async def renew(self) -> None:
        """Keep this node's entries in the roster, and tell of those that a dead node left there."""
        async with self._one_at_a_time:
            known = [each.entry for each in self._tracked.values() if each.is_known]
            await self._roster.enter(known, TTL_S)
            expired = await self._roster.expire()
        if expired:
            self._publish([PresenceChanged(joins={}, leaves=_presences(expired))])

    def _set_hidden(self, account_id: UUID, hidden: bool) -> None:
        for tracked in self._tracked.values():
            if tracked.entry.place == account_id:
                tracked.is_hidden = hidden
                self._note(tracked)

    def _note(self, tracked: _Tracked) -> None:
        self._changed[tracked.entry.key] = tracked
        self._has_changed.set()

    async def _announce(self, changed: Collection[_Tracked]) -> None:
        coming = [each for each in changed if each.is_shown and not each.is_known]
        going = [each for each in changed if each.is_known and not each.is_shown]
        await self._roster.enter([each.entry for each in coming], TTL_S)
        await self._roster.leave([each.entry for each in going])
        online = await self._roster.places()
        if len(online) <= self._town_limit:
            to_town, to_circles = coming + self._late(going), []
        else:
            to_town, to_circles = [], coming
        from_town = [each for each in going if each.is_town_known]
        from_circles = [each for each in going if not each.is_town_known]
        circles = await self._circles(to_circles + from_circles, online)
        events = _told(to_town, from_town) + _told_to_circles(to_circles, from_circles, circles)
        if events:
            self._publish(events)
        self._remember(to_town, to_circles, going)

    def _late(self, going: Collection[_Tracked]) -> list[_Tracked]:
        """Return some of those whom the town is not told of yet, now that it is small."""
        late = [each for each in self._quiet.values() if each not in going]
        if len(late) > MAX_CATCH_UP:
            self._has_changed.set()
        return late[:MAX_CATCH_UP]

    async def _circles(
        self, people: Iterable[_Tracked], online: frozenset[UUID]
    ) -> dict[UUID, frozenset[UUID]]:
        accounts = {each.entry.place for each in people}
        return {each: online & {each, *await self._acquaintances(each)} for each in accounts}

    def _remember(
        self,
        to_town: Iterable[_Tracked],
        to_circles: Iterable[_Tracked],
        gone: Iterable[_Tracked],
    ) -> None:
        for each in to_town:
            each.is_known = each.is_town_known = True
            self._quiet.pop(each.entry.key, None)
        for each in to_circles:
            each.is_known = True
            self._quiet[each.entry.key] = each
        for each in gone:
            each.is_known = each.is_town_known = False
            self._quiet.pop(each.entry.key, None)

    async def _announce_for_ever(self) -> None:
        while True:
            await self._has_changed.wait()
            is_told = await _is_done(self.announce())
            await asyncio.sleep(DIFF_S if is_told else RETRY_S)

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            await _is_done(self.renew())


async def _is_done(step: Coroutine[None, None, None]) -> bool:
    try:
        await step
    except Exception:
        _log.exception("Presence could not be told; it will be tried again")
        return False
    return True


def _told(
    coming: Iterable[_Tracked], going: Iterable[_Tracked], audience: UUID | None = None
) -> list[Event]:
    joins = _presences(each.entry for each in coming)
    leaves = _presences(each.entry for each in going)
    if not joins and not leaves:
        return []
    return [PresenceChanged(joins=joins, leaves=leaves, audience=audience)]


def _told_to_circles(
    coming: Iterable[_Tracked],
    going: Iterable[_Tracked],
    circles: Mapping[UUID, frozenset[UUID]],
) -> list[Event]:
    told: dict[UUID, tuple[list[_Tracked], list[_Tracked]]] = {}
    for side, people in enumerate((coming, going)):
        for each in people:
            for listener in circles[each.entry.place]:
                told.setdefault(listener, ([], []))[side].append(each)
    return [
        event for listener, (came, went) in told.items() for event in _told(came, went, listener)
    ]


def _presences(entries: Iterable[RosterEntry]) -> dict[UUID, tuple[Presence, ...]]:
    presences: dict[UUID, tuple[Presence, ...]] = {}
    for entry in entries:
        presence = Presence(ref=entry.key, online_at=int(entry.value))
        presences[entry.place] = (*presences.get(entry.place, ()), presence)
    return presences
