"""Deleting one's account: /api/me/delete."""

from __future__ import annotations

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from tertulia.core.departure import Departure
from tertulia.gateways.rest.access import Access
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import OptionalBodyOperation, writing


class PasswordAgain(Struct, frozen=True):
    """One's present password; an account without one needs a session younger than ten minutes."""

    password: str | None = None


class DepartureController(Controller):
    """Going for good."""

    path = "/api/me/delete"
    tags = ["me"]

    @writing("POST", "/", "deleteMe", 400, 429, status=204, operation=OptionalBodyOperation)
    async def delete(
        self,
        request: ApiRequest,
        departure: NamedDependency[Departure],
        access: NamedDependency[Access],
        data: JSONBody[PasswordAgain] = PasswordAgain(),  # noqa: B008, a frozen value
    ) -> Response[None]:
        """Delete one's account for good.

        It leaves every group and room, and its names are free for others. What it said stays, by
        "Deleted account".
        """
        await departure.delete_account(request.user, data.password)
        return Response(None, cookies=access.forget())
