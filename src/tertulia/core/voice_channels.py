"""Voice channels as a machine: calls in, facts out, and nothing awaited.

Each node has all seats, and looks after those of its own clients (`voice_neighbours`). A person is
in a channel with one client at a time. A client whose connection is gone may come back
within the grace, and nobody hears of it; what it was told meanwhile is lost, as on any bad line.
One that comes back later comes in anew, but calls nobody and takes nothing over: its person may
have closed the lid hours ago.
Whether somebody has the right to be there is asked before, by `voice`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tertulia.core.calls import RING_S, Calls
from tertulia.core.errors import NotFound, TakenOver
from tertulia.core.events import Event
from tertulia.core.ids import new_id
from tertulia.core.model import Account, Actor
from tertulia.core.participant import (
    OwnState,
    Participant,
    Route,
    SignalKind,
    VoiceEnd,
    changed,
    silenced,
)
from tertulia.core.ports import Publish
from tertulia.core.voice_events import (
    CallEnded,
    CallStarted,
    VoiceJoined,
    VoiceLeft,
    VoiceSeats,
    VoiceSignalled,
    VoiceStateChanged,
    left,
    who_is_in,
)
from tertulia.core.voice_forwarding import VoiceForwarding
from tertulia.core.voice_neighbours import VoiceNeighbours
from tertulia.core.voice_roster import Seat, VoiceRoster
from tertulia.core.voice_routes import CALM_S, VoiceRoutes, is_end_to_end

GRACE_S = 5.0
"""How long a client whose connection is gone has to come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceView:
    """A channel as a member sees it. Where it is `end_to_end` no server can hear it."""

    participants: tuple[Participant, ...]
    people: tuple[Account, ...]
    limit: int
    route: Route = "mesh"
    end_to_end: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody who has the right to come in, connected by `ref`.

    `person` is as those in the conversation may see them. In a private chat it rings at
    `callee_id`'s while they wait there alone.
    """

    actor: Actor
    person: Account
    ref: object
    own: OwnState
    callee_id: UUID | None = None


class VoiceChannels:
    """Who is in which channel. `mesh_limit` is how many fit into one without `forwarding`.

    A `node` among others tells them who is here, and learns from them by `neighbours`.
    """

    def __init__(
        self,
        publish: Publish,
        *,
        mesh_limit: int,
        forwarding: VoiceForwarding | None = None,
        grace_s: float = GRACE_S,
        ring_s: float = RING_S,
        calm_s: float = CALM_S,
        node: str | None = None,
        # Calling it makes False.
        is_alone: Callable[[], bool] = bool,
    ) -> None:
        self.calls = Calls(publish, ring_s=ring_s)
        self._publish = publish
        self._grace_s = grace_s
        self._roster = VoiceRoster()
        self._routes = VoiceRoutes(
            publish, self._roster, forwarding, mesh_limit=mesh_limit, calm_s=calm_s
        )
        self.neighbours = (
            None
            if node is None
            else VoiceNeighbours(
                publish, self._roster, self._routes, node=node, is_alone=is_alone, lost=self._lost
            )
        )

    def join(
        self, conversation_id: UUID, newcomer: Newcomer, session: str | None, now: datetime
    ) -> str:
        """Let somebody in, or back in by the `session` of before; return the session they have.

        Refuses with ChannelFull, and with TakenOver where that one is over and the person is there
        by another.
        """
        actor = newcomer.actor
        seat = self._roster.seat(conversation_id, actor.account_id)
        if seat is None or session is None:
            return self._come(conversation_id, newcomer, session, now)
        if session not in (seat.participant.session, seat.instead_of):
            # Sessions sort by their age. A younger one began at another node, which this one has
            # not heard of yet.
            if session < seat.participant.session:
                raise TakenOver("You are in this channel with another client.")
            return self._come(conversation_id, newcomer, session, now)
        session = seat.participant.session
        was_elsewhere = seat.node is not None
        seat.hold(newcomer.ref, actor.session_id)
        if self.neighbours is not None:
            self.neighbours.came_back(session)
        self._tell(conversation_id)
        if was_elsewhere:
            self._routes.took_over(conversation_id, seat.participant)
        else:
            self._routes.came_back(conversation_id, session)
        self._change(conversation_id, seat, changed(seat.participant, newcomer.own))
        return session

    def vanish(self, actor: Actor, conversation_id: UUID, ref: object) -> None:
        """Learn that what somebody was connected by is gone; they have a while to come back."""
        seat = self._roster.seat(conversation_id, actor.account_id)
        if seat is None or seat.ref is not ref:
            return
        seat.ref = None
        loop = asyncio.get_running_loop()
        session = seat.participant.session
        seat.grace = loop.call_later(
            self._grace_s, self._depart, conversation_id, actor.account_id, "vanished", session
        )

    def leave(self, actor: Actor, conversation_id: UUID, session: str) -> None:
        """Leave at once; nothing happens if this participation is over."""
        self._depart(conversation_id, actor.account_id, "left", session)

    def say(self, actor: Actor, conversation_id: UUID, session: str, own: OwnState) -> None:
        """Say of oneself that one is muted, speaks and so on. NotFound for who is not there."""
        seat = self._seat(conversation_id, actor.account_id, session)
        self._change(conversation_id, seat, changed(seat.participant, own))

    def signal(
        self,
        actor: Actor,
        conversation_id: UUID,
        session: str,
        to: tuple[UUID, str | None],
        kind: SignalKind,
        content: Mapping[str, object],
    ) -> None:
        """Tell something to another participation, which is named by its person and session.

        Without a session it is the one that this person has. NotFound where it is not there, or one
        is not oneself.
        """
        self._seat(conversation_id, actor.account_id, session)
        addressee = self._seat(conversation_id, *to)
        self._publish(
            [
                VoiceSignalled(
                    conversation_id=conversation_id,
                    account_id=actor.account_id,
                    session=session,
                    to_session=addressee.participant.session,
                    kind=kind,
                    content=content,
                )
            ]
        )

    def signal_sfu(
        self,
        actor: Actor,
        conversation_id: UUID,
        session: str,
        way: str | None,
        kind: SignalKind,
        content: Mapping[str, object],
    ) -> None:
        """Tell something to the server that forwards sound, by one's `up` or `down` to it.

        NotFound where none does, Unavailable where it does not answer.
        """
        self._seat(conversation_id, actor.account_id, session)
        self._routes.signal(conversation_id, session, way, kind, content)

    def silence(self, conversation_id: UUID, account_id: UUID, is_silenced: bool) -> None:
        """Mute somebody for all, or let them speak again."""
        seat = self._seat(conversation_id, account_id)
        self._roster.channel(conversation_id).silence(account_id, is_silenced)
        self._change(conversation_id, seat, silenced(seat.participant, is_silenced))
        self._routes.silenced(conversation_id, seat.participant)

    def remove(self, conversation_id: UUID, account_id: UUID) -> None:
        """Show somebody out of the channel."""
        seat = self._seat(conversation_id, account_id)
        self._depart(conversation_id, account_id, "removed", seat.participant.session)

    def shut_out(self, conversation_id: UUID, account_id: UUID, reason: VoiceEnd) -> None:
        """End what somebody has there, a participation or a call, if they have anything."""
        seat = self._roster.seat(conversation_id, account_id)
        if seat is not None and seat.node is None:
            self._depart(conversation_id, account_id, reason, seat.participant.session)
        elif self.calls.is_own(conversation_id, account_id):
            self.calls.end(conversation_id, "cancelled")

    def sign_out(self, account_id: UUID, session_ids: Collection[UUID]) -> None:
        """End the participations that somebody began through these sessions of theirs."""
        for conversation_id, channel in self._roster:
            seat = channel.seats.get(account_id)
            if seat is not None and seat.signed_in_by in session_ids:
                self._depart(conversation_id, account_id, "left", seat.participant.session)

    def show_anew(self, person: Account) -> None:
        """Show somebody as they look now; their addresses, which are left out, stay."""
        for _, channel in self._roster:
            seat = channel.seats.get(person.id)
            if seat is not None:
                seat.person = replace(person, email=seat.person.email, phone=seat.person.phone)

    def view(self, conversation_id: UUID) -> VoiceView:
        """Return a channel as it is now."""
        channel = self._roster.channel(conversation_id)
        return VoiceView(
            participants=channel.participants,
            people=channel.people,
            limit=self._routes.limit,
            route=channel.route,
            end_to_end=is_end_to_end(channel.route),
        )

    def participants_in(self, conversation_id: UUID) -> tuple[UUID, ...]:
        """Return who is in a channel, in the order in which they came."""
        return tuple(self._roster.channel(conversation_id).seats)

    def is_heard(self, conversation_id: UUID, account_id: UUID, session: str) -> bool:
        """Whether others are to hear the sound of this participation."""
        seat = self._roster.seat(conversation_id, account_id)
        return (
            seat is not None and seat.participant.session == session and seat.participant.is_heard
        )

    def hear(self, event: Event) -> None:
        """Learn what happens in channels by way of other nodes."""
        match event:
            case CallStarted():
                self.calls.learn(event)
            case CallEnded():
                self.calls.learn_end(event)
            case VoiceSeats() | VoiceJoined() | VoiceLeft() | VoiceStateChanged():
                if self.neighbours is not None:
                    self.neighbours.hear(event)
            case _:
                pass

    def close(self) -> None:
        """Forget everyone, when the node stops."""
        self._roster.clear()
        self._routes.close()
        self.calls.close()

    def _come(
        self, conversation_id: UUID, newcomer: Newcomer, earlier_session: str | None, now: datetime
    ) -> str:
        person = newcomer.person
        channel = self._roster.channel(conversation_id)
        earlier = channel.seats.get(person.id)
        if earlier is None:
            self._routes.make_room(conversation_id)
        told = channel.sessions
        participant = Participant(
            account_id=person.id,
            session=new_id().hex,
            joined_at=channel.arrival(now) if earlier is None else earlier.participant.joined_at,
            silenced=person.id in channel.silenced,
        )
        participant = changed(participant, newcomer.own)
        seat = Seat(
            participant,
            person,
            newcomer.actor.session_id,
            newcomer.ref,
            instead_of=earlier_session,
        )
        self._roster.sit(conversation_id, seat)
        if earlier is not None:
            self._routes.went(conversation_id, earlier.participant.session)
            self._publish([left(conversation_id, earlier.participant, "taken_over", told)])
            told = tuple(each for each in told if each != earlier.participant.session)
        joined = VoiceJoined(
            conversation_id=conversation_id, participant=participant, person=person, audience=told
        )
        self._publish([joined])
        self._tell(conversation_id)
        self._routes.came(conversation_id, participant)
        if earlier is None:
            people = self._roster.channel(conversation_id).people
            self._publish([who_is_in(conversation_id, people)])
            if told:
                self.calls.end(conversation_id, "answered")
            elif newcomer.callee_id is not None and earlier_session is None:
                self.calls.ring(conversation_id, person, newcomer.callee_id, now)
        return participant.session

    def _depart(
        self, conversation_id: UUID, account_id: UUID, reason: VoiceEnd, session: str
    ) -> None:
        """End a participation, unless it has ended."""
        seat = self._roster.seat(conversation_id, account_id)
        if seat is None or seat.participant.session != session:
            return
        told = self._roster.channel(conversation_id).sessions
        self._roster.rise(conversation_id, account_id)
        self._routes.went(conversation_id, session)
        people = self._roster.channel(conversation_id).people
        self._publish(
            [
                left(conversation_id, seat.participant, reason, told),
                who_is_in(conversation_id, people),
            ]
        )
        if seat.node is None:
            self._tell(conversation_id)
        # Only who calls is there while it rings.
        self.calls.end(conversation_id, "cancelled")

    def _change(self, conversation_id: UUID, seat: Seat, after: Participant) -> None:
        if after == seat.participant:
            return
        seat.participant = after
        self._publish(
            [
                VoiceStateChanged(
                    conversation_id=conversation_id, participant=after, person=seat.person.face
                )
            ]
        )

    def _seat(self, conversation_id: UUID, account_id: UUID, session: str | None = None) -> Seat:
        seat = self._roster.seat(conversation_id, account_id)
        if seat is None or session not in (None, seat.participant.session):
            raise NotFound("Nobody is there by this name and session.")
        return seat

    def _lost(self, conversation_id: UUID) -> None:
        self.calls.end(conversation_id, "cancelled")

    def _tell(self, conversation_id: UUID) -> None:
        """Let other nodes know who is there by this one."""
        if self.neighbours is not None:
            self.neighbours.tell(conversation_id)
