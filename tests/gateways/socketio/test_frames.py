"""Packets of Socket.IO and Engine.IO, as texts."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from tertulia.gateways.socketio import frames
from tertulia.gateways.socketio.frames import (
    Binary,
    Connect,
    Disconnect,
    Event,
    NotAPacket,
    Packet,
    Passed,
    engine_packet,
    parse,
)


def event(name: str, payload: bytes, ref: int | None = None) -> Event:
    return Event(name, Raw(payload), ref)


@pytest.mark.parametrize(
    ("text", "packet"),
    [
        ("0", Connect("/", Raw(b"{}"))),
        ('0{"token":"t"}', Connect("/", Raw(b'{"token":"t"}'))),
        ("0/admin", Connect("/admin", Raw(b"{}"))),
        ("0/admin?a=b,{}", Connect("/admin", Raw(b"{}"))),
        ("0/,[1]", Connect("/", Raw(b"[1]"))),
        ("1", Disconnect()),
        ('2["typing"]', event("typing", b"{}")),
        ('2["typing",{"room":7}]', event("typing", b'{"room":7}')),
        ('212["typing", {"room":7}, 5]', event("typing", b'{"room":7}', 12)),
        ('2["a-b",{"c":"/,1"}]', event("a-b", b'{"c":"/,1"}')),
        ('2/admin,12["typing",{}]', Passed()),
        ("1/admin,", Passed()),
        ("312[1]", Passed()),
        ("4{}", Passed()),
        ('51-["message",{"_placeholder":true,"num":0}]', Binary(None)),
        ('52-7["message"]', Binary(7)),
        ("61-1[]", Passed()),
    ],
)
def test_a_packet_is_read(text: str, packet: Packet) -> None:
    assert parse(text) == packet


@pytest.mark.parametrize(
    "text",
    ["", "7", "x", "2", "2[]", "2{}", "2[5]", '2["a",', "2" + "[" * 100_000, '2["\\ud83d"]', "２"],
    ids=lambda text: text[:12],
)
def test_what_is_no_packet_is_refused(text: str) -> None:
    with pytest.raises(NotAPacket):
        parse(text)


@given(st.text() | st.from_regex(r"[0-6](\d+-)?(/\w*,)?\d*\[.*\]", fullmatch=True))
def test_no_text_breaks_it(text: str) -> None:
    with suppress(NotAPacket):
        parse(text)


@pytest.mark.parametrize("text", ["1", "2", "2probe", "3", "3probe", "5", "6", "40", '42["a"]'])
def test_packets_of_engine_io_pass(text: str) -> None:
    assert engine_packet(text) == text


@pytest.mark.parametrize("text", ["4", "4x", "4[[[[", "47", "4²"])
def test_a_message_that_the_library_stumbles_over_passes_as_no_packet(text: str) -> None:
    passed = engine_packet(text)
    assert passed is not None and passed[0] == "4"
    with pytest.raises(NotAPacket):
        parse(passed[1:])


@pytest.mark.parametrize("text", ["", "0", "0{}", "1x", "2x", "7", "x", "b4", "²"])
def test_what_is_no_packet_of_engine_io_does_not_pass(text: str) -> None:
    assert engine_packet(text) is None


def test_packets_are_worded() -> None:
    assert frames.event("typing", {"room": 7}) == b'42["typing",{"room":7}]'
    assert frames.acknowledgement(12, {"ok": True}) == b'4312[{"ok":true}]'
    assert frames.connected("x1") == b'40{"sid":"x1"}'
    refused: dict[str, Any] = {"message": "No.", "data": {"code": "no", "detail": "No."}}
    assert json.loads(frames.connect_error("/", "no", "No.")[2:]) == refused
    assert frames.connect_error("/a", "no", "No.").startswith(b'44/a,{"message"')
