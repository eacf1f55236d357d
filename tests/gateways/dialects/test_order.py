"""Many speak at once in all dialects, and everybody hears the same order."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from functools import partial

import pytest

from tests.gateways.dialects.all_voices import VOICES
from tests.gateways.dialects.voices import Place, Voice
from tests.gateways.pages.lite.reading import browsing
from tests.waiting import until

SENDERS = 4
"""In each dialect."""

SHARE = 84
"""How many each of them sends."""

MESSAGES = SENDERS * SHARE * len(VOICES)

PATIENCE_S = 60.0


async def _on_light_pages(place: Place) -> list[str]:
    """Read all pages, which show what there is when they are opened, from the last to the first."""
    async with browsing(place.town, place.town.bea) as browser:
        page = await browser.open(f"/lite/chats/{place.number}")
        read = page.messages
        while older := page.all("//a[text()='Older messages']/@href"):
            page = await browser.open(older[0])
            read = page.messages + read
    return read


def _has_heard(voice: Voice, text: str) -> bool:
    return text in voice.texts


def _has_heard_all(voice: Voice) -> bool:
    return len(voice.heard) >= MESSAGES


async def _send_all(voice: Voice, name: str, count: int) -> None:
    for number in range(count):
        text = f"{name} {number}"
        await voice.send(text, client_ref=text)
        if voice.is_live:
            await until(partial(_has_heard, voice, text), within_s=PATIENCE_S, what=text)


@pytest.mark.timeout(180)
async def test_over_2000_messages_by_concurrent_senders_are_heard_in_the_same_order(
    place: Place,
) -> None:
    ana, bea = place.town.ana, place.town.bea
    async with AsyncExitStack() as closing:
        ears = {
            name: await closing.enter_async_context(voice.open(place, bea))
            for name, voice in VOICES.items()
            if voice.is_live
        }
        mouths = [
            (f"{name}-{number}", await closing.enter_async_context(voice.open(place, ana)))
            for name, voice in VOICES.items()
            for number in range(SENDERS)
        ]
        await asyncio.gather(*(_send_all(voice, name, SHARE) for name, voice in mouths))
        for name, ear in ears.items():
            await until(partial(_has_heard_all, ear), within_s=PATIENCE_S, what=name)
        orders = {name: [each.text for each in ear.heard] for name, ear in ears.items()}
    orders["lite"] = await _on_light_pages(place)
    first = orders["phoenix"]
    assert len(set(first)) == MESSAGES
    for name, order in orders.items():
        assert order == first, name
    for name, _ in mouths:
        own = [text for text in first if text.startswith(f"{name} ")]
        assert own == [f"{name} {number}" for number in range(SHARE)]
