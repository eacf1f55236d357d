"""Facts of voice channels as plain JSON objects, all of one form.

    {"type": "leave", "from_user_id": "0198...", "channel_id": "12",
     "payload": {"user_id": "0198...", "session": "5f0c...", "reason": "left"}}

A client hears the channel go by the name under which it came: its number, or its id.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from tertulia.core import participant as core
from tertulia.core.errors import ChannelFull, RateLimited, Refusal
from tertulia.core.events import Event
from tertulia.core.model import Face, Status
from tertulia.core.voice import VoiceWelcome
from tertulia.core.voice_events import (
    CallDeclined,
    VoiceFact,
    VoiceForwarded,
    VoiceJoined,
    VoiceLeft,
    VoiceRouteChanged,
    VoiceSignalled,
    VoiceStateChanged,
)
from tertulia.gateways import participants
from tertulia.gateways.participants import SFU, IceServer
from tertulia.realtime.topic import Topic

SERVER = "server"

StatusOf = Callable[[UUID], Status]


class Participant(participants.Participant, frozen=True, kw_only=True):
    """A participant, with what clients of this vocabulary expect beside."""

    id: UUID
    username: str
    status: Status
    is_speaking: bool = msgspec.field(name="isSpeaking")
    is_muted: bool = msgspec.field(name="isMuted")


class Welcome(Struct, frozen=True):
    """What a newcomer gets; over this socket a server may hear, so nothing is end-to-end."""

    participants: Sequence[Participant]
    session: str
    ice_servers: Sequence[IceServer]
    route: core.Route
    limit: int
    end_to_end: bool


class VoiceDialect:
    """The words for one channel, shared by all who came by the same `name` of it."""

    __slots__ = ("__weakref__", "_name", "_status_of")

    def __init__(self, name: str, status_of: StatusOf) -> None:
        self._name = name
        self._status_of = status_of

    def word(self, _: Topic, event: Event) -> Sequence[bytes]:
        """Word what is told in voice channels; of all else nothing is said here."""
        if not isinstance(event, VoiceFact):
            return ()
        told = self._told(event)
        if told is None:
            return ()
        name, sender, payload = told
        return (frame(name, sender, self._name, payload),)

    def welcome(self, welcome: VoiceWelcome) -> bytes:
        """Word what a newcomer gets first."""
        view = welcome.view
        there = zip(view.participants, view.people, strict=True)
        said = Welcome(
            participants=[self._participant(each, person.face) for each, person in there],
            session=welcome.session,
            ice_servers=list(map(participants.ice_server, welcome.ice_servers)),
            route=view.route,
            limit=view.limit,
            end_to_end=False,
        )
        return frame("participants_list", SERVER, self._name, said)

    def refusal(self, refused: Refusal) -> bytes:
        """Word a refusal."""
        return refusal(refused, self._name)

    def _told(self, event: VoiceFact) -> tuple[str, str, object] | None:
        match event:
            case VoiceJoined(participant=joined):
                user = self._participant(joined, event.person.face)
                return "join", str(joined.account_id), {"user": user}
            case VoiceLeft(account_id=gone):
                left = {"session": event.session, "reason": event.reason}
                return "leave", str(gone), {"user_id": gone, **left}
            case VoiceStateChanged(participant=changed):
                said = self._participant(changed, event.person)
                return "voice_state", str(changed.account_id), said
            case VoiceSignalled() | VoiceForwarded():
                return _told_by_one(event)
            case VoiceRouteChanged():
                route = {"route": event.route, "limit": event.limit}
                return "route", SERVER, {**route, "end_to_end": False}
            case CallDeclined(account_id=absent):
                return "declined", str(absent), {"user_id": absent}
            case _:
                return None  # what is told elsewhere

    def _participant(self, participant: core.Participant, person: Face) -> Participant:
        return Participant(
            **asdict(participants.worded(participant)),
            id=person.id,
            username=person.name,
            status=self._status_of(person.id),
            is_speaking=participant.speaking,
            is_muted=not participant.is_heard,
        )


def _told_by_one(event: VoiceSignalled | VoiceForwarded) -> tuple[str, str, object]:
    if isinstance(event, VoiceForwarded):
        sender, session = SFU, str(event.way)
    else:
        sender, session = str(event.account_id), event.session
    return event.kind, sender, {"from": sender, "from_session": session, **event.content}


def frame(name: str, sender: str, channel: str, payload: object) -> bytes:
    """Word one message."""
    said = {"type": name, "from_user_id": sender, "channel_id": channel, "payload": payload}
    return msgspec.json.encode(said)


def refusal(refused: Refusal, channel: str) -> bytes:
    """Word a refusal for who asked, in this channel or at its door."""
    payload: dict[str, object] = {"code": refused.code, "detail": refused.detail}
    if refused.attr is not None:
        payload["attr"] = refused.attr
    if isinstance(refused, ChannelFull):
        payload["limit"] = refused.limit
    if isinstance(refused, RateLimited):
        payload["retry_after_s"] = math.ceil(refused.retry_after_s * 10) / 10
    return frame("error", SERVER, channel, payload)
