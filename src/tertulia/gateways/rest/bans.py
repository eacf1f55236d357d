"""Who is kept out of a conversation: /api/conversations/{id}/bans."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from tertulia.core.bans import Bans
from tertulia.core.paging import page_size as size_of
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing
from tertulia.gateways.rest.values import PageSize, PageToken
from tertulia.gateways.times import Time, time

BANS_PER_PAGE = 50


class Ban(Struct, frozen=True):
    """Somebody who is kept out, and by whom."""

    user: objects.User
    banned_by: objects.User
    reason: str | None
    inserted_at: Time


class BanPage(Struct, frozen=True):
    """A page of bans, the latest first."""

    items: list[Ban]
    page_token: str | None


class NewBan(Struct, frozen=True):
    """Whom to keep out, and why; the reason is told to that person and to who sees the bans."""

    user_id: UUID
    reason: str | None = None


class BansController(Controller):
    """Keeping people out of groups and rooms."""

    path = "/api/conversations/{conversation_id:uuid}/bans"
    tags = ["moderation"]

    @reading("/", "listBans", 400, 403, 404)
    async def page(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        bans: NamedDependency[Bans],
        page_token: PageToken = None,
        page_size: PageSize = None,
    ) -> BanPage:
        """List who is kept out; for owner and admins."""
        size = size_of(page_size, BANS_PER_PAGE)
        found = await bans.page(request.user, conversation_id, page_token or None, size)
        people = {person.id: objects.user(person) for person in found.people}
        items = [
            Ban(people[ban.account_id], people[ban.banned_by], ban.reason, time(ban.inserted_at))
            for ban in found.bans.items
        ]
        return BanPage(items, found.bans.token)

    @writing("POST", "/", "ban", 400, 404, 409, status=204)
    async def ban(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        data: JSONBody[NewBan],
        bans: NamedDependency[Bans],
    ) -> None:
        """Keep somebody out, who is removed at once if they are in.

        Who is banned cannot walk in, be brought in or come by an invitation. The owner bans anyone,
        admins ban members and people who are not in it.
        """
        await bans.ban(request.user, conversation_id, data.user_id, data.reason)

    @writing("DELETE", "/{user_id:uuid}", "liftBan", 404, status=204)
    async def lift(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        user_id: FromPath[UUID],
        bans: NamedDependency[Bans],
    ) -> None:
        """Keep somebody out no longer; owner and admins may."""
        await bans.lift(request.user, conversation_id, user_id)
