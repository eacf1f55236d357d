"""Who is online: told to everyone in a small town, to acquaintances in a large one.

In a town of n people each coming or going told to all is n messages, and n people come; so above
`town_limit` people online each change is told only to those who share a private or group
conversation with that person, and to the person. A going is told to whoever was told of the coming.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args
from uuid import UUID

from tertulia.core.clock import utc_now
from tertulia.core.events import Event
from tertulia.core.ids import new_id
from tertulia.core.model import Status
from tertulia.core.ports import Clock, Publish
from tertulia.core.presence_events import (
    Presence,
    PresenceChanged,
    StatusChanged,
    VisibilityChanged,
)
from tertulia.core.roster import Roster, RosterEntry

DIFF_S = 0.25
"""What happens within this time is told at once."""

RETRY_S = 5.0
"""How long to wait when storage or the roster could not be reached."""

TTL_S = 60.0
RENEW_S = 20.0

MAX_CATCH_UP = 50
"""How many of those whom only acquaintances know one diff tells the town when it got small."""

_STATUSES: Mapping[str, Status] = {each: each for each in get_args(Status)}

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
        statuses: Roster,
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
        self._status_roster = statuses
        self._node = new_id().hex
        # Of people who have a connection here; what others say of themselves is in the roster.
        self._statuses: dict[UUID, Status] = {}
        self._status_over: set[UUID] = set()
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
        place = tracked.entry.place
        if place in self._statuses and not self._is_tracked(place):
            del self._statuses[place]
            self._status_over.add(place)
        self._note(tracked)

    def hear(self, events: Sequence[Event]) -> None:
        """Act on what people say of themselves, on whatever node."""
        for event in events:
            if isinstance(event, VisibilityChanged):
                self._set_hidden(event.account_id, event.hidden)
            elif isinstance(event, StatusChanged) and self._is_tracked(event.account_id):
                self._statuses[event.account_id] = event.status

    async def state(self, account_id: UUID) -> dict[UUID, tuple[Presence, ...]]:
        """Return who is online: everyone in a small town, else acquaintances and oneself."""
        places: Collection[UUID] = await self._roster.places()
        if len(places) > self._town_limit:
            places = {account_id, *await self._acquaintances(account_id)} & set(places)
        return _presences(await self._roster.present(places))

    async def set_status(self, account_id: UUID, status: Status) -> None:
        """Say how it is with somebody; it holds until they say otherwise or are online no more.

        What comes after their last connection here has gone is passed over: nobody would end it.
        """
        if self._statuses.get(account_id, "online") == status:
            return
        if any(each.entry.place == account_id for each in self._changed.values()):
            # That somebody is there is told before how it is with them.
            await self.announce()
        online = await self._roster.places()
        if account_id not in online or not self._is_tracked(account_id):
            return
        self._statuses[account_id] = status
        entry = self._status_entry(account_id)
        await self._status_roster.enter([entry], TTL_S)
        if account_id not in self._statuses:
            await self._status_roster.leave([entry])
            return
        if len(online) <= self._town_limit:
            self._publish([StatusChanged(account_id=account_id, status=status)])
            return
        circle = online & {account_id, *await self._acquaintances(account_id)}
        self._publish(
            [StatusChanged(account_id=account_id, status=status, audience=each) for each in circle]
        )

    def status_of(self, account_id: UUID) -> Status:
        """Return what somebody who has a connection on this node last said of themselves."""
        return self._statuses.get(account_id, "online")

    async def statuses(self, people: Collection[UUID]) -> dict[UUID, Status]:
        """Return what each of these people, who are online, last said of themselves."""
        elsewhere = {
            each.place: _STATUSES[each.value]
            for each in await self._status_roster.present(people)
            if each.key != self._node
        }
        said = elsewhere | self._statuses
        return {each: said.get(each, "online") for each in people}

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
                await self._forget_statuses()
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
            await self._status_roster.enter(list(map(self._status_entry, self._statuses)), TTL_S)
            await self._status_roster.expire()
            expired = await self._roster.expire()
            online = await self._roster.places() if expired else frozenset()
        if expired:
            leaves = _presences(expired)
            gone = leaves.keys() - online
            self._publish([PresenceChanged(joins={}, leaves=leaves, gone=frozenset(gone))])

    def _status_entry(self, account_id: UUID) -> RosterEntry:
        return RosterEntry(account_id, self._node, self._statuses.get(account_id, "online"))

    async def _forget_statuses(self) -> None:
        # More may be over while this waits.
        over, self._status_over = self._status_over - self._statuses.keys(), set()
        try:
            await self._status_roster.leave([self._status_entry(each) for each in over])
        except Exception:
            self._status_over |= over
            raise

    def _is_tracked(self, account_id: UUID) -> bool:
        return any(each.entry.place == account_id for each in self._tracked.values())

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
        before = await self._roster.places()
        await self._roster.enter([each.entry for each in coming], TTL_S)
        await self._roster.leave([each.entry for each in going])
        online = await self._roster.places()
        late = self._late(going) if len(online) <= self._town_limit else []
        if len(online) <= self._town_limit:
            to_town, to_circles = coming + late, []
        else:
            to_town, to_circles = [], coming
        # Of those who come late the town has not heard, however long they have been there.
        known = before - {each.entry.place for each in late}
        from_town = [each for each in going if each.is_town_known]
        from_circles = [each for each in going if not each.is_town_known]
        circles = await self._circles(to_circles + from_circles, online)
        told = _told(to_town, from_town) + _told_to_circles(to_circles, from_circles, circles)
        events = [_turned(event, known, online) for event in told]
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


def _turned(
    event: PresenceChanged, known: Collection[UUID], online: Collection[UUID]
) -> PresenceChanged:
    """Say for whom it is a coming or a going, and not one more way or one less."""
    return replace(
        event,
        came=frozenset(each for each in event.joins if each not in known),
        gone=frozenset(each for each in event.leaves if each not in online),
    )


def _told(
    coming: Iterable[_Tracked], going: Iterable[_Tracked], audience: UUID | None = None
) -> list[PresenceChanged]:
    joins = _presences(each.entry for each in coming)
    leaves = _presences(each.entry for each in going)
    if not joins and not leaves:
        return []
    return [PresenceChanged(joins=joins, leaves=leaves, audience=audience)]


def _told_to_circles(
    coming: Iterable[_Tracked],
    going: Iterable[_Tracked],
    circles: Mapping[UUID, frozenset[UUID]],
) -> list[PresenceChanged]:
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
