"""Channels that have outgrown a mesh, in real browsers and through a real Janus."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.voice import (
    VOICE_FLAGS,
    button,
    expect_frames,
    expect_heard,
    expect_pixels,
    expect_together,
    join_voice,
    measure,
    participants,
    take_seat,
    until,
)
from tests.browser.voice_streams import count_sounds, expect_streams_heard, fewest_and_most
from tests.janus_server import JanusServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen

pytestmark = [pytest.mark.timeout(540), pytest.mark.alone]

FORWARDED = re.compile("Not end-to-end encrypted: with so many people")
UP_AND_DOWN = 2


@pytest.fixture
def chromium_flags() -> list[str]:
    """Return what the browser needs to be heard and seen."""
    return VOICE_FLAGS


@pytest.fixture
def janus() -> Iterator[JanusServer]:
    """Return a forwarding server."""
    server = JanusServer()
    yield server
    server.stop()


@pytest.fixture
def settings(janus: JanusServer) -> dict[str, str]:
    """Return a server whose channels outgrow a mesh early."""
    return {**janus.settings, "VOICE_MESH_LIMIT": "3"}


async def readers(sit_down: SitDown, *names: str) -> list[Screen]:
    """Return people who have the same group open."""
    screens = [await take_seat(sit_down, name) for name in names]
    for screen in screens:
        # Six pages that draw all the time would take what their sound needs.
        await screen.page.emulate_media(reduced_motion="reduce")
    await screens[0].start_group("Readers", *names[1:])
    for screen in screens[1:]:
        await screen.open("Readers")
    return screens


async def expect_only_forwarded(screen: Screen) -> None:
    """Wait until nothing of the mesh is left."""
    await until(
        lambda: measure(screen), lambda now: len(now) == UP_AND_DOWN, "still other connections"
    )
    await expect(screen.page.get_by_text(FORWARDED)).to_be_visible()


async def refuse_microphone(screen: Screen) -> None:
    """Have somebody only listen, until they allow it after all."""
    await screen.page.evaluate(
        """() => {
            const refused = new DOMException("Denied", "NotAllowedError");
            const devices = navigator.mediaDevices;
            const native = devices.getUserMedia;
            devices.getUserMedia = () => Promise.reject(refused);
            window.allow = () => { devices.getUserMedia = native; };
        }"""
    )


async def expect_all_heard(*screens: Screen) -> None:
    """Wait until each of these hears all the others, and the mesh is gone."""
    await expect_together(*screens)
    for screen in screens:
        await expect_streams_heard(screen, len(screens) - 1)
    for screen in screens:
        await expect_only_forwarded(screen)


async def expect_never_lost(*screens: Screen) -> None:
    """Find that each heard the others without a break of two seconds, and nobody twice."""
    others = len(screens) - 1
    for screen in screens:
        assert await fewest_and_most(screen) == (others, others)


async def test_six_people_hear_each_other_and_nobody_is_lost_on_the_way(
    sit_down: SitDown,
) -> None:
    screens = await readers(sit_down, "Ana", "Bea", "Cleo", "Dan", "Eva", "Fay")
    few, more = screens[:3], screens[3:]
    dan = more[0]
    await refuse_microphone(dan)
    await gather_in_mesh(*few)
    await join_voice(dan)
    for screen in few:
        await expect_only_forwarded(screen)
        await expect_streams_heard(screen, 2)
    await expect_never_lost(*few)

    for screen in more[1:]:
        await join_voice(screen)
    await dan.page.evaluate("() => window.allow()")
    await button(dan, "Unmute").click()
    await expect_all_heard(*screens)
    await mute_and_unmute(screens[1], screens)

    two = screens[:2]
    for screen in screens[2:]:
        await button(screen, "Leave voice").click()
    await expect_together(*two)
    for screen in two:
        await expect_streams_heard(screen, 1)
        await count_sounds(screen)
    for screen in two:
        await expect(screen.page.get_by_text(FORWARDED)).to_have_count(0, timeout=90_000)
        await expect_heard(screen, 1)
    await expect_never_lost(*two)
    assert [error for screen in screens for error in screen.errors] == []


async def gather_in_mesh(*screens: Screen) -> None:
    """Have people come in who hear each other without a server, and count that from now on."""
    for screen in screens:
        await join_voice(screen)
    await expect_together(*screens)
    for screen in screens:
        await expect_heard(screen, len(screens) - 1)
        await count_sounds(screen)


async def mute_and_unmute(speaker: Screen, screens: list[Screen]) -> None:
    """Find that nobody hears who is muted, and everybody hears the others."""
    others = [screen for screen in screens if screen is not speaker]
    await button(speaker, "Mute").click()
    for screen in others:
        await expect_streams_heard(screen, len(others) - 1)
    await button(speaker, "Unmute").click()
    for screen in others:
        await expect_streams_heard(screen, len(others))


class TestPastTwo:
    """The same where three are too many already."""

    @pytest.fixture
    def settings(self, janus: JanusServer) -> dict[str, str]:
        """Return a server with the smallest mesh."""
        return {**janus.settings, "VOICE_MESH_LIMIT": "2"}

    async def test_a_camera_and_a_screen_are_seen_by_all(self, sit_down: SitDown) -> None:
        ana, bea, cleo = await readers(sit_down, "Ana", "Bea", "Cleo")
        for screen in (ana, bea):
            await join_voice(screen)
        await expect_together(ana, bea)
        await button(ana, "Turn camera on").click()
        camera = bea.page.get_by_label("Camera of Ana")
        await expect_pixels(camera)
        await join_voice(cleo)
        await expect_together(ana, bea, cleo)
        for screen in (ana, bea, cleo):
            await expect_only_forwarded(screen)
        for screen in (bea, cleo):
            await expect_pixels(screen.page.get_by_label("Camera of Ana"))
            await expect_frames(screen)

        await button(ana, "Share screen").click()
        shown = cleo.page.get_by_label("Screen of Ana")
        await expect_pixels(shown)
        await button(ana, "Turn camera off").click()
        await expect(cleo.page.get_by_label("Camera of Ana")).to_have_count(0)
        await expect_frames(cleo)
        await button(ana, "Stop sharing").click()
        await expect(shown).to_have_count(0)
        # A second time by the same medium.
        await button(ana, "Turn camera on").click()
        await expect_pixels(cleo.page.get_by_label("Camera of Ana"))
        await expect_frames(cleo)
        await expect_streams_heard(cleo, 2)
        assert ana.errors == bea.errors == cleo.errors == []

    async def test_who_only_listens_hears_the_others(self, sit_down: SitDown) -> None:
        ana, bea, cleo = await readers(sit_down, "Ana", "Bea", "Cleo")
        await refuse_microphone(cleo)
        for screen in (ana, bea, cleo):
            await join_voice(screen)
        await expect(participants(cleo)).to_have_count(3)
        await expect_streams_heard(cleo, 2)
        for screen in (ana, bea):
            await expect_streams_heard(screen, 1)

    async def test_another_network_is_no_end(self, sit_down: SitDown) -> None:
        ana, bea, cleo = await readers(sit_down, "Ana", "Bea", "Cleo")
        for screen in (ana, bea, cleo):
            await join_voice(screen)
        await expect_together(ana, bea, cleo)
        for screen in (ana, bea, cleo):
            await expect_only_forwarded(screen)
        await ana.page.evaluate("() => window.dispatchEvent(new Event('online'))")
        for screen in (ana, bea, cleo):
            await expect_streams_heard(screen, 2)
        await expect_together(ana, bea, cleo)

    async def test_without_the_forwarding_server_it_goes_on_as_a_mesh(
        self, sit_down: SitDown, janus: JanusServer
    ) -> None:
        ana, bea, cleo = await readers(sit_down, "Ana", "Bea", "Cleo")
        for screen in (ana, bea, cleo):
            await join_voice(screen)
        await expect_together(ana, bea, cleo)
        for screen in (ana, bea, cleo):
            await expect_only_forwarded(screen)
        await asyncio.to_thread(janus.halt)
        for screen in (ana, bea, cleo):
            await expect(screen.page.get_by_text(FORWARDED)).to_have_count(0, timeout=60_000)
            await expect_heard(screen, 2)
        await expect_together(ana, bea, cleo)
