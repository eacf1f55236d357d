"""What people prove who they are with in the browser: an app that shows codes, and passkeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyotp
from playwright.async_api import expect

from tests.browser.screen import PASSWORD

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.screen import Screen

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def plug_in_authenticator(page: Page) -> None:
    """Give a page a device that makes passkeys and whose owner is always there."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})


async def add_passkey(screen: Screen, name: str) -> None:
    """Add a passkey in the settings."""
    await screen.open_settings("Security")
    await screen.page.get_by_role("button", name="Add a passkey").click()
    await screen.confirm("Continue", name=name, password=PASSWORD)
    passkeys = screen.page.get_by_role("list", name="Passkeys")
    await expect(passkeys.get_by_role("listitem", name=name)).to_be_visible()


async def set_up_app(screen: Screen) -> tuple[pyotp.TOTP, list[str]]:
    """Set up an authenticator app in the settings; return it, and the recovery codes."""
    await screen.open_settings("Security")
    await screen.page.get_by_role("button", name="Set up the app").click()
    await screen.confirm("Continue", password=PASSWORD)
    dialog = screen.page.get_by_role("dialog")
    await expect(dialog.get_by_role("img", name="QR code")).to_be_visible()
    app = pyotp.TOTP((await dialog.locator("code").inner_text()).replace(" ", ""))
    await screen.confirm("Confirm", code_from_the_app=app.now())
    codes = dialog.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    await expect(codes.first).to_be_visible()
    kept = await codes.all_inner_texts()
    await screen.confirm("I have kept them")
    return app, kept
