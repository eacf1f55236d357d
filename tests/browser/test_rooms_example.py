"""The example page of the documents, opened from a disk: a token needs no origin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

if TYPE_CHECKING:
    from tests.e2e.server_process import ServerProcess

PASSWORD = "correct horse battery"
EXAMPLE = Path("docs/protocols/examples/rooms.html").resolve()

pytestmark = pytest.mark.timeout(120)


async def called(http: httpx.AsyncClient, path: str, body: object, token: str = "") -> Any:
    """Do something over REST that has to succeed."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    answer = await http.post(path, json=body, headers=headers)
    return answer.raise_for_status().json() if answer.content else None


async def opened(browser: Browser, address: str) -> Page:
    """Open the example at a socket's address."""
    page = await browser.new_page()
    await page.goto(f"{EXAMPLE.as_uri()}#{address}")
    return page


async def test_two_people_talk_on_the_example_page(browser: Browser, server: ServerProcess) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
        tokens = []
        for name in ("ana", "bea"):
            person = {"email": f"{name}@example.org", "username": name, "display_name": name}
            made = await called(http, "/auth/register", person | {"password": PASSWORD})
            tokens.append(made["access_token"])
        room = {"kind": "room", "alias": "Films", "topic": "cinema"}
        room = await called(http, "/api/conversations", room, tokens[0])
        place = f"ws://127.0.0.1:{server.port}/ws/chat/cinema/{room['number']}/?token="
        stranger = await opened(browser, place + tokens[1])
        await expect(stranger.get_by_role("status")).to_have_text(
            "There is no such conversation. (closed: 4004)"
        )
        await called(http, f"/api/conversations/{room['id']}/join", {}, tokens[1])

    ana = await opened(browser, place + tokens[0])
    await expect(ana.get_by_role("status")).to_have_text("0 others are here")
    bea = await opened(browser, place + tokens[1])
    await expect(bea.get_by_role("status")).to_have_text("1 others are here")
    await expect(ana.get_by_role("status")).to_have_text("bea is here")
    await bea.get_by_label("Message").fill("Hello <b>ana</b> 😀")
    await bea.get_by_label("Message").press("Enter")
    for page in (ana, bea):
        await expect(page.get_by_role("listitem")).to_have_text(["bea: Hello <b>ana</b> 😀"])
    await bea.evaluate(
        """() => {
            const message = { text: "Bye", id: [...lines.keys()][0] };
            socket.send(JSON.stringify({ event_type: "chat_message", message }));
        }"""
    )
    await expect(ana.get_by_role("listitem")).to_have_text(["bea: Bye"])
    await bea.close()
    await expect(ana.get_by_role("status")).to_have_text("bea has gone")
    await ana.close()
