"""A browser without scripts: it reads pages, follows links, and fills in forms."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from lxml import html  # type: ignore[import-untyped]

from tests.gateways.conftest import Person, Town


class Page:
    """What is shown."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.tree = html.fromstring(answer.text)

    @property
    def path(self) -> str:
        """Where it is."""
        return self.answer.url.path

    @property
    def title(self) -> str:
        """Its heading."""
        return self.text_of("//h1")

    @property
    def messages(self) -> list[str]:
        """The texts of the messages on it, from the top."""
        return [
            "".join(item.xpath(".//p[@class='text' or @class='gone']//text()")).strip()
            for item in self.tree.xpath("//ol[@id='messages']/li")
        ]

    @property
    def refusal(self) -> str:
        """Why something was refused; empty where nothing was."""
        return self.text_of("//*[@role='alert']")

    def text_of(self, xpath: str) -> str:
        """Return the text of the elements at a path."""
        return " ".join("".join(each.itertext()).strip() for each in self.tree.xpath(xpath)).strip()

    def all(self, xpath: str) -> list[str]:
        """Return what is at a path, as texts."""
        return [str(each) for each in self.tree.xpath(xpath)]


class Browser:
    """Somebody's browser, which follows redirects as browsers do."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def open(self, path: str) -> Page:
        """Open an address."""
        return Page(await self.http.get(path))

    async def send(self, page: Page, action: str, **fields: str) -> Page:
        """Fill in the last form of a page that goes to this action, and send it."""
        *_, form = page.tree.xpath(f"//form[@action='{action}']")
        filled = {each: value or "" for each, value in form.form_values()}
        return Page(await self.http.post(action, data={**filled, **fields}))


@asynccontextmanager
async def browsing(town: Town, person: Person | None = None) -> AsyncIterator[Browser]:
    """Open a browser, in which somebody has signed in, or nobody."""
    cookies = {"access_token": person.token} if person else {}
    async with httpx.AsyncClient(
        base_url=town.url, cookies=cookies, follow_redirects=True, timeout=30
    ) as http:
        yield Browser(http)
