"""What one changes of oneself: /lite/settings."""

from __future__ import annotations

from tertulia.core.accounts import Accounts
from tertulia.core.passwords import Passwords
from tertulia.core.second_steps import SecondSteps
from tertulia.gateways.browser_access import BrowserAccess
from tertulia.gateways.pages.lite.visit import Answer, Page, See, Visit

THEMES = {"auto": "As the device has it", "day": "Light", "night": "Dark"}
_SAVED = {
    "name": "Your name is changed.",
    "theme": "The theme is changed.",
    "password": "Your password is changed. All your other devices are signed out.",
}


class SettingsPages:
    """Name, theme and password."""

    def __init__(
        self,
        accounts: Accounts,
        passwords: Passwords,
        second_steps: SecondSteps,
        access: BrowserAccess,
    ) -> None:
        self._accounts = accounts
        self._passwords = passwords
        self._second_steps = second_steps
        self._access = access

    async def show(self, visit: Visit) -> Answer:
        """Show what can be changed, and what just was."""
        security = await self._second_steps.security(visit.actor)
        words = {
            "saved": None if visit.refusal else _SAVED.get(visit.query.text("saved")),
            "themes": THEMES,
            "has_password": security.has_password,
        }
        return Page(template="settings.html", words=words)

    async def rename(self, visit: Visit) -> Answer:
        """Go by another display name."""
        await self._accounts.rename(visit.actor, display_name=visit.form.text("display_name"))
        return See("/lite/settings?saved=name")

    async def set_theme(self, visit: Visit) -> Answer:
        """Have the pages light or dark."""
        await self._accounts.set_profile(visit.actor, theme=visit.form.text("theme"))
        return See("/lite/settings?saved=theme")

    async def set_password(self, visit: Visit) -> Answer:
        """Set another password, or a first one; this session goes on with new tokens."""
        form = visit.form
        signed_in = await self._passwords.change(
            visit.actor,
            form.text("password") or None,
            form.text("new_password"),
            form.text("new_password_confirmation"),
        )
        return See("/lite/settings?saved=password", tuple(self._access.keep(signed_in)))
