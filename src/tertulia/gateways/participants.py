"""Voice channels in words: who is there, and what clients need to reach each other."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from tertulia.core import ice, participant
from tertulia.gateways.times import Time, time

SFU = "sfu"
"""What the server that forwards sound goes by among those who are addressed."""


class Participant(Struct, frozen=True):
    """Somebody in a voice channel; `session` is what this participation is addressed by.

    Who is deafened is muted too; whom a moderator has `silenced` is muted for all.
    """

    user_id: UUID
    session: str
    muted: bool
    deafened: bool
    speaking: bool
    sharing: bool
    camera: bool
    silenced: bool
    joined_at: Time


class IceServer(Struct, frozen=True):
    """A server as in `RTCConfiguration.iceServers` of WebRTC."""

    urls: Sequence[str]
    username: str | UnsetType = UNSET
    credential: str | UnsetType = UNSET


class ForwardedStream(Struct, frozen=True):
    """Whose a medium is that comes from the server that forwards sound."""

    user_id: UUID
    session: str
    screen: bool


def worded(participant: participant.Participant) -> Participant:
    """Word a participant."""
    return Participant(
        user_id=participant.account_id,
        session=participant.session,
        muted=participant.muted,
        deafened=participant.deafened,
        speaking=participant.speaking,
        sharing=participant.sharing,
        camera=participant.camera,
        silenced=participant.silenced,
        joined_at=time(participant.joined_at),
    )


def ice_server(server: ice.IceServer) -> IceServer:
    """Word a server, with credentials where it asks for them."""
    if server.username is None or server.credential is None:
        return IceServer(server.urls)
    return IceServer(server.urls, server.username, server.credential)
