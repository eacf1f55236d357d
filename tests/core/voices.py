"""Voice channels by themselves, without storage: people who come and go, and all that is told."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.events import Event
from tertulia.core.ids import new_id
from tertulia.core.model import Account, Actor
from tertulia.core.participant import AS_BEFORE, OwnState, Participant, SignalKind
from tertulia.core.sfu import Sfu
from tertulia.core.voice_channels import Newcomer, VoiceChannels
from tertulia.core.voice_forwarding import VoiceForwarding
from tests import examples as eg

PLACE = UUID(int=1)
ROOM_LIMIT = 4
"""How many fit into a channel of which a server forwards the sound."""


class Guest:
    """Somebody who has the right to come in, with one client; `session` is theirs once inside."""

    def __init__(self, channels: VoiceChannels, person: Account) -> None:
        self.channels = channels
        self.person = person
        self.actor = Actor(account_id=person.id, session_id=new_id())
        self.ref = object()
        self.session = ""
        self.now = eg.NOON

    @property
    def id(self) -> UUID:
        """Whose account it is."""
        return self.person.id

    @property
    def address(self) -> tuple[UUID, str]:
        """What others address them by."""
        return (self.id, self.session)

    def join(
        self,
        place: UUID = PLACE,
        *,
        own: OwnState = AS_BEFORE,
        session: str | None = None,
        callee_id: UUID | None = None,
    ) -> None:
        """Come in with what one is connected by now."""
        newcomer = Newcomer(
            actor=self.actor, person=self.person, ref=self.ref, own=own, callee_id=callee_id
        )
        self.session = self.channels.join(place, newcomer, session, self.now)

    def come_back(self, place: UUID = PLACE) -> None:
        """Come in by another connection, as who one was."""
        self.ref = object()
        self.join(place, session=self.session)

    def come_back_as(self, session: str, *, callee_id: UUID | None = None) -> None:
        """Come in by another connection, as who one was a while ago."""
        self.ref = object()
        self.join(session=session, callee_id=callee_id)

    def vanish(self, place: UUID = PLACE) -> None:
        """Lose one's connection."""
        self.channels.vanish(self.actor, place, self.ref)

    def leave(self, place: UUID = PLACE) -> None:
        """Go."""
        self.channels.leave(self.actor, place, self.session)

    def say(self, own: OwnState, place: UUID = PLACE) -> None:
        """Say how one is there."""
        self.channels.say(self.actor, place, self.session, own)

    def tell_sfu(self, way: str | None, kind: SignalKind, **content: object) -> None:
        """Say something to the server that forwards sound."""
        self.channels.signal_sfu(self.actor, PLACE, self.session, way, kind, content)

    def seen(self, place: UUID = PLACE) -> Participant:
        """Return how the others see one."""
        (found,) = (
            each for each in self.channels.view(place).participants if each.account_id == self.id
        )
        return found


class Floor:
    """Channels of one node, and every event that nobody has looked at yet."""

    def __init__(
        self,
        *,
        limit: int = 8,
        grace_s: float = 60,
        ring_s: float = 60,
        sfu: Sfu | None = None,
        calm_s: float = 60,
    ) -> None:
        self._published: list[Event] = []
        self.channels = VoiceChannels(
            self._publish,
            mesh_limit=limit,
            forwarding=None if sfu is None else self._forwarding(sfu),
            grace_s=grace_s,
            ring_s=ring_s,
            calm_s=calm_s,
        )

    def guest(self, name: str = "ana") -> Guest:
        """Bring somebody to the door."""
        return Guest(self.channels, eg.account(id=new_id(), username=name))

    def heard(self) -> list[Event]:
        """Return what was told since this was asked last."""
        heard, self._published = self._published, []
        return heard

    def kinds(self) -> list[str]:
        """Return the names of what was told since then."""
        return [type(event).__name__ for event in self.heard()]

    def has_heard(self, kind: type[Event]) -> bool:
        """Whether such a fact was told, and nobody has looked at it yet."""
        return any(isinstance(event, kind) for event in self._published)

    def _forwarding(self, sfu: Sfu) -> VoiceForwarding:
        return VoiceForwarding(sfu, self._publish, limit=ROOM_LIMIT, linger_s=0)

    def _publish(self, events: Sequence[Event]) -> None:
        self._published.extend(events)
