"""A safety number compared by camera: a video stands before Chromium's, in which codes are held."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.async_api import expect

from tests.browser.encryption import (
    begin_another_private_chat,
    begin_private_chat,
    set_up_in_chat,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen

FRAMES = 30


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    """Return the video that the camera sees, which is read whenever one is turned on."""
    return tmp_path / "camera.mjpeg"


@pytest.fixture
def chromium_flags(camera: Path) -> list[str]:
    """Return what puts the video before the camera."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ]


async def test_a_code_is_scanned_and_only_the_right_one_verifies(
    sit_down: SitDown, camera: Path
) -> None:
    ana, bea, cleo = await asyncio.gather(*(sit_down() for _ in range(3)))
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"), cleo.register("Cleo"))
    await begin_private_chat(ana, "Bea")
    await set_up_in_chat(bea, "Ana")
    of_bea = await _code_of(ana, "Bea")
    await begin_another_private_chat(ana, "Cleo")
    await set_up_in_chat(cleo, "Ana")
    of_cleo = await _code_of(ana, "Cleo")

    await _compare(bea, "Ana")
    _hold(camera, of_cleo)
    await bea.page.get_by_role("button", name="Scan their code").click()
    await expect(
        bea.page.get_by_text("This is not the code that Ana sees with you")
    ).to_be_visible()
    await bea.page.get_by_role("button", name="Stop the camera").click()
    _hold(camera, of_bea)
    await bea.page.get_by_role("button", name="Scan their code").click()
    await expect(bea.page.get_by_text("You have compared this number with Ana")).to_be_visible()
    assert bea.errors == []


async def _compare(screen: Screen, name: str) -> None:
    await screen.page.get_by_role("button", name="About this chat").click()
    await screen.page.get_by_role("button", name=f"Compare safety numbers with {name}").click()


async def _code_of(screen: Screen, name: str) -> bytes:
    """Return a picture of the code that somebody sees of their number with another."""
    await _compare(screen, name)
    shown = await screen.page.get_by_role("img", name="QR code of the safety number").screenshot()
    await screen.page.get_by_role("button", name="Back").last.click()
    await screen.page.get_by_role("button", name="Close").last.click()
    return shown


def _hold(camera: Path, code: bytes) -> None:
    """Hold a code before the camera, not quite straight."""
    view = Image.new("RGB", (640, 480), (110, 120, 130))
    picture = Image.open(BytesIO(code)).convert("RGBA")
    held = picture.resize((330, 330)).rotate(8, Image.Resampling.BICUBIC, expand=True)
    view.paste(held, (120, 50), held)
    frame = BytesIO()
    view.save(frame, "JPEG", quality=85)
    camera.write_bytes(frame.getvalue() * FRAMES)
