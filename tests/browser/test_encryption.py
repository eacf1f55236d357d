"""Encrypted chats of two and of several, in real browsers, and what their server gets to see."""

from __future__ import annotations

import asyncio
import random
import re
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.adapters.files_at_hand import png
from tests.browser.encryption import begin_group, begin_private_chat, lock_of, set_up_in_chat
from tests.browser.lying_server import Place, copies_of
from tests.browser.own_secrets import secrets_of
from tests.browser.traces import kept, traces
from tests.browser.wire import Wire

if TYPE_CHECKING:
    from playwright.async_api import FilePayload, Locator

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen
    from tests.e2e.server_process import ServerProcess
    from tests.engines import Engines

pytestmark = pytest.mark.timeout(240)


def a_picture(seed: int, name: str) -> FilePayload:
    """Return a picture of noise, of which any stretch of bytes is its own."""
    rows = random.Random(seed)  # noqa: S311
    noise = b"".join(b"\0" + rows.randbytes(64) for _ in range(64))
    packed = zlib.compress(noise)
    return {"name": name, "mimeType": "image/png", "buffer": png(64, 64, rows=packed)}


def notes(name: str) -> FilePayload:
    """Return a file that is no picture, which a server keeps just as it is."""
    return {"name": name, "mimeType": "text/plain", "buffer": f"Notes: {name}".encode()}


async def send_file(screen: Screen, file: FilePayload, kind: str) -> None:
    """Send a file of this kind as it is."""
    await screen.page.get_by_role("button", name="Attach").click()
    async with screen.page.expect_file_chooser() as choosing:
        await screen.page.get_by_role("menuitem", name=kind, exact=True).click()
    await (await choosing.value).set_files(file)
    dialog = screen.page.get_by_role("dialog", name="Send 1 file")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)


async def expect_picture(screen: Screen, name: str) -> None:
    """See a picture of this name, and that there is something in it."""
    button = screen.messages.get_by_role("button", name=re.compile(f"Open {re.escape(name)}"))
    await expect(button).to_be_visible()
    await expect(button.locator("img").last).to_have_js_property("naturalWidth", 64)


async def test_the_server_gets_to_see_nothing_of_what_two_people_say(
    sit_down: SitDown, server: ServerProcess, engines: Engines
) -> None:
    async with Wire(server.port) as wire:
        ana, bea = await asyncio.gather(sit_down(), sit_down())
        for screen, name in ((ana, "Ana"), (bea, "Bea")):
            wire.listen_to(screen.page)
            await screen.page.goto(wire.url)
            await screen.register(name)
        keys = [await begin_private_chat(ana, "Bea")]
        await expect(lock_of(bea.chat("Ana"))).to_be_visible()
        keys.append(await set_up_in_chat(bea, "Ana"))

        await ana.send("The treasure is under the oldest fig tree")
        await expect(bea.message("under the oldest fig tree")).to_have_count(1)
        await bea.choose("under the oldest fig tree", "Reply")
        await bea.send("Then I shall bring a spade")
        await expect(ana.message("bring a spade").get_by_text("fig tree")).to_be_visible()
        await _edit(ana, "under the oldest fig tree", "The treasure is behind the water mill")
        await expect(bea.message("behind the water mill").first).to_contain_text("edited")
        await bea.message("behind the water mill").first.click(button="right")
        await bea.page.get_by_role("menuitemcheckbox", name="👍").click()
        reactions = ana.message("behind the water mill").get_by_role("group", name="Reactions")
        await expect(reactions.get_by_role("button", name="👍 1")).to_be_visible()
        map_of_it = a_picture(1, "map of the water mill.png")
        await send_file(ana, map_of_it, "Photo or video")
        for screen in (ana, bea):
            await expect_picture(screen, map_of_it["name"])
        tides = notes("tides at the water mill.txt")
        await send_file(ana, tides, "File")
        await _expect_file(bea, tides)

        conversation_id = ana.page.url.rsplit("/", 1)[-1]
        secrets = {
            "text": b"under the oldest fig tree",
            "edit": b"behind the water mill",
            "reply": b"bring a spade",
            "file name": b"map of the water mill",
            "picture": map_of_it["buffer"][100:200],
            "file": tides["buffer"],
        }
        for screen, key in zip((ana, bea), keys, strict=True):
            own = await secrets_of(screen, key, conversation_id)
            secrets |= {f"{name} {at}": secret for at, (name, secret) in enumerate(own.items())}
        assert traces(secrets, [*wire.said, *kept(server, engines)]) == set()

        # The same search finds what was said openly.
        open_secrets = await _say_openly(ana)
        assert traces(open_secrets, wire.said) == open_secrets.keys()
        assert "text" in traces(open_secrets, wire.frames)
        del open_secrets["picture"]  # which the server writes anew
        assert traces(open_secrets, kept(server, engines)) == open_secrets.keys()
        assert ana.errors == bea.errors == []


async def test_who_comes_later_reads_from_then_on_and_the_rest_go_on_without_who_left(
    sit_down: SitDown, server: ServerProcess
) -> None:
    ana, bea, cleo = await asyncio.gather(sit_down(), sit_down(), sit_down())
    for screen, name in ((ana, "Ana"), (bea, "Bea"), (cleo, "Cleo")):
        await screen.register(name)
    await begin_group(ana, "Treasure", "Bea")
    await set_up_in_chat(bea, "Treasure")
    await ana.send("Before Cleo was here")
    await expect(bea.message("Before Cleo was here")).to_have_count(1)

    about = await _about(ana)
    await about.get_by_role("button", name="Add people").click()
    dialog = ana.page.get_by_role("dialog", name="Add people")
    await dialog.get_by_role("textbox", name="Add people").fill("Cleo")
    await dialog.get_by_role("option", name="Cleo").click()
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(ana.page.get_by_role("region", name="Waiting for Cleo")).to_be_visible()
    await ana.send("Welcome, Cleo")
    await expect(ana.message("Welcome, Cleo")).to_contain_text("Goes out when Cleo has opened")

    await set_up_in_chat(cleo, "Treasure")
    for screen in (bea, cleo):
        await expect(screen.message("Welcome, Cleo")).to_have_count(1)
    await cleo.send("What did I miss?")
    for screen in (ana, bea):
        await expect(screen.message("What did I miss?")).to_have_count(1)
    for _ in range(2):
        await expect(cleo.message("Before Cleo was here")).to_have_count(0)
        await expect(cleo.messages).to_have_count(2)
        await cleo.page.reload()

    about = await _about(bea)
    await about.get_by_role("button", name="Leave group").click()
    await bea.confirm("Leave")
    await expect(bea.chat("Treasure")).to_have_count(0)
    for speaker, listener, text in ((ana, cleo, "Bea is gone"), (cleo, ana, "We go on")):
        await speaker.send(text)
        await expect(listener.message(text)).to_have_count(1)
    anas, beas, cleos = [await _copies(server, ana, each) for each in (ana, bea, cleo)]
    assert (len(anas), len(beas), len(cleos)) == (5, 3, 4)
    # Whoever stays has other keys from the first message on that they write themselves.
    for copies in (anas, cleos):
        assert copies[-1]["to"] not in {copy["to"] for copy in copies[:-2]}
    await ana.page.reload()
    for text in ("Before Cleo was here", "What did I miss?", "Bea is gone", "We go on"):
        await expect(ana.message(text)).to_have_count(1)
    assert ana.errors == bea.errors == cleo.errors == []


async def _copies(server: ServerProcess, at: Screen, reader: Screen) -> list[dict[str, Any]]:
    me = await (await reader.page.request.get("/api/me")).json()
    conversation_id = at.page.url.split("/c/")[1].split("/")[0]
    return await copies_of(server, Place(conversation_id, me["id"]))


async def _about(screen: Screen) -> Locator:
    await screen.page.get_by_role("button", name="About this chat").click()
    return screen.page.get_by_role("region", name="About this group")


async def _edit(screen: Screen, old: str, new: str) -> None:
    await screen.page.bring_to_front()
    await screen.messages.filter(has_text=old).first.click(button="right")
    await screen.page.get_by_role("menuitem", name="Edit").click()
    await expect(screen.composer).to_have_text(re.compile(old))
    await screen.send(new)


async def _expect_file(screen: Screen, file: FilePayload) -> None:
    link = screen.messages.get_by_role("button", name=re.compile(f"Download {file['name']}")).or_(
        screen.messages.get_by_role("link", name=re.compile(f"Download {file['name']}"))
    )
    async with screen.page.expect_download() as downloading:
        await link.click()
    download = await downloading.value
    assert download.suggested_filename == file["name"]
    assert (await download.path()).read_bytes() == file["buffer"]


async def _say_openly(screen: Screen) -> dict[str, bytes]:
    """Say the like in an open chat; return what can then be found."""
    await screen.start_group("Everybody")
    await screen.send("The picnic is at the old lighthouse")
    picture, file = a_picture(2, "way to the picnic.png"), notes("who brings what.txt")
    await send_file(screen, picture, "Photo or video")
    await expect_picture(screen, picture["name"])
    await send_file(screen, file, "File")
    await expect(screen.messages.last).to_contain_text(file["name"])
    await expect(screen.messages.last.get_by_role("img", name="Sent")).to_be_visible()
    return {
        "text": b"at the old lighthouse",
        "file name": b"way to the picnic",
        "picture": picture["buffer"][100:200],
        "file": file["buffer"],
    }
