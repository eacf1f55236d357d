"""Calls as large as they get: six and eight pages in a mesh, and fifty people through Janus.

All of it is real and stays on this machine: the built client in Chromium, whose microphones beep, a
Janus, and sound that is sent and received. Fifty pages of the client would be more than two cores
can draw, so that in the last call three pages speak and hear, and forty-seven others listen in
one page (calls_crowd.js), each with an account, a socket and a connection of its own.

In a mesh they come one after another, and the time counts from when the last one asks to be let
in. The forty-seven come all at once, which is the hardest. Each page of a mesh encodes for all the
others: a machine that cannot compute so many pages at a time is not measured with them, and that is
said. What was received is what the browsers count themselves (getStats): packets, those that were
lost, and how loud they were.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.async_api import TimeoutError as PageTimeout
from playwright.async_api import expect

from bench.calls_stage import Clock, Stage, measured, name_of, staged
from bench.report import Bars, Report, rows_of
from tests.browser.voice import join_voice, participants
from tests.janus_server import JanusServer

if TYPE_CHECKING:
    from tests.browser.screen import Screen

MESHES = (6, 8)
SPEAKERS = 3
FORWARDED = 50
UP_AND_DOWN = 2
PATIENCE_S = 120.0
HELD_WITHIN_S = 240.0
STEPS = 5
STEP_S = 2.0
LOUD = 1e-6
"""What silence may have of energy."""
GAP_PACKETS = STEP_S * 25
"""Fewer in one step are a gap: half of those that a microphone sends."""

Counts = Mapping[tuple[str, str], Mapping[str, float]]
"""What was counted, by who hears and what: `packets`, `lost`, and where it is played `energy`."""
Look = Callable[[], Awaitable[Counts]]
Others = Mapping[str, int]
"""How many each one is to hear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One call: `heard` of its directions carried sound all the time; shares are of one core."""

    call: str
    people: int
    directions: int
    heard: int
    all_after_s: float
    lost_percent: float
    gaps: int
    begun_anew: int
    server_percent: float
    janus_percent: float
    browser_percent: float


def run(progress: Callable[[str], None]) -> tuple[list[Row], list[str]]:
    """Hold both calls; return the figures, and what was found besides."""
    return asyncio.run(_hold_both(progress))


def report(rows: Sequence[Row], found: Sequence[str]) -> Report:
    """Word the rows."""
    return Report(
        name="calls",
        title="Voice channels as large as they get",
        rows=rows_of(rows),
        bars=Bars(group="people", series="call", value="all_after_s"),
        findings=[*map(_finding, rows), *map(_cost, rows), *found],
    )


def _finding(row: Row) -> str:
    is_met = row.heard == row.directions and not row.gaps and not row.begun_anew
    return (
        f"{row.people} people, {row.call}: {row.heard} of {row.directions} directions heard, "
        f"{row.gaps} gaps, {row.begun_anew} connections begun anew "
        f"(all, none and none are asked: {'met' if is_met else 'MISSED'})"
    )


def _cost(row: Row) -> str:
    return (
        f"{row.people} people, {row.call}: {row.lost_percent:.2f} % of the packets lost; of a core "
        f"the server takes {row.server_percent:.0f} %, Janus {row.janus_percent:.0f} %, and all "
        f"the browsers {row.browser_percent:.0f} %"
    )


async def _hold_both(progress: Callable[[str], None]) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    found: list[str] = []
    for count in MESHES:
        progress(f"{count} pages of the client in a mesh")
        try:
            async with asyncio.timeout(HELD_WITHIN_S), staged(count, {}) as stage:
                rows.append(await _mesh(stage, count))
        except (TimeoutError, PageTimeout) as error:
            found.append(f"{count} people, a mesh: MISSED, more than this machine holds: {error}")
    progress(f"{FORWARDED} participants through Janus")
    janus = JanusServer()
    try:
        # One more than fit in.
        async with staged(FORWARDED + 1, janus.settings) as stage:
            row, more = await _forwarded(stage, janus.pid)
    finally:
        janus.stop()
    return [*rows, row], [*found, *more]


async def _mesh(stage: Stage, count: int) -> Row:
    screens = [await stage.sit_down(name_of(number)) for number in range(count)]
    others = {_page(number): count - 1 for number in range(count)}
    began = 0.0
    for screen in screens:
        began = time.monotonic()
        await join_voice(screen)

    async def look() -> Counts:
        return _by_page(await measured(screens))

    all_after_s = await _until_heard(look, others, began)
    for screen in screens:
        await expect(participants(screen)).to_have_count(count)
    steady = await _listen(look, others, Clock(server=stage.server.pid))
    seen = await measured(screens)
    return Row(
        call="a mesh",
        people=count,
        directions=sum(others.values()),
        all_after_s=all_after_s,
        begun_anew=sum(each["made"] - (count - 1) + each["lost"] for each in seen),
        janus_percent=0.0,
        **steady,
    )


async def _forwarded(stage: Stage, janus_pid: int) -> tuple[Row, list[str]]:
    screens = [await stage.sit_down(name_of(number)) for number in range(SPEAKERS)]
    *listening, late = stage.people[SPEAKERS:]
    crowd = await stage.open_crowd()
    await asyncio.gather(*map(join_voice, screens))
    topic = f"voice:{stage.conversation_id}"

    async def look() -> Counts:
        mine, theirs = await asyncio.gather(measured(screens), crowd.evaluate("crowd.measure()"))
        return {**_by_page(mine), **_by_listener(theirs)}

    arrival = Clock(server=stage.server.pid, janus=janus_pid)
    began = time.monotonic()
    tokens = [each.token for each in listening]
    replies = await crowd.evaluate(
        "(them) => crowd.enter(them)", {"topic": topic, "tokens": tokens}
    )
    refused = [each for each in replies if each["status"] != "ok"]
    if refused:
        raise RuntimeError(f"{len(refused)} were not let in: {refused[0]}")
    others = {_page(number): SPEAKERS - 1 for number in range(SPEAKERS)}
    others |= {_listener(number): SPEAKERS for number in range(len(listening))}
    all_after_s = await _until_heard(look, others, began)
    arrived = arrival.taken_s()
    for screen in screens:
        await expect(participants(screen)).to_have_count(FORWARDED)
    await _until_forwarded(screens)
    steady = await _listen(look, others, Clock(server=stage.server.pid, janus=janus_pid))
    (full,) = await crowd.evaluate(
        "(them) => crowd.enter(them)", {"topic": topic, "tokens": [late.token]}
    )
    listeners = await crowd.evaluate("crowd.measure()")
    row = Row(
        call="through Janus",
        people=FORWARDED,
        directions=sum(others.values()),
        all_after_s=all_after_s,
        begun_anew=sum(each["connections"] - 1 + each["lost"] for each in listeners)
        + sum(each["lost"] for each in await measured(screens)),
        **steady,
    )
    offers = sum(each["offers"] for each in listeners)
    said = [reason for each in listeners for reason in each["refused"]]
    return row, [
        f"each of the {SPEAKERS} pages shows all {FORWARDED} in its list",
        f"one more is answered: {str(full['response'])[:80]} ({full['status']})",
        f"{len(listeners)} who came at once were made {offers} offers; they took "
        f"{arrived['server']:.1f} s of a core of the server, and {arrived['janus']:.1f} s of Janus",
        f"refused or closed meanwhile: {said or 'nothing'}",
    ]


def _page(number: int) -> str:
    return f"page {number}"


def _listener(number: int) -> str:
    return f"listener {number}"


def _by_page(pages: Sequence[Mapping[str, Any]]) -> Counts:
    return {
        (_page(page), stream): counted
        for page, seen in enumerate(pages)
        for stream, counted in seen["streams"].items()
    }


def _by_listener(listeners: Sequence[Mapping[str, Any]]) -> Counts:
    return {
        (_listener(number), speaker): counted
        for number, seen in enumerate(listeners)
        for speaker, counted in seen["heard"].items()
    }


def _heard(counts: Counts, others: Others) -> int:
    """Return how many directions carry sound; by two ways somebody is heard once."""
    found = Counter(
        who
        for (who, _), each in counts.items()
        if each["packets"] > 0 and each.get("energy", 1.0) > LOUD
    )
    return sum(min(found[who], count) for who, count in others.items())


async def _until_heard(look: Look, others: Others, began: float) -> float:
    """Wait until everybody hears all the others; return when they did, in seconds."""
    heard, all_of_them = 0, sum(others.values())
    while time.monotonic() < began + PATIENCE_S:
        heard = _heard(await look(), others)
        if heard == all_of_them:
            return time.monotonic() - began
        await asyncio.sleep(0.2)
    raise TimeoutError(f"only {heard} of {all_of_them} directions carry sound")


async def _until_forwarded(screens: Sequence[Screen]) -> None:
    """Wait until the pages have let go of the mesh in which they began."""
    async with asyncio.timeout(PATIENCE_S):
        while any(each["open"] != UP_AND_DOWN for each in await measured(screens)):  # noqa: ASYNC110  (a browser tells nothing)
            await asyncio.sleep(0.5)


async def _listen(look: Look, others: Others, clock: Clock) -> dict[str, Any]:
    """Count for a while; return what was heard of it, and what it took of the processors."""
    began = time.monotonic()
    seen = [await look()]
    for _ in range(STEPS):
        await asyncio.sleep(STEP_S)
        seen.append(await look())
    taken, passed_s = clock.taken_s(), time.monotonic() - began
    first, last = seen[0], seen[-1]
    grown = {
        key: {kind: last[key][kind] - before for kind, before in first[key].items()}
        for key in first.keys() & last.keys()
    }
    gaps = sum(
        after[key]["packets"] - before[key]["packets"] < GAP_PACKETS
        for before, after in zip(seen, seen[1:], strict=False)
        for key in before.keys() & after.keys()
    )
    packets, lost = (sum(each[kind] for each in grown.values()) for kind in ("packets", "lost"))
    return {
        "heard": _heard(grown, others),
        "lost_percent": 100 * lost / max(packets + lost, 1),
        "gaps": gaps,
        **{f"{name}_percent": 100 * each / passed_s for name, each in taken.items()},
    }
