"""One participation in a voice channel, on one socket, with the sound of those who send it here."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import asdict

from tertulia.core.chat import ChatCore
from tertulia.core.errors import (
    ChannelFull,
    Invalid,
    NotFound,
    RateLimited,
    Refusal,
    TakenOver,
)
from tertulia.core.ids import parse_id
from tertulia.core.model import Actor, Conversation
from tertulia.core.participant import OwnState, SignalKind
from tertulia.core.voice import Voice
from tertulia.gateways.flood import Allowance, PushRate
from tertulia.gateways.malformed import Malformed
from tertulia.gateways.participants import SFU
from tertulia.gateways.plain_socket import PlainSocket
from tertulia.gateways.tasks import Tasks
from tertulia.gateways.turning_away import close_code
from tertulia.gateways.voice.dialect import VoiceDialect
from tertulia.gateways.voice.protocol import (
    Addressed,
    Answer,
    Command,
    IceCandidate,
    Leave,
    Offer,
    Remove,
    Silence,
    VoiceState,
    parse,
)
from tertulia.realtime.connection import Connection
from tertulia.realtime.frames import Sound
from tertulia.realtime.hub import Hub
from tertulia.realtime.topic import Topic, VoiceSessionTopic, VoiceTopic

MAX_TEXT_BYTES = 64 * 1024
MAX_SOUND_BYTES = 16 * 1024
SOUNDS = PushRate(per_s=100, burst=100)

# Close codes: RFC 6455, section 7.4.1, and our own, beside those of `turning_away`.
LEFT = 1000
TOO_LARGE = 1009
ENDED = 4000
FULL = 4008
FLOODED = 4029


@dataclass(frozen=True, slots=True)
class Enter:
    """Come in: what every socket asks for first, by itself."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all sockets of the gateway have in common; `sockets` are those in each channel."""

    core: ChatCore
    hub: Hub
    rate: PushRate
    tasks: Tasks
    sockets: dict[UUID, set[VoiceSocket]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who comes into which channel, perhaps back with the `session` of before."""

    actor: Actor
    conversation: Conversation
    session: str | None


class VoiceSocket(PlainSocket[Command | Enter]):
    """The hub's Handler for one connection."""

    __slots__ = ("_dialect", "_here", "_session", "_sounds", "_visit")

    flooded: ClassVar[int] = FLOODED

    def __init__(
        self, connection: Connection, visit: Visit, dialect: VoiceDialect, here: Surroundings
    ) -> None:
        super().__init__(connection, here.rate, here.tasks)
        self._visit = visit
        self._dialect = dialect
        self._here = here
        self._sounds = Allowance(SOUNDS, time.monotonic())
        self._session: str | None = None
        if not visit.conversation.encrypted:
            # What goes through here can be heard by the server, as nothing encrypted is to be.
            connection.take_sound = self.relay

    def received(self, text: str) -> None:
        """Take one message, unless it is too large."""
        if len(text.encode()) > MAX_TEXT_BYTES:
            self.connection.close(TOO_LARGE, "too_large")
        else:
            super().received(text)

    def relay(self, sound: bytes) -> None:
        """Let the others who listen here hear a piece of sound, unless one is not to be heard."""
        if len(sound) > MAX_SOUND_BYTES:
            self.connection.close(TOO_LARGE, "too_large")
            return
        now_s = time.monotonic()
        self._sounds.spend(now_s)
        if self._sounds.is_flooding:
            self._note(RateLimited("flood", retry_after_s=0))
            self.connection.close(FLOODED, "flood")
        elif self._sounds.wait_s(now_s) == 0 and self._is_heard:
            whole = Sound(sound)
            for other in self._here.sockets.get(self._id, set()) - {self}:
                other.connection.play(whole)

    def parse(self, text: str) -> Command:
        """Read one message."""
        try:
            return parse(text)
        except Malformed as error:
            raise Invalid(error.detail, code=error.code, attr=error.attr) from None

    async def do(self, command: Command | Enter) -> None:
        """Do what was asked for; what comes of it everyone is told by the hub."""
        match command:
            case Enter():
                await self._enter()
            case Silence():
                user_id = parse_id(command.user_id, "user_id")
                await self._voice.silence(self._actor, self._id, user_id, command.silenced)
            case Remove():
                user_id = parse_id(command.user_id, "user_id")
                await self._voice.remove(self._actor, self._id, user_id)
            case _:
                self._act(command)

    def word(self, refusal: Refusal) -> bytes:
        """Word a refusal for the one who is refused."""
        return self._dialect.refusal(refusal)

    def was_cut(self, _: Topic) -> None:
        """Say goodbye to who was shown out, or came in elsewhere; the last frame said why."""
        self.connection.close(ENDED, "ended")
        self.leave()

    def leave(self) -> None:
        """Give the seat back, unless the client comes back in time."""
        sockets = self._here.sockets.get(self._id, set())
        sockets.discard(self)
        if not sockets:
            self._here.sockets.pop(self._id, None)
        self._voice.channels.vanish(self._actor, self._id, self)

    @property
    def _voice(self) -> Voice:
        return self._here.core.voice

    @property
    def _actor(self) -> Actor:
        return self._visit.actor

    @property
    def _id(self) -> UUID:
        return self._visit.conversation.id

    @property
    def _own_session(self) -> str:
        if self._session is None:
            raise NotFound("You are not in this channel.")
        return self._session

    @property
    def _is_heard(self) -> bool:
        session = self._session
        channels = self._voice.channels
        return session is not None and channels.is_heard(self._id, self._actor.account_id, session)

    async def _enter(self) -> None:
        try:
            welcome = await self._voice.join(
                self._actor, self._id, self, session=self._visit.session
            )
        except Refusal as refusal:
            self._refuse(refusal)
            self.connection.close(_closing(refusal), refusal.code)
            return
        if self._is_closed:
            self.leave()
            return
        # Nothing is awaited in between, so all that is said from now on is heard.
        self._session = welcome.session
        self._here.sockets.setdefault(self._id, set()).add(self)
        hub, connection = self._here.hub, self.connection
        topics = (VoiceSessionTopic(self._id, welcome.session), VoiceTopic(self._id))
        subscriptions = [hub.subscribe(connection, topic) for topic in topics]
        await hub.followed(*subscriptions)
        connection.send(self._dialect.welcome(welcome))
        for subscription in subscriptions:
            subscription.open()

    def _act(self, command: VoiceState | Offer | Answer | IceCandidate | Leave) -> None:
        channels = self._voice.channels
        match command:
            case VoiceState():
                own = OwnState(**asdict(command))
                channels.say(self._actor, self._id, self._own_session, own)
            case Offer():
                self._signal(command, "offer", _description(command))
            case Answer():
                self._signal(command, "answer", _description(command))
            case IceCandidate():
                self._signal(command, "ice_candidate", {"candidate": command.candidate})
            case Leave():
                channels.leave(self._actor, self._id, self._own_session)
                self.connection.close(LEFT, "left")

    def _signal(self, to: Addressed, kind: SignalKind, content: Mapping[str, object]) -> None:
        own = (self._actor, self._id, self._own_session)
        if to.to == SFU:
            self._voice.channels.signal_sfu(*own, to.to_session, kind, content)
        else:
            addressee = (parse_id(to.to, "to"), to.to_session)
            self._voice.channels.signal(*own, addressee, kind, content)


def _closing(refusal: Refusal) -> int:
    match refusal:
        case ChannelFull():
            return FULL
        case TakenOver():
            return ENDED
        case _:
            return close_code(refusal)


def _description(command: Offer | Answer) -> Mapping[str, object]:
    proof = {} if command.proof is UNSET else {"proof": command.proof}
    return {"sdp": command.sdp, **proof}
