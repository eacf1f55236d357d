"""Whom one keeps at hand, /api/contacts, and of whom one wants to hear nothing, /api/blocks."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from tertulia.core.contacts import Contacts
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing
from tertulia.gateways.rest.values import LookupText


class People(Struct, frozen=True):
    """People, the latest first."""

    items: list[objects.User]


class NewContact(Struct, frozen=True):
    """Somebody, by exactly one of these."""

    username: LookupText | None = None
    phone: LookupText | None = None
    user_id: UUID | None = None


class NewBlock(Struct, frozen=True):
    """Somebody to hear nothing of."""

    user_id: UUID


class ContactsController(Controller):
    """One's contacts and blocks."""

    path = "/api"
    tags = ["contacts"]

    @reading("/contacts", "getContacts")
    async def contacts(self, request: ApiRequest, contacts: NamedDependency[Contacts]) -> People:
        """Get one's contacts."""
        return People(objects.users(await contacts.contacts(request.user)))

    @writing("POST", "/contacts", "addContact", 400, 404, 409, 429)
    async def add(
        self, request: ApiRequest, data: JSONBody[NewContact], contacts: NamedDependency[Contacts]
    ) -> objects.User:
        """Keep somebody as a contact, by username, telephone number or id."""
        person = await contacts.add(
            request.user, user_id=data.user_id, username=data.username, phone=data.phone
        )
        return objects.user(person)

    @writing("DELETE", "/contacts/{user_id:uuid}", "dropContact", 404, status=204)
    async def drop(
        self, request: ApiRequest, user_id: FromPath[UUID], contacts: NamedDependency[Contacts]
    ) -> None:
        """Let a contact go."""
        await contacts.drop(request.user, user_id)

    @reading("/blocks", "getBlocks")
    async def blocked(self, request: ApiRequest, contacts: NamedDependency[Contacts]) -> People:
        """Get whom one has blocked."""
        return People(objects.users(await contacts.blocked(request.user)))

    @writing("POST", "/blocks", "block", 400, 404, 409)
    async def block(
        self, request: ApiRequest, data: JSONBody[NewBlock], contacts: NamedDependency[Contacts]
    ) -> objects.User:
        """Hear nothing more of somebody, who is not told."""
        return objects.user(await contacts.block(request.user, data.user_id))

    @writing("DELETE", "/blocks/{user_id:uuid}", "unblock", 404, status=204)
    async def unblock(
        self, request: ApiRequest, user_id: FromPath[UUID], contacts: NamedDependency[Contacts]
    ) -> None:
        """Take a block back."""
        await contacts.unblock(request.user, user_id)
