"""Reactions: /api/messages/{id}/reactions."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from tertulia.core.reactions import Reactions
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import writing


class NewReaction(Struct, frozen=True):
    """One emoji to react with."""

    emoji: str


class ReactionsController(Controller):
    """Giving reactions and taking them back."""

    path = "/api/messages/{message_id:uuid}/reactions"
    tags = ["reactions"]

    @writing("POST", "/", "react", 400, 404, 409, 429)
    async def react(
        self,
        request: ApiRequest,
        message_id: FromPath[UUID],
        data: JSONBody[NewReaction],
        reactions: NamedDependency[Reactions],
    ) -> objects.Message:
        """React to a message with one emoji; doing it again changes nothing."""
        return objects.message(await reactions.react(request.user, message_id, data.emoji))

    @writing("DELETE", "/{emoji:str}", "unreact", 400, 404, 429, status=204)
    async def unreact(
        self,
        request: ApiRequest,
        message_id: FromPath[UUID],
        emoji: FromPath[str],
        reactions: NamedDependency[Reactions],
    ) -> None:
        """Take a reaction back; without one nothing changes."""
        await reactions.unreact(request.user, message_id, emoji)
