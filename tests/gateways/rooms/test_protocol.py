"""What a client may say, what it means, and that nothing but a refusal comes of all else."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertulia.gateways.malformed import Malformed
from tertulia.gateways.rooms.protocol import (
    Command,
    Delete,
    Edit,
    React,
    Send,
    Type,
    parse,
)

FILE = UUID("0198c2a4-5a50-7000-8000-0000000000f1")
DEEP = "[" * 100_000


def chat_message(**message: Any) -> str:
    return json.dumps({"event_type": "chat_message", "message": message})


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (chat_message(text="Hello"), Send("Hello")),
        (chat_message(text=""), Send("")),
        (
            chat_message(
                text="Look", attachments=[str(FILE)], client_ref="a1", reply_to=3, chat="12"
            ),
            Send("Look", (FILE,), "a1", 3),
        ),
        (chat_message(text="Yes", reply_to=str(FILE)), Send("Yes", reply_to=FILE)),
        (
            chat_message(text="Hi", id=None, messageId=None, client_ref=None, reply_to=None),
            Send("Hi"),
        ),
        (chat_message(text="Hello!", id=7), Edit(7, "Hello!")),
        (chat_message(text="Hello!", messageId=7), Edit(7, "Hello!")),
        (chat_message(text="Hello!", id=7, messageId=8), Edit(7, "Hello!")),
        (
            '{"event_type": "message_was_updated", "id": 7, "new_text": "Hello!"}',
            Edit(7, "Hello!"),
        ),
        ('{"event_type": "message_was_deleted", "id": 7}', Delete(7)),
        ('{"event_type": "message_reaction", "id": 7, "reaction": "🎉"}', React(7, "🎉")),
        ('{"event_type": "typing_indicator"}', Type(is_typing=True)),
        (
            '{"event_type": "typing_indicator", "userId": "3", "chatId": "12", "typing": true}',
            Type(is_typing=True),
        ),
        ('{"event_type": "typing_indicator", "typing": false}', Type(is_typing=False)),
        ('{"typing": false, "event_type": "typing_indicator"}', Type(is_typing=False)),
    ],
)
def test_what_a_client_says_is_understood(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    ("text", "code", "attr"),
    [
        ("", "malformed", None),
        ("hello", "malformed", None),
        ('{"event_type": "typing_indicator"', "malformed", None),
        ('{"event_type": "typing_indicator"} {}', "malformed", None),
        ('"\ud800"', "malformed", None),
        pytest.param(DEEP, "malformed", None, id="deep"),
        pytest.param(
            '{"event_type": "typing_indicator", "x": ' + DEEP, "malformed", None, id="deep inside"
        ),
        ("[]", "malformed", None),
        ("null", "malformed", None),
        ("{}", "required", "event_type"),
        ('{"event_type": null}', "unknown_event", "event_type"),
        ('{"event_type": 7}', "unknown_event", "event_type"),
        ('{"event_type": "chat_was_liked/unliked"}', "unknown_event", "event_type"),
        ('{"event_type": "error"}', "unknown_event", "event_type"),
        ('{"event_type": "chat_message"}', "required", "message"),
        ('{"event_type": "chat_message", "message": "Hello"}', "invalid", "message"),
        (chat_message(), "required", "text"),
        (chat_message(text=None), "invalid", "text"),
        (chat_message(text=7), "invalid", "text"),
        (chat_message(text="Hello", id="7"), "invalid", "id"),
        (chat_message(text="Hello", id=0), "invalid", "id"),
        (chat_message(text="Hello", id=2**53), "invalid", "id"),
        (chat_message(text="Hello", messageId=-1), "invalid", "messageId"),
        (chat_message(text="Hello", attachments=["/a.png"]), "invalid", "attachments"),
        (chat_message(text="Hello", attachments="/a.png"), "invalid", "attachments"),
        (chat_message(text="Hello", client_ref=1), "invalid", "client_ref"),
        (chat_message(text="Hello", reply_to="7"), "invalid", "reply_to"),
        ('{"event_type": "message_was_updated", "id": 7}', "required", "new_text"),
        ('{"event_type": "message_was_deleted", "id": 1.5}', "invalid", "id"),
        ('{"event_type": "message_was_deleted", "id": 1e400}', "invalid", "id"),
        ('{"event_type": "message_reaction", "id": 7}', "required", "reaction"),
        ('{"event_type": "typing_indicator", "typing": "yes"}', "invalid", "typing"),
    ],
    ids=ascii,
)
def test_what_cannot_be_understood_is_refused_by_the_name_of_its_field(
    text: str, code: str, attr: str | None
) -> None:
    with pytest.raises(Malformed) as refused:
        parse(text)
    assert (refused.value.code, refused.value.attr) == (code, attr)
    assert refused.value.detail.endswith(".")


TEXT = st.text(st.characters(exclude_categories=()))
"""Any text that Python can hold, with halves of surrogate pairs in it, which no frame carries."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=12,
)
WORDS = st.sampled_from(
    [
        "chat_message",
        "message_was_updated",
        "message_was_deleted",
        "message_reaction",
        "typing_indicator",
    ]
)
FIELDS = ("id", "new_text", "reaction", "typing", "message", "userId", "text")
IN_MESSAGE = ("text", "id", "messageId", "attachments", "client_ref", "reply_to", "chat")


def objects(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects with some of these keys, each with anything or what it may well have."""
    likely = st.integers(-1, 9) | TEXT | st.booleans() | st.none() | JSON
    return st.dictionaries(st.sampled_from(names), likely)


LIKELY = st.builds(
    lambda word, fields, message: {**fields, "message": message, "event_type": word},
    WORDS | JSON,
    objects(FIELDS),
    objects(IN_MESSAGE) | JSON,
)


def understood(text: str) -> bool:
    try:
        command = parse(text)
    except Malformed as refused:
        assert refused.detail
        return False
    assert isinstance(command, Command)
    return True


@given(text=TEXT)
@settings(max_examples=300)
def test_any_text_is_understood_or_refused(text: str) -> None:
    understood(text)


@given(value=JSON)
@settings(max_examples=300)
def test_any_json_is_understood_or_refused(value: Any) -> None:
    understood(json.dumps(value))


@given(value=LIKELY)
@settings(max_examples=500)
def test_anything_like_an_event_is_understood_or_refused(value: Any) -> None:
    understood(json.dumps(value))


@given(text=st.text(), ref=st.none() | st.text(), seq=st.none() | st.integers(1, 2**53 - 1))
def test_every_text_comes_through_as_it_is(text: str, ref: str | None, seq: int | None) -> None:
    said = chat_message(text=text, client_ref=ref, reply_to=seq)
    assert parse(said) == Send(text, client_ref=ref, reply_to=seq)
