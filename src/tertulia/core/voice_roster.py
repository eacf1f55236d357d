"""Who is in which voice channel: seats by conversation and person."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tertulia.core.model import Account
from tertulia.core.participant import Participant, Route

_MOMENT = timedelta(milliseconds=1)


@dataclass(slots=True, eq=False)
class Seat:
    """A participation, whose client is connected by `ref`, or has until `grace` to come back.

    `person` is as those in the conversation may see them; `signed_in_by` is the session of theirs
    through which they came. Where the client is connected to another `node`, nothing more is known
    of it. `holds` counts how often it came back. `instead_of` is the session that this client had
    before and that was over: if it does not hear of this one, it asks for that one again.
    """

    participant: Participant
    person: Account
    signed_in_by: UUID | None
    ref: object | None
    grace: asyncio.TimerHandle | None = None
    node: str | None = None
    holds: int = 0
    instead_of: str | None = None

    def hold(self, ref: object, signed_in_by: UUID) -> None:
        """Have a client be connected to this node."""
        self.stop_waiting()
        self.ref = ref
        self.signed_in_by = signed_in_by
        self.node = None
        self.holds += 1

    def stop_waiting(self) -> None:
        """Wait for nobody to come back."""
        if self.grace is not None:
            self.grace.cancel()
            self.grace = None


@dataclass(slots=True, eq=False)
class Channel:
    """One conversation's: its seats by person, in the order in which they came.

    Whom a moderator silenced is so for as long as anybody is there, however often they come anew.
    `calm` runs while few enough are there that the `route` may become a mesh again. Which route it
    takes at other nodes, `routes` has by their names.
    """

    seats: dict[UUID, Seat] = field(default_factory=dict)
    silenced: set[UUID] = field(default_factory=set)
    route: Route = "mesh"
    routes: dict[str, Route] = field(default_factory=dict)
    calm: asyncio.TimerHandle | None = None

    def arrival(self, now: datetime) -> datetime:
        """Return when somebody came who comes now: after all who are there, whatever the clock."""
        if not self.seats:
            return now
        *_, last = self.participants
        return max(now, last.joined_at + _MOMENT)

    def silence(self, account_id: UUID, is_silenced: bool) -> None:
        """Note that somebody is silenced, or not any more."""
        if is_silenced:
            self.silenced.add(account_id)
        else:
            self.silenced.discard(account_id)

    def end_calm(self) -> None:
        """Note that it is not calm, or need not be."""
        if self.calm is not None:
            self.calm.cancel()
            self.calm = None

    @property
    def here(self) -> tuple[Participant, ...]:
        """Those whose clients are connected to this node."""
        return tuple(seat.participant for seat in self.seats.values() if seat.node is None)

    @property
    def sessions_here(self) -> tuple[str, ...]:
        """What those are addressed by."""
        return tuple(each.session for each in self.here)

    @property
    def participants(self) -> tuple[Participant, ...]:
        """All who are there."""
        return tuple(seat.participant for seat in self.seats.values())

    @property
    def sessions(self) -> tuple[str, ...]:
        """What they are addressed by."""
        return tuple(each.session for each in self.participants)

    @property
    def people(self) -> tuple[Account, ...]:
        """Whose seats they are."""
        return tuple(seat.person for seat in self.seats.values())


def _coming(seated: tuple[UUID, Seat]) -> tuple[datetime, UUID]:
    account_id, seat = seated
    return seat.participant.joined_at, account_id


class VoiceRoster:
    """The channels that somebody is in."""

    def __init__(self) -> None:
        self._channels: dict[UUID, Channel] = {}

    def __iter__(self) -> Iterator[tuple[UUID, Channel]]:
        """Go through the channels, in which seats may be given and taken meanwhile."""
        return iter(list(self._channels.items()))

    def channel(self, conversation_id: UUID) -> Channel:
        """Return a channel; one in which nobody is yet is kept from the first `sit` on."""
        return self._channels.get(conversation_id) or Channel()

    def seat(self, conversation_id: UUID, account_id: UUID) -> Seat | None:
        """Return somebody's seat, if they have one."""
        return self.channel(conversation_id).seats.get(account_id)

    def sit(self, conversation_id: UUID, seat: Seat) -> Channel:
        """Give somebody a seat, in place of the one that they have."""
        channel = self._channels.setdefault(conversation_id, Channel())
        earlier = channel.seats.get(seat.person.id)
        if earlier is not None:
            earlier.stop_waiting()
        channel.seats[seat.person.id] = seat
        # By what all nodes know, so that everybody sees the same order.
        channel.seats = dict(sorted(channel.seats.items(), key=_coming))
        return channel

    def rise(self, conversation_id: UUID, account_id: UUID) -> None:
        """Take somebody's seat away; an empty channel is forgotten."""
        channel = self._channels[conversation_id]
        channel.seats.pop(account_id).stop_waiting()
        if not channel.seats:
            channel.end_calm()
            del self._channels[conversation_id]

    def clear(self) -> None:
        """Forget everyone, when the node stops."""
        for channel in self._channels.values():
            channel.end_calm()
            for seat in channel.seats.values():
                seat.stop_waiting()
        self._channels.clear()
