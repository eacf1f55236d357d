"""The directory of rooms: /api/rooms."""

from __future__ import annotations

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from tertulia.core.conversations import Conversations
from tertulia.core.model import RoomOrder
from tertulia.core.paging import page_size as size_of
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading
from tertulia.gateways.rest.values import PageSize, PageToken, TextQuery, TopicQuery

ROOMS_PER_PAGE = 50


class RoomPage(Struct, frozen=True):
    """A page of the directory, and all the topics that rooms are listed under."""

    items: list[objects.Listing]
    page_token: str | None
    topics: tuple[str, ...]


class RoomsController(Controller):
    """Rooms, which anyone may see and join."""

    path = "/api/rooms"
    tags = ["rooms"]

    @reading("/", "listRooms", 400, 429)
    async def page(
        self,
        request: ApiRequest,
        conversations: NamedDependency[Conversations],
        topic: TopicQuery = None,
        sort: FromQuery[RoomOrder] = "new",
        q: TextQuery = "",
        page_token: PageToken = None,
        page_size: PageSize = None,
    ) -> RoomPage:
        """List rooms, of one topic or all, that carry the words of `q` or parts of them.

        They are looked for in name, alias and description, without case and accents. `popular`
        sorts by members.
        """
        size = size_of(page_size, ROOMS_PER_PAGE)
        page = await conversations.directory(
            request.user, topic or None, sort, q, page_token or None, size
        )
        return RoomPage(list(map(objects.listing, page.items)), page.token, conversations.topics)
