"""Who is in a conversation: /api/conversations/{id}/members, join and leave."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from tertulia.core.members import Members
from tertulia.core.model import Role
from tertulia.core.paging import page_size as size_of
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing
from tertulia.gateways.rest.values import PageSize, PageToken, ReasonQuery

MEMBERS_PER_PAGE = 50


class MemberPage(Struct, frozen=True):
    """A page of members, in order of joining."""

    items: list[objects.Member]
    page_token: str | None


class Newcomers(Struct, frozen=True):
    """Whom to bring in."""

    user_ids: Annotated[list[UUID], Meta(min_length=1, max_length=1000)]


class AddedMembers(Struct, frozen=True):
    """Those who were brought in; not those who were in already."""

    members: list[objects.Member]


class RoleChange(Struct, frozen=True):
    """A member's new role; who makes another the `owner` is an admin from then on."""

    role: Role


class MembersController(Controller):
    """Coming, going, bringing in and removing."""

    path = "/api/conversations/{conversation_id:uuid}"
    tags = ["members"]

    @writing("POST", "/join", "joinRoom", 400, 404, 429)
    async def join(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        members: NamedDependency[Members],
    ) -> objects.OwnConversation:
        """Walk into a room; whoever is in it already just gets it."""
        return objects.own_conversation(await members.join(request.user, conversation_id))

    @writing("POST", "/leave", "leaveConversation", 404, status=204)
    async def leave(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        members: NamedDependency[Members],
    ) -> None:
        """Leave a group or room; an owner hands over, a group ends with its last member."""
        await members.leave(request.user, conversation_id)

    @reading("/members", "listMembers", 400, 404)
    async def page(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        members: NamedDependency[Members],
        page_token: PageToken = None,
        page_size: PageSize = None,
    ) -> MemberPage:
        """List the members in order of joining."""
        size = size_of(page_size, MEMBERS_PER_PAGE)
        page = await members.page(request.user, conversation_id, page_token or None, size)
        return MemberPage(objects.members(page.items), page.token)

    @writing("POST", "/members", "addMembers", 400, 404, 409, 429)
    async def add(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        data: JSONBody[Newcomers],
        members: NamedDependency[Members],
    ) -> AddedMembers:
        """Bring people into a group or room."""
        added = await members.add(request.user, conversation_id, data.user_ids)
        return AddedMembers(objects.members(added))

    @writing("PATCH", "/members/{user_id:uuid}", "setRole", 400, 404, 409)
    async def set_role(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        user_id: FromPath[UUID],
        data: JSONBody[RoleChange],
        members: NamedDependency[Members],
    ) -> objects.Member:
        """Make a member an admin or an admin a member, or hand over; the owner may."""
        changed = await members.set_role(request.user, conversation_id, user_id, data.role)
        return objects.member(*changed)

    @writing("DELETE", "/members/{user_id:uuid}", "removeMember", 400, 404, 409, status=204)
    async def remove(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        user_id: FromPath[UUID],
        members: NamedDependency[Members],
        reason: ReasonQuery = None,
    ) -> None:
        """Remove somebody, who is told the reason; they stop hearing of it all at once."""
        await members.remove(request.user, conversation_id, user_id, reason=reason)
