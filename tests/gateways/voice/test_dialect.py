"""Every event of the core on plain voice sockets, by the golden frames."""

from __future__ import annotations

import json

import msgspec
import pytest

from tertulia.core.errors import ChannelFull, Invalid, RateLimited
from tertulia.core.ice import IceServer
from tertulia.core.participant import Participant
from tertulia.core.voice import VoiceWelcome
from tertulia.core.voice_channels import VoiceView
from tertulia.gateways.voice.declared import CHANNELS
from tertulia.gateways.voice.dialect import VoiceDialect
from tests import examples as eg
from tests.gateways.golden import EVENTS, event_in, golden, said, topic_in

(CHANNEL,) = CHANNELS
HEARD = {each.name: each.shape for each in CHANNEL.heard}
FRAMES = {name: golden(name).get("voice", []) for name in EVENTS}


@pytest.fixture
def dialect() -> VoiceDialect:
    return VoiceDialect("12", lambda _: "online")


@pytest.mark.parametrize("name", EVENTS)
def test_event_is_worded_as_agreed(dialect: VoiceDialect, name: str) -> None:
    case = golden(name)
    assert said(dialect, topic_in(case), event_in(name, case)) == FRAMES[name]


@pytest.mark.parametrize("name", [name for name in EVENTS if FRAMES[name]])
def test_a_golden_frame_has_the_declared_shape(name: str) -> None:
    for frame in FRAMES[name]:
        msgspec.convert(frame["payload"], HEARD[frame["type"]])


@pytest.mark.parametrize(
    ("refused", "more"),
    [
        (Invalid("No.", attr="to"), {"code": "invalid", "attr": "to"}),
        (ChannelFull(8), {"code": "full", "limit": 8}),
        (RateLimited("No.", retry_after_s=0.31), {"code": "rate_limited", "retry_after_s": 0.4}),
    ],
)
def test_a_refusal_says_why_and_has_the_declared_shape(
    dialect: VoiceDialect, refused: Invalid | ChannelFull | RateLimited, more: dict[str, object]
) -> None:
    frame = json.loads(dialect.refusal(refused))
    assert frame["payload"] == {"detail": refused.detail, **more}
    assert (frame["type"], frame["from_user_id"], frame["channel_id"]) == ("error", "server", "12")
    msgspec.convert(frame["payload"], HEARD["error"])


def test_a_newcomer_is_told_who_is_there_and_by_which_relays(dialect: VoiceDialect) -> None:
    ana = eg.account(username="ana")
    there = Participant(account_id=ana.id, session="s1", joined_at=eg.NOON, speaking=True)
    stun = IceServer(urls=("stun:s.example",))
    turn = IceServer(urls=("turn:t.example",), username="1:u", credential="c")
    welcome = VoiceWelcome(
        session="s1",
        view=VoiceView(participants=(there,), people=(ana,), limit=8),
        ice_servers=(stun, turn),
    )
    frame = json.loads(dialect.welcome(welcome))
    assert (frame["type"], frame["from_user_id"], frame["channel_id"]) == (
        "participants_list",
        "server",
        "12",
    )
    said = frame["payload"]
    assert (said["session"], said["route"], said["limit"]) == ("s1", "mesh", 8)
    assert [each["isSpeaking"] for each in said["participants"]] == [True]
    assert said["ice_servers"] == [
        {"urls": ["stun:s.example"]},
        {"urls": ["turn:t.example"], "username": "1:u", "credential": "c"},
    ]
    msgspec.convert(said, HEARD["participants_list"])
