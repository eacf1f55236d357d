"""Payloads as commands: what is understood, and how the rest is refused."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from tertulia.gateways.malformed import Malformed
from tertulia.gateways.socketio.protocol import (
    Command,
    DeleteMessage,
    EditMessage,
    JoinRoom,
    LeaveRoom,
    React,
    SendMessage,
    Typing,
    command,
)

ID = "0198c2a4-5a50-7000-8000-0000000000d1"
EVENTS = (
    "join_room",
    "leave_room",
    "message",
    "edit_message",
    "delete_message",
    "react",
    "typing",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
LIKELY = st.fixed_dictionaries(
    {},
    optional={
        "room": st.just(7) | st.just(ID) | JSON,
        "id": st.just(ID) | JSON,
        "message": JSON,
        "emoji": JSON,
        "typing": JSON,
        "client_ref": JSON,
        "reply_to": st.just(ID) | JSON,
        "attachments": st.lists(st.just(ID)) | JSON,
    },
)


def understood(name: str, payload: Any) -> Command:
    return command(name, Raw(json.dumps(payload).encode()))


def refused(name: str, payload: Any) -> Malformed:
    with pytest.raises(Malformed) as raised:
        understood(name, payload)
    return raised.value


@pytest.mark.parametrize(
    ("name", "payload", "wanted"),
    [
        ("join_room", {"room": 7}, JoinRoom(7)),
        ("join_room", {"room": "7", "more": [1]}, JoinRoom("7")),
        ("leave_room", {"room": ID}, LeaveRoom(ID)),
        ("message", {"room": 7}, SendMessage(7)),
        (
            "message",
            {
                "room": 7,
                "message": "Hi",
                "client_ref": "a1",
                "reply_to": ID,
                "attachments": [ID],
            },
            SendMessage(7, "Hi", "a1", UUID(ID), (UUID(ID),)),
        ),
        ("edit_message", {"room": 7, "id": ID, "message": "Ho"}, EditMessage(7, UUID(ID), "Ho")),
        ("delete_message", {"room": 7, "id": ID}, DeleteMessage(7, UUID(ID))),
        ("react", {"room": 7, "id": ID, "emoji": "🎉"}, React(7, UUID(ID), "🎉")),
        ("typing", {"room": 7}, Typing(7, typing=True)),
        ("typing", {"room": 7, "typing": False}, Typing(7, typing=False)),
    ],
)
def test_each_event_is_understood(name: str, payload: Any, wanted: Command) -> None:
    assert understood(name, payload) == wanted


@pytest.mark.parametrize(
    ("name", "payload", "code", "attr"),
    [
        ("shout", {}, "unknown_event", None),
        ("", {}, "unknown_event", None),
        ("join_room", {}, "required", "room"),
        ("join_room", [], "malformed", None),
        ("join_room", None, "malformed", None),
        ("join_room", {"room": None}, "invalid", "room"),
        ("join_room", {"room": -1}, "invalid", "room"),
        ("join_room", {"room": "x" * 65}, "too_long", "room"),
        ("message", {"room": 7, "message": 5}, "invalid", "message"),
        ("message", {"room": 7, "attachments": ["x"]}, "invalid", "attachments"),
        ("react", {"room": 7, "id": "x", "emoji": "🎉"}, "invalid", "id"),
        ("react", {"room": 7, "id": ID}, "required", "emoji"),
        ("typing", {"room": 7, "typing": "yes"}, "invalid", "typing"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_name(
    name: str, payload: Any, code: str, attr: str | None
) -> None:
    malformed = refused(name, payload)
    assert (malformed.code, malformed.attr) == (code, attr)
    assert malformed.detail.endswith(".")


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 100_000, b'"\\ud83d"', b"\xff"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        command("message", Raw(raw))


@given(name=st.sampled_from(EVENTS) | st.text(max_size=20), payload=JSON | LIKELY)
def test_no_json_value_breaks_it(name: str, payload: Any) -> None:
    try:
        found = understood(name, payload)
    except Malformed as malformed:
        assert malformed.code and malformed.detail
    else:
        assert name in EVENTS
        assert msgspec.to_builtins(found)["room"] == payload["room"]
