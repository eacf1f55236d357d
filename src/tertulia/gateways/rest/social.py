"""Coming in through others, /auth/social, and one's accounts there, /api/identities.

Either the server handles the way to the provider and back, and the browser only follows redirects;
or a client does so itself and posts the code that it got. On the server's way everything that must
hold until the return travels in a sealed cookie of that browser.
"""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import quote, urlsplit

from litestar import Controller, Response
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta, Struct

from tertulia.core.entrance import SecondStep
from tertulia.core.errors import Invalid, RateLimited, Refusal, Unavailable
from tertulia.core.identities import JOURNEY_LIFETIME, Code, Identities
from tertulia.core.phones import Phones
from tertulia.gateways import objects
from tertulia.gateways.rest.access import Access
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.devices import device_of
from tertulia.gateways.rest.routes import leading, reading, writing
from tertulia.gateways.rest.sign_in_answers import AuthObject, SignInAnswers

COOKIE = "social_journey"

# The pages of the web client that a browser is led to; nothing in a request chooses them.
_HOME = "/"
_SECURITY = "/settings/security"
_SECOND_STEP = "/sign-in/second-step"
_FAILED = "/sign-in/provider-failed"

_MAX_TEXT_CHARS = 4096

CallbackText = Annotated[str | None, QueryParameter(max_length=_MAX_TEXT_CHARS)]


class Provider(Struct, frozen=True):
    """Somebody whose word about who a person is is taken; `title` stands on a button."""

    id: str
    title: str


class WaysIn(Struct, frozen=True):
    """How people come in here beside by password.

    `passkeys` is false where the server is opened by an IP address, which passkeys cannot be bound
    to. `region` is the country whose phone numbers may be typed without its code.
    """

    providers: list[Provider]
    sms: bool
    passkeys: bool
    region: str | None


class ProviderCode(Struct, frozen=True):
    """What a client that handled the provider's redirect itself brings along.

    `code_verifier` is that of its PKCE challenge (RFC 7636, section 4.1); `nonce` the one it sent,
    if it sent one.
    """

    code: Annotated[str, Meta(min_length=1, max_length=_MAX_TEXT_CHARS)]
    code_verifier: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._~-]{43,128}\Z")]
    redirect_uri: Annotated[str, Meta(min_length=1, max_length=_MAX_TEXT_CHARS)]
    nonce: Annotated[str, Meta(max_length=_MAX_TEXT_CHARS)] | None = None


class Identity(Struct, frozen=True):
    """One's account at a provider."""

    provider: str
    title: str
    email: str | None
    inserted_at: objects.Time


class ConnectedIdentities(Struct, frozen=True):
    """One's accounts at providers."""

    items: list[Identity]


class ProviderAddress(Struct, frozen=True):
    """Where the browser goes to."""

    url: str


class SocialController(Controller):
    """Coming in through others."""

    tags = ["social"]

    @reading("/auth/providers", "getWaysIn", public=True)
    async def ways_in(
        self,
        identities: NamedDependency[Identities],
        phones: NamedDependency[Phones],
    ) -> WaysIn:
        """Get how people come in here beside by password."""
        return WaysIn(
            providers=[Provider(found.id, found.title) for found in identities.providers()],
            sms=True,
            passkeys=_can_have_passkeys(identities.site),
            region=phones.region,
        )

    @leading("/auth/social/{provider:str}", "goToProvider", 404, public=True)
    async def depart(
        self,
        request: ApiRequest,
        provider: FromPath[str],
        identities: NamedDependency[Identities],
        access: NamedDependency[Access],
    ) -> Response[bytes]:
        """Go to a provider, to come in through it; into the web client where that cannot be."""
        try:
            departure = await identities.depart(provider, device_of(request))
        except (Unavailable, RateLimited) as refusal:
            return _led_to(_failed(identities, refusal), [])
        return _led_to(departure.url, [_carried(access, departure.sealed)])

    @leading("/auth/social/{provider:str}/callback", "returnFromProvider", 400, public=True)
    async def arrive(
        self,
        request: ApiRequest,
        provider: FromPath[str],
        identities: NamedDependency[Identities],
        access: NamedDependency[Access],
        code: CallbackText = None,
        oauth_state: Annotated[
            str | None, QueryParameter(name="state", max_length=_MAX_TEXT_CHARS)
        ] = None,
        error: CallbackText = None,
    ) -> Response[bytes]:
        """Come back from a provider; leads into the web client, whatever came of it."""
        forget = _carried(access, "")
        try:
            journey = identities.journey(provider, access.carried(request, COOKIE), oauth_state)
            if error or not code:
                raise Invalid("The provider refused.", code=_known_error(error), attr="code")
            if journey.account_id is not None:
                await identities.arrive_connecting(journey, code, await access.actor(request))
                return _led_to(identities.site + _SECURITY, [forget])
            admission = await identities.arrive(journey, code, device_of(request))
        except Refusal as refusal:
            return _led_to(_failed(identities, refusal), [forget])
        if isinstance(admission, SecondStep):
            step = f"{admission.token}.{','.join(admission.methods)}"
            return _led_to(f"{identities.site}{_SECOND_STEP}#{step}", [forget])
        cookies = [*access.keep(admission), access.csrf_cookie(request), forget]
        return _led_to(identities.site + _HOME, cookies)

    @writing(
        *("POST", "/auth/social/{provider:str}", "signInByProvider"),
        *(400, 401, 403, 404, 409, 429),
        public=True,
    )
    async def sign_in(
        self,
        request: ApiRequest,
        provider: FromPath[str],
        data: JSONBody[ProviderCode],
        identities: NamedDependency[Identities],
        answers: NamedDependency[SignInAnswers],
    ) -> Response[AuthObject]:
        """Come in with the code that a provider gave to a client's own redirect."""
        admission = await identities.sign_in(provider, _code(data), device_of(request))
        return await answers.welcome(request, admission)

    @reading("/api/identities", "getIdentities")
    async def mine(
        self, request: ApiRequest, identities: NamedDependency[Identities]
    ) -> ConnectedIdentities:
        """Get one's accounts at providers."""
        found = await identities.of(request.user)
        return ConnectedIdentities(
            [
                Identity(
                    each.provider,
                    identities.title_of(each.provider),
                    each.email,
                    objects.time(each.inserted_at),
                )
                for each in found
            ]
        )

    @writing("POST", "/api/identities/{provider:str}/start", "beginConnecting", 404, 429)
    async def begin_connecting(
        self,
        request: ApiRequest,
        provider: FromPath[str],
        identities: NamedDependency[Identities],
        access: NamedDependency[Access],
    ) -> Response[ProviderAddress]:
        """Get where the browser goes to, to connect one's account to one at a provider."""
        departure = await identities.depart(provider, request.user)
        carried = _carried(access, departure.sealed)
        return Response(ProviderAddress(departure.url), cookies=[carried])

    @writing(
        *("POST", "/api/identities/{provider:str}", "connectIdentity", 400, 404, 409, 429),
        status=204,
    )
    async def connect(
        self,
        request: ApiRequest,
        provider: FromPath[str],
        data: JSONBody[ProviderCode],
        identities: NamedDependency[Identities],
    ) -> None:
        """Connect one's account with the code that a provider gave to a client's own redirect."""
        await identities.connect(request.user, provider, _code(data))

    @writing("DELETE", "/api/identities/{provider:str}", "disconnectIdentity", 404, 409, status=204)
    async def disconnect(
        self, request: ApiRequest, provider: FromPath[str], identities: NamedDependency[Identities]
    ) -> None:
        """Let go of one's account at a provider, where another way in remains."""
        await identities.disconnect(request.user, provider)


def _code(data: ProviderCode) -> Code:
    return Code(
        code=data.code,
        code_verifier=data.code_verifier,
        redirect_uri=data.redirect_uri,
        nonce=data.nonce,
    )


def _carried(access: Access, sealed: str) -> Cookie:
    """Return the cookie that carries a journey; without one it is forgotten."""
    max_age_s = int(JOURNEY_LIFETIME.total_seconds()) if sealed else 0
    return access.carry(COOKIE, sealed, max_age_s=max_age_s)


def _led_to(url: str, cookies: list[Cookie]) -> Response[bytes]:
    return Response(
        b"",
        status_code=302,
        headers={"Location": url},
        cookies=cookies,
        media_type=MediaType.TEXT,
    )


def _failed(identities: Identities, refusal: Refusal) -> str:
    return f"{identities.site}{_FAILED}#{quote(refusal.code)}"


def _known_error(error: str | None) -> str:
    """Return how a provider's refusal is called here (RFC 6749, section 4.1.2.1)."""
    return "access_denied" if error == "access_denied" else "provider_refused"


def _can_have_passkeys(site: str) -> bool:
    try:
        # A loopback address has a name that passkeys can be bound to: localhost.
        return ipaddress.ip_address(urlsplit(site).hostname or "").is_loopback
    except ValueError:
        return True
