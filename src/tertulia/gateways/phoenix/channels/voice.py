"""`voice:{conversation id}`: the voice channel of a conversation, for its members.

    > ["2", "2", "voice:0198...", "phx_join", {"muted": true}]
    < ["2", "2", "voice:0198...", "phx_reply", {"status": "ok", "response": {"session": ...}}]
    > ["2", "3", "voice:0198...", "offer", {"to": "0198...", "to_session": "...", "sdp": "..."}]

Leaving the topic leaves the channel. A socket that is gone may be followed by another, whose join
names the `session` of before, and nobody hears of it: docs/protocols/voice.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from tertulia.core.errors import Invalid, NotFound
from tertulia.core.ids import parse_id
from tertulia.core.participant import OwnState, SignalKind
from tertulia.core.voice import Voice, VoiceWelcome
from tertulia.gateways import objects, participants
from tertulia.gateways.participants import SFU
from tertulia.gateways.payload import Handler, Payload
from tertulia.gateways.phoenix.channels.channel import Caller, Channel
from tertulia.realtime.topic import VoiceSessionTopic, VoiceTopic

MAX_PAYLOAD_BYTES = 64 * 1024


class Join(Struct, frozen=True):
    """How one comes in; with the `session` of before one comes back."""

    session: str | None = None
    muted: bool | None = None
    deafened: bool | None = None


class VoiceState(Struct, frozen=True):
    """What one says of oneself; what is left out is as before."""

    muted: bool | None = None
    deafened: bool | None = None
    speaking: bool | None = None
    sharing: bool | None = None
    camera: bool | None = None


class Addressed(Struct, frozen=True, kw_only=True):
    """Whom something is for, by their participation.

    The forwarding server is `sfu`; of its participations one is for sending, `up`, and one for
    hearing, `down`.
    """

    to: str
    to_session: str | None = None


Flat = dict[str, str | bool | Annotated[int, Meta(ge=-(2**53), le=2**53)] | None]
"""An object that is passed on as it is, in which nothing lies deeper."""


class Description(Addressed, frozen=True, kw_only=True):
    """An offer or an answer (RFC 8866), and what proves whose it is."""

    sdp: str
    proof: Flat | UnsetType = UNSET


class IceCandidate(Addressed, frozen=True, kw_only=True):
    """An `RTCIceCandidateInit`; null says that there are no more."""

    candidate: Flat | None


class Silence(Struct, frozen=True):
    """Whom to mute for all, or to let speak again."""

    user_id: UUID
    silenced: bool


class Remove(Struct, frozen=True):
    """Whom to show out of the channel."""

    user_id: UUID


class VoiceChannel(Channel):
    """One participation in a voice channel, on one socket."""

    __slots__ = ("_id", "_session")

    def __init__(self, caller: Caller, name: str) -> None:
        super().__init__(caller)
        self._id = _conversation_id(name)
        self._session: str | None = None

    @property
    def events(self) -> Mapping[str, Handler[Any]]:
        """What participants do."""
        return EVENTS

    async def join(self, payload: Raw) -> object:
        """Come in, or come back."""
        joining = _JOIN.read(payload)
        own = OwnState(muted=joining.muted, deafened=joining.deafened)
        welcome = await self._voice.join(
            self._caller.actor, self._id, self, session=joining.session, own=own
        )
        self._session = welcome.session
        # Nothing is awaited before it listens, so all that is said from now on is heard.
        await self._listen(VoiceSessionTopic(self._id, welcome.session), VoiceTopic(self._id))
        return _welcome(welcome)

    async def push(self, event: str, payload: Raw) -> object:
        """Do what the client asks for, unless it is too much to be passed on."""
        if len(bytes(payload)) > MAX_PAYLOAD_BYTES:
            raise Invalid("This is more than 64 KiB.", code="too_large")
        await super().push(event, payload)
        return {}

    def leave(self) -> None:
        """Leave the channel at once."""
        if self._session is not None:
            self._voice.channels.leave(self._caller.actor, self._id, self._session)
        self.close()

    def close(self) -> None:
        """Give the seat back, unless the client comes back in time."""
        self._voice.channels.vanish(self._caller.actor, self._id, self)
        super().close()

    async def say(self, payload: VoiceState) -> None:
        """Say that one is muted, speaks and so on; everyone hears `voice_state`."""
        own = OwnState(
            muted=payload.muted,
            deafened=payload.deafened,
            speaking=payload.speaking,
            sharing=payload.sharing,
            camera=payload.camera,
        )
        self._voice.channels.say(self._caller.actor, self._id, self._own_session, own)

    async def offer(self, payload: Description) -> None:
        """Offer a connection to another participant."""
        self._signal(payload, "offer", _description(payload))

    async def answer(self, payload: Description) -> None:
        """Answer another participant's offer."""
        self._signal(payload, "answer", _description(payload))

    async def candidate(self, payload: IceCandidate) -> None:
        """Tell another participant of a way by which one can be reached."""
        self._signal(payload, "ice_candidate", {"candidate": payload.candidate})

    async def silence(self, payload: Silence) -> None:
        """Mute somebody for all, or let them speak again; for the owner and admins."""
        await self._voice.silence(self._caller.actor, self._id, payload.user_id, payload.silenced)

    async def remove(self, payload: Remove) -> None:
        """Show somebody out of the channel; for the owner and admins."""
        await self._voice.remove(self._caller.actor, self._id, payload.user_id)

    @property
    def _voice(self) -> Voice:
        return self._caller.core.voice

    @property
    def _own_session(self) -> str:
        if self._session is None:
            raise NotFound("You are not in this channel.")
        return self._session

    def _signal(self, to: Addressed, kind: SignalKind, content: Mapping[str, object]) -> None:
        own = (self._caller.actor, self._id, self._own_session)
        if to.to == SFU:
            self._voice.channels.signal_sfu(*own, to.to_session, kind, content)
            return
        if to.to_session is None:
            raise Invalid("This field is required.", code="required", attr="to_session")
        addressee = (parse_id(to.to, "to"), to.to_session)
        self._voice.channels.signal(*own, addressee, kind, content)


def _description(payload: Description) -> Mapping[str, object]:
    proof = {} if payload.proof is UNSET else {"proof": payload.proof}
    return {"sdp": payload.sdp, **proof}


def _welcome(welcome: VoiceWelcome) -> object:
    view = welcome.view
    return {
        "session": welcome.session,
        "participants": list(map(participants.worded, view.participants)),
        "users": objects.users(view.people),
        "ice_servers": list(map(participants.ice_server, welcome.ice_servers)),
        "route": view.route,
        "limit": view.limit,
        "end_to_end": view.end_to_end,
    }


def _conversation_id(name: str) -> UUID:
    # Only the canonical spelling, under which broadcasts are said.
    try:
        conversation_id = parse_id(name, "topic")
    except Invalid:
        raise _no_conversation() from None
    if str(conversation_id) != name:
        raise _no_conversation()
    return conversation_id


def _no_conversation() -> NotFound:
    return NotFound("You are in no such conversation.")


_JOIN = Payload(Join)
EVENTS: Mapping[str, Handler[VoiceChannel]] = {
    "voice_state": Handler(VoiceState, VoiceChannel.say),
    "offer": Handler(Description, VoiceChannel.offer),
    "answer": Handler(Description, VoiceChannel.answer),
    "ice_candidate": Handler(IceCandidate, VoiceChannel.candidate),
    "silence": Handler(Silence, VoiceChannel.silence),
    "remove": Handler(Remove, VoiceChannel.remove),
}
