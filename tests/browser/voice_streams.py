"""What browsers measure of each sound that comes, where several come by one connection."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.browser.voice import until

if TYPE_CHECKING:
    from tests.browser.screen import Screen

# By connection and stream: how many packets have come, and how loud they were in all.
_STREAMS = """async () => {
    const streams = {};
    for (const [at, connection] of window.connections.entries()) {
        if (connection.connectionState === "closed") continue;
        for (const report of (await connection.getStats()).values()) {
            if (report.type !== "inbound-rtp" || report.kind !== "audio") continue;
            const { packetsReceived: packets, totalAudioEnergy: energy = 0 } = report;
            streams[`${at} ${report.ssrc}`] = { packets, energy };
        }
    }
    return streams;
}"""

# Of all that is played: how many sounded within the last two seconds, or are that young.
_COUNT = """() => {
    const patience_ms = 2_000;
    const seen = { fewest: Infinity, most: 0 };
    const tracks = new Map();
    window.seenSounds = seen;
    clearInterval(window.counting);
    window.counting = setInterval(async () => {
        const energies = new Map();
        for (const connection of window.connections) {
            if (connection.connectionState === "closed") continue;
            for (const report of (await connection.getStats()).values()) {
                if (report.type !== "inbound-rtp" || report.kind !== "audio") continue;
                energies.set(report.trackIdentifier, report.totalAudioEnergy ?? 0);
            }
        }
        const played = window.elements.flatMap((each) => each.srcObject?.getAudioTracks() ?? []);
        const now = performance.now();
        for (const { id } of played) {
            const before = tracks.get(id) ?? { energy: 0, at: now };
            const energy = energies.get(id) ?? 0;
            const at = energy > before.energy + 1e-6 ? now : before.at;
            tracks.set(id, { energy, at });
        }
        const sounding = played.filter(({ id }) => now - tracks.get(id).at < patience_ms).length;
        seen.fewest = Math.min(seen.fewest, sounding);
        seen.most = Math.max(seen.most, played.length);
    }, 400);
}"""

_COUNTED = """() => {
    clearInterval(window.counting);
    return window.seenSounds;
}"""

Streams = dict[str, dict[str, float]]

LOUD = 1e-6
"""What silence may have of energy."""

LOOKED_EVERY_S = 0.7

LONG_PACKETS = 75
"""So many come in a second and a half, in which the microphones of the tests beep."""


async def streams(screen: Screen) -> Streams:
    """Return what has come of each sound so far."""
    found: Streams = await screen.page.evaluate(_STREAMS)
    return found


async def expect_streams_heard(screen: Screen, count: int) -> None:
    """Wait until there is sound in so many streams, and silence in the others."""
    before: Streams = {}
    loud: list[str] = []

    async def look() -> tuple[list[str], Streams]:
        nonlocal before, loud
        # To ask costs the browsers of many people a good part of what they have.
        await asyncio.sleep(LOOKED_EVERY_S)
        now = await streams(screen)
        if now.keys() != before.keys():
            before, loud = now, []
        grown = [key for key in now if now[key]["packets"] >= before[key]["packets"] + LONG_PACKETS]
        if len(grown) >= count:
            loud = [key for key in grown if now[key]["energy"] > before[key]["energy"] + LOUD]
            before = now
        return loud, now

    await until(look, lambda seen: len(seen[0]) == count, f"not {count} streams")


async def count_sounds(screen: Screen) -> None:
    """Begin to count how many are heard at a time."""
    await screen.page.evaluate(_COUNT)


async def fewest_and_most(screen: Screen) -> tuple[int, int]:
    """Count no more; return how many were heard at the least, and at once at the most."""
    seen = await screen.page.evaluate(_COUNTED)
    return seen["fewest"], seen["most"]
