"""One conversation, every dialect: what is done in one is told in all of them, once and alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import pytest

from tests.gateways.dialects.all_voices import VOICES
from tests.gateways.dialects.voices import Act, Heard, Message, Place, Voice
from tests.waiting import until

PATIENCE_S = 10.0
QUIET_S = 0.3


@dataclass
class Ears:
    """Somebody who listens in every dialect at once, and what they are to have heard by now."""

    place: Place
    voices: dict[str, Voice]
    expected: list[Heard] = field(default_factory=list)

    async def hear(self, act: Act, *, who: str | None = None, text: str = "") -> None:
        """Return once all have heard one more act, and the same."""
        self.expected.append(Heard(act, who, text))
        await asyncio.gather(*(self._hear(name) for name in self.voices))

    async def message(self) -> Message:
        """Return the latest message, which all have heard of last."""
        path = f"/api/messages?conversation_id={self.place.id}&page_size=1"
        page = await self.place.town.call(self.place.town.ana, "GET", path)
        (latest,) = page["items"]
        message = Message(latest["id"], latest["seq"])
        self.are_about(message)
        return message

    def are_about(self, message: Message) -> None:
        """Hold what was heard last against the message that it has to be about."""
        for name, voice in self.voices.items():
            assert voice.heard[-1].is_of(message), name

    def are_done(self) -> None:
        """See to it that nobody has heard more."""
        for name, voice in self.voices.items():
            assert len(voice.heard) == len(self._expected_by(voice)), (name, voice.heard)

    def _expected_by(self, voice: Voice) -> list[Heard]:
        return [each for each in self.expected if voice.is_live or each.act != "typed"]

    async def _hear(self, name: str) -> None:
        voice = self.voices[name]
        heard, expected = voice.heard, self._expected_by(voice)
        what = f"{self.expected[-1]} in {name}"
        await until(lambda: len(heard) >= len(expected), within_s=PATIENCE_S, what=what)
        assert [replace(each, message="") for each in heard] == expected, name


@pytest.fixture
async def ears(place: Place) -> AsyncIterator[Ears]:
    """Bea listens."""
    async with AsyncExitStack() as closing:
        yield Ears(
            place,
            {
                name: await closing.enter_async_context(voice.open(place, place.town.bea))
                for name, voice in VOICES.items()
            },
        )


@pytest.mark.parametrize("speaking", VOICES)
async def test_what_is_done_in_one_dialect_is_told_in_all_once_and_alike(
    place: Place, ears: Ears, speaking: str
) -> None:
    async with VOICES[speaking].open(place, place.town.ana) as ana:
        if ana.is_live:
            await ana.type()
            await ears.hear("typed", who="ana")
        await ana.send("Buenas 😀", client_ref="m1")
        await ears.hear("sent", who="ana", text="Buenas 😀")
        message = await ears.message()
        await ana.react(message, "🎉")
        await ears.hear("reacted", who="ana", text="🎉")
        ears.are_about(message)
        await ana.edit(message, "Buenas noches")
        await ears.hear("edited", text="Buenas noches")
        ears.are_about(message)
        await ana.delete(message)
        await ears.hear("deleted")
        ears.are_about(message)
        await asyncio.sleep(QUIET_S)
    ears.are_done()
