"""Where the calls of the benchmark are held: a server, one Chromium, and people in one group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from playwright.async_api import Browser, Page, async_playwright, expect

from scripts.system_programs import CHROMIUM
from tests.browser.screen import Screen
from tests.browser.voice import VOICE_FLAGS, WATCH
from tests.e2e.people import Person, register
from tests.e2e.server_process import ServerProcess

GROUP = "Readers"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PATIENCE_MS = 60_000
"""What is shown may take a while, where others have the processors too."""
_REGISTERED_AT_ONCE = 4
_HERE = Path(__file__).parent
_PAGE = (_HERE / "calls_page.js").read_text(encoding="utf-8")
_CROWD = (_HERE / "calls_crowd.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Stage:
    """A server that runs, a browser, and the members of the group, who are at no page yet."""

    server: ServerProcess
    browser: Browser
    people: list[Person]
    conversation_id: str

    async def sit_down(self, name: str) -> Screen:
        """Sign somebody in at a page of the built client, and open the group."""
        context = await self.browser.new_context(
            base_url=self.server.url,
            viewport={"width": 1440, "height": 900},
            locale="en-GB",
            # Pages that draw all the time would take what their sound needs.
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        await page.add_init_script(WATCH)
        await page.add_init_script(_PAGE)
        screen = Screen(page)
        await page.goto("/")
        await screen.sign_in(f"{name}@example.org")
        await screen.open(GROUP)
        return screen

    async def open_crowd(self) -> Page:
        """Open the page in which many listen, which has none of our scripts."""
        context = await self.browser.new_context(bypass_csp=True)
        page = await context.new_page()
        await page.goto(f"{self.server.url}/readyz")
        await page.evaluate(_CROWD)
        return page


@asynccontextmanager
async def staged(count: int, settings: dict[str, str]) -> AsyncIterator[Stage]:
    """Have a server and so many members of a group; the first is its owner."""
    chromium = CHROMIUM.path()
    if chromium is None:
        raise FileNotFoundError("Chromium is not installed; make bench installs it")
    expect.set_options(timeout=PATIENCE_MS)
    more = {"LOG_LEVEL": "warning", "LIMITS_SCALE": "100000"}
    with TemporaryDirectory(prefix="tertulia-bench-") as name:
        server = ServerProcess(Path(name), {**more, **settings})
        await server.start()
        try:
            people = await _gather(server.url, count)
            asked = {"kind": "group", "alias": GROUP, "user_ids": [each.id for each in people[1:]]}
            group = await people[0].post("/api/conversations", asked)
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=chromium, args=[*FLAGS, *VOICE_FLAGS]
                )
                yield Stage(server, browser, people, group["id"])
                await browser.close()
        finally:
            await server.stop()


def name_of(number: int) -> str:
    """Return how the person of this number is called."""
    return f"reader{number}"


async def measured(screens: Sequence[Screen]) -> list[dict[str, Any]]:
    """Return what each of these pages has counted so far."""
    return list(
        await asyncio.gather(*(each.page.evaluate("window.measureCall()") for each in screens))
    )


class Clock:
    """How much of the processors some have taken since it was made, in seconds of one core.

    `browser` is all that this process has started besides those that are named.
    """

    def __init__(self, **named: int) -> None:
        self._named = {name: psutil.Process(pid) for name, pid in named.items()}
        self._before = self._read()

    def taken_s(self) -> dict[str, float]:
        """Return it by name."""
        return {name: now - self._before.get(name, 0) for name, now in self._read().items()}

    def _read(self) -> dict[str, float]:
        others = [
            each
            for each in psutil.Process().children(recursive=True)
            if each not in self._named.values()
        ]
        return {
            **{name: _taken_s(process) for name, process in self._named.items()},
            "browser": sum(map(_taken_s, others)),
        }


def _taken_s(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0
    taken: float = times.user + times.system
    return taken


async def _gather(url: str, count: int) -> list[Person]:
    """Register so many people, some at once."""
    turn = asyncio.Semaphore(_REGISTERED_AT_ONCE)

    async def come(number: int) -> Person:
        async with turn:
            return await register(url, name_of(number))

    return list(await asyncio.gather(*map(come, range(count))))
