"""Calls in private chats: they ring, and in encrypted ones it is certain who is heard."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.browser.encryption import begin_private_chat, set_up_in_chat
from tests.browser.voice import (
    VOICE_FLAGS,
    button,
    expect_heard,
    expect_together,
    join_voice,
    measure,
    participant,
    participants,
    take_seat,
)

if TYPE_CHECKING:
    from playwright.async_api import Locator, WebSocketRoute

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def chromium_flags() -> list[str]:
    """Return what the browser needs to be heard and seen."""
    return VOICE_FLAGS


def ring_of(screen: Screen, name: str) -> Locator:
    """What says that somebody calls."""
    return screen.page.get_by_role("alertdialog", name=f"{name} is calling")


async def two_in_private(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return two people with a private chat, which the first of them has open."""
    ana, bea = await asyncio.gather(*(take_seat(sit_down, name) for name in ("Ana", "Bea")))
    await ana.start_private_chat("Bea")
    await expect(bea.chat("Ana")).to_be_visible()
    return ana, bea


async def test_a_call_rings_and_is_declined_taken_back_and_answered(sit_down: SitDown) -> None:
    ana, bea = await two_in_private(sit_down)
    await join_voice(ana)
    await expect(ana.page.get_by_text("Calling Bea")).to_be_visible()
    await expect(ring_of(bea, "Ana")).to_be_visible()
    await expect(ring_of(bea, "Ana").get_by_role("button", name="Accept")).to_be_focused()
    await ring_of(bea, "Ana").get_by_role("button", name="Decline").click()
    await expect(ana.page.get_by_text("Bea declined the call")).to_be_visible()
    await expect(button(ana, "Join voice")).to_be_visible()
    await expect(ring_of(bea, "Ana")).to_have_count(0)

    await join_voice(ana)
    await expect(ring_of(bea, "Ana")).to_be_visible()
    # Whoever comes to the page while it rings hears of it as well.
    await bea.page.reload()
    await expect(ring_of(bea, "Ana")).to_be_visible()
    await button(ana, "Leave voice").click()
    await expect(ring_of(bea, "Ana")).to_have_count(0)

    await join_voice(ana)
    await ring_of(bea, "Ana").get_by_role("button", name="Accept").click()
    await expect_together(ana, bea)
    await expect(ring_of(bea, "Ana")).to_have_count(0)
    for screen in (ana, bea):
        await expect_heard(screen, 1)
    assert ana.errors == bea.errors == []


async def test_in_an_encrypted_chat_the_sound_is_proven_on_both_sides(sit_down: SitDown) -> None:
    ana, bea = await two_in_sealed(sit_down)
    await join_voice(ana)
    await ring_of(bea, "Ana").get_by_role("button", name="Accept").click()
    await expect_together(ana, bea)
    for screen in (ana, bea):
        dock = screen.page.get_by_role("region", name="Voice chat")
        await expect(dock.get_by_text("End-to-end encrypted", exact=True)).to_be_visible()
        await expect_heard(screen, 1)
    assert ana.errors == bea.errors == []


def without_proof(payload: dict[str, Any]) -> None:
    """Take the proof away."""
    payload.pop("proof", None)


def with_other_certificate(payload: dict[str, Any]) -> None:
    """Put the certificate of somebody in between into a description."""
    payload["sdp"] = re.sub(
        r"(a=fingerprint:sha-256 )[0-9A-F:]+", r"\1" + ":".join(["AB"] * 32), payload["sdp"]
    )


@pytest.mark.parametrize(
    ("lie", "sentence"),
    [
        (without_proof, "their device does not prove"),
        (with_other_certificate, "the proof that the sound comes from them"),
    ],
)
async def test_what_a_server_changes_between_them_is_not_connected(
    sit_down: SitDown, lie: Any, sentence: str
) -> None:
    ana, bea = await two_in_sealed(sit_down)

    async def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def hear(frame: str | bytes) -> None:
            message = json.loads(frame)
            if isinstance(message, list) and message[3] in ("offer", "answer"):
                lie(message[4])
                frame = json.dumps(message)
            route.send(frame)

        server.on_message(hear)

    await bea.page.route_web_socket(re.compile("/socket/websocket"), between)
    await bea.page.reload()
    await expect(bea.composer).to_be_visible()
    await join_voice(ana)
    await ring_of(bea, "Ana").get_by_role("button", name="Accept").click()
    await expect(participants(bea)).to_have_count(2)
    await expect(bea.page.get_by_text(f"Ana cannot be heard: {sentence}")).to_be_visible()
    await expect(participant(bea, "Ana")).to_have_accessible_name(
        re.compile("not proven end-to-end")
    )
    for screen in (ana, bea):
        assert all(one["packets"] == 0 for one in await measure(screen))


async def two_in_sealed(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return two people with an encrypted private chat that both have open."""
    ana, bea = await asyncio.gather(*(take_seat(sit_down, name) for name in ("Ana", "Bea")))
    await begin_private_chat(ana, "Bea")
    await set_up_in_chat(bea, "Ana")
    return ana, bea
