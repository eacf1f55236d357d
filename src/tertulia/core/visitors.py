"""Who looks at a conversation at this moment: never stored, told to all who look at it too.

Somebody who looks on several devices is one visitor. Who is hidden visits unseen, and so does who
was blocked by the other one of a private chat.

Each node announces its own visitors and mirrors them in the roster, for those who come on another.
Who looks on several nodes may be said to go on one of them; another then says that they are there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from tertulia.core.events import Event
from tertulia.core.ids import new_id
from tertulia.core.model import Actor, Face
from tertulia.core.ports import Publish, Storage
from tertulia.core.presence_events import VisibilityChanged, VisitorCame, VisitorWent
from tertulia.core.roster import Roster, RosterEntry

TTL_S = 60.0
RENEW_S = 20.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Visitor:
    person: Face
    is_hidden: bool
    is_silenced: bool
    refs: set[object] = field(default_factory=set)

    @property
    def is_seen(self) -> bool:
        return not self.is_hidden and not self.is_silenced


class Visitors:
    """The visitors on this node, and through the roster those on others."""

    def __init__(self, storage: Storage, roster: Roster, publish: Publish) -> None:
        self._storage = storage
        self._roster = roster
        self._node = new_id().hex
        self._unmirrored: set[tuple[UUID, UUID]] = set()
        self._has_changed = asyncio.Event()
        # A renewal that is under way would put back who has just left.
        self._one_at_a_time = asyncio.Lock()
        self._publish = publish
        self._places: dict[UUID, dict[UUID, _Visitor]] = {}

    async def enter(self, actor: Actor, conversation_id: UUID, ref: object) -> tuple[Face, ...]:
        """Count somebody as a visitor until `leave` with the same `ref`; return who else there is.

        Refuses with NotFound who is not a member.
        """
        async with self._storage.read() as work:
            place = await work.conversations.for_member(actor.account_id, conversation_id)
            account = await work.accounts.get(actor.account_id)
        elsewhere = await self._elsewhere(conversation_id)
        here = self._places.setdefault(conversation_id, {})
        visitor = here.get(account.id)
        if visitor is None:
            visitor = here[account.id] = _Visitor(
                account.face,
                is_hidden=account.profile.hidden,
                is_silenced=place.member.silenced_at is not None,
            )
            self._mirror(conversation_id, account.id)
            if visitor.is_seen and account.id not in elsewhere:
                self._publish([VisitorCame(conversation_id=conversation_id, person=visitor.person)])
        visitor.refs.add(ref)
        seen = {each.person.id: each.person for each in here.values() if each.is_seen}
        return tuple(each for each in (seen | elsewhere).values() if each.id != account.id)

    def leave(self, actor: Actor, conversation_id: UUID, ref: object) -> None:
        """Count somebody no more under this `ref`; nothing happens if they are not counted."""
        here = self._places.get(conversation_id, {})
        visitor = here.get(actor.account_id)
        if visitor is None:
            return
        visitor.refs.discard(ref)
        if visitor.refs:
            return
        del here[actor.account_id]
        if not here:
            del self._places[conversation_id]
        self._mirror(conversation_id, actor.account_id)
        if visitor.is_seen:
            self._publish([VisitorWent(conversation_id=conversation_id, person=visitor.person)])

    def hear(self, events: Sequence[Event]) -> None:
        """Show or hide those who changed that, and say who is here though gone elsewhere."""
        for event in events:
            if isinstance(event, VisibilityChanged):
                self._set_hidden(event.account_id, event.hidden)
            elif isinstance(event, VisitorWent):
                visitor = self._places.get(event.conversation_id, {}).get(event.person.id)
                if visitor is not None and visitor.is_seen:
                    came = VisitorCame(conversation_id=event.conversation_id, person=visitor.person)
                    self._publish([came])

    async def run(self) -> None:
        """Keep the roster as this node's visitors are, for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tell_for_ever())
            tasks.create_task(self._renew_for_ever())

    async def renew(self) -> None:
        """Keep this node's visitors in the roster, and tell of those whom a dead node left there.

        They may look on another node still, which then says so.
        """
        async with self._one_at_a_time:
            everyone = [
                (place, account_id) for place, here in self._places.items() for account_id in here
            ]
            await self._roster.enter(list(self._entries(everyone)), TTL_S)
            expired = await self._roster.expire()
        went: list[Event] = [
            VisitorWent(conversation_id=each.place, person=_face(each)) for each in expired
        ]
        if went:
            self._publish(went)

    async def _tell_for_ever(self) -> None:
        while True:
            await self._has_changed.wait()
            await _done_or_logged(self._tell_changes())

    async def _renew_for_ever(self) -> None:
        # By a clock of its own: on a busy node no moment is without a change.
        while True:
            await asyncio.sleep(RENEW_S)
            await _done_or_logged(self.renew())

    async def _tell_changes(self) -> None:
        async with self._one_at_a_time:
            self._has_changed.clear()
            changed, self._unmirrored = self._unmirrored, set()
            there = list(self._entries(changed))
            keys = {(each.place, each.key) for each in there}
            gone = [RosterEntry(place, self._key(person), "") for place, person in changed]
            await self._roster.enter(there, TTL_S)
            await self._roster.leave([each for each in gone if (each.place, each.key) not in keys])

    async def _elsewhere(self, conversation_id: UUID) -> dict[UUID, Face]:
        found = await self._roster.present([conversation_id])
        others = [_face(each) for each in found if not each.key.startswith(self._node)]
        return {each.id: each for each in others}

    def _mirror(self, conversation_id: UUID, account_id: UUID) -> None:
        self._unmirrored.add((conversation_id, account_id))
        self._has_changed.set()

    def _entries(self, people: Iterable[tuple[UUID, UUID]]) -> Iterable[RosterEntry]:
        for place, account_id in people:
            visitor = self._places.get(place, {}).get(account_id)
            if visitor is not None and visitor.is_seen:
                said = msgspec.json.encode(visitor.person).decode()
                yield RosterEntry(place, self._key(account_id), said)

    def _key(self, account_id: UUID) -> str:
        return f"{self._node} {account_id.hex}"

    def _set_hidden(self, account_id: UUID, is_hidden: bool) -> None:
        told: list[Event] = []
        for conversation_id, here in self._places.items():
            visitor = here.get(account_id)
            if visitor is None or visitor.is_hidden == is_hidden:
                continue
            visitor.is_hidden = is_hidden
            self._mirror(conversation_id, account_id)
            if visitor.is_silenced:
                continue
            change = VisitorWent if is_hidden else VisitorCame
            told.append(change(conversation_id=conversation_id, person=visitor.person))
        if told:
            self._publish(told)


async def _done_or_logged(step: Coroutine[None, None, None]) -> None:
    try:
        await step
    except Exception:
        log.exception("visitors could not be told to other nodes")


def _face(entry: RosterEntry) -> Face:
    return msgspec.json.decode(entry.value, type=Face)
