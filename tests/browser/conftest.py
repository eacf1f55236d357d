"""A real Chromium before a real server; each person sits at a browser context of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.axe import Axe
from tests.browser.screen import Screen
from tests.e2e.forge import Forge
from tests.e2e.server_process import ServerProcess
from tests.ports import free_port

# Chromium's own errands would only meet a closed network; as root it cannot build its sandbox.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A machine with two cores and as many browsers at once is slow at times; what comes is waited for.
expect.set_options(timeout=20_000)

OpenPage = Callable[..., Awaitable[Page]]
SitDown = Callable[..., Awaitable[Screen]]


@pytest.fixture
def port() -> int:
    """Return where the server will listen."""
    return free_port()


@pytest.fixture
def settings() -> dict[str, str]:
    """Return the settings of the server; a file of tests may have others."""
    return {}


@pytest.fixture
async def server(
    tmp_path: Path, ground: dict[str, str], port: int, settings: dict[str, str], forge: Forge
) -> AsyncIterator[ServerProcess]:
    """Return a running server with the built web client."""
    process = ServerProcess(tmp_path, {**ground, **settings}, port, forge=forge)
    await process.start()
    yield process
    await process.stop()


@pytest.fixture
def chromium_flags() -> list[str]:
    """Return what the browser is started with besides; a file of tests may have others."""
    return []


@pytest.fixture
async def browser(chromium_path: Path, chromium_flags: list[str]) -> AsyncIterator[Browser]:
    """Return a browser without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path, args=[*CHROMIUM_FLAGS, *chromium_flags]
        )
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(browser: Browser, server: ServerProcess) -> AsyncIterator[OpenPage]:
    """Return what opens a page in a fresh browser of its own, with or without scripts."""
    contexts: list[BrowserContext] = []

    async def opened(width: int = 1440, height: int = 900, *, is_scripted: bool = True) -> Page:
        context = await browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": height},
            locale="en-GB",
            java_script_enabled=is_scripted,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return await context.new_page()

    yield opened
    for context in contexts:
        await context.close()


@pytest.fixture
def sit_down(open_page: OpenPage) -> SitDown:
    """Return what gives a person a fresh browser of their own, at the server's first page."""

    async def sit(width: int = 1440, height: int = 900) -> Screen:
        page = await open_page(width, height)
        screen = Screen(page)
        await page.goto("/")
        return screen

    return sit


@pytest.fixture
async def pair(sit_down: SitDown) -> tuple[Screen, Screen]:
    """Return Ana's and Bea's screens, both with the private chat of the two open."""
    ana, bea = await asyncio.gather(sit_down(), sit_down())
    await asyncio.gather(ana.register("Ana"), bea.register("Bea"))
    await ana.start_private_chat("Bea")
    await bea.open("Ana")
    return ana, bea


@pytest.fixture
async def axe() -> AsyncIterator[Axe]:
    """Return what looks at the screens; at the end of the test it must have found nothing."""
    axe = Axe()
    yield axe
    assert not axe.words(), f"\n{axe.words()}"
