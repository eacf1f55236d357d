"""The rooms that one socket has joined: what it hears, and where it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tertulia.core.chat import ChatCore
from tertulia.core.errors import Conflict, NotFound, Refusal
from tertulia.core.model import Actor, Conversation, Face
from tertulia.gateways.numbers import Numbers
from tertulia.realtime.connection import Connection
from tertulia.realtime.hub import Hub
from tertulia.realtime.subscription import Subscription
from tertulia.realtime.topic import ConversationTopic

MAX_ROOMS = 1000
"""How many rooms one socket may have joined."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A room as it was when it was joined, and who else looks at it.

    Its `subscription` is held, so that the answer can go out before what follows it.
    """

    conversation: Conversation
    others: tuple[Face, ...]
    subscription: Subscription

    def flow(self) -> None:
        """Let through what happened since."""
        self.subscription.open(self.conversation.head_seq)


class Rooms:
    """Joining and leaving; a room is named by its id, or by its number."""

    def __init__(
        self, core: ChatCore, hub: Hub, connection: Connection, actor: Actor, numbers: Numbers
    ) -> None:
        self._core = core
        self._hub = hub
        self._connection = connection
        self._actor = actor
        self._numbers = numbers
        self._joined: dict[UUID, int] = {}
        self._is_over = False

    async def join(self, name: str) -> Joined:
        """Begin to hear a room and be seen there; joining again begins anew."""
        found = await self._core.conversations.known_as(self._actor, name)
        self._go_on()
        subscription = self._enter(found)
        try:
            await self._hub.followed(subscription)
            others = await self._core.visitors.enter(self._actor, found.id, self)
            # Read once more, now that nothing which follows can be missed.
            conversation = await self._core.conversations.known_as(self._actor, str(found.id))
            self._go_on()
        except Refusal:
            self.leave(found.id)
            # Counted after the end of this connection, there is nobody else to count it off.
            self._core.visitors.leave(self._actor, found.id, self)
            raise
        return Joined(conversation, others, subscription)

    def joined_as(self, name: str) -> UUID:
        """Return the id of a room that is joined; raises NotFound."""
        for room_id, number in self._joined.items():
            if name in (str(room_id), str(number)):
                return room_id
        raise NotFound("You have not joined this room.", code="not_joined", attr="room")

    async def find(self, name: str) -> UUID:
        """Return the id of a room, joined or not; raises NotFound, or Conflict `encrypted`."""
        try:
            return self.joined_as(name)
        except NotFound:
            return (await self._core.conversations.known_as(self._actor, name)).id

    def leave(self, room_id: UUID) -> None:
        """Hear and be seen no more in a room that is joined."""
        subscription = self._connection.subscriptions.get(ConversationTopic(room_id))
        if subscription is not None:
            self._hub.unsubscribe(subscription)
        self.forget(room_id)

    def forget(self, room_id: UUID) -> None:
        """Be seen no more in a room whose subscription has ended."""
        if self._joined.pop(room_id, None) is not None:
            self._numbers.leave(room_id)
            self._core.visitors.leave(self._actor, room_id, self)

    def end(self) -> None:
        """Leave all rooms, and join none any more."""
        self._is_over = True
        for room_id in list(self._joined):
            self.forget(room_id)

    def _enter(self, found: Conversation) -> Subscription:
        if found.id not in self._joined:
            if len(self._joined) >= MAX_ROOMS:
                raise Conflict("No more rooms can be joined.", code="too_many_rooms")
            self._joined[found.id] = found.number
            self._numbers.enter(found)
        return self._hub.subscribe(self._connection, ConversationTopic(found.id))

    def _go_on(self) -> None:
        """Refuse to go on for a connection that is gone."""
        if self._is_over:
            raise NotFound("This connection is gone.")
