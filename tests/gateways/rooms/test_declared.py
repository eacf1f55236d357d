"""What clients of the `event_type` vocabulary hear, held against what is declared of it."""

from __future__ import annotations

import msgspec
import pytest

from tertulia.gateways.rooms.declared import CHANNELS
from tests.gateways.golden import EVENTS, golden

(CHANNEL,) = CHANNELS
HEARD = {each.name: each.shape for each in CHANNEL.heard}
FRAMES = {name: golden(name)["rooms"] for name in EVENTS}


@pytest.mark.parametrize("name", [name for name in EVENTS if FRAMES[name]])
def test_a_golden_frame_has_the_declared_shape(name: str) -> None:
    for frame in FRAMES[name]:
        kind = frame.pop("event_type")
        msgspec.convert(frame, HEARD[kind])
