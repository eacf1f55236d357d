"""Coming in by an account elsewhere: a real browser before a real OpenID provider."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import httpx
import pyotp
import pytest
from playwright.async_api import expect

from tests.browser.screen import PASSWORD
from tests.oidc.provider import RunningProvider, oidc_provider

if TYPE_CHECKING:
    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen
    from tests.e2e.server_process import ServerProcess

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def provider(port: int) -> AsyncIterator[RunningProvider]:
    """Return a provider that sends people back to the server."""
    async with oidc_provider([f"http://127.0.0.1:{port}/auth/social/work/callback"]) as running:
        yield running


@pytest.fixture
def settings(provider: RunningProvider) -> dict[str, str]:
    """Have the server take the provider's word."""
    return provider.settings


async def test_a_provider_makes_an_account_leads_back_into_it_and_on_to_a_second_step(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down()
    await _go_to_provider(ana, "ana@example.org")
    await ana.page.get_by_role("button", name="Continue").click()
    await ana.expect_in()
    await expect(ana.page).to_have_url(f"{server.url}/")

    await ana.open_settings("Security")
    await ana.page.get_by_role("button", name="Set up the app").click()
    dialog = ana.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Continue").click()
    app = pyotp.TOTP((await dialog.locator("code").inner_text()).replace(" ", ""))
    await ana.confirm("Confirm", code_from_the_app=app.now())
    await ana.confirm("I have kept them")
    await ana.leave_settings()
    await ana.sign_out()

    await ana.page.get_by_role("link", name="Continue with Work").click()
    await expect(ana.page).to_have_url(f"{server.url}/sign-in/second-step")
    await ana.give_code(app.at(time.time(), counter_offset=1))
    await ana.expect_in()
    await expect(ana.page).to_have_url(f"{server.url}/")
    assert ana.errors == []


async def test_turning_back_at_the_provider_is_told_in_a_sentence(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down()
    await ana.page.get_by_role("link", name="Continue with Work").click()
    await ana.page.get_by_role("link", name="Cancel").click()
    await expect(ana.page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    await expect(ana.page.get_by_text("You turned back at the other side.")).to_be_visible()
    await expect(ana.page).to_have_url(f"{server.url}/sign-in/provider-failed")
    await ana.page.get_by_role("link", name="Back to sign in").click()
    await expect(ana.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    # Nor is a link taken that somebody else prepared.
    await ana.page.goto("/auth/social/work/callback?code=x&state=y")
    await expect(ana.page.get_by_text("it was begun in another browser")).to_be_visible()


async def test_an_account_with_the_same_address_is_not_taken_over(
    sit_down: SitDown, server: ServerProcess
) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        registration = {"email": "ana@example.org", "password": PASSWORD, "display_name": "Ana"}
        await http.post("/auth/register", json=registration)
    mallory = await sit_down()
    await _go_to_provider(mallory, "ana@example.org")
    await mallory.page.get_by_role("button", name="Continue").click()
    await expect(
        mallory.page.get_by_text("There is an account with the same email")
    ).to_be_visible()


async def _go_to_provider(screen: Screen, login: str) -> None:
    """Choose the provider, and say there who one is."""
    await screen.page.get_by_role("link", name="Continue with Work").click()
    await screen.page.locator("input[name=login]").fill(login)
    await screen.page.locator("input[name=password]").fill("any")
    await screen.page.get_by_role("button", name="Sign-in").click()
