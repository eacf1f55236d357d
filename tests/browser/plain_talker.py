"""A page that talks through the forwarding server by the plain voice socket, as documented.

It is no client of ours: a few lines of script that do what docs/protocols/voice.md says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.browser.voice import until

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.e2e.people import Person
    from tests.e2e.server_process import ServerProcess

SCRIPT = """() => {
    const talker = { told: [], streams: {}, up: null, down: null, session: null, mayAnswer: true };
    window.talker = talker;
    const say = (type, payload) => talker.socket.send(JSON.stringify({ type, payload }));
    const connection = (way) => {
        const made = new RTCPeerConnection();
        made.onicecandidate = (event) => {
            const candidate = event.candidate?.toJSON() ?? null;
            say("ice_candidate", { to: "sfu", to_session: way, candidate });
        };
        return made;
    };
    const play = (track) => {
        const audio = document.createElement(track.kind);
        audio.muted = track.kind === "video";
        audio.srcObject = new MediaStream([track]);
        audio.play();
    };
    const hear = async ({ type, payload }) => {
        talker.told.push({ type, payload });
        if (type === "participants_list") talker.session = payload.session;
        if (payload.from !== "sfu") return;
        if (type === "answer") await talker.up.setRemoteDescription({ type, sdp: payload.sdp });
        if (type !== "offer" || !talker.mayAnswer) return;
        if (talker.down === null) {
            talker.down = connection("down");
            talker.down.ontrack = ({ track }) => play(track);
        }
        await talker.down.setRemoteDescription({ type, sdp: payload.sdp });
        await talker.down.setLocalDescription();
        talker.streams = payload.streams;
        const { sdp } = talker.down.localDescription;
        say("answer", { to: "sfu", to_session: "down", sdp });
    };
    talker.say = say;
    talker.enter = (url) => new Promise((entered, failed) => {
        talker.socket = new WebSocket(url);
        talker.socket.onclose = failed;
        let order = Promise.resolve();
        talker.socket.onmessage = ({ data }) => {
            order = order.then(() => hear(JSON.parse(data))).then(entered, failed);
        };
    });
    talker.send = async (kind) => {
        const isScreen = kind === "screen";
        const stream = await navigator.mediaDevices.getUserMedia(
            kind === "audio" ? { audio: true } : { video: true });
        talker.up ??= connection("up");
        for (const track of stream.getTracks()) talker.up.addTrack(track, stream);
        await talker.up.setLocalDescription();
        const mark = isScreen ? `a=x-tertulia-screen:${stream.id}\\r\\nm=` : "m=";
        say("offer", {
            to: "sfu", to_session: "up", sdp: talker.up.localDescription.sdp.replace("m=", mark),
        });
    };
    talker.measure = async () => {
        const measured = {};
        for (const report of (await talker.down?.getStats())?.values() ?? []) {
            if (report.type !== "inbound-rtp") continue;
            const { mid, packetsReceived, totalAudioEnergy, framesDecoded } = report;
            measured[mid] = {
                packets: packetsReceived, energy: totalAudioEnergy ?? 0, frames: framesDecoded ?? 0,
            };
        }
        return measured;
    };
    talker.ways = async () => {
        const ends = [];
        for (const one of [talker.up, talker.down]) {
            const reports = await one.getStats();
            for (const { type, selectedCandidatePairId } of [...reports.values()]) {
                if (type !== "transport" || !selectedCandidatePairId) continue;
                const pair = reports.get(selectedCandidatePairId);
                ends.push(reports.get(pair.remoteCandidateId).address);
            }
        }
        return ends;
    };
}"""

Measured = dict[str, dict[str, float]]


class Talker:
    """Somebody at such a page; `session` is theirs in the channel."""

    def __init__(self, page: Any, person: Person, channel: str) -> None:  # noqa: ANN401
        self.page = page
        self.person = person
        self._channel = channel
        self.session = ""

    @classmethod
    async def sit_down(
        cls, browser: Browser, server: ServerProcess, person: Person, channel: str
    ) -> Talker:
        """Sit at a page of a browser of one's own, which has none of our scripts."""
        context = await browser.new_context(bypass_csp=True)
        page = await context.new_page()
        await page.goto(f"{server.url}/readyz")
        await page.evaluate(SCRIPT)
        return cls(page, person, channel)

    async def enter(self, session: str = "") -> None:
        """Come in, or with the `session` of before come back."""
        base = self.person.url.replace("http", "ws", 1)
        address = f"{base}/ws/voice/{self._channel}?token={quote(self.person.token)}"
        await self._run("enter", f"{address}&session={session}" if session else address)
        self.session = await self.page.evaluate("talker.session")

    async def lose_socket(self) -> None:
        """Lose the socket, and keep the connections."""
        await self.page.evaluate("talker.socket.close()")

    async def send(self, kind: str) -> None:
        """Offer to send another "audio", "video" or "screen"."""
        await self._run("send", kind)

    async def say(self, kind: str, payload: dict[str, object]) -> None:
        """Say something else on the socket."""
        await self.page.evaluate("([kind, payload]) => talker.say(kind, payload)", [kind, payload])

    async def hang_up(self) -> None:
        """Have the connection be gone by which one hears the others."""
        await self.page.evaluate("() => { talker.down.close(); talker.down = null; }")

    async def answer(self, *, may_answer: bool) -> None:
        """Answer offers from now on, or let them be."""
        await self.page.evaluate("(may) => { talker.mayAnswer = may; }", may_answer)

    async def told(self, kind: str) -> list[dict[str, Any]]:
        """Return what one was told of this kind so far."""
        found: list[dict[str, Any]] = await self.page.evaluate(
            "(kind) => talker.told.filter(({ type }) => type === kind).map((each) => each.payload)",
            kind,
        )
        return found

    async def streams(self) -> dict[str, dict[str, Any]]:
        """Return whose the media are that were offered last."""
        found: dict[str, dict[str, Any]] = await self.page.evaluate("talker.streams")
        return found

    async def ways(self) -> set[str]:
        """Return the addresses to which one is connected."""
        return set(await self.page.evaluate("talker.ways()"))

    async def media_of(self, other: Talker, *, is_screen: bool = False) -> set[str]:
        """Return the media by which one is offered somebody's sound and picture."""
        return {
            mid
            for mid, stream in (await self.streams()).items()
            if (stream["session"], stream["screen"]) == (other.session, is_screen)
        }

    async def measure(self) -> Measured:
        """Return what each medium has carried so far."""
        measured: Measured = await self.page.evaluate("talker.measure()")
        return measured

    async def expect_told(self, kind: str, **payload: object) -> None:
        """Wait until one was last told this."""
        await until(
            lambda: self.told(kind),
            lambda told: bool(told) and told[-1].items() >= payload.items(),
            f"not told of {kind}",
        )

    async def expect_media(self, other: Talker, count: int, *, is_screen: bool = False) -> None:
        """Wait until one is offered so much of somebody's sound and picture."""
        await until(
            lambda: self.media_of(other, is_screen=is_screen),
            lambda media: len(media) == count,
            "not the media",
        )

    async def expect_heard(self, other: Talker) -> None:
        """Wait until there is sound of somebody."""
        await self._expect_more(other, "energy")

    async def expect_seen(self, other: Talker, *, is_screen: bool = False) -> None:
        """Wait until there are pictures of somebody."""
        await self._expect_more(other, "frames", is_screen=is_screen)

    async def expect_nothing(self, other: Talker, kind: str) -> None:
        """See that nothing comes of somebody for a while, once it has come to an end."""
        media = await self.media_of(other)

        async def grown() -> float:
            before = await self.measure()
            await self.page.wait_for_timeout(1500)
            after = await self.measure()
            # What never came to a medium is not measured at all.
            came = [mid for mid in media if mid in after]
            return sum(after[mid][kind] - before.get(mid, {kind: 0})[kind] for mid in came)

        await until(grown, lambda more: more == 0, f"still {kind}")

    async def _expect_more(self, other: Talker, kind: str, *, is_screen: bool = False) -> None:
        async def amount() -> float:
            media = await self.media_of(other, is_screen=is_screen)
            measured = await self.measure()
            return max((measured[mid][kind] for mid in media if mid in measured), default=0.0)

        before = await amount()
        await until(amount, lambda now: now > before, f"no {kind} of {other.person.id}")

    async def _run(self, name: str, argument: str) -> None:
        await self.page.evaluate(f"(argument) => talker.{name}(argument)", argument)
