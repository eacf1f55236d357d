"""Signing up, in and out, and what a browser or a socket needs for it: /auth."""

from __future__ import annotations

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from tertulia.core.errors import Invalid, NotAuthenticated
from tertulia.core.sessions import Sessions
from tertulia.core.signin import SignIn
from tertulia.gateways.rest.access import Access, basic_credentials, bearer_token
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.devices import device_of
from tertulia.gateways.rest.routes import FormOperation, OptionalFormOperation, reading, writing
from tertulia.gateways.rest.sign_in_answers import AuthObject, SignInAnswers
from tertulia.gateways.rest.values import LookupText


class CsrfToken(Struct, frozen=True):
    """What unsafe requests by cookie send back as `X-CSRFToken` or as the field `csrftoken`."""

    csrftoken: str


class Registration(Struct, frozen=True):
    """A new account; the display name defaults to the e-mail address."""

    email: str
    password: str
    display_name: str | None = None
    username: str | None = None


class Login(Struct, frozen=True):
    """Who signs in, by e-mail or by username. A Basic header can say the same without a body."""

    email: LookupText | None = None
    username: LookupText | None = None
    password: str | None = None


class RefreshTokenHolder(Struct, frozen=True):
    """A refresh token, from clients that keep it themselves; else the cookie has it."""

    token: str | None = None


class Ticket(Struct, frozen=True):
    """What opens one socket within 30 seconds, as its query parameter `ticket`."""

    ticket: str


class AuthController(Controller):
    """How people come in and go out."""

    path = "/auth"
    tags = ["auth"]

    @reading("/csrf", "getCsrfToken", public=True)
    async def csrf(
        self, request: ApiRequest, access: NamedDependency[Access]
    ) -> Response[CsrfToken]:
        """Get a CSRF token, in the answer and in the cookie `csrftoken`."""
        cookie = access.csrf_cookie(request)
        return Response(CsrfToken(cookie.value or ""), cookies=[cookie])

    @writing("POST", "/register", "register", 400, 429, public=True, operation=FormOperation)
    async def register(
        self,
        request: ApiRequest,
        data: JSONBody[Registration],
        signin: NamedDependency[SignIn],
        answers: NamedDependency[SignInAnswers],
    ) -> Response[AuthObject]:
        """Make an account and sign in with it."""
        signed_in = await signin.register(
            data.email, data.password, data.display_name, data.username, device_of(request)
        )
        return await answers.welcome(request, signed_in)

    @writing(
        "POST",
        "/login",
        "login",
        400,
        401,
        429,
        public=True,
        security=[{}, {"basic": []}],
        operation=OptionalFormOperation,
    )
    async def login(
        self,
        request: ApiRequest,
        signin: NamedDependency[SignIn],
        answers: NamedDependency[SignInAnswers],
        data: JSONBody[Login] = Login(),  # noqa: B008, a frozen value
    ) -> Response[AuthObject]:
        """Sign in by e-mail or username and password: JSON, a form, or HTTP Basic."""
        email, username, password = _credentials(request, data)
        admission = await signin.with_password(
            email=email, username=username, password=password, device=device_of(request)
        )
        return await answers.welcome(request, admission)

    @writing(
        "POST", "/refresh", "refresh", 400, 401, 429, public=True, operation=OptionalFormOperation
    )
    async def refresh(
        self,
        request: ApiRequest,
        signin: NamedDependency[SignIn],
        access: NamedDependency[Access],
        answers: NamedDependency[SignInAnswers],
        data: JSONBody[RefreshTokenHolder] = RefreshTokenHolder(),  # noqa: B008, a frozen value
    ) -> Response[AuthObject]:
        """Exchange a refresh token for a new pair. A token used twice ends its whole session."""
        token = data.token
        if not token:
            token = access.refresh_token(request)
            if token is None:
                raise NotAuthenticated("There is no refresh token.")
            await access.refuse_forged(request)
        address = device_of(request).address
        return await answers.welcome(request, await signin.refresh(token, address))

    @writing(
        "POST",
        "/logout",
        "logout",
        400,
        401,
        status=204,
        public=True,
        operation=OptionalFormOperation,
    )
    async def logout(
        self,
        request: ApiRequest,
        signin: NamedDependency[SignIn],
        access: NamedDependency[Access],
        data: JSONBody[RefreshTokenHolder] = RefreshTokenHolder(),  # noqa: B008, a frozen value
    ) -> Response[None]:
        """End the session of the given token, or else of the request itself; its sockets close."""
        token = data.token
        if not token and bearer_token(request) is None:
            # By its refresh cookie a browser signs out however long its access cookie is expired.
            token = access.refresh_token(request)
            if token is not None:
                await access.refuse_forged(request)
        if token:
            await signin.sign_out_token(token)
        else:
            await signin.sign_out(await access.actor(request))
        return Response(None, cookies=access.forget())

    @writing("POST", "/socket-ticket", "getSocketTicket", 429)
    async def socket_ticket(
        self, request: ApiRequest, sessions: NamedDependency[Sessions]
    ) -> Ticket:
        """Get a ticket that opens one socket within 30 seconds."""
        return Ticket(await sessions.issue_ticket(request.user))


class SignOutController(Controller):
    """Leaving everywhere at once."""

    tags = ["auth"]

    @writing("POST", "/api/signout_all", "signOutEverywhere", status=204)
    async def everywhere(
        self,
        request: ApiRequest,
        signin: NamedDependency[SignIn],
        access: NamedDependency[Access],
    ) -> Response[None]:
        """End every session of this account; all its sockets close."""
        await signin.sign_out_all(request.user)
        return Response(None, cookies=access.forget())


def _credentials(request: ApiRequest, login: Login) -> tuple[str | None, str | None, str]:
    """Return (email, username, password), one name of the two given."""
    if login.password is not None:
        # An empty field of a form is one that was not filled in.
        return login.email or None, login.username or None, login.password
    basic = basic_credentials(request)
    if basic is None:
        raise Invalid("A password is required.", code="required", attr="password")
    name, password = basic
    return (name, None, password) if "@" in name else (None, name, password)
