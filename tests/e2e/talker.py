"""A client in one dialect, which comes back by itself, and what it was told while it was there."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

from tests.e2e.checker import Stay
from tests.gateways.conftest import Person
from tests.gateways.dialects.all_voices import VOICES
from tests.gateways.dialects.voices import Place, Voice

PATIENCE_S = 10.0
ANSWERED = ("rest", "phoenix", "socketio", "lite")
"""The dialects in which a send is answered; in the others the message itself comes back."""


@dataclass
class Talker:
    """Somebody who listens, or sends a message every `pause_s` or so, each until it is taken."""

    place: Place
    person: Person
    dialect: str
    name: str
    pause_s: float | None = None
    acknowledged: set[str] = field(default_factory=set)
    stays: list[tuple[int, Voice]] = field(default_factory=list)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def heard(self) -> list[Stay]:
        """Each stay of a listener, by the names that the messages went by."""
        return [
            Stay(head, [each.message for each in voice.heard if each.act == "sent"])
            for head, voice in self.stays
        ]

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()

    async def run(self) -> None:
        """Be there for ever, again whenever something went wrong; a sender until `stop`."""
        while not (self.pause_s is not None and self._stopping.is_set()):
            try:
                async with VOICES[self.dialect].open(self.place, self.person) as voice:
                    await self._stay(voice)
            except Exception:  # noqa: BLE001, whatever it was: the judge says what came of it
                await asyncio.sleep(random.uniform(0.1, 0.5))  # noqa: S311, not a secret

    async def _stay(self, voice: Voice) -> None:
        if self.pause_s is not None:
            await self._speak(voice, self.pause_s)
            return
        # What was there before one came is read; all that comes after it is told.
        path = f"/api/messages?conversation_id={self.place.id}&page_size=1"
        (latest,) = (await self.place.town.call(self.person, "GET", path))["items"]
        self.stays.append((latest["seq"], voice))
        await voice.gone.wait()

    async def _speak(self, voice: Voice, pause_s: float) -> None:
        while not self._stopping.is_set() and not voice.gone.is_set():
            text = f"{self.name}-{len(self.acknowledged)}"
            async with asyncio.timeout(PATIENCE_S):
                await voice.send(text, text)
            if self.dialect not in ANSWERED:
                await voice.has_heard(text, PATIENCE_S)
            self.acknowledged.add(text)
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))  # noqa: S311, not a secret
