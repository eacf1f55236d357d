"""A server that takes the word of a provider, and people who go there and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tertulia.core.clock import utc_now
from tertulia.core.identities import challenge_of
from tertulia.gateways.rest.app import create_app
from tertulia.storage.migrations import migrate
from tests.gateways.conftest import settings_in
from tests.gateways.rest.conftest import PASSWORD, a_core, body, site
from tests.oidc.provider import RunningProvider

if TYPE_CHECKING:
    from pathlib import Path

    from tertulia.core.chat import ChatCore
    from tertulia.core.model import Account
    from tertulia.storage.stores import SqlStorage

SITE = "http://town.example"
CALLBACK = f"{SITE}/auth/social/work/callback"
PAGE = f"{SITE}/from-provider"
VERIFIER = "a-verifier-of-a-page-s-own-making~long-enough-for-the-standard"


class NoPages:
    """Pages that there are none of."""

    def find(self, _path: str, _accept: str) -> None:
        """Find nothing."""


@dataclass
class Place:
    """A server that takes the word of a provider, and the provider."""

    provider: RunningProvider
    core: ChatCore
    storage: SqlStorage
    app: Any

    def browser(self, *, site: str = SITE) -> httpx.AsyncClient:
        """Return a browser that follows no redirect by itself."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=site)

    async def account(self, email: str, *, confirmed: bool) -> Account:
        """Register somebody, whose address is confirmed or not."""
        async with self.browser() as browser:
            given = {"email": email, "password": PASSWORD, "display_name": "Known"}
            me = body(await browser.post("/auth/register", json=given))["user"]
        async with self.storage.begin() as work:
            known = await work.accounts.credentials(email=email)
            assert known is not None
            account = replace(known.account, confirmed_at=utc_now() if confirmed else None)
            await work.accounts.update(account)
        assert me["id"] == str(account.id)
        return account

    async def return_from_provider(
        self, browser: httpx.AsyncClient, login: str, start: str = "/auth/social/work"
    ) -> httpx.Response:
        """Go to the provider and back with one browser; return the last redirect."""
        departure = await browser.get(start)
        assert departure.status_code == 302, departure.text
        back = await self.provider.sign_in(departure.headers["location"], login)
        return await browser.get(back)

    async def code_for_page(self, login: str) -> dict[str, str]:
        """Return what a page that handles the redirect itself posts."""
        query = {
            "response_type": "code",
            "client_id": "tertulia",
            "redirect_uri": PAGE,
            "scope": "openid email profile",
            "state": "page",
            "nonce": "a nonce of the page's own",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
        }
        url = httpx.URL(f"{self.provider.issuer}/auth", params=query)
        back = await self.provider.sign_in(str(url), login)
        code = parse_qs(urlsplit(back).query)["code"][0]
        return {
            "code": code,
            "code_verifier": VERIFIER,
            "redirect_uri": PAGE,
            "nonce": query["nonce"],
        }


@asynccontextmanager
async def open_place(folder: Path, provider: RunningProvider, **texts: str) -> AsyncIterator[Place]:
    """Open a server; `texts` are settings of the test's choosing."""
    settings = settings_in(folder, **{"FRONTEND_URL": SITE, **provider.settings, **texts})
    is_https = settings.frontend_url.startswith("https:")
    await migrate(settings.database_url)
    async with a_core(settings, []) as (core, storage):
        app = create_app(core, site(is_https=is_https), ready=storage.check, pages=NoPages())
        yield Place(provider, core, storage, app)


@asynccontextmanager
async def signed_in(place: Place, email: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a browser that has signed in by password."""
    async with place.browser() as browser:
        login = {"email": email, "password": PASSWORD}
        body(await browser.post("/auth/login", json=login))
        browser.headers["X-CSRFToken"] = browser.cookies["csrftoken"]
        yield browser
