"""Voice channels of several people in real browsers, whose sound goes from one to the other."""

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
    expect_silence,
    expect_together,
    join_voice,
    measure,
    participant,
    participants,
    take_seat,
    until,
)

if TYPE_CHECKING:
    from playwright.async_api import WebSocketRoute

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen

pytestmark = pytest.mark.timeout(240)

GONE_WITHIN_S = 20.0


@pytest.fixture
def chromium_flags() -> list[str]:
    """Return what the browser needs to be heard and seen."""
    return VOICE_FLAGS


async def three_in_a_room(sit_down: SitDown) -> tuple[Screen, Screen, Screen]:
    """Return three people who have the same room open."""
    ana, bea, cleo = await asyncio.gather(
        *(take_seat(sit_down, name) for name in ("Ana", "Bea", "Cleo"))
    )
    await ana.start_group("Readers", "Bea", "Cleo")
    for screen in (bea, cleo):
        await screen.open("Readers")
    return ana, bea, cleo


class Road:
    """The way of a page's sockets to the server, which can be closed at both ends."""

    def __init__(self) -> None:
        self.is_open = True
        self._ends: list[WebSocketRoute] = []

    async def carry(self, route: WebSocketRoute) -> None:
        """Let a socket through, or close it at once."""
        if self.is_open:
            self._ends += [route.connect_to_server(), route]
        else:
            await route.close()

    async def close(self) -> None:
        """End all that goes on, and let nothing through until it is open again."""
        self.is_open = False
        for end in self._ends:
            await end.close()
        self._ends.clear()


async def two_in_a_group(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return two people who have the same group open."""
    ana, bea = await asyncio.gather(*(take_seat(sit_down, name) for name in ("Ana", "Bea")))
    await ana.start_group("Readers", "Bea")
    await bea.open("Readers")
    return ana, bea


async def test_three_people_hear_each_other_and_whoever_mutes_is_not_heard(
    sit_down: SitDown,
) -> None:
    ana, bea, cleo = await three_in_a_room(sit_down)
    await join_voice(ana)
    await expect(bea.chat("Readers").get_by_role("img", name="1 in voice")).to_be_visible()
    await expect(bea.page.get_by_text("1 in voice")).to_be_visible()
    await asyncio.gather(join_voice(bea), join_voice(cleo))
    await expect_together(ana, bea, cleo)
    for screen in (ana, bea, cleo):
        await expect_heard(screen, 2)
    await expect(participant(bea, "Ana")).to_have_accessible_name(re.compile("speaking"))

    for screen in (bea, cleo):
        await button(screen, "Mute").click()
        await expect(participant(ana, "Bea" if screen is bea else "Cleo")).to_have_accessible_name(
            re.compile("muted")
        )
    await expect_silence(ana)
    await button(bea, "Unmute").click()
    await button(cleo, "Unmute").click()
    await expect_heard(ana, 2)

    await button(ana, "Deafen").click()
    await expect(participant(bea, "Ana")).to_have_accessible_name(re.compile("deafened"))
    await expect(button(ana, "Unmute")).to_be_visible()
    await button(ana, "Undeafen").click()
    await expect(button(ana, "Mute")).to_be_visible()
    await expect_heard(ana, 2)
    assert ana.errors == bea.errors == cleo.errors == []


async def test_whoever_leaves_or_vanishes_is_gone_and_may_come_back(sit_down: SitDown) -> None:
    ana, bea, cleo = await three_in_a_room(sit_down)
    for screen in (ana, bea, cleo):
        await join_voice(screen)
    await expect_together(ana, bea, cleo)

    await button(bea, "Leave voice").click()
    await expect(button(bea, "Join voice")).to_be_visible()
    await expect(participant(ana, "Bea")).to_have_count(0)
    await expect_together(ana, cleo)
    assert await measure(bea) == []

    await cleo.page.close()
    await expect(participant(ana, "Cleo")).to_have_count(0, timeout=GONE_WITHIN_S * 1000)
    await until(lambda: measure(ana), lambda now: now == [], "still connected")

    await join_voice(bea)
    await expect_together(ana, bea)
    for screen in (ana, bea):
        await expect_heard(screen, 1)
    assert ana.errors == bea.errors == []


async def test_the_sound_goes_on_while_the_server_is_out_of_reach(sit_down: SitDown) -> None:
    ana, bea = await two_in_a_group(sit_down)
    for screen in (ana, bea):
        await join_voice(screen)
    await expect_together(ana, bea)
    heard = await expect_heard(bea, 1)

    await ana.page.context.set_offline(True)
    await expect(ana.page.get_by_text("Server out of reach")).to_be_visible()
    await expect_heard(bea, 1)
    await expect_heard(ana, 1)
    await ana.page.context.set_offline(False)
    await expect(ana.page.get_by_text("Server out of reach")).to_have_count(0)
    await expect_together(ana, bea)
    again = await expect_heard(bea, 1)
    assert [one["at"] for one in again] == [one["at"] for one in heard]

    # What is said of oneself is heard by the others as before.
    await button(ana, "Mute").click()
    await expect(participant(bea, "Ana")).to_have_accessible_name(re.compile("muted"))
    assert bea.errors == []


async def test_who_was_away_too_long_comes_back_by_a_connection_anew(sit_down: SitDown) -> None:
    ana, bea = await two_in_a_group(sit_down)
    road = Road()
    await ana.page.route_web_socket(re.compile("/socket/websocket"), road.carry)
    await ana.page.reload()
    await expect(ana.composer).to_be_visible()
    for screen in (ana, bea):
        await join_voice(screen)
    await expect_together(ana, bea)
    await road.close()
    await expect(participant(bea, "Ana")).to_have_count(0)
    road.is_open = True
    await expect_together(ana, bea)
    for screen in (ana, bea):
        (one,) = await expect_heard(screen, 1)
        assert one["at"] == 1


async def test_a_screen_and_a_camera_are_seen_and_taken_back(sit_down: SitDown) -> None:
    ana, bea = await two_in_a_group(sit_down)
    for screen in (ana, bea):
        await join_voice(screen)
    await expect_together(ana, bea)

    await button(ana, "Share screen").click()
    shown = bea.page.get_by_label("Screen of Ana")
    await expect(shown).to_be_visible()
    await expect(participant(bea, "Ana")).to_have_accessible_name(
        re.compile("sharing their screen")
    )
    await expect_frames(bea)
    await expect_pixels(shown)
    await button(ana, "Turn camera on").click()
    camera = bea.page.get_by_label("Camera of Ana")
    await expect(camera).to_be_visible()
    await expect_pixels(camera)
    await expect(shown).to_be_visible()

    await button(ana, "Stop sharing").click()
    await expect(shown).to_have_count(0)
    await expect(camera).to_be_visible()
    await button(ana, "Turn camera off").click()
    await expect(camera).to_have_count(0)
    # A second time by the same medium.
    await button(ana, "Share screen").click()
    await expect_pixels(shown)
    await expect_frames(bea)
    await expect_heard(bea, 1)
    assert ana.errors == bea.errors == []


async def test_the_call_goes_on_while_one_reads_elsewhere(sit_down: SitDown) -> None:
    ana, bea = await two_in_a_group(sit_down)
    for screen in (ana, bea):
        await join_voice(screen)
    await expect_together(ana, bea)
    await ana.start_group("Gardeners", "Bea")
    await expect(participants(ana)).to_have_count(0)
    bar = ana.page.get_by_role("region", name="Voice chat")
    await expect(bar).to_contain_text("Readers")
    await bar.get_by_role("button", name="Mute").click()
    await expect(participant(bea, "Ana")).to_have_accessible_name(re.compile("muted"))
    await bar.get_by_role("button", name="Unmute").click()
    await expect_heard(bea, 1)
    await ana.send("Typed while talking")
    await expect(ana.message("Typed while talking")).to_have_count(1)
    await bar.get_by_role("button", name=re.compile("Readers")).click()
    await expect(participants(ana)).to_have_count(2)
    await ana.open("Gardeners")
    await bar.get_by_role("button", name="Leave voice").click()
    await expect(bar).to_have_count(0)
    await expect(participants(bea)).to_have_count(1)


async def test_push_to_talk_is_heard_while_it_is_held(sit_down: SitDown) -> None:
    ana, bea = await two_in_a_group(sit_down)
    for screen in (ana, bea):
        await join_voice(screen)
    await expect_together(ana, bea)
    await button(ana, "Sound and devices").click()
    await ana.page.get_by_role("switch", name="Push to talk").click()
    await ana.page.get_by_role("button", name="Done").click()
    await expect(participant(bea, "Ana")).to_have_accessible_name(re.compile("muted"))
    keyboard, mouse = ana.page.keyboard, ana.page.mouse
    await button(ana, "Hold to talk").hover()
    for press, release in (
        (keyboard.down("Space"), keyboard.up("Space")),
        (mouse.down(), mouse.up()),
    ):
        await press
        await expect(participant(bea, "Ana")).not_to_have_accessible_name(re.compile("muted"))
        await expect_heard(bea, 1)
        await release
        await expect(participant(bea, "Ana")).to_have_accessible_name(re.compile("muted"))
    # In a text it is a space.
    await ana.composer.press_sequentially("a b")
    await expect(ana.composer).to_have_text("a b")


async def test_who_comes_in_by_another_device_takes_over(sit_down: SitDown) -> None:
    ana, bea = await two_in_a_group(sit_down)
    for screen in (ana, bea):
        await join_voice(screen)
    await expect_together(ana, bea)
    phone = await take_seat(sit_down, None)
    await phone.sign_in("ana@example.org")
    await phone.open("Readers")
    await join_voice(phone)
    await expect(
        ana.page.get_by_text("You joined the voice chat on another device")
    ).to_be_visible()
    await expect(button(ana, "Join voice")).to_be_visible()
    await expect_together(phone, bea)
    await expect_heard(bea, 1)


async def test_whoever_looks_after_a_group_silences_and_removes(sit_down: SitDown) -> None:
    ana, bea = await two_in_a_group(sit_down)
    for screen in (ana, bea):
        await join_voice(screen)
    await expect_together(ana, bea)
    await button(ana, "Actions for Bea").click()
    await ana.page.get_by_role("menuitem", name="Mute for everyone").click()
    await expect(bea.page.get_by_text("You were muted for everyone")).to_be_visible()
    await expect_silence(ana)
    await button(ana, "Actions for Bea").click()
    await ana.page.get_by_role("menuitem", name="Let speak again").click()
    await expect_heard(ana, 1)
    await button(ana, "Actions for Bea").click()
    await ana.page.get_by_role("menuitem", name="Remove from voice").click()
    await expect(bea.page.get_by_text("You were removed from the voice chat")).to_be_visible()
    await expect(participants(ana)).to_have_count(1)


async def test_without_a_microphone_one_listens_and_is_told(sit_down: SitDown) -> None:
    ana, bea = await two_in_a_group(sit_down)
    await ana.page.evaluate(
        """() => {
            const refused = new DOMException("Denied", "NotAllowedError");
            const devices = navigator.mediaDevices;
            const native = devices.getUserMedia;
            devices.getUserMedia = () => Promise.reject(refused);
            window.allow = () => { devices.getUserMedia = native; };
        }"""
    )
    for screen in (ana, bea):
        await join_voice(screen)
    await expect(ana.page.get_by_text("Your microphone is not allowed here")).to_be_visible()
    await expect_together(ana, bea)
    await expect_heard(ana, 1)
    await expect(participant(bea, "Ana")).to_have_accessible_name(re.compile("muted"))
    await ana.page.evaluate("() => window.allow()")
    await button(ana, "Unmute").click()
    await expect(ana.page.get_by_text("Your microphone is not allowed here")).to_have_count(0)
    await expect_heard(bea, 1)
