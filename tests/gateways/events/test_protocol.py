"""What a client may say, and that nothing but a refusal comes of all else."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertulia.gateways.events.protocol import (
    SHAPES,
    AddReaction,
    Command,
    DeleteMessage,
    JoinChannel,
    LeaveChannel,
    Ping,
    RemoveReaction,
    Send,
    StatusUpdate,
    Typing,
    Unreadable,
    UpdateMessage,
    parse,
)

SOME = UUID("0198c2a4-5a50-7000-8000-0000000000d1")
ABOUT: dict[str, Any] = {"channelId": "12", "messageId": str(SOME)}
DEEP = "[" * 100_000


def said(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, **fields})


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (said("join_channel", channelId=12), JoinChannel(channel_id=12)),
        (said("JOIN_CHANNEL", channelId="12"), JoinChannel(channel_id="12")),
        (
            said("leave_channel", channelId="12", requestId="r"),
            LeaveChannel(channel_id="12", request_id="r"),
        ),
        (said("message", channelId="12", content="Hi"), Send(channel_id="12", content="Hi")),
        (
            said("message", channelId="12", client_ref="a", parentId=str(SOME), attachments=[]),
            Send(channel_id="12", client_ref="a", parent_id=SOME),
        ),
        (
            said("update_message", **ABOUT, content="Hi"),
            UpdateMessage(channel_id="12", message_id=SOME, content="Hi"),
        ),
        (said("delete_message", **ABOUT), DeleteMessage(channel_id="12", message_id=SOME)),
        (
            said("add_reaction", **ABOUT, emoji="🎉"),
            AddReaction(channel_id="12", message_id=SOME, emoji="🎉"),
        ),
        (
            said("remove_reaction", **ABOUT, emoji="🎉"),
            RemoveReaction(channel_id="12", message_id=SOME, emoji="🎉"),
        ),
        (said("typing", channelId="12"), Typing(channel_id="12", typing=True)),
        (said("typing", channelId="12", typing=False), Typing(channel_id="12", typing=False)),
        (said("status_update", status="away"), StatusUpdate(status="away")),
        (said("PING", unknown=1), Ping()),
    ],
)
def test_what_a_client_says_is_understood(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    ("text", "code", "attr", "request_id"),
    [
        ("", "malformed", None, None),
        ('"\ud800"', "malformed", None, None),
        pytest.param(said("ping")[:-1] + ', "x": ' + DEEP, "malformed", None, None, id="deep"),
        ("[]", "malformed", None, None),
        ("{}", "required", "type", None),
        ('{"type": 7, "requestId": "r"}', "invalid", "type", "r"),
        (said("nothing", requestId="r"), "unknown_event", "type", "r"),
        (said("nothing", requestId=7), "unknown_event", "type", None),
        (said("join_channel", requestId="r"), "required", "channelId", "r"),
        (said("join_channel", channelId=-1), "invalid", "channelId", None),
        (said("join_channel", channelId="x" * 65), "too_long", "channelId", None),
        (said("message", channelId="12", content=7), "invalid", "content", None),
        (said("message", channelId="12", attachments=["x"]), "invalid", "attachments", None),
        (said("add_reaction", **ABOUT), "required", "emoji", None),
        (said("delete_message", channelId="12", messageId="7"), "invalid", "messageId", None),
        (said("status_update", status="asleep"), "invalid", "status", None),
    ],
    ids=ascii,
)
def test_what_cannot_be_understood_is_refused_by_the_name_of_its_field(
    text: str, code: str, attr: str | None, request_id: str | None
) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(text)
    reason = refused.value.reason
    assert (reason.code, reason.attr, refused.value.request_id) == (code, attr, request_id)
    assert reason.detail.endswith(".")


def test_a_channel_goes_by_a_text_however_it_was_said() -> None:
    for number in (12, "12"):
        command = parse(said("leave_channel", channelId=number))
        assert isinstance(command, LeaveChannel)
        assert command.channel == "12"


TEXT = st.text(st.characters(exclude_categories=()))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=12,
)
FIELDS = (
    *("channelId", "messageId", "content", "client_ref", "parentId", "attachments"),
    *("emoji", "typing", "status", "requestId"),
)
LIKELY = st.builds(
    lambda kind, fields: {**fields, "type": kind},
    st.sampled_from(list(SHAPES)) | JSON,
    st.dictionaries(st.sampled_from(FIELDS), JSON | st.just("12") | st.just(str(SOME))),
)


def understood(text: str) -> None:
    try:
        command = parse(text)
    except Unreadable as refused:
        assert refused.reason.detail
    else:
        assert isinstance(command, Command)


@given(text=TEXT)
@settings(max_examples=300)
def test_any_text_is_understood_or_refused(text: str) -> None:
    understood(text)


@given(value=JSON | LIKELY)
@settings(max_examples=600)
def test_any_json_is_understood_or_refused(value: Any) -> None:
    understood(json.dumps(value))
