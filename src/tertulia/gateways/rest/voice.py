"""Voice channels: /api/voice and /api/conversations/{id}/voice."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from tertulia.core.participant import Route
from tertulia.core.voice import Voice
from tertulia.gateways import objects, participants
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing


class BusyChannel(Struct, frozen=True):
    """A conversation's voice channel that somebody is in, in the order in which they came."""

    conversation_id: UUID
    participants: list[UUID]


class BusyChannels(Struct, frozen=True):
    """The channels of one's conversations that somebody is in."""

    items: list[BusyChannel]


class VoiceChannel(Struct, frozen=True):
    """A voice channel as it is now; `limit` is how many fit in, `users` who they are.

    `end_to_end` is false where a server can hear.
    """

    participants: list[participants.Participant]
    users: list[objects.User]
    limit: int
    route: Route
    end_to_end: bool


class VoiceController(Controller):
    """Who speaks where; one comes in over a socket."""

    path = "/api"
    tags = ["voice"]

    @reading("/voice", "listVoice")
    async def busy(self, request: ApiRequest, voice: NamedDependency[Voice]) -> BusyChannels:
        """List in which of one's conversations somebody is in the voice channel."""
        found = await voice.busy(request.user)
        return BusyChannels([BusyChannel(each, list(people)) for each, people in found.items()])

    @reading("/conversations/{conversation_id:uuid}/voice", "getVoice", 404)
    async def seen(
        self, request: ApiRequest, conversation_id: FromPath[UUID], voice: NamedDependency[Voice]
    ) -> VoiceChannel:
        """Get who is in a conversation's voice channel, without coming in."""
        view = await voice.seen_by(request.user, conversation_id)
        return VoiceChannel(
            participants=list(map(participants.worded, view.participants)),
            users=objects.users(view.people),
            limit=view.limit,
            route=view.route,
            end_to_end=view.end_to_end,
        )

    @writing(
        "POST",
        "/conversations/{conversation_id:uuid}/voice/decline",
        "declineCall",
        404,
        status=204,
    )
    async def decline(
        self, request: ApiRequest, conversation_id: FromPath[UUID], voice: NamedDependency[Voice]
    ) -> None:
        """Decline the call that rings in a private chat."""
        voice.channels.calls.decline(conversation_id, request.user.account_id)
