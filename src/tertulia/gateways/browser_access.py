"""Who a browser speaks for: two cookies, and a token against forged requests.

What cookies authorise and may change something must come from an allowed origin and prove itself
with a CSRF token, before anything else happens: a forged request cannot even renew a session.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from litestar.datastructures import Cookie

from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.entrance import SignedIn
from tertulia.core.errors import Forbidden, NotAuthenticated
from tertulia.core.model import Actor
from tertulia.core.ports import Clock
from tertulia.core.sessions import Sessions
from tertulia.core.signin import SignIn
from tertulia.gateways import csrf
from tertulia.gateways.cookies import TokenCookies
from tertulia.gateways.csrf import CsrfTokens
from tertulia.gateways.origins import Origins

Cookies = Mapping[str, str]
"""The cookies of a request, by their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSite:
    """How the server is reached from outside.

    `is_https` says that people open it under https, whatever stands in between. `origins` are the
    web origins whose pages may call it. `csrf_secret` signs tokens against forged requests.
    """

    is_https: bool
    origins: tuple[str, ...]
    csrf_secret: str


class BrowserAccess:
    """Lets browsers in and keeps them in. One of them serves all that browsers ask for."""

    def __init__(
        self,
        sessions: Sessions,
        signin: SignIn,
        cookies: TokenCookies,
        csrf_tokens: CsrfTokens,
        origins: Origins,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._signin = signin
        self._cookies = cookies
        self._csrf_tokens = csrf_tokens
        self._origins = origins
        self._clock = clock

    def has_access_token(self, cookies: Cookies) -> bool:
        """Whether a request carries an access token, whatever it is worth."""
        return self._cookies.access(cookies) is not None

    async def enter(self, cookies: Cookies) -> tuple[Actor, list[Cookie]]:
        """Return who comes, and the cookies of a session that was renewed on the way.

        Raises NotAuthenticated. What may change something is asked `refuse_forged` before.
        """
        access_token = self._cookies.access(cookies)
        if access_token is None:
            raise NotAuthenticated("Sign in first.")
        refresh_token = self._cookies.refresh(cookies)
        try:
            return await self._sessions.authenticate(access_token), []
        except NotAuthenticated:
            if refresh_token is None:
                raise
        renewed = await self._signin.renew(access_token, refresh_token)
        return renewed.actor, self.keep(renewed)

    def refuse_foreign(self, origin: str | None, host: str | None) -> None:
        """Raise Forbidden `origin_refused` for a request from a page of another origin."""
        if origin is not None and not self._origins.allows(origin, host):
            raise Forbidden("Pages of this origin may not do this.", code="origin_refused")

    def refuse_forged(self, cookies: Cookies, sent: str | None) -> None:
        """Raise Forbidden `csrf_failed` unless the token of the cookie was sent once more."""
        if not self._csrf_tokens.match(cookies.get(csrf.COOKIE), sent):
            raise Forbidden(
                "The CSRF token is missing or wrong: ask /auth/csrf for one.", code="csrf_failed"
            )

    def keep(self, signed_in: SignedIn) -> list[Cookie]:
        """Return the cookies that make a browser stay signed in."""
        return self._cookies.keep(signed_in, self._clock())

    def forget(self) -> list[Cookie]:
        """Return the cookies that make a browser forget who was signed in."""
        return self._cookies.clear()

    def carry(self, name: str, value: str, *, max_age_s: int) -> Cookie:
        """Return a cookie that carries something for a while, which no script can read."""
        return self._cookies.carry(name, value, max_age_s)

    def carried(self, cookies: Cookies, name: str) -> str | None:
        """Return what such a cookie carries."""
        return self._cookies.carried(cookies, name)

    def refresh_token(self, cookies: Cookies) -> str | None:
        """Return the refresh token in a request's cookies."""
        return self._cookies.refresh(cookies)

    def csrf_cookie(self, cookies: Cookies) -> Cookie:
        """Return the cookie with this browser's CSRF token, the one it has if that is good."""
        kept = cookies.get(csrf.COOKIE)
        if kept is None or not self._csrf_tokens.holds(kept):
            kept = self._csrf_tokens.issue()
        return self._csrf_tokens.cookie(kept)


def browser_access(chat: ChatCore, site: BrowserSite, clock: Clock = utc_now) -> BrowserAccess:
    """Return what lets browsers in at this site."""
    return BrowserAccess(
        chat.sessions,
        chat.signin,
        TokenCookies(is_https=site.is_https),
        CsrfTokens(site.csrf_secret, is_https=site.is_https),
        Origins(site.origins),
        clock,
    )
