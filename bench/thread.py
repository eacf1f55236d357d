"""A thread of 10,000 messages, scrolled through to its beginning and back in a real browser.

The server runs on SQLite as it does for people, and Chromium shows the built web client. The wheel
turns as it does for somebody who is in a hurry, first up until the oldest message stands at
the top, then down until the newest is there again. The browser itself tells which tasks took
longer than 50 ms (the longtask entries of PerformanceObserver) and how far apart frames were. On a
machine that has other work to do, a task also waits for the processor; so the browser's trace tells
beside it how long each task of the page's thread computed, which others' work hardly changes. Every
round has a browser of its own, which has nothing of the thread; at its end the chat is left and
opened again.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import uvloop
from playwright.async_api import Browser, CDPSession, Page, Response, async_playwright

from bench.report import Bars, Report, rows_of
from bench.serving import tertulia
from bench.thread_town import OLDEST, PASSWORD, gather, talk
from scripts.system_programs import CHROMIUM

if TYPE_CHECKING:
    from playwright.async_api import ViewportSize

MESSAGES = 10_000
LONG_MS = 50
SCRIPTS_KB = 250
WHEEL_PX = 1000
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
_TURNS = 20
_REST = 3
_READ_MS = 300

Way = Literal["up", "down"]

_WATCH = """() => {
    window.longTasks = [];
    window.frames_ms = [];
    const watcher = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
    });
    watcher.observe({ type: "longtask" });
    let before = performance.now();
    const next = (now) => {
        window.frames_ms.push(now - before);
        before = now;
        requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
}"""

_TAKE = """() => {
    const found = { frames: window.frames_ms, long: window.longTasks };
    window.frames_ms = [];
    window.longTasks = [];
    return found;
}"""

_PLACE = """() => {
    const log = document.querySelector("[role=log]");
    return [log.scrollTop, log.scrollHeight - log.clientHeight - log.scrollTop];
}"""

# From the press to the frame in which messages stand.
_OPEN = """async (name) => {
    const rows = [...document.querySelectorAll("[role=listitem], li")];
    const row = rows.find((each) => each.getAttribute("aria-label") === name);
    const begun = performance.now();
    (row.querySelector("a, button") ?? row).click();
    while (!document.querySelector("[role=log] article")) {
        await new Promise(requestAnimationFrame);
    }
    await new Promise(requestAnimationFrame);
    return performance.now() - begun;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One way through the thread."""

    round: str
    way: Way
    messages: int
    frames: int
    frame_p50_ms: float
    frame_p95_ms: float
    frame_max_ms: float
    long_tasks: int
    longest_ms: float
    computing_long: int
    computing_longest_ms: float
    opens_ms: float
    scripts_kb: float


def run(
    *, count: int = MESSAGES, rounds: int = 3, progress: Callable[[str], None] = print
) -> list[Row]:
    """Measure so many rounds in a thread of so many messages."""
    with TemporaryDirectory(prefix="tertulia-bench-") as name:
        folder = Path(name)
        with tertulia(folder) as url:
            place = gather(url)
            (path,) = folder.glob("*.db")
            uvloop.run(talk(path, place, count))
            progress(f"{count:,} messages are there")
            return uvloop.run(_measure_all(url, count, rounds, progress))


def report(rows: Sequence[Row]) -> Report:
    """Word the rows."""
    long, longest = sum(row.long_tasks for row in rows), max(row.longest_ms for row in rows)
    scripts = max(row.scripts_kb for row in rows)
    found = "met" if long == 0 else "MISSED"
    return Report(
        name="thread",
        title=f"Frames while scrolling through {rows[0].messages:,} messages",
        rows=rows_of(rows),
        bars=Bars(group="round", series="way", value="frame_p95_ms"),
        findings=[
            f"tasks over {LONG_MS} ms: {long}, the longest {longest:.0f} ms "
            f"(none is asked: {found})",
            f"of them computing for so long: {sum(row.computing_long for row in rows)}, "
            f"the longest {max(row.computing_longest_ms for row in rows):.0f} ms",
            f"an opened chat shows its messages after {_worst_open(rows):.0f} ms at most",
            f"scripts before the list of chats: {scripts:.0f} KB gzipped (at most {SCRIPTS_KB} is "
            f"asked: {'met' if scripts <= SCRIPTS_KB else 'MISSED'})",
        ],
    )


def _worst_open(rows: Sequence[Row]) -> float:
    return max(row.opens_ms for row in rows)


async def _measure_all(
    url: str, count: int, rounds: int, progress: Callable[[str], None]
) -> list[Row]:
    chromium = CHROMIUM.path()
    if chromium is None:
        raise FileNotFoundError("Chromium is not installed; make bench installs it")
    rows: list[Row] = []
    async with async_playwright() as playwright:
        for number in range(1, rounds + 1):
            browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for row in await _measure(browser, url, f"round {number}", count):
                progress(
                    f"{row.round}, {row.way}: frames p95 {row.frame_p95_ms:.0f} ms, "
                    f"{row.long_tasks} long tasks, the longest {row.longest_ms:.0f} ms"
                )
                rows.append(row)
            await browser.close()
    return rows


async def _measure(browser: Browser, url: str, name: str, count: int) -> list[Row]:
    context = await browser.new_context(base_url=url, viewport=VIEWPORT, locale="en-GB")
    page = await context.new_page()
    scripts_kb = await _sign_in(page)
    await page.get_by_role("listitem", name="Readers", exact=True).click()
    await page.get_by_role("log").get_by_role("article").first.wait_for()
    await page.evaluate(_WATCH)
    ways: list[tuple[Way, dict[str, Any]]] = [("up", await _scroll(page, -WHEEL_PX))]
    if not await page.get_by_role("log").get_by_text(OLDEST).count():
        raise RuntimeError("the oldest message was not reached")
    ways.append(("down", await _scroll(page, WHEEL_PX)))
    opens_ms = await _open_again(page)
    await context.close()
    return [_row(name, way, count, found, opens_ms, scripts_kb) for way, found in ways]


async def _sign_in(page: Page) -> float:
    """Come in; then load the page once more without a cache, and return its scripts' size in KB."""
    await page.goto("/")
    await page.get_by_role("textbox", name="Email or username").fill("ana@example.org")
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    row = page.get_by_role("listitem", name="Readers", exact=True)
    await row.wait_for()
    cold = await page.context.new_cdp_session(page)
    await cold.send("Network.setCacheDisabled", {"cacheDisabled": True})
    answers: list[Response] = []

    def hear(answer: Response) -> None:
        answers.append(answer)

    page.on("response", hear)
    await page.reload()
    await row.wait_for()
    scripts = [each for each in answers if each.request.resource_type == "script"]
    page.remove_listener("response", hear)
    bodies = await asyncio.gather(*(each.body() for each in scripts))
    await cold.send("Network.setCacheDisabled", {"cacheDisabled": False})
    return sum(len(gzip.compress(body)) for body in bodies) / 1000


async def _scroll(page: Page, step_px: int) -> dict[str, Any]:
    """Turn the wheel until it moves nothing for a while; return frames and long tasks."""
    await page.get_by_role("log").hover()
    await page.evaluate(_TAKE)
    trace = await _Trace.begin(page)
    edge = 0 if step_px < 0 else 1
    still = 0
    while still < _REST:
        for _ in range(_TURNS):
            await page.mouse.wheel(0, step_px)
        left_px = (await page.evaluate(_PLACE))[edge]
        still = still + 1 if left_px < 1 else 0
        if still:
            # A page of messages that is being read lengthens the way.
            await page.wait_for_timeout(_READ_MS)
    found: dict[str, Any] = await page.evaluate(_TAKE)
    return {**found, "computed": await trace.end()}


class _Trace:
    """What the browser notes of its tasks."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._events: list[dict[str, Any]] = []
        self._is_whole = asyncio.Event()
        session.on("Tracing.dataCollected", lambda data: self._events.extend(data["value"]))
        session.on("Tracing.tracingComplete", lambda _data: self._is_whole.set())

    @classmethod
    async def begin(cls, page: Page) -> _Trace:
        browser = page.context.browser
        if browser is None:
            raise RuntimeError("the page has no browser of its own")
        session = await browser.new_browser_cdp_session()
        config = {"includedCategories": ["toplevel"], "excludedCategories": ["*"]}
        await session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
        return cls(session)

    async def end(self) -> list[float]:
        """Return how long each task of the page's thread computed, in ms."""
        await self._session.send("Tracing.end")
        await self._is_whole.wait()
        await self._session.detach()
        mains = {
            (event["pid"], event["tid"])
            for event in self._events
            if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
        }
        return [
            event.get("tdur", 0) / 1000
            for event in self._events
            if (event["pid"], event["tid"]) in mains and event["name"].endswith("RunTask")
        ]


async def _open_again(page: Page) -> float:
    """Go to another chat and come back to the one that is cached."""
    await page.get_by_role("listitem", name="Elsewhere", exact=True).click()
    await page.get_by_role("region", name="Elsewhere", exact=True).wait_for()
    opens_ms: float = await page.evaluate(_OPEN, "Readers")
    return opens_ms


def _row(
    name: str, way: Way, count: int, found: dict[str, Any], opens_ms: float, scripts_kb: float
) -> Row:
    frames = sorted(found["frames"])
    long = [took for took in found["long"] if took > LONG_MS]
    return Row(
        round=name,
        way=way,
        messages=count,
        frames=len(frames),
        frame_p50_ms=frames[len(frames) // 2],
        frame_p95_ms=frames[len(frames) * 95 // 100],
        frame_max_ms=frames[-1],
        long_tasks=len(long),
        longest_ms=max(long, default=0.0),
        computing_long=sum(took > LONG_MS for took in found["computed"]),
        computing_longest_ms=max(found["computed"]),
        opens_ms=opens_ms,
        scripts_kb=scripts_kb,
    )
