"""One client's socket: does what its events ask for, one after the other, and acknowledges each.

    > 212["message", {"room": 7, "message": "hello", "client_ref": "a1"}]
    < 312[{"ok": true, "message": {"id": "0198...", "text": "hello", ...}}]
    > 213["join_room", {"room": "nowhere"}]
    < 313[{"error": {"code": "not_found", "detail": "There is no such conversation."}}]

A refusal of what asked for no acknowledgement is told by an `error` event.
"""

from __future__ import annotations

import math

from tertulia.core.chat import ChatCore
from tertulia.core.errors import Invalid, RateLimited, Refusal
from tertulia.core.model import Actor
from tertulia.gateways.flood import PushRate
from tertulia.gateways.malformed import Malformed
from tertulia.gateways.numbers import Numbers
from tertulia.gateways.plain_socket import PlainSocket
from tertulia.gateways.socketio import frames, objects
from tertulia.gateways.socketio.frames import Binary, Disconnect, Event, NotAPacket, Packet
from tertulia.gateways.socketio.message_acts import Answer, Place, act
from tertulia.gateways.socketio.protocol import (
    Command,
    JoinRoom,
    LeaveRoom,
    command,
)
from tertulia.gateways.socketio.rooms import Joined, Rooms
from tertulia.gateways.tasks import Tasks
from tertulia.realtime.connection import GOING_AWAY, Connection
from tertulia.realtime.hub import Hub
from tertulia.realtime.topic import AccountTopic, ConversationTopic, Topic


class SocketIoSocket(PlainSocket[Event]):
    """The hub's Handler for one connection."""

    __slots__ = ("_actor", "_core", "_heard", "_hub", "_rooms")

    def __init__(
        self,
        core: ChatCore,
        hub: Hub,
        connection: Connection,
        actor: Actor,
        *,
        numbers: Numbers,
        rate: PushRate,
        tasks: Tasks,
    ) -> None:
        super().__init__(connection, rate, tasks)
        self._core = core
        self._hub = hub
        self._actor = actor
        self._rooms = Rooms(core, hub, connection, actor, numbers)
        self._heard: Packet | None = None

    def begin(self) -> None:
        """Hear from now on what concerns this person wherever they are."""
        self._hub.subscribe(self.connection, AccountTopic(self._actor.account_id)).open()

    def received(self, text: str) -> None:
        """Take one packet."""
        try:
            self._heard = frames.parse(text)
        except NotAPacket:
            self._heard = None
        match self._heard:
            case Event() | Binary() | None:
                super().received(text)
            case Disconnect():
                self.connection.close(GOING_AWAY, "")
            case _:
                pass  # acknowledgements that were not asked for, and a second CONNECT

    def parse(self, text: str) -> Event:
        """Return the event that was just heard."""
        del text
        match self._heard:
            case Event():
                return self._heard
            case Binary():
                raise Invalid("Binary data is not taken here.", code="binary")
            case _:
                raise Invalid("This is no packet of Socket.IO.", code="not_a_packet")

    def word(self, refusal: Refusal) -> bytes:
        """Word why what was just heard is refused."""
        heard = self._heard
        return _refused(heard.ref if isinstance(heard, Event | Binary) else None, refusal)

    async def do(self, command: Event) -> None:
        """Do what an event asks for, and answer it."""
        try:
            answer, joined = await self._done(command)
        except Refusal as refusal:
            self._note(refusal)
            self.connection.send(_refused(command.ref, refusal))
            return
        if command.ref is not None:
            self.connection.send(frames.acknowledgement(command.ref, {"ok": True, **answer}))
        if joined is not None:
            joined.flow()

    def was_cut(self, topic: Topic) -> None:
        """Learn that the right to listen to a topic was lost; `removed` says so to the client."""
        if isinstance(topic, ConversationTopic):
            self._rooms.forget(topic.id)

    def leave(self) -> None:
        """Leave all rooms."""
        self._rooms.end()

    async def _done(self, event: Event) -> tuple[Answer, Joined | None]:
        match wanted := _meant(event):
            case JoinRoom():
                joined = await self._rooms.join(str(wanted.room))
                return _as_joined(joined), joined
            case LeaveRoom():
                room_id = self._rooms.joined_as(str(wanted.room))
                self._rooms.leave(room_id)
                return {"room": room_id}, None
            case _:
                room_id = await self._rooms.find(str(wanted.room))
                place = Place(self._core, self._actor, room_id, is_answered=event.ref is not None)
                return await act(place, wanted), None


def _meant(event: Event) -> Command:
    try:
        return command(event.name, event.payload)
    except Malformed as malformed:
        raise Invalid(malformed.detail, code=malformed.code, attr=malformed.attr) from None


def _as_joined(joined: Joined) -> Answer:
    conversation = joined.conversation
    return {
        "room": conversation.id,
        "number": conversation.number,
        "head_seq": conversation.head_seq,
        "online": [objects.user(face) for face in joined.others],
    }


def _refused(ref: int | None, refusal: Refusal) -> bytes:
    error: dict[str, object] = {"code": refusal.code, "detail": refusal.detail}
    if refusal.attr is not None:
        error["attr"] = refusal.attr
    if isinstance(refusal, RateLimited):
        error["retry_after_s"] = math.ceil(refusal.retry_after_s * 10) / 10
    if ref is None:
        return frames.event("error", error)
    return frames.acknowledgement(ref, {"error": error})
