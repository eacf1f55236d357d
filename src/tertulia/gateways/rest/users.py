"""Other people: /api/users and who of them is online, /api/presence."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from msgspec import Struct

from tertulia.core.accounts import Accounts
from tertulia.core.paging import page_size as size_of
from tertulia.core.presence import PresenceBoard
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading
from tertulia.gateways.rest.values import PageSize, PageToken, SearchQuery

USERS_PER_PAGE = 50


class UserPage(Struct, frozen=True):
    """A page of people."""

    items: list[objects.User]
    page_token: str | None


class Online(Struct, frozen=True):
    """Who is online and shows it; on a large server only those whom one shares a chat with."""

    online: list[UUID]


class UsersController(Controller):
    """Finding people."""

    path = "/api"
    tags = ["users"]

    @reading("/users", "findUsers", 400, 429)
    async def find(
        self,
        request: ApiRequest,
        accounts: NamedDependency[Accounts],
        text: SearchQuery = "",
        page_token: PageToken = None,
        page_size: PageSize = None,
    ) -> UserPage:
        """Find other people by part of a name or by a whole e-mail address."""
        size = size_of(page_size, USERS_PER_PAGE)
        page = await accounts.search(request.user, text, page_token or None, size)
        return UserPage(objects.users(page.items), page.token)

    @reading("/presence", "getPresence")
    async def presence(
        self, request: ApiRequest, presence: NamedDependency[PresenceBoard]
    ) -> Online:
        """Get the ids of who is online; hidden people are not among them."""
        return Online(list(await presence.state(request.user.account_id)))
