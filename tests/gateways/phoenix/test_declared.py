"""What Phoenix clients hear, held against what is declared of it."""

from __future__ import annotations

import msgspec
import pytest

from tertulia.gateways.phoenix.declared import CHANNELS
from tests.gateways.golden import EVENTS, golden

HEARD = {channel.name: {each.name: each.shape for each in channel.heard} for channel in CHANNELS}
FRAMES = {name: golden(name)["phoenix"] for name in EVENTS}


@pytest.mark.parametrize("name", [name for name in EVENTS if FRAMES[name]])
def test_a_golden_frame_has_the_declared_shape(name: str) -> None:
    _, _, topic, event, payload = FRAMES[name]
    kind = topic.partition(":")[0]
    msgspec.convert(payload, HEARD[f"phoenix_{kind}"][event])
