"""One conversation on two nodes: everybody hears everything once and in order, come what may."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from functools import partial
from urllib.parse import quote

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tertulia.core.session_sweep import SessionSweep
from tests.gateways.dialects.all_voices import VOICES
from tests.gateways.dialects.twins import Twins
from tests.gateways.dialects.voices import Voice
from tests.waiting import until

LIVE = {name: voice for name, voice in VOICES.items() if voice.is_live}
PATIENCE_S = 20.0
OUTAGE_S = 3.0

pytestmark = pytest.mark.timeout(120)


class Ears:
    """Bea, who listens in every live dialect on both nodes."""

    def __init__(self) -> None:
        self.voices: dict[str, Voice] = {}

    async def open(self, closing: AsyncExitStack, twins: Twins) -> None:
        """Begin to listen."""
        for node, place in (("one", twins.one), ("other", twins.other)):
            for name, voice in LIVE.items():
                ear = await closing.enter_async_context(voice.open(place, place.town.bea))
                self.voices[f"{name} on {node}"] = ear

    async def hear(self, twins: Twins, count: int) -> None:
        """Wait until all have heard so many, which are those in the history, in its order."""
        for name, ear in self.voices.items():
            has_heard = partial(_has_heard, ear, count)
            await until(has_heard, within_s=PATIENCE_S, what=f"{count} in {name}")
        path = f"/api/messages?conversation_id={twins.one.id}&page_size=100"
        page = await twins.one.town.call(twins.one.town.ana, "GET", path)
        texts = [each["content"] for each in reversed(page["items"])]
        for name, ear in self.voices.items():
            assert [each.text for each in ear.heard] == texts, name


async def test_what_is_sent_on_one_node_is_heard_on_both_once_and_in_order(twins: Twins) -> None:
    async with AsyncExitStack() as closing:
        ears = Ears()
        await ears.open(closing, twins)
        mouths = {
            f"{name} {index}": await closing.enter_async_context(voice.open(place, place.town.ana))
            for index, place in enumerate((twins.one, twins.other))
            for name, voice in VOICES.items()
        }
        await asyncio.gather(*(_send_all(mouth, name, 5) for name, mouth in mouths.items()))
        await ears.hear(twins, 5 * len(mouths))


async def test_what_is_sent_while_redis_is_away_is_heard_by_all_once_and_in_order(
    twins: Twins,
) -> None:
    async with AsyncExitStack() as closing:
        ears = Ears()
        await ears.open(closing, twins)
        mouths = [
            await closing.enter_async_context(LIVE["phoenix"].open(place, place.town.ana))
            for place in (twins.one, twins.other)
        ]
        await asyncio.gather(
            *(_send_all(mouth, f"before {i}", 3) for i, mouth in enumerate(mouths))
        )
        twins.redis.halt()
        outage = asyncio.create_task(asyncio.sleep(OUTAGE_S))
        number = 0
        while not outage.done():
            number += 1
            await asyncio.gather(
                *(_send_all(mouth, f"{number} meanwhile {i}", 1) for i, mouth in enumerate(mouths))
            )
        twins.redis.begin()
        await asyncio.gather(*(_send_all(mouth, f"after {i}", 3) for i, mouth in enumerate(mouths)))
        await ears.hear(twins, 2 * (3 + number + 3))


@pytest.fixture
def no_sweep_of_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no node look for sessions that ended: each knows only what it is told."""

    async def see_nothing(_self: SessionSweep) -> None:
        pass

    monkeypatch.setattr(SessionSweep, "look", see_nothing)


@pytest.mark.usefixtures("no_sweep_of_sessions")
async def test_signing_out_on_one_node_closes_the_sockets_on_the_other(twins: Twins) -> None:
    town = twins.other.town
    base = town.url.replace("http", "ws", 1)
    address = f"{base}/socket/websocket?vsn=2.0.0&token={quote(town.bea.token)}"
    async with connect(address) as socket:
        await socket.send(json.dumps(["1", "1", f"user:{town.bea.id}", "phx_join", {}]))
        await socket.recv()
        await twins.one.town.call(twins.one.town.bea, "POST", "/auth/logout")
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(10):
                await socket.recv()


def _has_heard(voice: Voice, count: int) -> bool:
    return len(voice.heard) >= count


async def _send_all(voice: Voice, name: str, count: int) -> None:
    for number in range(count):
        text = f"{name} {number}"
        await voice.send(text, client_ref=text)
        if voice.is_live:
            await until(lambda: text in voice.texts, within_s=PATIENCE_S, what=text)  # noqa: B023
