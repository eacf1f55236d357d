"""Passkeys, with which people prove in the browser who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    "ctap2Version": "ctap2_1",
    "hasPrf": True,
}


async def plug_in_authenticator(page: Page) -> None:
    """Give a page a device that makes passkeys and whose owner is always there.

    The passkeys can give secrets too (WebAuthn Level 3, ``prf``).
    """
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
