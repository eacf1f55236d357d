"""Every way in, walked in a real browser, with the mails and text messages that it needs."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import httpx
import pyotp
import pytest
from playwright.async_api import expect

from tests.browser.outbox import code_to, link_to
from tests.browser.proofs import add_passkey, plug_in_authenticator
from tests.browser.screen import PASSWORD

if TYPE_CHECKING:
    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen
    from tests.e2e.server_process import ServerProcess

ANA = "ana@example.org"
NEW_PASSWORD = "a wholly different horse"
PHONE = "+34612345678"
FREE_TRIES = 5

pytestmark = pytest.mark.timeout(180)


async def test_an_address_is_confirmed_by_the_link_of_the_mail(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana, elsewhere = await sit_down(), await sit_down()
    await ana.register("Ana")
    reminder = ana.page.get_by_role("region", name="Confirm your email")
    await expect(reminder).to_contain_text(ANA)

    link = await link_to(server, "/confirm-email", ANA)
    await ana.page.goto(link)
    await expect(ana.page.get_by_role("heading", name="Your email is confirmed")).to_be_visible()
    await expect(ana.page).to_have_url(f"{server.url}/confirm-email")
    await ana.page.get_by_role("link", name="To the chats").click()
    await ana.expect_in()
    await expect(reminder).to_have_count(0)

    await elsewhere.page.goto(link)
    await expect(elsewhere.page.get_by_role("heading")).to_have_text(
        "This link does not work any more"
    )
    await elsewhere.page.get_by_role("link", name="Sign in").click()
    await elsewhere.sign_in(ANA)
    assert ana.errors == elsewhere.errors == []


async def test_the_reminder_to_confirm_mails_again_and_goes_when_put_off(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down(width=390, height=844)
    await ana.register("Ana")
    first = await link_to(server, "/confirm-email", ANA)
    reminder = ana.page.get_by_role("region", name="Confirm your email")
    await reminder.get_by_role("button", name="Mail me again").click()
    await expect(ana.page.get_by_role("status").get_by_text(ANA)).to_be_visible()
    await reminder.get_by_role("button", name="Dismiss").click()
    await expect(reminder).to_have_count(0)
    await ana.page.reload()
    await ana.expect_in()
    await expect(reminder).to_have_count(0)

    # The mail that was asked for takes the place of the first.
    await ana.page.goto(first)
    await expect(ana.page.get_by_role("heading")).to_have_text("This link does not work any more")


async def test_a_forgotten_password_is_set_anew_by_mail_and_signs_everybody_out(
    sit_down: SitDown, server: ServerProcess
) -> None:
    desk, phone = await sit_down(), await sit_down(width=390, height=844)
    await desk.register("Ana")
    await phone.page.get_by_role("link", name="Forgot password?").click()
    await phone.page.get_by_role("textbox", name="Email").fill("ana@")
    await phone.page.get_by_role("button", name="Send link").click()
    await expect(phone.page.get_by_role("alert")).to_have_text(
        "This does not look like an email address."
    )
    await phone.page.get_by_role("textbox", name="Email").fill(ANA)
    await phone.page.get_by_role("button", name="Send link").click()
    await expect(phone.page.get_by_text(f"If {ANA} has an account here")).to_be_visible()

    link = await link_to(server, "/reset-password", ANA)
    await phone.page.goto(link)
    await expect(phone.page.get_by_text("The account of Ana")).to_be_visible()
    await expect(phone.page).to_have_url(f"{server.url}/reset-password")
    field = phone.page.get_by_role("textbox", name="New password")
    await field.fill("short")
    await phone.page.get_by_role("button", name="Save password").click()
    await expect(phone.page.get_by_role("alert")).to_contain_text("at least 8 characters")
    await field.fill(NEW_PASSWORD)
    await phone.page.get_by_role("button", name="Save password").click()
    await phone.page.get_by_role("link", name="Sign in").click()
    await phone.give_password(ANA)
    await expect(phone.page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    await phone.give_password(ANA, NEW_PASSWORD)
    await phone.expect_in()
    await expect(desk.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    await desk.page.goto(link)
    await desk.page.get_by_role("link", name="Get a new link").click()
    await expect(desk.page.get_by_role("button", name="Send link")).to_be_visible()


async def test_another_link_is_taken_that_is_opened_on_the_same_page(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down()
    async with httpx.AsyncClient(base_url=server.url) as http:
        await _register(http, "ana")
        await http.post("/auth/password/request", json={"email": ANA})
    await ana.page.goto("/reset-password#not-a-token")
    await expect(ana.page.get_by_role("heading")).to_have_text("This link does not work any more")
    await ana.page.goto(await link_to(server, "/reset-password", ANA))
    await expect(ana.page.get_by_text("The account of ana")).to_be_visible()
    assert "#" not in ana.page.url


async def test_a_phone_number_makes_an_account_and_leads_back_into_it(
    sit_down: SitDown, server: ServerProcess
) -> None:
    bea = await sit_down(width=390, height=844)
    await _ask_for_code(bea, "612")
    await expect(bea.page.get_by_role("alert")).to_contain_text("This is not a phone number")
    await bea.page.get_by_role("textbox", name="Phone number").fill("+34 612 345 678")
    await bea.page.get_by_role("button", name="Send code").click()
    code_field = bea.page.get_by_role("textbox", name="Code")
    await expect(code_field).to_be_focused()
    await expect(code_field).to_have_attribute("autocomplete", "one-time-code")
    await expect(bea.page.get_by_text("You can have a new code in")).to_be_visible()

    code = await code_to(server, PHONE)
    await bea.give_code("000000" if code != "000000" else "111111")
    await expect(bea.page.get_by_role("alert")).to_have_text("This code is wrong or too old.")
    await bea.page.get_by_role("textbox", name="Display name").fill("Bea")
    await bea.give_code(code)
    await bea.expect_in()
    await expect(bea.page).to_have_url(f"{server.url}/")

    await bea.sign_out()
    await _ask_for_code(bea, PHONE)
    await bea.give_code(await code_to(server, PHONE, other_than=code))
    await bea.expect_in()
    await bea.open_settings("Profile")
    await expect(bea.page.get_by_role("textbox", name="Display name")).to_have_value("Bea")
    assert bea.errors == []


async def test_the_password_is_followed_by_a_code_of_the_app_or_a_recovery_code(
    sit_down: SitDown, server: ServerProcess
) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        await _register(http, "ana")
        app, recovery_codes = await _set_up_app(http)
    ana = await sit_down()
    await ana.give_password(ANA)
    await expect(ana.page.get_by_role("heading", name="One more step")).to_be_visible()
    await expect(ana.page.get_by_role("textbox", name="Code")).to_be_focused()
    await ana.give_code("000000")
    await expect(ana.page.get_by_role("alert")).to_have_text("This code is wrong or too old.")
    # The code that set the app up is spent; the server takes the next one a little early.
    await ana.give_code(app.at(time.time(), counter_offset=1))
    await ana.expect_in()

    await ana.sign_out()
    await ana.give_password(ANA)
    await ana.page.get_by_role("button", name="Use a recovery code").click()
    await ana.give_code(recovery_codes[0].upper())
    await ana.expect_in()
    assert ana.errors == []


@pytest.mark.parametrize("settings", [{"LIMITS_SCALE": "1000"}])
async def test_a_second_step_that_was_guessed_at_leads_back_to_the_beginning(
    sit_down: SitDown, server: ServerProcess
) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        await _register(http, "ana")
        await _set_up_app(http)
    ana = await sit_down()
    await ana.give_password(ANA)
    for _ in range(FREE_TRIES):
        async with ana.page.expect_response("**/auth/second-step"):
            await ana.give_code("000000")
        await expect(ana.page.get_by_role("alert")).to_have_text("This code is wrong or too old.")
    await ana.give_code("000000")
    await expect(ana.page.get_by_role("heading")).to_have_text("Sign in once more")
    await ana.page.get_by_role("link", name="Start again").click()
    await expect(ana.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


async def test_a_second_step_that_a_reload_forgot_leads_back_to_the_beginning(
    sit_down: SitDown,
) -> None:
    ana = await sit_down()
    await ana.page.goto("/sign-in/second-step#token.totp")
    await expect(ana.page.get_by_role("textbox", name="Code")).to_be_visible()
    assert "#" not in ana.page.url
    await ana.page.reload()
    await expect(ana.page.get_by_role("link", name="Start again")).to_be_visible()


async def test_a_passkey_lets_one_in_alone_and_as_the_second_step(
    sit_down: SitDown, server: ServerProcess
) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        await _register(http, "ana")
        ana = await sit_down()
        await ana.page.goto(f"http://localhost:{server.port}/")
        await plug_in_authenticator(ana.page)
        await ana.page.get_by_role("button", name="Use a passkey").click()
        await expect(ana.page.get_by_role("alert")).to_contain_text("No passkey was used.")

        await ana.sign_in(ANA)
        await add_passkey(ana, "Laptop")
        await ana.leave_settings()
        await ana.sign_out()
        await ana.page.get_by_role("button", name="Use a passkey").click()
        await ana.expect_in()

        answer = await http.put(
            "/api/security/second-step", json={"on": True, "password": PASSWORD}
        )
        assert answer.status_code == 200
        await ana.sign_out()
        await ana.give_password(ANA)
        await ana.page.get_by_role("button", name="Use a passkey").click()
        await ana.expect_in()
    assert ana.errors == []


async def test_guessing_is_told_how_long_to_wait(sit_down: SitDown) -> None:
    ana = await sit_down()
    await ana.register("Ana")
    await ana.sign_out()
    alert = ana.page.get_by_role("alert")
    for number in range(FREE_TRIES):
        await ana.give_password(ANA, f"guess {number}")
        await expect(alert).to_have_text("The name or the password is wrong.")
    for number in range(2):
        await ana.give_password(ANA, f"another guess {number}")
        await expect(alert).to_be_visible()
    await expect(alert).to_have_text(re.compile(r"^Too many tries\. Try again in \d+ seconds?\.$"))


async def test_the_address_is_changed_by_a_link_though_one_has_to_sign_in_first(
    sit_down: SitDown, server: ServerProcess
) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        await _register(http, "ana")
        await http.post("/api/token/email_change")
    ana = await sit_down()
    await ana.page.goto(await link_to(server, "/change-email", ANA))
    await expect(ana.page.get_by_text("Sign in, then you can change your email.")).to_be_visible()
    await ana.give_password(ANA)
    await ana.page.get_by_role("textbox", name="New email").fill("ana@example.com")
    await ana.page.get_by_role("textbox", name="Password").fill("not it at all")
    await ana.page.get_by_role("button", name="Change email").click()
    await expect(ana.page.get_by_role("alert")).to_have_text("This is not your password.")
    await ana.page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await ana.page.get_by_role("button", name="Change email").click()
    await expect(ana.page.get_by_text("Your email is ana@example.com now.")).to_be_visible()

    await ana.page.goto(await link_to(server, "/confirm-email", "ana@example.com"))
    await expect(ana.page.get_by_role("heading", name="Your email is confirmed")).to_be_visible()
    await ana.page.get_by_role("link", name="To the chats").click()
    await ana.open_settings("Profile")
    await expect(ana.page.get_by_text("ana@example.com")).to_be_visible()
    await expect(ana.page.get_by_text("Not confirmed yet")).to_have_count(0)


async def test_one_who_came_for_a_page_finds_it_after_signing_in_another_way(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana = await sit_down()
    await ana.page.goto("/directory")
    await _ask_for_code(ana, PHONE)
    await ana.give_code(await code_to(server, PHONE))
    await expect(ana.page).to_have_url(f"{server.url}/directory")
    await expect(ana.page.get_by_role("heading", name="Directory")).to_be_visible()


async def _register(http: httpx.AsyncClient, name: str) -> None:
    """Make an account, and go on in its name."""
    answer = await http.post(
        "/auth/register",
        json={"email": f"{name}@example.org", "password": PASSWORD, "display_name": name},
    )
    http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
    http.cookies.clear()


async def _set_up_app(http: httpx.AsyncClient) -> tuple[pyotp.TOTP, list[str]]:
    """Have an authenticator app asked for; return it, and the recovery codes."""
    started = await http.post("/api/security/totp", json={"password": PASSWORD})
    app = pyotp.TOTP(started.json()["secret"])
    confirmed = await http.post("/api/security/totp/confirm", json={"code": app.now()})
    codes: list[str] = confirmed.json()["recovery_codes"]
    return app, codes


async def _ask_for_code(screen: Screen, number: str) -> None:
    await screen.page.get_by_role("link", name="Sign in with phone").click()
    await screen.page.get_by_role("textbox", name="Phone number").fill(number)
    await screen.page.get_by_role("button", name="Send code").click()
