"""What Janus says over its WebSocket API, and its plugin for rooms (VideoRoom) in it.

    > {"janus": "message", "session_id": 1, "handle_id": 2, "transaction": "7",
       "body": {"request": "configure"}, "jsep": {"type": "offer", "sdp": "v=0..."}}
    < {"janus": "ack", "transaction": "7", ...}
    < {"janus": "event", "transaction": "7", "sender": 2, "jsep": {"type": "answer", ...},
       "plugindata": {"plugin": "janus.plugin.videoroom",
                      "data": {"videoroom": "event", "configured": "ok", ...}}}

A message to a plugin may be acknowledged before it is answered; all else has one answer. What
comes without a `transaction` is news. Rooms and feeds are named by numbers, or by texts where Janus
is set up so (`string_ids`). https://janus.conf.meetecho.com/docs/rest and .../docs/videoroom
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

PLUGIN = "janus.plugin.videoroom"
SUBPROTOCOL = "janus-protocol"

Name = int | str
"""What Janus calls a room, or somebody who publishes in it."""


class Jsep(Struct, frozen=True):
    """A description of a connection."""

    type: str
    sdp: str


class Stream(Struct, frozen=True):
    """A medium that somebody sends, or what a medium carries that somebody hears.

    In the first case it goes by `mid`, may be `disabled`, and has the `description` of its sender.
    In the second one that is the medium of who hears it, which carries `feed_mid` of `feed_id`
    where it is `active`.
    """

    mid: str
    type: str
    disabled: bool = False
    active: bool = False
    feed_id: Name | None = None
    feed_mid: str | None = None
    description: str = ""


class Publisher(Struct, frozen=True):
    """Somebody who sends."""

    id: Name
    streams: list[Stream] = []
    display: str = ""


class Present(Struct, frozen=True):
    """Somebody in a room; `publisher` where they send."""

    id: Name
    publisher: bool = False


class RoomData(Struct, frozen=True):
    """What the plugin says; nearly all of it is there at times."""

    videoroom: str = ""
    room: Name | None = None
    id: Name | None = None
    publishers: list[Publisher] = []
    unpublished: Name | None = None
    leaving: Name | None = None
    streams: list[Stream] = []
    participants: list[Present] = []
    error_code: int | None = None
    error: str = ""


class PluginData(Struct, frozen=True):
    """What a plugin says, and which."""

    data: RoomData


class Named(Struct, frozen=True):
    """What was made."""

    id: int


class Fault(Struct, frozen=True):
    """Why Janus itself will not."""

    code: int
    reason: str


class Plugin(Struct, frozen=True):
    """One that is there."""

    version_string: str = ""


class Said(Struct, frozen=True):
    """One message of Janus."""

    janus: str
    transaction: str | None = None
    sender: int | None = None
    data: Named | None = None
    error: Fault | None = None
    plugindata: PluginData | None = None
    jsep: Jsep | None = None
    plugins: dict[str, Plugin] = {}
    version_string: str = ""

    @property
    def room(self) -> RoomData:
        """What the plugin says in it."""
        return RoomData() if self.plugindata is None else self.plugindata.data


class JanusAway(Exception):
    """Janus does not answer."""


class JanusRefused(Exception):
    """Janus will not; the code is its own, or the plugin's."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{reason} ({code})")
        self.code = code


_SAID = msgspec.json.Decoder(Said)


def read(text: str | bytes) -> Said:
    """Read one message. Raises msgspec.DecodeError."""
    return _SAID.decode(text)


def word(request: Mapping[str, object], transaction: str, secret: str | None) -> str:
    """Word one request."""
    known = {} if secret is None else {"apisecret": secret}
    return msgspec.json.encode({**request, "transaction": transaction, **known}).decode()


def is_answer(said: Said, request: str) -> bool:
    """Whether this is the answer to such a request, and not only says that it was heard."""
    return said.janus != "ack" or request != "message"


def checked(said: Said) -> Said:
    """Return an answer. Raises JanusRefused where it is a refusal."""
    if said.error is not None:
        raise JanusRefused(said.error.code, said.error.reason)
    if said.room.error_code is not None:
        raise JanusRefused(said.room.error_code, said.room.error)
    return said
