"""What a person does at the web client, by the names that its controls bear."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from playwright.async_api import TimeoutError, expect

if TYPE_CHECKING:
    from playwright.async_api import ConsoleMessage, Locator, Page

PASSWORD = "correct horse battery"

ASK = """async ([method, path, body]) => {
    const token = /csrftoken=([^;]*)/.exec(document.cookie)[1];
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : await answer.json();
}"""

# Playwright keeps every page of a browser without windows in view and in focus, also behind
# another tab; so a page can only be told that it is out of view.
BE_SEEN = """(state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


class Screen:
    """One page in one browser, and every error that it logged."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the server as the page would, and return its answer; what is refused raises."""
        return await self.page.evaluate(ASK, [method, path, body])

    async def be_seen(self, state: Literal["hidden", "visible"]) -> None:
        """Tell the page that it has come into view, or gone out of it."""
        await self.page.evaluate(BE_SEEN, state)

    @property
    def chats(self) -> Locator:
        """The list of chats."""
        return self.page.get_by_role("list", name="Chats")

    @property
    def messages(self) -> Locator:
        """The messages of the open chat, as one article each."""
        return self.page.get_by_role("log", name="Messages").get_by_role("article")

    @property
    def composer(self) -> Locator:
        """Where a message is typed."""
        return self.page.get_by_role("textbox", name="Message")

    def chat(self, name: str) -> Locator:
        """One row of the list of chats."""
        return self.chats.get_by_role("listitem", name=name, exact=True)

    def message(self, text: str) -> Locator:
        """The messages that say this."""
        return self.messages.filter(has_text=text)

    async def register(self, name: str) -> None:
        """Make an account through the page."""
        await self.page.get_by_role("link", name="Create account").click()
        await self.page.get_by_role("textbox", name="Display name").fill(name)
        await self.page.get_by_role("textbox", name="Email").fill(f"{name.lower()}@example.org")
        await self.page.get_by_role("textbox", name="Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Create account").click()
        await self.expect_in()

    async def sign_in(self, login: str) -> None:
        """Sign in with the usual password."""
        await self.give_password(login)
        await self.expect_in()

    async def give_password(self, login: str, password: str = PASSWORD) -> None:
        """Take the first step of signing in, whatever comes of it."""
        await self.page.get_by_role("textbox", name="Email or username").fill(login)
        await self.page.get_by_role("textbox", name="Password").fill(password)
        await self.page.get_by_role("button", name="Sign in", exact=True).click()

    async def give_code(self, code: str) -> None:
        """Type a code and go on."""
        await self.page.get_by_role("textbox", name="Code").fill(code)
        await self.page.get_by_role("button", name="Continue").click()

    async def expect_in(self) -> None:
        """See the chats, which only people see who are in."""
        await expect(self.page.get_by_role("searchbox", name="Search")).to_be_visible()

    async def sign_out(self) -> None:
        """Sign out through the menu."""
        await self.page.get_by_role("button", name="Menu", exact=True).click()
        await self.page.get_by_role("menuitem", name="Sign out").click()
        await expect(self.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    async def open_settings(self, page: str) -> None:
        """Go to a page of the settings through the menu."""
        await self.page.get_by_role("button", name="Menu", exact=True).click()
        await self.page.get_by_role("menuitem", name="Settings").click()
        await self.page.get_by_role("link", name=page).click()
        await expect(self.page.get_by_role("region", name=page, exact=True)).to_be_visible()

    async def leave_settings(self) -> None:
        """Go back to the chats."""
        for title in (".+", "Settings"):
            region = self.page.get_by_role("region", name=re.compile(f"^{title}$")).first
            await region.get_by_role("button", name="Back").click()
        await expect(self.page.get_by_role("searchbox", name="Search")).to_be_visible()

    async def confirm(self, act: str, **fields: str) -> None:
        """Fill in the open dialog, and press the button at its end."""
        dialog = self.page.get_by_role("dialog")
        for name, text in fields.items():
            text_of_label = name.replace("_", " ")
            label = text_of_label[:1].upper() + text_of_label[1:]
            await dialog.get_by_role("textbox", name=label, exact=True).fill(text)
        await dialog.get_by_role("button", name=act, exact=True).click()

    async def start_private_chat(self, name: str) -> None:
        """Begin a chat with somebody found by name."""
        dialog = await self._new("New private chat")
        await dialog.get_by_role("textbox", name="Add people").fill(name)
        await dialog.get_by_role("option", name=name).click()
        await dialog.get_by_role("button", name="Create").click()
        await expect(self.composer).to_be_visible()

    async def start_group(self, name: str, *people: str) -> None:
        """Open a group with people found by name."""
        dialog = await self._new("New group")
        await dialog.get_by_role("textbox", name="Name").fill(name)
        for person in people:
            await dialog.get_by_role("textbox", name="Add people").fill(person)
            await dialog.get_by_role("option", name=person).click()
        await dialog.get_by_role("button", name="Create").click()
        await expect(self.composer).to_be_visible()

    async def start_room(self, name: str, topic: str) -> None:
        """Open a room."""
        dialog = await self._new("New room")
        await dialog.get_by_role("textbox", name="Name").fill(name)
        await self._choose_topic(dialog, topic)
        await dialog.get_by_role("button", name="Create").click()
        await expect(self.composer).to_be_visible()

    async def join_room(self, name: str) -> None:
        """Find a room in the directory and walk in."""
        await (
            self.page.get_by_role("button", name="Directory")
            .or_(self.page.get_by_role("link", name="Directory"))
            .first.click()
        )
        room = self.page.get_by_role("listitem", name=name)
        await room.get_by_role("button", name="Join").click()
        await expect(self.composer).to_be_visible()

    async def open(self, name: str) -> None:
        """Open a chat from the list."""
        await self.chat(name).click()
        await expect(self.composer).to_be_visible()

    async def send(self, text: str) -> None:
        """Type and send."""
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def choose(self, text: str, item: str) -> None:
        """Choose from the menu of the message that says `text`."""
        entry = self.page.get_by_role("menuitem", name=item, exact=True)
        for _ in range(4):
            await self.message(text).click(button="right")
            try:
                await entry.click(timeout=5_000)
            except TimeoutError:
                # A message on its way out has another menu; a person closes it and opens it again.
                await self.page.keyboard.press("Escape")
            else:
                return
        raise AssertionError(f"there is no {item!r} in the menu of {text!r}")

    async def _new(self, kind: str) -> Locator:
        await self.page.get_by_role("button", name="New chat").click()
        await self.page.get_by_role("menuitem", name=kind).click()
        return self.page.get_by_role("dialog")

    async def _choose_topic(self, dialog: Locator, topic: str) -> None:
        await dialog.get_by_role("textbox", name="Topic").fill(topic)

    def _note(self, message: ConsoleMessage) -> None:
        # A browser logs every refused request; those that a test provokes are no fault of the page.
        if message.type == "error" and not re.search("Failed to load resource", message.text):
            self.errors.append(message.text)
