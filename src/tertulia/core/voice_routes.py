"""Which way the sound of a channel goes: from each to each, or by a server that forwards it.

A channel that outgrows a mesh goes on through the server, and comes back when few enough have been
left for a while, so that one who comes and goes does not move all the others each time. Without a
server that answers, a mesh is all there is. Each node leads its own people, by what all of them
count, and a newcomer goes the way that others go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from uuid import UUID

from tertulia.core.errors import ChannelFull, NotFound
from tertulia.core.participant import Participant, Route, SignalKind
from tertulia.core.ports import Publish
from tertulia.core.voice_events import VoiceRouteChanged
from tertulia.core.voice_forwarding import VoiceForwarding
from tertulia.core.voice_roster import Channel, VoiceRoster

CALM_S = 20.0
"""For how long there have to be fewer than a mesh carries, before it is one again."""


class VoiceRoutes:
    """The ways of those who are here; `mesh_limit` is how many a mesh carries."""

    def __init__(
        self,
        publish: Publish,
        roster: VoiceRoster,
        forwarding: VoiceForwarding | None,
        *,
        mesh_limit: int,
        calm_s: float = CALM_S,
    ) -> None:
        self._publish = publish
        self._roster = roster
        self._forwarding = forwarding
        self._mesh_limit = mesh_limit
        self._calm_s = calm_s
        self._turned: Callable[[UUID], None] = _nothing
        if forwarding is not None:
            forwarding.attend(self.widen, self._fall, self._account_of)

    @property
    def limit(self) -> int:
        """How many fit into a channel now."""
        return self._mesh_limit if self._server is None else self._server.limit

    def watch(self, turned: Callable[[UUID], None]) -> None:
        """Have somebody told of a channel that takes another route at this node."""
        self._turned = turned

    def make_room(self, conversation_id: UUID) -> None:
        """Have one more fit into a channel. Refuses with ChannelFull."""
        channel = self._roster.channel(conversation_id)
        count = len(channel.seats)
        if count >= self.limit:
            raise ChannelFull(self.limit)
        if count + 1 >= self._mesh_limit:
            channel.end_calm()
        self._follow(conversation_id, channel, count + 1)

    def recount(self, conversation_id: UUID) -> None:
        """Learn who is in a channel by other nodes, and which route it takes there."""
        channel = self._roster.channel(conversation_id)
        count = len(channel.seats)
        if not channel.here:
            return
        if count >= self._mesh_limit:
            channel.end_calm()
        if count > self._mesh_limit and channel.route == "mesh":
            self._forward(conversation_id, channel)
        elif channel.route == "sfu" and count <= self._mesh_limit:
            if channel.routes and "sfu" not in channel.routes.values():
                channel.end_calm()
                self._narrow(conversation_id, channel)
            elif count < self._mesh_limit:
                self._calm_down(conversation_id, channel)

    def came(self, conversation_id: UUID, participant: Participant) -> None:
        """Learn that somebody is there now."""
        if self._roster.channel(conversation_id).route == "sfu" and self._forwarding:
            self._forwarding.enter(conversation_id, participant)

    def took_over(self, conversation_id: UUID, participant: Participant) -> None:
        """Learn that somebody who was there by another node is so by this one."""
        channel = self._roster.channel(conversation_id)
        self._follow(conversation_id, channel, len(channel.seats))
        self.came(conversation_id, participant)

    def came_back(self, conversation_id: UUID, session: str) -> None:
        """Learn that somebody's client was away for a moment."""
        if self._forwarding:
            self._forwarding.say_again(conversation_id, session)

    def silenced(self, conversation_id: UUID, participant: Participant) -> None:
        """Learn that somebody is not to be heard, or may be again."""
        if self._forwarding:
            self._forwarding.silence(conversation_id, participant.session, participant.silenced)

    def went(self, conversation_id: UUID, session: str) -> None:
        """Learn that somebody is there no more."""
        if self._forwarding is None:
            return
        self._forwarding.leave(conversation_id, session)
        channel = self._roster.channel(conversation_id)
        if not channel.here:
            channel.end_calm()
            channel.route = "mesh"
            self._forwarding.close(conversation_id, at_once=True)
        elif channel.route == "sfu" and len(channel.seats) < self._mesh_limit:
            self._calm_down(conversation_id, channel)

    def signal(
        self,
        conversation_id: UUID,
        session: str,
        way: str | None,
        kind: SignalKind,
        content: Mapping[str, object],
    ) -> None:
        """Pass on what somebody's client says to the server.

        NotFound where none forwards this channel's sound, Unavailable where it does not answer.
        """
        route = self._roster.channel(conversation_id).route
        if self._forwarding is None or route == "mesh":
            raise NotFound("No server forwards sound here.")
        self._forwarding.signal(conversation_id, session, way, kind, content)

    def widen(self) -> None:
        """Have the server forward what is more than a mesh carries, now that it answers."""
        for conversation_id, channel in self._roster:
            is_wide = len(channel.seats) > self._mesh_limit
            if is_wide and channel.here and channel.route == "mesh":
                self._forward(conversation_id, channel)

    def close(self) -> None:
        """Forget everything, when the node stops."""
        if self._forwarding is not None:
            self._forwarding.drop()

    @property
    def _server(self) -> VoiceForwarding | None:
        """What forwards sound, if it answers."""
        forwarding = self._forwarding
        return forwarding if forwarding is not None and forwarding.is_there else None

    def _follow(self, conversation_id: UUID, channel: Channel, count: int) -> None:
        """Have so many go the way that carries them, or on which the others are."""
        is_wide = count > self._mesh_limit or "sfu" in channel.routes.values()
        if is_wide and channel.route == "mesh":
            self._forward(conversation_id, channel)

    def _forward(self, conversation_id: UUID, channel: Channel) -> None:
        if self._server is not None:
            self._server.open(conversation_id, channel.here)
            self._turn(conversation_id, channel, "sfu")

    def _calm_down(self, conversation_id: UUID, channel: Channel) -> None:
        loop = asyncio.get_running_loop()
        channel.calm = channel.calm or loop.call_later(
            self._calm_s, self._narrow, conversation_id, channel
        )

    def _narrow(self, conversation_id: UUID, channel: Channel) -> None:
        channel.calm = None
        if self._forwarding is not None:
            self._forwarding.close(conversation_id, at_once=False)
        self._turn(conversation_id, channel, "mesh")

    def _fall(self, conversation_id: UUID) -> None:
        channel = self._roster.channel(conversation_id)
        if channel.route == "sfu":
            channel.end_calm()
            self._turn(conversation_id, channel, "mesh")

    def _turn(self, conversation_id: UUID, channel: Channel, route: Route) -> None:
        channel.route = route
        self._publish(
            [
                VoiceRouteChanged(
                    conversation_id=conversation_id,
                    route=route,
                    limit=self.limit,
                    end_to_end=is_end_to_end(route),
                    audience=channel.sessions_here,
                )
            ]
        )
        self._turned(conversation_id)

    def _account_of(self, conversation_id: UUID, session: str) -> UUID | None:
        """Return whose a session is, at whatever node."""
        participants = self._roster.channel(conversation_id).participants
        return next((each.account_id for each in participants if each.session == session), None)


def is_end_to_end(route: Route) -> bool:
    """Whether no server can hear what goes this way."""
    return route == "mesh"


def _nothing(_: UUID) -> None:
    pass
