"""What was done in a conversation by those who look after it: /api/conversations/{id}/audit."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from tertulia.core.audit import Audit
from tertulia.core.moderation import Act
from tertulia.core.paging import page_size as size_of
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading
from tertulia.gateways.rest.values import PageSize, PageToken
from tertulia.gateways.times import Time, time

ENTRIES_PER_PAGE = 50


class AuditEntry(Struct, frozen=True):
    """One thing that was done, by `actor` and perhaps to `target`; `detail` depends on the act."""

    id: UUID
    actor: objects.User
    act: Act
    target: objects.User | None
    detail: dict[str, str | int]
    inserted_at: Time


class AuditPage(Struct, frozen=True):
    """A page of what was done, the latest first."""

    items: list[AuditEntry]
    page_token: str | None


class AuditController(Controller):
    """The trail of a conversation."""

    path = "/api/conversations/{conversation_id:uuid}/audit"
    tags = ["moderation"]

    @reading("/", "listAudit", 400, 403, 404)
    async def page(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        audit: NamedDependency[Audit],
        page_token: PageToken = None,
        page_size: PageSize = None,
    ) -> AuditPage:
        """List what was done; for owner and admins."""
        size = size_of(page_size, ENTRIES_PER_PAGE)
        trail = await audit.page(request.user, conversation_id, page_token or None, size)
        people = {person.id: objects.user(person) for person in trail.people}
        items = [
            AuditEntry(
                id=entry.id,
                actor=people[entry.actor_id],
                act=entry.act,
                target=None if entry.target_id is None else people[entry.target_id],
                detail=dict(entry.detail),
                inserted_at=time(entry.inserted_at),
            )
            for entry in trail.entries.items
        ]
        return AuditPage(items, trail.entries.token)
