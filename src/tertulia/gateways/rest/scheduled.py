"""Messages that wait: /api/scheduled, and scheduling at /api/conversations/{id}/scheduled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta, Struct

from tertulia.core import scheduled as core
from tertulia.core.scheduling import Scheduling
from tertulia.gateways import extras, objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing
from tertulia.gateways.times import Time, time

SendAt = Annotated[datetime, Meta(tz=True)]


class NewScheduled(Struct, frozen=True):
    """A message to be sent at a time, ten seconds to a year from now.

    `content` may be empty where there are attachments.
    """

    content: str
    send_at: SendAt
    reply_to: UUID | None = None
    attachments: list[UUID] = []
    silent: bool = False


class ScheduledChange(Struct, frozen=True):
    """Another text or time; a field that is absent or null stays as it is."""

    content: str | None = None
    send_at: SendAt | None = None


class Scheduled(Struct, frozen=True):
    """A message that waits; with a `failure`, the code of a refusal, for its author."""

    id: UUID
    conversation_id: UUID
    content: str
    send_at: Time
    reply_to: UUID | None
    attachments: Sequence[extras.Attachment]
    silent: bool
    failure: str | None


class ScheduledList(Struct, frozen=True):
    """What waits, the first to be sent first."""

    items: list[Scheduled]


class ScheduledController(Controller):
    """One's own messages that wait; nobody else sees them."""

    path = "/api"
    tags = ["scheduled"]

    @writing(
        "POST",
        "/conversations/{conversation_id:uuid}/scheduled",
        "scheduleMessage",
        400,
        404,
        409,
        429,
    )
    async def schedule(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        data: JSONBody[NewScheduled],
        scheduling: NamedDependency[Scheduling],
    ) -> Scheduled:
        """Have a message wait for its time; at most a hundred do."""
        scheduled = await scheduling.schedule(
            request.user,
            conversation_id,
            data.content,
            data.send_at,
            reply_to=data.reply_to,
            attachment_ids=data.attachments,
            is_silent=data.silent,
        )
        return _worded(scheduled)

    @reading("/scheduled", "listScheduled", 400)
    async def waiting(
        self,
        request: ApiRequest,
        scheduling: NamedDependency[Scheduling],
        conversation_id: FromQuery[UUID | None] = None,
    ) -> ScheduledList:
        """List what waits, for one conversation or for all."""
        found = await scheduling.waiting(request.user, conversation_id)
        return ScheduledList(list(map(_worded, found)))

    @writing("PATCH", "/scheduled/{scheduled_id:uuid}", "changeScheduled", 400, 404, 409, 429)
    async def change(
        self,
        request: ApiRequest,
        scheduled_id: FromPath[UUID],
        data: JSONBody[ScheduledChange],
        scheduling: NamedDependency[Scheduling],
    ) -> Scheduled:
        """Give a waiting message another text or time; one that failed waits again."""
        changed = await scheduling.change(
            request.user, scheduled_id, body=data.content, due_at=data.send_at
        )
        return _worded(changed)

    @writing("DELETE", "/scheduled/{scheduled_id:uuid}", "cancelScheduled", 404, 409, status=204)
    async def cancel(
        self,
        request: ApiRequest,
        scheduled_id: FromPath[UUID],
        scheduling: NamedDependency[Scheduling],
    ) -> None:
        """Do without a waiting message."""
        await scheduling.cancel(request.user, scheduled_id)

    @writing("POST", "/scheduled/{scheduled_id:uuid}/send", "sendScheduled", 400, 404, 409, 429)
    async def send(
        self,
        request: ApiRequest,
        scheduled_id: FromPath[UUID],
        scheduling: NamedDependency[Scheduling],
    ) -> objects.Message:
        """Send a waiting message now."""
        return objects.message(await scheduling.send_now(request.user, scheduled_id))


def _worded(scheduled: core.Scheduled) -> Scheduled:
    return Scheduled(
        id=scheduled.id,
        conversation_id=scheduled.conversation_id,
        content=scheduled.body,
        send_at=time(scheduled.due_at),
        reply_to=scheduled.reply_to,
        attachments=list(map(extras.attachment, scheduled.attachments)),
        silent=scheduled.is_silent,
        failure=scheduled.failure,
    )
