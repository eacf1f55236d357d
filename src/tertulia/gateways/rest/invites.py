"""Letting people in: /api/conversations/{id}/invites makes invitations, /api/invites takes them."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from tertulia.core.errors import Invalid, NotAuthenticated
from tertulia.core.invites import Invitation, Invites, Link
from tertulia.core.model import Actor, Kind
from tertulia.gateways import objects
from tertulia.gateways.rest.access import Access
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.devices import device_of
from tertulia.gateways.rest.routes import reading, writing
from tertulia.gateways.rest.values import LookupText
from tertulia.gateways.times import Time, time


class NewInvite(Struct, frozen=True):
    """Whom to invite: a username, or a telephone number; or else a link is made.

    A link holds for ever and for anyone, unless it says otherwise.
    """

    username: LookupText | None = None
    phone: LookupText | None = None
    expires_in_s: int | None = None
    max_uses: int | None = None


class Invite(Struct, frozen=True):
    """A link that lets people in; `max_uses` null is any number of them."""

    id: UUID
    url: str
    created_by: objects.User
    inserted_at: Time
    expires_at: Time | None
    max_uses: int | None
    uses: int


class Added(Struct, frozen=True, tag_field="kind", tag="added"):
    """Who was invited by username is in."""

    member: objects.Member


class Sent(Struct, frozen=True, tag_field="kind", tag="sent"):
    """Who has the number is in, or gets a text message with a link; nothing tells which."""


class Made(Struct, frozen=True, tag_field="kind", tag="link"):
    """A link was made."""

    invite: Invite


class LivingInvites(Struct, frozen=True):
    """The links that hold now, the latest first."""

    items: list[Invite]


class InvitedTo(Struct, frozen=True):
    """What is shown of a conversation to whom it is offered."""

    alias: str | None
    kind: Kind
    description: str | None
    picture: str | None
    member_count: int


class Inviter(Struct, frozen=True):
    """What is shown of whoever made an invitation."""

    display_name: str
    avatar: str | None


class InvitePreview(Struct, frozen=True):
    """What an invitation leads to; `is_member` says that the reader is there already."""

    conversation: InvitedTo
    invited_by: Inviter
    is_member: bool


class InvitesController(Controller):
    """Making invitations, and taking them back."""

    path = "/api/conversations/{conversation_id:uuid}/invites"
    tags = ["invites"]

    @writing("POST", "/", "invite", 400, 404, 409, 429)
    async def invite(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        data: JSONBody[NewInvite],
        invites: NamedDependency[Invites],
    ) -> Added | Sent | Made:
        """Invite somebody by username or telephone number, or make a link.

        Whoever may add members may invite. A number without an account gets a text message with a
        link that works once, within seven days.
        """
        _require_one(data)
        if data.username is not None:
            member = await invites.by_username(request.user, conversation_id, data.username)
            return Added(objects.member(*member))
        if data.phone is not None:
            await invites.by_phone(request.user, conversation_id, data.phone)
            return Sent()
        link = await invites.by_link(
            request.user,
            conversation_id,
            expires_in_s=data.expires_in_s,
            max_uses=data.max_uses,
        )
        return Made(_invite(link))

    @reading("/", "listInvites", 403, 404)
    async def living(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        invites: NamedDependency[Invites],
    ) -> LivingInvites:
        """List the links that hold; plain members of a group see those that they made."""
        return LivingInvites(
            list(map(_invite, await invites.living(request.user, conversation_id)))
        )

    @writing("DELETE", "/{invite_id:uuid}", "revokeInvite", 404, status=204)
    async def revoke(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        invite_id: FromPath[UUID],
        invites: NamedDependency[Invites],
    ) -> None:
        """Have a link let nobody in any more; owner and admins may, and whoever made it."""
        await invites.revoke(request.user, conversation_id, invite_id)


class InvitationsController(Controller):
    """Coming in by a link."""

    path = "/api/invites/{token:str}"
    tags = ["invites"]

    @reading("/", "lookAtInvite", 404, 429, public=True)
    async def look(
        self,
        request: ApiRequest,
        token: FromPath[str],
        invites: NamedDependency[Invites],
        access: NamedDependency[Access],
    ) -> InvitePreview:
        """See what a link leads to, signed in or not; one that does not hold is `invite_gone`."""
        actor = await _whoever(request, access)
        return _preview(await invites.look(actor, token, device_of(request).address))

    @writing("POST", "/", "takeInvite", 404, 409, 429)
    async def take(
        self, request: ApiRequest, token: FromPath[str], invites: NamedDependency[Invites]
    ) -> objects.OwnConversation:
        """Come in by a link; whoever is in already just gets the conversation."""
        return objects.own_conversation(await invites.take(request.user, token))


async def _whoever(request: ApiRequest, access: Access) -> Actor | None:
    try:
        return await access.actor(request)
    except NotAuthenticated:
        return None


def _require_one(asked: NewInvite) -> None:
    ways = [
        asked.username is not None,
        asked.phone is not None,
        asked.expires_in_s is not None or asked.max_uses is not None,
    ]
    if sum(ways) > 1:
        raise Invalid("Give a username, a phone number, or what a link shall be.", attr="username")


def _invite(link: Link) -> Invite:
    invite = link.invite
    return Invite(
        id=invite.id,
        url=link.url,
        created_by=objects.user(link.creator),
        inserted_at=time(invite.inserted_at),
        expires_at=time(invite.expires_at) if invite.expires_at else None,
        max_uses=invite.max_uses,
        uses=invite.uses,
    )


def _preview(invitation: Invitation) -> InvitePreview:
    shown = objects.conversation(invitation.conversation)
    return InvitePreview(
        conversation=InvitedTo(
            alias=shown.alias,
            kind=shown.kind,
            description=shown.description,
            picture=shown.picture,
            member_count=shown.member_count,
        ),
        invited_by=Inviter(
            invitation.inviter.display_name, objects.avatar_address(invitation.inviter)
        ),
        is_member=invitation.is_member,
    )
