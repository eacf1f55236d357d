"""Handing one's secret from one device to another, /api/encryption/handovers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from tertulia.core import handover
from tertulia.core.handovers import Handovers
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing

Message = Annotated[
    dict[str, object],
    Meta(description="Any JSON object of at most 4 KiB in 8 levels; the server only passes it on."),
]


class NextMessage(Struct, frozen=True):
    """What a device says to the other one."""

    message: Message


class Handover(Struct, frozen=True):
    """What two devices have said to one another; `device` is what the asking one is called."""

    id: UUID
    device: str
    messages: list[Message]
    expires_at: objects.Time


class HandoversController(Controller):
    """The mailbox between two devices of one account."""

    path = "/api/encryption/handovers"
    tags = ["encryption"]

    @writing("POST", "/", "beginHandover", 400, 429)
    async def begin(
        self,
        request: ApiRequest,
        data: JSONBody[NextMessage],
        handovers: NamedDependency[Handovers],
    ) -> Handover:
        """Ask one's other devices for the secret; it holds for ten minutes.

        What the same session asked before is over.
        """
        return _worded(await handovers.begin(request.user, data.message))

    @reading("/{handover_id:uuid}", "getHandover", 404)
    async def show(
        self,
        request: ApiRequest,
        handover_id: FromPath[UUID],
        handovers: NamedDependency[Handovers],
    ) -> Handover:
        """Get what was said so far, on any of one's devices."""
        return _worded(await handovers.get(request.user, handover_id))

    @writing("POST", "/{handover_id:uuid}/messages", "sayInHandover", 400, 404, 409, 429)
    async def say(
        self,
        request: ApiRequest,
        handover_id: FromPath[UUID],
        data: JSONBody[NextMessage],
        handovers: NamedDependency[Handovers],
    ) -> Handover:
        """Say the next thing, when it is one's turn.

        The first session that answers goes on answering. There are six messages at most.
        """
        return _worded(await handovers.say(request.user, handover_id, data.message))

    @writing("DELETE", "/{handover_id:uuid}", "endHandover", 404, status=204)
    async def end(
        self,
        request: ApiRequest,
        handover_id: FromPath[UUID],
        handovers: NamedDependency[Handovers],
    ) -> None:
        """End it, on any of one's devices."""
        await handovers.end(request.user, handover_id)


def _worded(found: handover.Handover) -> Handover:
    return Handover(
        id=found.id,
        device=found.device,
        messages=[dict(message) for message in found.messages],
        expires_at=objects.time(found.expires_at),
    )
