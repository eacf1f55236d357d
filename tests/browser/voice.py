"""What people do in voice channels, and what their browsers measure of what they hear and see."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from playwright.async_api import expect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Locator

    from tests.browser.conftest import SitDown
    from tests.browser.screen import Screen

# A microphone that beeps, a camera that counts and a screen to share, with leave for all of them.
VOICE_FLAGS = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]

LOOPBACK = {"127.0.0.1", "::1"}
PATIENCE_S = 30.0

# Keeps the connections, to be asked what they measure, and what plays their sound; and takes of the
# ways to the others those alone that do not leave the machine.
WATCH = """(() => {
    const isOwn = (line) => / (127\\.0\\.0\\.1|::1) \\d+ typ /.test(line);
    const own = (sdp) => sdp.split("\\r\\n")
        .filter((line) => !line.startsWith("a=candidate:") || isOwn(line)).join("\\r\\n");
    const Native = RTCPeerConnection;
    window.connections = [];
    window.elements = [];
    const NativeAudio = Audio;
    window.Audio = class extends NativeAudio {
        constructor(...given) {
            super(...given);
            window.elements.push(this);
        }
    };
    window.RTCPeerConnection = class extends Native {
        constructor(configuration) {
            super({ ...configuration, ...window.demanded });
            window.connections.push(this);
        }
        setRemoteDescription({ type, sdp }) {
            return super.setRemoteDescription({ type, sdp: own(sdp) });
        }
        async addIceCandidate(candidate) {
            if (!candidate?.candidate || isOwn(candidate.candidate)) {
                await super.addIceCandidate(candidate);
            }
        }
    };
})()"""

MEASURE = """async () => {
    const measured = [];
    for (const [at, connection] of window.connections.entries()) {
        if (connection.connectionState === "closed") continue;
        const reports = await connection.getStats();
        const one = { at, packets: 0, energy: 0, frames: 0, ends: [] };
        for (const report of reports.values()) {
            if (report.type === "inbound-rtp" && report.kind === "audio") {
                one.packets += report.packetsReceived;
                one.energy += report.totalAudioEnergy ?? 0;
            }
            if (report.type === "inbound-rtp" && report.kind === "video") {
                one.frames += report.framesDecoded;
            }
            if (report.type !== "transport" || !report.selectedCandidatePairId) continue;
            const pair = reports.get(report.selectedCandidatePairId);
            one.ends = [pair.localCandidateId, pair.remoteCandidateId].map((id) => {
                const { address, candidateType } = reports.get(id);
                return [address, candidateType];
            });
        }
        measured.push(one);
    }
    return measured;
}"""

Measured = list[dict[str, Any]]


async def take_seat(sit_down: SitDown, name: str | None, **size: int) -> Screen:
    """Sit down at a browser whose connections are watched, and register where one has a name."""
    screen = await sit_down(**size)
    await screen.page.add_init_script(WATCH)
    await screen.page.reload()
    if name is not None:
        await screen.register(name)
    return screen


def button(screen: Screen, name: str) -> Locator:
    """A button by its whole name."""
    return screen.page.get_by_role("button", name=name, exact=True)


def participants(screen: Screen) -> Locator:
    """Those who are in the channel, as the page has them."""
    people = screen.page.get_by_role("list", name="Voice participants", exact=True)
    return people.get_by_role("listitem")


def participant(screen: Screen, name: str) -> Locator:
    """One of them."""
    people = screen.page.get_by_role("list", name="Voice participants", exact=True)
    return people.get_by_role("listitem", name=name)


async def join_voice(screen: Screen) -> None:
    """Go into the voice channel of the chat that is open."""
    await button(screen, "Join voice").click()
    await expect(button(screen, "Leave voice")).to_be_visible()
    await expect(participants(screen).first).to_be_visible()


async def expect_together(*screens: Screen) -> None:
    """See in each of these pages that all of them are there, each connected with each other."""
    for screen in screens:
        await expect(participants(screen)).to_have_count(len(screens))
        people = screen.page.get_by_role("list", name="Voice participants", exact=True)
        await expect(people.locator("[data-link=connected]")).to_have_count(len(screens) - 1)


async def measure(screen: Screen) -> Measured:
    """Return what each connection that is open has measured so far."""
    measured: Measured = await screen.page.evaluate(MEASURE)
    return measured


async def until(look: Callable[[], Awaitable[Any]], holds: Callable[[Any], bool], what: str) -> Any:  # noqa: ANN401  (whatever was looked at)
    """Look again and again, until it holds."""
    seen: Any = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not holds(seen := await look()):  # noqa: ASYNC110  (a browser tells nothing)
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"{what}: {seen}") from None
    return seen


async def expect_heard(screen: Screen, count: int) -> Measured:
    """Wait until there was sound from so many others, which went over this machine alone."""
    before = await measure(screen)

    def has_grown(now: Measured) -> bool:
        first = {one["at"]: one for one in before}
        grown = [
            one["packets"] > first.get(one["at"], {}).get("packets", 0)
            and one["energy"] > first.get(one["at"], {}).get("energy", 0)
            for one in now
        ]
        return len(grown) == count and all(grown)

    heard: Measured = await until(lambda: measure(screen), has_grown, f"not heard by {count}")
    for one in heard:
        # What goes to or comes from a loopback address does not leave the machine.
        assert LOOPBACK & {address for address, _ in one["ends"]}, one
    return heard


async def expect_frames(screen: Screen) -> None:
    """Wait until pictures have come that could be decoded."""

    async def frames() -> int:
        return sum(one["frames"] for one in await measure(screen))

    before = await frames()
    await until(frames, lambda now: now > before + 2, "no pictures")


async def expect_pixels(video: Locator) -> None:
    """Wait until an element shows a picture."""
    await expect(video).not_to_have_js_property("videoWidth", 0)


async def expect_silence(screen: Screen) -> None:
    """Find that packets come, for a second and more, in which there is no sound."""
    start = await measure(screen)

    def has_gone_on(packets: int, since: Measured) -> Callable[[Measured], bool]:
        first = {one["at"]: one["packets"] for one in since}
        return lambda now: all(one["packets"] >= first[one["at"]] + packets for one in now)

    # What was under way when the microphone went off is still played.
    before = await until(lambda: measure(screen), has_gone_on(25, start), "no packets")
    after = await until(lambda: measure(screen), has_gone_on(75, before), "no packets")
    for one, other in zip(before, after, strict=True):
        assert other["energy"] - one["energy"] < 1e-6, (one, other)
