"""One's password: forgotten, changed, or done without."""

from __future__ import annotations

from typing import Literal

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from tertulia.core.passwords import Passwords
from tertulia.gateways import objects
from tertulia.gateways.rest.access import Access
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.devices import device_of
from tertulia.gateways.rest.routes import OptionalBodyOperation, writing


class ResetRequest(Struct, frozen=True):
    """Whose password was forgotten."""

    email: str


class ResetToken(Struct, frozen=True):
    """The token of a mail's link: what stands behind its `#`."""

    token: str


class ResetOwner(Struct, frozen=True):
    """Whose password a token sets."""

    success: Literal[True]
    user: objects.User


class PasswordReset(Struct, frozen=True):
    """A new password by a mail's link; `password`, the present one, is not needed for it."""

    token: str
    new_password: str
    new_password_confirmation: str
    password: str | None = None


class PasswordChange(Struct, frozen=True):
    """A new password; `password` is the present one.

    An account that has none yet needs a sign-in of the last ten minutes instead.
    """

    new_password: str
    new_password_confirmation: str
    password: str | None = None


class PresentPassword(Struct, frozen=True):
    """One's present password, where there is one.

    An account without needs a sign-in of the last ten minutes instead.
    """

    password: str | None = None


class PasswordsController(Controller):
    """One's password."""

    tags = ["passwords"]

    @writing(
        *("POST", "/auth/password/request", "requestPasswordReset", 400, 429),
        status=204,
        public=True,
    )
    async def request_reset(
        self,
        request: ApiRequest,
        data: JSONBody[ResetRequest],
        passwords: NamedDependency[Passwords],
    ) -> None:
        """Have a link sent by which a password is set anew, if the address is somebody's."""
        await passwords.request_reset(data.email, device_of(request).address)

    @writing("POST", "/auth/password/confirm", "getPasswordResetOwner", 400, public=True)
    async def owner_of_reset(
        self, data: JSONBody[ResetToken], passwords: NamedDependency[Passwords]
    ) -> ResetOwner:
        """Get whose password a token sets; it stays good."""
        return ResetOwner(True, objects.user(await passwords.owner_of_reset(data.token)))

    @writing("POST", "/auth/password/reset", "resetPassword", 400, 401, status=204, public=True)
    async def reset(
        self, data: JSONBody[PasswordReset], passwords: NamedDependency[Passwords]
    ) -> None:
        """Set a password by a mail's link; every session of the account ends."""
        await passwords.reset(data.token, data.new_password, data.new_password_confirmation)

    @writing("PATCH", "/api/password", "changePassword", 400, 429, status=204)
    async def change(
        self,
        request: ApiRequest,
        data: JSONBody[PasswordChange],
        passwords: NamedDependency[Passwords],
        access: NamedDependency[Access],
    ) -> Response[None]:
        """Set another password.

        Every other session ends, and no refresh token holds any longer. A browser gets fresh
        cookies with the answer and stays signed in.
        """
        renewed = await passwords.change(
            request.user, data.password, data.new_password, data.new_password_confirmation
        )
        return Response(None, cookies=access.keep(renewed))

    @writing(
        *("POST", "/api/password/remove", "removePassword", 400, 409, 429),
        status=204,
        operation=OptionalBodyOperation,
    )
    async def remove(
        self,
        request: ApiRequest,
        passwords: NamedDependency[Passwords],
        data: JSONBody[PresentPassword] = PresentPassword(),  # noqa: B008, a frozen value
    ) -> None:
        """Do without a password, where another way in remains."""
        await passwords.remove(request.user, data.password)
