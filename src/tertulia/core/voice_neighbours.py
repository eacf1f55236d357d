"""Who is in voice channels by way of other nodes, as far as this one has heard.

Each node has the seats of those whose clients are connected to it, and tells the others who that
is: at once when it changes, and every BEAT_S besides, which mends what was lost on the way. A node
of which nothing was heard for LOST_S in a channel is gone from it, and so are those who were there
by it, unless they have come back by another one meanwhile. What happens in a channel is told to all
there by the node where it happens; whom that one did not know, their own node tells.

Sound does not pass through nodes, so a channel whose people are at several is like any other. Of a
server that forwards it each node asks for its own people, in a room that is theirs together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
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
        self._heard_at: dict[tuple[str, UUID], float] = {}
        # Who joined by other nodes, as those here were told, and whose seats were not learned yet.
        self._hearsay: dict[str, VoiceJoined] = {}
        routes.watch(self.tell)

    def tell(self, conversation_id: UUID) -> None:
        """Say who is in a channel by this node."""
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
        )
        self._publish([here])

    def hear(self, told: VoiceSeats | VoiceJoined | VoiceLeft | VoiceStateChanged) -> None:
        """Learn what happened, by whatever node."""
        match told:
            case VoiceSeats():
                self._learn(told)
            case VoiceJoined():
                self._note(told)
            case VoiceLeft():
                self._learn_end(told)
            case VoiceStateChanged():
                self._learn_state(told)

    def came_back(self, session: str) -> None:
        """Learn that a client is connected anew, which did not hear what it was told before."""
        for joined, told in self._hearsay.items():
            audience = tuple(each for each in told.audience if each != session)
            self._hearsay[joined] = replace(told, audience=audience)

    def _learn(self, told: VoiceSeats) -> None:
        """Learn who is in a channel by another node."""
        if told.node == self._node:
            return
        place = told.conversation_id
        self._heard_at.pop((told.node, place), None)
        if told.seats:
            self._heard_at[told.node, place] = asyncio.get_running_loop().time()
        before = self._roster.channel(place)
        known = {seat.participant.session: seat for seat in before.seats.values()}
        held = before.sessions_here
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
        self._pass_on(place, known)
        if any(session not in channel.sessions_here for session in held):
            self.tell(place)
        self._routes.recount(place)

    def _note(self, told: VoiceJoined) -> None:
        """Note who hears here that somebody joined, until their seat is learned."""
        channel, session = self._roster.channel(told.conversation_id), told.participant.session
        earlier = self._hearsay.get(session)
        heard = told.audience if earlier is None else (*told.audience, *earlier.audience)
        hearing = tuple(each for each in channel.sessions_here if each in heard)
        if hearing and session not in channel.sessions:
            self._hearsay[session] = replace(told, audience=hearing)

    def _pass_on(self, place: UUID, known: Mapping[str, Seat]) -> None:
        """Tell those who are here what they have not heard of."""
        channel = self._roster.channel(place)
        here = channel.sessions_here
        gone = [seat for session, seat in known.items() if session not in channel.sessions]
        came = [s for s in channel.seats.values() if s.participant.session not in known]
        joined = [
            VoiceJoined(
                conversation_id=place,
                participant=seat.participant,
                person=seat.person,
                audience=untold,
            )
            for seat in came
            if (untold := self._untold(here, seat.participant.session))
        ]
        events: list[Event] = [
            *(left(place, seat.participant, _reason(seat, channel), here) for seat in gone),
            *joined,
        ]
        if here and events:
            self._publish([*events, who_is_in(place, channel.people)])
        if joined:
            # Their node does not know who is here.
            self.tell(place)

    def _untold(self, here: Collection[str], session: str) -> tuple[str, ...]:
        hearsay = self._hearsay.pop(session, None)
        return tuple(each for each in here if hearsay is None or each not in hearsay.audience)

    def _take_back(self) -> None:
        """Tell those of an end who were told of somebody of whom no seat was learned.

        That one was gone already, or has a better claim to another seat.
        """
        hearsay, self._hearsay = self._hearsay, {}
        for told in hearsay.values():
            self._end(told, "left", ())

    def _end(self, hearsay: VoiceJoined, reason: VoiceEnd, told: Collection[str]) -> None:
        place, participant = hearsay.conversation_id, hearsay.participant
        here = self._roster.channel(place).sessions_here
        untold = tuple(each for each in here if each in hearsay.audience and each not in told)
        if untold:
            self._publish([left(place, participant, reason, untold)])

    def _learn_end(self, told: VoiceLeft) -> None:
        """Learn that a participation ended, perhaps by an act at another node."""
        place = told.conversation_id
        hearsay = self._hearsay.pop(told.session, None)
        if hearsay is not None:
            self._end(hearsay, told.reason, told.audience)
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
        self._take_back()
        now_s = asyncio.get_running_loop().time()
        if self._is_alone():
            self._heard_at = dict.fromkeys(self._heard_at, now_s)
        lost = [which for which, at_s in self._heard_at.items() if now_s - at_s > LOST_S]
        for node, place in lost:
            del self._heard_at[node, place]
            self._lose(place, node)

    def _seat(self, place: UUID, node: str, told: VoiceSeat) -> None:
        """Note a seat, unless the person has a better claim to another one."""
        channel = self._roster.channel(place)
        seat = channel.seats.get(told.person.id)
        if seat is not None and seat.node != node:
            is_same = seat.participant.session == told.participant.session
            # Who came back by another node holds the same seat once more, or as often in the same
            # moment; who came in anew by both has the younger of the two. All nodes decide alike.
            is_better = (
                (told.holds, node) > (seat.holds, seat.node or self._node)
                if is_same
                else told.participant.session > seat.participant.session
            )
            if not is_better:
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

    def _lose(self, place: UUID, node: str) -> None:
        """Take those out who were there by a node that is gone.

        It is told by the node of the first who is left, or where nobody is, by all that knew.
        """
        channel = self._roster.channel(place)
        gone = [seat for seat in channel.seats.values() if seat.node == node]
        told = channel.sessions
        for seat in gone:
            self._roster.rise(place, seat.person.id)
        channel.routes.pop(node, None)
        first = next(iter(channel.seats.values()), None)
        if gone and (first is None or first.node is None):
            lefts = [left(place, seat.participant, "vanished", told) for seat in gone]
            self._publish([*lefts, who_is_in(place, channel.people)])
            self._lost(place)
        if gone:
            self._routes.recount(place)


def _reason(seat: Seat, channel: Channel) -> VoiceEnd:
    return "taken_over" if seat.person.id in channel.seats else "left"
