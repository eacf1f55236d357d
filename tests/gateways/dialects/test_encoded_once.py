"""However many listen in however many dialects, a fact is put into words once for each dialect."""

from __future__ import annotations

from collections import Counter
from contextlib import AsyncExitStack
from functools import partial

import pytest

from tertulia.core.events import Event, MessageSent
from tertulia.gateways.events.dialect import EventsDialect
from tertulia.gateways.phoenix.dialect import PhoenixDialect
from tertulia.gateways.rooms.dialect import RoomDialect
from tertulia.gateways.socketio.dialect import SocketIoDialect
from tertulia.realtime.topic import Topic
from tests.gateways.dialects.events_voice import EventsVoice
from tests.gateways.dialects.phoenix_voice import PhoenixVoice
from tests.gateways.dialects.rooms_voice import RoomsVoice
from tests.gateways.dialects.socketio_voice import SocketIoVoice
from tests.gateways.dialects.voices import Place, Voice
from tests.waiting import until

LISTENERS = 3
"""In each dialect."""

WAYS: dict[type, type[Voice]] = {
    PhoenixDialect: PhoenixVoice,
    RoomDialect: RoomsVoice,
    EventsDialect: EventsVoice,
    SocketIoDialect: SocketIoVoice,
}


async def test_a_message_is_worded_once_for_each_dialect(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    worded: Counter[str] = Counter()
    for dialect in WAYS:
        _count(dialect, worded, monkeypatch)
    async with AsyncExitStack() as closing:
        ears = [
            await closing.enter_async_context(voice.open(place, place.town.bea))
            for voice in WAYS.values()
            for _ in range(LISTENERS)
        ]
        await place.town.send(place.town.ana, place.id, "Hello")
        for ear in ears:
            await until(partial(_has_heard, ear), within_s=10, what=str(ear))
    assert worded == {dialect.__name__: 1 for dialect in WAYS}


def _has_heard(ear: Voice) -> bool:
    return "Hello" in ear.texts


def _count(dialect: type, worded: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    word = dialect.word  # type: ignore[attr-defined]

    def counted(self: object, topic: Topic, event: Event) -> object:
        if isinstance(event, MessageSent):
            worded[dialect.__name__] += 1
        return word(self, topic, event)

    monkeypatch.setattr(dialect, "word", counted)
