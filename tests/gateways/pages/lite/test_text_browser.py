"""The light pages in a terminal, by the keys that somebody presses in Lynx."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateways.conftest import PASSWORD, Town
from tests.gateways.pages.lite.text_browser import ENTER, TAB, TextBrowser, find, typed


@pytest.fixture
async def lynx(town: Town, tmp_path: Path) -> TextBrowser:
    """Return a browser in which Ana has signed in through the form."""
    browser = TextBrowser(tmp_path)
    form = [TAB, *typed("ana"), TAB, *typed(PASSWORD), TAB]
    await browser.press(f"{town.url}/lite/signin", *form, ENTER)
    return browser


async def test_one_reads_and_writes_in_a_chat_of_the_list(town: Town, lynx: TextBrowser) -> None:
    room = await town.start_room(town.ana, town.bea)
    # More than a screen has lines, so that opening the chat leads to its end, where one writes.
    for number in range(10):
        await town.send(town.bea, room, f"Film {number}")
    chats = await lynx.read(f"{town.url}/lite")
    assert "Films" in chats
    assert "Bea: Film 9" in chats
    assert "10 unread" in chats

    writing = [*typed("Hello from a terminal"), TAB, ENTER]
    await lynx.press(f"{town.url}/lite", *find("Films"), ENTER, *writing)
    history = await town.call(town.bea, "GET", f"/api/messages?conversation_id={room}")
    said = [(each["sender"], each["content"]) for each in history["items"]]
    assert said.count((town.ana.id, "Hello from a terminal")) == 1

    await town.send(town.bea, room, "Hello from another place")
    number = (await town.call(town.ana, "GET", f"/api/conversations/{room}"))["number"]
    chat = await lynx.read(f"{town.url}/lite/chats/{number}")
    shown = ["Film 0", "Film 9", "Hello from a terminal", "Hello from another place"]
    assert sorted(shown, key=chat.index) == shown


async def test_one_signs_out(town: Town, lynx: TextBrowser) -> None:
    settings = f"{town.url}/lite/settings"
    assert "You are signed in as Ana" in await lynx.read(settings)
    await lynx.press(settings, *find("Sign out"), ENTER)
    assert "Email or username" in await lynx.read(settings)
