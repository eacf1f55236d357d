"""Pins: /api/messages/{id}/pin and /api/conversations/{id}/pinned."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from tertulia.core.pins import Pins
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing


class PinnedMessages(Struct, frozen=True):
    """All that is pinned in a conversation, the newest pin first, and the people it names."""

    items: list[objects.Message]
    users: list[objects.User]


class PinsController(Controller):
    """Pinning for everyone; in rooms its owner and admins do."""

    path = "/api"
    tags = ["pins"]

    @writing("PUT", "/messages/{message_id:uuid}/pin", "pin", 404, 409, 429, status=204)
    async def pin(
        self, request: ApiRequest, message_id: FromPath[UUID], pins: NamedDependency[Pins]
    ) -> None:
        """Pin a message; at most 100 are pinned in a conversation."""
        await pins.pin(request.user, message_id)

    @writing("DELETE", "/messages/{message_id:uuid}/pin", "unpin", 404, 429, status=204)
    async def unpin(
        self, request: ApiRequest, message_id: FromPath[UUID], pins: NamedDependency[Pins]
    ) -> None:
        """Unpin a message; one that is not pinned stays as it is."""
        await pins.unpin(request.user, message_id)

    @reading("/conversations/{conversation_id:uuid}/pinned", "listPinned", 404)
    async def pinned(
        self, request: ApiRequest, conversation_id: FromPath[UUID], pins: NamedDependency[Pins]
    ) -> PinnedMessages:
        """Read what is pinned in a conversation."""
        pinned = await pins.list(request.user, conversation_id)
        return PinnedMessages(objects.messages(pinned.messages.items), objects.users(pinned.people))
