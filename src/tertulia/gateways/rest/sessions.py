"""The devices that one is signed in on: /api/sessions."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from tertulia.core import model
from tertulia.core.devices import Devices
from tertulia.gateways import objects
from tertulia.gateways.rest.access import Access
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing


class Session(Struct, frozen=True):
    """One sign-in on one device; `current` is the one that asks.

    `last_used_at` is known to within five minutes.
    """

    id: UUID
    name: str
    address: str
    inserted_at: objects.Time
    last_used_at: objects.Time
    current: bool


class SessionList(Struct, frozen=True):
    """All of one's sessions that go on, the one used last first."""

    items: list[Session]


class SessionsController(Controller):
    """One's own sessions."""

    path = "/api/sessions"
    tags = ["me"]

    @reading("/", "listSessions")
    async def living(self, request: ApiRequest, devices: NamedDependency[Devices]) -> SessionList:
        """List the devices that one is signed in on."""
        actor = request.user
        found = await devices.living(actor)
        return SessionList([_worded(each, actor) for each in found])

    @writing("DELETE", "/{session_id:uuid}", "endSession", 404, status=204)
    async def end(
        self,
        request: ApiRequest,
        session_id: FromPath[UUID],
        devices: NamedDependency[Devices],
        access: NamedDependency[Access],
    ) -> Response[None]:
        """Sign one device out; its sockets close at once."""
        await devices.end(request.user, session_id)
        is_own = session_id == request.user.session_id
        return Response(None, cookies=access.forget() if is_own else [])

    @writing("DELETE", "/", "endOtherSessions", status=204)
    async def end_others(self, request: ApiRequest, devices: NamedDependency[Devices]) -> None:
        """Sign all other devices out; their sockets close at once."""
        await devices.end_others(request.user)


def _worded(session: model.Session, actor: model.Actor) -> Session:
    return Session(
        id=session.id,
        name=session.name,
        address=session.address,
        inserted_at=objects.time(session.inserted_at),
        last_used_at=objects.time(session.last_used_at),
        current=session.id == actor.session_id,
    )
