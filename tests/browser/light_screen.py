"""What a person does on the light pages, by the names that links, fields and buttons bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.browser.screen import PASSWORD

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page


class LightScreen:
    """One page in one browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def messages(self) -> Locator:
        """The messages of the open chat."""
        return self.page.locator("#messages").get_by_role("listitem")

    @property
    def composer(self) -> Locator:
        """Where a message is typed."""
        return self.page.get_by_role("textbox", name="Message")

    def message(self, text: str) -> Locator:
        """The messages that say this."""
        return self.messages.filter(has_text=text)

    async def register(self, name: str) -> None:
        """Come by the sign-in page and make an account."""
        await self.page.goto("/lite")
        await self.page.get_by_role("link", name="Create account").click()
        await self.page.get_by_role("textbox", name="Display name").fill(name)
        await self.page.get_by_role("textbox", name="Email").fill(f"{name.lower()}@example.org")
        await self.page.get_by_role("textbox", name="Password").fill(PASSWORD)
        await self.press("Create account")
        await self.expect_heading("Chats")

    async def sign_in(self, login: str) -> None:
        """Sign in with the usual password."""
        await self.page.get_by_role("textbox", name="Email or username").fill(login)
        await self.page.get_by_role("textbox", name="Password").fill(PASSWORD)
        await self.press("Sign in")
        await self.expect_heading("Chats")

    async def start_room(self, name: str) -> None:
        """Open a room."""
        await self.follow("New")
        await self.follow("New room")
        await self.page.get_by_role("textbox", name="Name").fill(name)
        await self.page.get_by_role("combobox", name="Topic").select_option("cinema")
        await self.press("Open room")
        await self.expect_heading(name)

    async def join_room(self, name: str) -> None:
        """Find a room in the directory and walk in."""
        await self.follow("Rooms")
        await self.page.get_by_role("searchbox", name="Search").fill(name.split()[0])
        await self.page.get_by_role("combobox", name="Topic").select_option("cinema")
        await self.press("Find")
        await self.press(f"Join {name}")
        await self.expect_heading(name)

    async def send(self, text: str) -> None:
        """Type and send."""
        await self.composer.fill(text)
        await self.press("Send")
        await expect(self.message(text)).to_have_count(1)

    async def look_closer(self, text: str) -> None:
        """Open the page of the message that says this."""
        await self.message(text).get_by_role("link", name="More").click()
        await expect(self.page.get_by_role("heading", level=1)).to_contain_text("Message from")

    async def follow(self, name: str) -> None:
        """Follow a link."""
        await self.page.get_by_role("link", name=name, exact=True).click()

    async def press(self, name: str) -> None:
        """Press a button."""
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def expect_heading(self, name: str) -> None:
        """See the page that is headed so."""
        heading = self.page.get_by_role("heading", level=1, name=name, exact=True)
        await expect(heading).to_be_visible()
