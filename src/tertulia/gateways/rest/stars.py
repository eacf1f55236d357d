"""Stars: /api/messages/{id}/star and /api/starred."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from tertulia.core.paging import page_size as size_of
from tertulia.core.stars import Stars
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.messages import MESSAGES_PER_PAGE, MessagePage, message_page
from tertulia.gateways.rest.routes import reading, writing
from tertulia.gateways.rest.values import PageSize, PageToken


class StarredIds(Struct, frozen=True):
    """All messages with one's star that one can see, the latest star first."""

    ids: tuple[UUID, ...]


class StarsController(Controller):
    """One's own stars; nobody else knows of them."""

    path = "/api"
    tags = ["stars"]

    @writing("PUT", "/messages/{message_id:uuid}/star", "star", 404, 409, 429, status=204)
    async def star(
        self, request: ApiRequest, message_id: FromPath[UUID], stars: NamedDependency[Stars]
    ) -> None:
        """Put a star on a message; one gives at most 5,000."""
        await stars.star(request.user, message_id)

    @writing("DELETE", "/messages/{message_id:uuid}/star", "unstar", 404, 429, status=204)
    async def unstar(
        self, request: ApiRequest, message_id: FromPath[UUID], stars: NamedDependency[Stars]
    ) -> None:
        """Take a star away; without one nothing changes."""
        await stars.unstar(request.user, message_id)

    @reading("/starred", "listStarred", 400)
    async def starred(
        self,
        request: ApiRequest,
        stars: NamedDependency[Stars],
        page_token: PageToken = None,
        page_size: PageSize = None,
    ) -> MessagePage:
        """Read the messages with one's star, the latest star first; deleted ones have none."""
        size = size_of(page_size, MESSAGES_PER_PAGE)
        return message_page(await stars.page(request.user, page_token or None, size))

    @reading("/starred/ids", "listStarredIds")
    async def ids(self, request: ApiRequest, stars: NamedDependency[Stars]) -> StarredIds:
        """Read which messages have one's star, all of them at once."""
        return StarredIds(await stars.ids(request.user))
