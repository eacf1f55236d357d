"""One's e-mail address: confirming it, and changing to another one."""

from __future__ import annotations

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from tertulia.core.emails import Emails
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import writing


class EmailToken(Struct, frozen=True):
    """The token of a mail's link: what stands behind its `#`."""

    token: str


class EmailChange(Struct, frozen=True):
    """Another address. `token` comes from the mail that was asked for, where there is an address.

    `password` is one's present one; an account without needs a sign-in of the last ten minutes.
    """

    email: str
    token: str | None = None
    password: str | None = None


class EmailsController(Controller):
    """One's e-mail address."""

    tags = ["emails"]

    @writing("POST", "/auth/confirm", "confirmEmail", 400, status=204, public=True)
    async def confirm(self, data: JSONBody[EmailToken], emails: NamedDependency[Emails]) -> None:
        """Confirm the address that a mail's link was sent to."""
        await emails.confirm(data.token)

    @writing("POST", "/api/token/email_confirm", "requestEmailConfirmation", 429, status=204)
    async def request_confirmation(
        self, request: ApiRequest, emails: NamedDependency[Emails]
    ) -> None:
        """Have the mail that confirms one's address sent again."""
        await emails.request_confirmation(request.user)

    @writing("POST", "/api/token/email_change", "requestEmailChange", 409, 429, status=204)
    async def request_change(self, request: ApiRequest, emails: NamedDependency[Emails]) -> None:
        """Have a mail sent to one's present address, whose link leads to changing it."""
        await emails.request_change(request.user)

    @writing("PATCH", "/api/email", "changeEmail", 400, 429, status=204)
    async def change(
        self, request: ApiRequest, data: JSONBody[EmailChange], emails: NamedDependency[Emails]
    ) -> None:
        """Have another address, which gets a mail to confirm it."""
        await emails.change(request.user, data.email, data.token, data.password)
