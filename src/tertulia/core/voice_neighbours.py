"""Who is in voice channels by way of other nodes, as far as this one has heard.

Each node has the seats of those whose clients are connected to it, and tells the others who that
is: at once when it changes, and every BEAT_S besides, which mends what was lost on the way. A node
of which nothing was heard for LOST_S is gone, and so are those who were there by it, unless they
have come back by another one meanwhile. What happens in a channel is told to all there by the node
where it happens; whom that one did not know, their own node tells.

Sound does not pass through nodes, so a channel whose people are at several is like any other. Of a
server that forwards it each node asks for its own people, in a room that is theirs together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from tertulia.core.events import Event
from tertulia.core.participant import VoiceEnd, silenced
from tertulia.core.ports import Publish
from tertulia.core.voice_events import (
    VoiceJoined,
    VoiceLeft,
    VoiceSeat,
    VoiceSeats,
    VoiceStateChanged,
    left,
    who_is_in,
)
from tertulia.core.voice_roster import Channel, Seat, VoiceRoster
from tertulia.core.voice_routes import VoiceRoutes

BEAT_S = 2.0
LOST_S = 6.0


class VoiceNeighbours:
    """What this `node` and the others tell each other.

    While it `is_alone`, since the others are not heard, it takes none of them for gone. Where it
    takes somebody out of a channel who was there by one that is, `lost` is called.
    """

    def __init__(
        self,
        publish: Publish,
        roster: VoiceRoster,
        routes: VoiceRoutes,
        *,
        node: str,
        is_alone: Callable[[], bool],
        lost: Callable[[UUID], None],
    ) -> None:
        self._publish = publish
        self._roster = roster
        self._routes = routes
        self._node = node
        self._is_alone = is_alone
        self._lost = lost
        self._heard_at: dict[str, float] = {}
        routes.watch(self.tell)

    def tell(self, conversation_id: UUID, told: tuple[str, ...] = ()) -> None:
        """Say who is in a channel by this node, and which sessions were `told` of who is new."""
        channel = self._roster.channel(conversation_id)
        seats = tuple(
            VoiceSeat(participant=seat.participant, person=seat.person, holds=seat.holds)
            for seat in channel.seats.values()
            if seat.node is None
        )
        here = VoiceSeats(
            node=self._node,
            conversation_id=conversation_id,
            seats=seats,
            route=channel.route,
            told=told,
        )
        self._publish([here])

    def hear(self, told: VoiceSeats | VoiceLeft | VoiceStateChanged) -> None:
        """Learn what happened, by whatever node."""
        match told:
            case VoiceSeats():
                self._learn(told)
            case VoiceLeft():
                self._learn_end(told)
            case VoiceStateChanged():
                self._learn_state(told)

    def _learn(self, told: VoiceSeats) -> None:
        """Learn who is in a channel by another node."""
        if told.node == self._node:
            return
        self._heard_at[told.node] = asyncio.get_running_loop().time()
        place = told.conversation_id
        before = self._roster.channel(place)
        known = {seat.participant.session: seat for seat in before.seats.values()}
        there = {seat.person.id for seat in told.seats}
        for account_id, seat in list(before.seats.items()):
            if seat.node == told.node and account_id not in there:
                self._roster.rise(place, account_id)
        for each in told.seats:
            self._seat(place, told.node, each)
        channel = self._roster.channel(place)
        channel.routes.pop(told.node, None)
        if told.seats:
            channel.routes[told.node] = told.route
        self._pass_on(place, known, told.told)
        self._routes.recount(place)

    def _pass_on(self, place: UUID, known: Mapping[str, Seat], told: Collection[str]) -> None:
        """Tell those who are here what they have not heard of."""
        channel = self._roster.channel(place)
        here = channel.sessions_here
        gone = [seat for session, seat in known.items() if session not in channel.sessions]
        came = [s for s in channel.seats.values() if s.participant.session not in known]
        untold = tuple(session for session in here if session not in told)
        events: list[Event] = [
            left(place, seat.participant, _reason(seat, channel), here) for seat in gone
        ]
        if untold:
            events += [
                VoiceJoined(
                    conversation_id=place,
                    participant=seat.participant,
                    person=seat.person,
                    audience=untold,
                )
                for seat in came
            ]
        if here and events:
            self._publish([*events, who_is_in(place, channel.people)])
        if came and untold:
            # Their node does not know who is here.
            self.tell(place)

    def _learn_end(self, told: VoiceLeft) -> None:
        """Learn that a participation ended, perhaps by an act at another node."""
        place = told.conversation_id
        seat = self._roster.seat(place, told.account_id)
        if seat is None or seat.participant.session != told.session:
            return
        self._give_up(place, seat)
        channel = self._roster.channel(place)
        untold = tuple(each for each in channel.sessions_here if each not in told.audience)
        if untold:
            self._publish([left(place, seat.participant, told.reason, untold)])
        if seat.node is None:
            self.tell(place)

    def _learn_state(self, told: VoiceStateChanged) -> None:
        """Learn how somebody is there; what their own client says is known best at its node."""
        place, after = told.conversation_id, told.participant
        seat = self._roster.seat(place, after.account_id)
        if seat is None or seat.participant.session != after.session:
            return
        self._roster.channel(place).silence(after.account_id, after.silenced)
        if seat.node is not None:
            seat.participant = after
            return
        if seat.participant.silenced != after.silenced:
            seat.participant = silenced(seat.participant, after.silenced)
            self._routes.silenced(place, seat.participant)
        if seat.participant != after:
            self._publish(
                [
                    VoiceStateChanged(
                        conversation_id=place,
                        participant=seat.participant,
                        person=seat.person.face,
                    )
                ]
            )

    async def run(self) -> None:
        """Tell and look out for the others, until cancelled."""
        while True:
            await asyncio.sleep(BEAT_S)
            self.beat()

    def beat(self) -> None:
        """Say who is here, and note who is gone."""
        for place, channel in self._roster:
            if channel.here:
                self.tell(place)
        now_s = asyncio.get_running_loop().time()
        if self._is_alone():
            self._heard_at = dict.fromkeys(self._heard_at, now_s)
        lost = {node for node, at_s in self._heard_at.items() if now_s - at_s > LOST_S}
        for node in lost:
            del self._heard_at[node]
        for place, channel in self._roster:
            self._lose(place, channel, lost)

    def _seat(self, place: UUID, node: str, told: VoiceSeat) -> None:
        """Note a seat, unless the person has a better claim to another one."""
        channel = self._roster.channel(place)
        seat = channel.seats.get(told.person.id)
        if seat is not None and seat.node != node:
            is_same = seat.participant.session == told.participant.session
            # Who came back by another node holds the same seat once more; who came in anew in the
            # same moment by both has the younger of the two, as they compare alike everywhere.
            known = (seat.holds if is_same else 0, seat.participant.session)
            if known >= (told.holds if is_same else 0, told.participant.session):
                return
            if seat.node is None and not is_same:
                own = (seat.participant.session,)
                self._publish([left(place, seat.participant, "taken_over", own)])
            self._give_up(place, seat)
        channel.silence(told.person.id, told.participant.silenced)
        self._roster.sit(
            place, Seat(told.participant, told.person, None, None, node=node, holds=told.holds)
        )

    def _give_up(self, place: UUID, seat: Seat) -> None:
        if self._roster.seat(place, seat.person.id) is seat:
            self._roster.rise(place, seat.person.id)
        if seat.node is None:
            self._routes.went(place, seat.participant.session)

    def _lose(self, place: UUID, channel: Channel, lost: set[str]) -> None:
        """Take those out who were there by nodes that are gone.

        It is told by the node of the first who is left, or where nobody is, by all that knew.
        """
        gone = [seat for seat in channel.seats.values() if seat.node in lost]
        told = channel.sessions
        for seat in gone:
            self._roster.rise(place, seat.person.id)
            channel.routes.pop(seat.node or "", None)
        first = next(iter(channel.seats.values()), None)
        if gone and (first is None or first.node is None):
            lefts = [left(place, seat.participant, "vanished", told) for seat in gone]
            self._publish([*lefts, who_is_in(place, channel.people)])
            self._lost(place)
        if gone:
            self._routes.recount(place)


def _reason(seat: Seat, channel: Channel) -> VoiceEnd:
    return "taken_over" if seat.person.id in channel.seats else "left"
