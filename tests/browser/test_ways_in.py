"""Every way in, through the page: mails, text messages, providers, apps and passkeys."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.async_api import expect

from tertulia.core.clock import utc_now
from tests.browser.proofs import add_passkey, plug_in_authenticator, set_up_app
from tests.browser.screen import PASSWORD, Screen
from tests.e2e.server_process import ServerProcess, free_port
from tests.oidc.provider import RunningProvider, oidc_provider
from tests.waiting import until_found

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.browser.conftest import SitDown

NEW_PASSWORD = "another horse battery"
PHONE = "+34 600 123 456"

pytestmark = pytest.mark.timeout(180)


async def written(server: ServerProcess, to: str, pattern: str) -> str:
    """Return what stands in the latest letter to somebody, once there is one that has it."""

    async def look() -> str | None:
        async with httpx.AsyncClient(base_url=server.url) as http:
            letters = (await http.get("/dev/outbox.json")).json()["items"]
        for letter in letters:
            found = re.search(pattern, letter["text"])
            if letter["to"] == to and found:
                return found[1]
        return None

    return await until_found(look, within_s=15, what=f"a letter to {to}")


async def is_in(screen: Screen) -> None:
    await expect(screen.page.get_by_role("searchbox", name="Search")).to_be_visible()


async def test_registering_is_confirmed_by_the_link_of_the_mail(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down()
    await ana.register("Ana")
    bar = ana.page.get_by_text("Confirm your email: we wrote to ana@example.org.")
    await expect(bar).to_be_visible()
    link = await written(server, "ana@example.org", r"(http\S+/confirm-email#\S+)")
    await ana.page.goto(link)
    await expect(ana.page.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    # The secret does not stay in sight.
    await expect(ana.page).to_have_url(f"{server.url}/confirm-email")
    await ana.page.get_by_role("link", name="Go to your chats").click()
    await is_in(ana)
    await expect(bar).to_have_count(0)
    # A link works once, and says so to whoever opens it again, signed in or not.
    stranger = await sit_down()
    await stranger.page.goto(link)
    await expect(
        stranger.page.get_by_role("heading", name="This link does not work")
    ).to_be_visible()
    assert ana.errors == []


async def test_a_forgotten_password_is_set_by_the_link_of_the_mail(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down()
    await ana.register("Ana")
    await ana.sign_out()
    page = ana.page
    await page.get_by_role("link", name="Forgot password?").click()
    await page.get_by_role("textbox", name="Email").fill("ana@example.org")
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    await page.goto(await written(server, "ana@example.org", r"(http\S+/reset-password#\S+)"))
    await expect(page.get_by_text("For Ana.")).to_be_visible()
    await page.get_by_role("textbox", name="New password").fill(NEW_PASSWORD)
    await page.get_by_role("textbox", name="Repeat it").fill("something else")
    await page.get_by_role("button", name="Set the password").click()
    await expect(page.get_by_text("The two are not the same.")).to_be_visible()
    await page.get_by_role("textbox", name="Repeat it").fill(NEW_PASSWORD)
    await page.get_by_role("button", name="Set the password").click()
    await page.get_by_role("link", name="Sign in").click()
    await page.get_by_role("textbox", name="Email or username").fill("ana@example.org")
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    await page.get_by_role("textbox", name="Password").fill(NEW_PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await is_in(ana)


async def test_a_telephone_lets_in_by_the_code_of_a_text_message(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down(width=390, height=844)
    page = ana.page
    await page.get_by_role("button", name="Sign in with phone").click()
    await page.get_by_role("button", name="Send code").click()
    await expect(page.get_by_text("Enter your phone number.")).to_be_visible()
    await page.get_by_role("textbox", name="Phone number").fill("12")
    await page.get_by_role("button", name="Send code").click()
    await expect(page.get_by_text("Enter a valid phone number")).to_be_visible()
    await page.get_by_role("textbox", name="Phone number").fill(PHONE)
    await page.get_by_role("button", name="Send code").click()
    await expect(page.get_by_text(f"A code is on its way to {PHONE}.")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("Send again in"))).to_be_disabled()
    code = await written(server, "+34600123456", r"(\d{6}) is your code")
    wrong = "000000" if code != "000000" else "111111"
    await page.get_by_role("textbox", name="Code").fill(wrong)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("This code is wrong or too old.")).to_be_visible()
    await page.get_by_role("textbox", name="Code").fill(code)
    await page.get_by_role("textbox", name="Display name").fill("Ana by phone")
    await page.get_by_role("button", name="Continue").click()
    await is_in(ana)
    await ana.open_settings("Profile")
    await expect(page.get_by_text("+34600123456")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Display name")).to_have_value("Ana by phone")
    assert ana.errors == []


async def test_an_app_is_asked_for_after_the_password(sit_down: SitDown) -> None:
    ana = await sit_down()
    await ana.register("Ana")
    app, recovery_codes = await set_up_app(ana)
    await ana.leave_settings()
    await ana.sign_out()
    await ana.give_password("ana@example.org")
    page = ana.page
    await expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"/sign-in/second-step$"))
    await page.get_by_role("textbox", name="Code").fill("000000")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("This code is wrong or too old.")).to_be_visible()
    # The code that proved the app was used; the one after it is taken half a minute early.
    await page.get_by_role("textbox", name="Code").fill(app.at(utc_now() + timedelta(seconds=30)))
    await page.get_by_role("button", name="Continue").click()
    await is_in(ana)
    await ana.sign_out()
    await ana.give_password("ana@example.org")
    await page.get_by_role("button", name="Use a recovery code").click()
    await page.get_by_role("textbox", name="Recovery code").fill(recovery_codes[0])
    await page.get_by_role("button", name="Continue").click()
    await is_in(ana)


async def test_a_passkey_lets_in_without_a_name_and_as_a_second_step(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down()
    page = ana.page
    # Passkeys are bound to a name, which an IP address is not.
    await page.goto(f"http://localhost:{server.port}/")
    await plug_in_authenticator(page)
    await ana.register("Ana")
    await add_passkey(ana, "Laptop")
    await ana.leave_settings()
    await ana.sign_out()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await is_in(ana)
    await ana.open_settings("Security")
    await page.get_by_role("switch", name="Ask for a second step").click()
    await ana.confirm("Switch on the second step", password=PASSWORD)
    await ana.confirm("I have kept them")
    await ana.leave_settings()
    await ana.sign_out()
    await ana.give_password("ana@example.org")
    await page.get_by_role("button", name="Use a passkey").click()
    await is_in(ana)
    assert ana.errors == []


@pytest.fixture
async def provider(server_port: int) -> AsyncIterator[RunningProvider]:
    """Return a provider that sends people back to the server of the test."""
    callback = f"http://127.0.0.1:{server_port}/auth/social/work/callback"
    async with oidc_provider([callback]) as provider:
        yield provider


@pytest.fixture
def server_port() -> int:
    """Return the port that the server of the test will have."""
    return free_port()


async def test_a_provider_lets_in_and_is_connected_in_the_settings(
    browser: Browser, provider: RunningProvider, server_port: int, tmp_path: Path
) -> None:
    server = ServerProcess(tmp_path, provider.settings, port=server_port)
    await server.start()
    context = await browser.new_context(base_url=server.url, locale="en-GB")
    try:
        page = await context.new_page()
        ana = Screen(page)
        await page.goto("/")
        await page.get_by_role("button", name="Continue with Work").click()
        await page.locator("input[name=login]").fill("ana@example.org")
        await page.locator("input[name=password]").fill("any")
        await page.get_by_role("button", name="Sign-in").click()
        await page.get_by_role("button", name="Continue").click()
        await is_in(ana)
        await ana.open_settings("Security")
        await expect(page.get_by_text("Work", exact=True)).to_be_visible()
        await ana.leave_settings()
        await ana.sign_out()
        # The provider knows its person still, and only leads back.
        await page.get_by_role("button", name="Continue with Work").click()
        await is_in(ana)
        await page.goto("/auth/social/work/callback?code=x&state=y")
        await expect(page.get_by_role("heading", name="That did not work")).to_be_visible()
        await expect(page.get_by_text("This sign-in began elsewhere")).to_be_visible()
    finally:
        await context.close()
        await server.stop()
