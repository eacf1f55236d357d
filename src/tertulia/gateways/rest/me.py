"""One's own account: /api/me and /api/profile."""

from __future__ import annotations

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from tertulia.core.accounts import Accounts
from tertulia.core.model import Theme
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing


class Names(Struct, frozen=True):
    """What one goes by; a field that is absent or null stays as it is."""

    display_name: str | None = None
    username: str | None = None
    about: str | None = None


class ProfileChange(Struct, frozen=True):
    """Preferences to change; a field that is absent or null stays as it is."""

    hidden: bool | None = None
    theme: Theme | None = None
    magnification: float | None = None
    recents: list[str] | None = None


class Profile(Struct, frozen=True):
    """One's preferences; `hidden` people are not shown as online, `magnification` is 0.7 to 1.4."""

    hidden: bool
    theme: Theme
    magnification: float
    recents: tuple[str, ...]


class MeController(Controller):
    """The account of whoever asks."""

    path = "/api"
    tags = ["me"]

    @reading("/me", "getMe")
    async def show(self, request: ApiRequest, accounts: NamedDependency[Accounts]) -> objects.Me:
        """Get one's own account."""
        return objects.me(await accounts.me(request.user))

    @writing("PATCH", "/me", "changeMe", 400)
    async def rename(
        self, request: ApiRequest, data: JSONBody[Names], accounts: NamedDependency[Accounts]
    ) -> objects.Me:
        """Go by another display name or username, or say something else of oneself."""
        return objects.me(
            await accounts.rename(
                request.user,
                display_name=data.display_name,
                username=data.username,
                about=data.about,
            )
        )

    @writing("PATCH", "/profile", "changeProfile", 400)
    async def change_profile(
        self,
        request: ApiRequest,
        data: JSONBody[ProfileChange],
        accounts: NamedDependency[Accounts],
    ) -> Profile:
        """Change some of one's preferences; answers all of them."""
        account = await accounts.set_profile(
            request.user,
            hidden=data.hidden,
            theme=data.theme,
            magnification=data.magnification,
            recents=data.recents,
        )
        profile = account.profile
        return Profile(profile.hidden, profile.theme, profile.magnification, profile.recents)
