"""A real Chromium before a real server; each person sits at a browser context of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.browser.screen import Screen
from tests.e2e.server_process import ServerProcess, free_port

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
    tmp_path: Path, port: int, settings: dict[str, str]
) -> AsyncIterator[ServerProcess]:
    """Return a running server with the built web client."""
    process = ServerProcess(tmp_path, settings, port)
    await process.start()
    yield process
    await process.stop()


@pytest.fixture
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    """Return a browser without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path, args=CHROMIUM_FLAGS
        )
        yield browser
        await browser.close()


@pytest.fixture
async def sit_down(browser: Browser, server: ServerProcess) -> AsyncIterator[SitDown]:
    """Return what gives a person a fresh browser of their own, at the server's first page."""
    contexts: list[BrowserContext] = []

    async def sit(width: int = 1440, height: int = 900) -> Screen:
        context = await browser.new_context(
            base_url=server.url, viewport={"width": width, "height": height}, locale="en-GB"
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        screen = Screen(page)
        await page.goto("/")
        return screen

    yield sit
    for context in contexts:
        await context.close()
