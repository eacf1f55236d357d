"""Forwarding: /api/messages/{id}/forward."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from tertulia.core.forwarding import MAX_TARGETS, Forwarding
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import writing


class ForwardTo(Struct, frozen=True):
    """Where to tell it. With the same `client_ref` again, nothing is sent twice."""

    conversation_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MAX_TARGETS)]
    client_ref: str | None = None


class ForwardedMessages(Struct, frozen=True):
    """The copies, in the order of the conversations asked for."""

    items: list[objects.Message]


class ForwardingController(Controller):
    """Telling elsewhere what was said."""

    path = "/api/messages/{message_id:uuid}/forward"
    tags = ["messages"]

    @writing("POST", "/", "forward", 400, 404, 409, 429)
    async def forward(
        self,
        request: ApiRequest,
        message_id: FromPath[UUID],
        data: JSONBody[ForwardTo],
        forwarding: NamedDependency[Forwarding],
    ) -> ForwardedMessages:
        """Send a message to other conversations, with the name of who said it first."""
        copies = await forwarding.forward(
            request.user, message_id, data.conversation_ids, client_ref=data.client_ref
        )
        return ForwardedMessages(objects.messages(copies))
