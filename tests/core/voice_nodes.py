"""Several nodes with voice channels, and the road between them, on which facts take their time."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from tertulia.core.events import Event
from tertulia.core.ids import new_id
from tertulia.core.model import Account, Actor
from tertulia.core.sfu import Sfu
from tertulia.core.voice_channels import VoiceChannels
from tertulia.core.voice_events import VoiceJoined, VoiceLeft, VoiceSeat, VoiceSeats
from tertulia.core.voice_forwarding import VoiceForwarding
from tertulia.core.voice_neighbours import VoiceNeighbours
from tests import examples as eg
from tests.core.voices import PLACE, Guest

MESH_LIMIT = 4


class Node:
    """One of them: it hears its own facts at once, and the others' as they arrive."""

    def __init__(self, town: VoiceTown, name: str, sfu: Sfu | None) -> None:
        self.name = name
        self.arriving: deque[Event] = deque()
        self.told: list[Event] = []
        self.seen: dict[str, set[str]] = {}
        """Of each session that came in here, whose sessions its client has been told of."""
        self.is_cut_off = False
        self._town = town
        forwarding = None
        if sfu is not None:
            forwarding = VoiceForwarding(sfu, self._publish, limit=8, linger_s=0)
        self.channels = VoiceChannels(
            self._publish,
            mesh_limit=MESH_LIMIT,
            forwarding=forwarding,
            grace_s=60,
            ring_s=60,
            calm_s=60,
            node=name,
            is_alone=lambda: self.is_cut_off,
        )

    @property
    def neighbours(self) -> VoiceNeighbours:
        """What it tells the others, and learns from them."""
        assert self.channels.neighbours is not None
        return self.channels.neighbours

    def guest(self, person: Account) -> Guest:
        """Bring somebody to its door."""
        return Guest(self.channels, person)

    def hear(self, count: int = 1_000_000) -> None:
        """Hear so many of the facts that are under way."""
        for _ in range(min(count, len(self.arriving))):
            self._hear(self.arriving.popleft())

    def held(self) -> list[VoiceSeat]:
        """Return who is in by this node, as it tells the others."""
        self.neighbours.tell(PLACE)
        told = self.told[-1]
        assert isinstance(told, VoiceSeats)
        return list(told.seats)

    def welcome(self, session: str) -> None:
        """Note what a client sees that comes in."""
        self.seen[session] = {each.session for each in self.channels.view(PLACE).participants}

    def _hear(self, event: Event) -> None:
        self.channels.hear(event)
        for session, seen in self.seen.items():
            match event:
                case VoiceJoined() if session in event.audience:
                    seen.add(event.participant.session)
                case VoiceLeft() if session in event.audience:
                    seen.discard(event.session)

    def _publish(self, events: Sequence[Event]) -> None:
        self.told.extend(events)
        for event in events:
            self._hear(event)
        for other in self._town.nodes:
            if other is not self:
                other.arriving.extend(events)


class VoiceTown:
    """So many nodes, or one for each connection to a server that forwards sound."""

    def __init__(self, count: int = 2, *, sfus: Sequence[Sfu] = ()) -> None:
        each_sfu: Sequence[Sfu | None] = sfus or [None] * count
        self.nodes = [Node(self, f"node-{at}", sfu) for at, sfu in enumerate(each_sfu)]

    def settle(self) -> None:
        """Let everything arrive."""
        while any(node.arriving for node in self.nodes):
            for node in self.nodes:
                node.hear()

    def told(self) -> list[Event]:
        """Return what was told by all of them since this was asked last."""
        told = [event for node in self.nodes for event in node.told]
        for node in self.nodes:
            node.told.clear()
        return told

    def close(self) -> None:
        """Stop all nodes."""
        for node in self.nodes:
            node.channels.close()


def a_person(name: str) -> Account:
    """Return somebody."""
    return eg.account(id=new_id(), username=name)


def moved(guest: Guest, node: Node) -> Guest:
    """Return somebody's client as it comes to another node."""
    there = Guest(node.channels, guest.person)
    there.actor = Actor(account_id=guest.id, session_id=guest.actor.session_id)
    there.session = guest.session
    return there
