"""Encrypted conversations over Phoenix: what cannot be used is refused, and the rest goes on."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.gateways.conftest import Town
from tests.gateways.phoenix.talk import talk
from tests.gateways.sealing import copies, keys_of, start_sealed_group

SYSTEM = "system:general"
GOOD = {"kty": "OKP", "x": "x"}
DEEP: Any = {"a": 1}
for _ in range(50):
    DEEP = {"a": [DEEP]}

BAD_KEYS: list[tuple[Any, str]] = [
    (None, "invalid"),
    ([], "invalid"),
    ("key", "invalid"),
    (7, "invalid"),
    ({}, "required"),
    ({"x": "x" * 16_384}, "too_long"),
    ({f"k{number}": number for number in range(5000)}, "too_long"),
    (DEEP, "invalid"),
]
BAD_COPIES: list[tuple[Any, str]] = [
    (None, "invalid"),
    ([], "invalid"),
    ("sealed", "invalid"),
    ({"nobody": "x"}, "invalid"),
    ({str(uuid4()): 7}, "invalid"),
    ({str(uuid4()): None}, "invalid"),
]


@pytest.mark.parametrize("field", ["public_key", "private_key"])
async def test_a_key_that_cannot_be_used_is_refused_by_name(town: Town, field: str) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    topic = f"conversation:{group}"
    other = {"public_key": "private_key", "private_key": "public_key"}[field]
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        for bad, reason in BAD_KEYS:
            refused = await ana.refused(topic, "set_encryption_keys", {field: bad, other: GOOD})
            assert (refused["reason"], refused["attr"]) == (reason, field), bad
        refused = await ana.refused(topic, "set_encryption_keys", {other: GOOD})
        assert (refused["reason"], refused["attr"]) == ("required", field)
        assert [frame for frame in await ana.settle() if frame[1] is None] == []
        payload = {"encrypted_messages": copies(town.ana, town.bea)}
        assert await ana.done(topic, "send_message", payload) == "message_sent"


@pytest.mark.parametrize(
    ("event", "whom"),
    [("start_group_conversation", "user_ids"), ("start_private_conversation", "other_user_id")],
)
async def test_nothing_begins_with_keys_that_cannot_be_used(
    town: Town, event: str, whom: str
) -> None:
    start: dict[str, Any] = {whom: [town.bea.id] if whom == "user_ids" else town.bea.id}
    async with talk(town, town.ana) as ana:
        await ana.join(SYSTEM)
        for field, other in (("public_key", "private_key"), ("private_key", "public_key")):
            for bad, reason in BAD_KEYS[1:]:
                refused = await ana.refused(SYSTEM, event, start | {field: bad, other: GOOD})
                assert (refused["reason"], refused["attr"]) == (reason, field), bad
            refused = await ana.refused(SYSTEM, event, start | {other: GOOD})
            assert (refused["reason"], refused["attr"]) == ("required", field)
        for bad in (None, "x", 7, [7], {}):
            refused = await ana.refused(SYSTEM, event, {whom: bad})
            assert (refused["reason"], refused["attr"]) == ("invalid", whom), bad
        listed = await town.call(town.ana, "GET", "/api/conversations")
        assert listed["items"] == []
        assert await ana.done(SYSTEM, event, start | keys_of(town.ana))


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ("send_message", "encrypted_messages"),
        ("edit_message", "encrypted_messages"),
        ("react", "encrypted_reactions"),
    ],
)
async def test_it_is_sealed_for_exactly_the_members(town: Town, event: str, field: str) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    topic = f"conversation:{group}"
    both = {"encrypted_messages": copies(town.ana, town.bea)}
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        sent = await ana.done(topic, "send_message", both | {"client_ref": "first"})
        await ana.settle()
        about = (
            {}
            if event == "send_message"
            else {"message_group_id": sent["message"]["message_group"]}
        )
        for sealed, reason in (
            (copies(town.ana), "not_enough_recipients"),
            (copies(town.ana, town.bea, town.caro), "too_many_recipients"),
            (copies(town.ana, town.caro), "too_many_recipients"),
            (copies(town.ana, town.bea) | {str(uuid4()): "x"}, "too_many_recipients"),
        ):
            refused = await ana.refused(topic, event, about | {field: sealed})
            assert refused["reason"] == reason, sealed
        for bad, reason in (
            *BAD_COPIES,
            (copies(town.ana) | {town.bea.id: ""}, "required"),
            (copies(town.ana) | {town.bea.id: "x" * 65_537}, "too_long"),
            (copies(town.ana) | {town.bea.id: "a\u0000b"}, "invalid"),
        ):
            refused = await ana.refused(topic, event, about | {field: bad})
            assert (refused["reason"], refused["attr"]) == (reason, field), bad
        assert [frame for frame in await ana.settle() if frame[1] is None] == []
        assert await ana.done(topic, event, about | {field: copies(town.ana, town.bea)})


async def test_what_is_said_openly_is_refused_where_the_server_must_not_read_it(town: Town) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    topic = f"conversation:{group}"
    both = {"encrypted_messages": copies(town.ana, town.bea)}
    poll = {"question": "When?", "options": ["Now", "Later"]}
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        sent = await ana.done(topic, "send_message", both | {"client_ref": "first"})
        about = {"message_group_id": sent["message"]["message_group"]}
        for event, payload in (
            ("send_message", {"content": "hello"}),
            ("send_message", {"poll": poll}),
            ("edit_message", about | {"content": "hello"}),
            ("react", about | {"emoji": "🎉"}),
            ("unreact", about | {"emoji": "🎉"}),
        ):
            refused = await ana.refused(topic, event, payload)
            assert refused["reason"] == "encrypted", (event, payload)
        for event, payload, attr in (
            ("send_message", both | {"content": "hello"}, "content"),
            ("send_message", both | {"poll": poll}, "poll"),
            ("edit_message", about | both | {"content": "hello"}, "content"),
            ("react", about | {"encrypted_reactions": {}, "emoji": "🎉"}, "emoji"),
        ):
            refused = await ana.refused(topic, event, payload)
            assert (refused["reason"], refused["attr"]) == ("invalid", attr), (event, payload)
        for event, attr in (("edit_message", "content"), ("react", "emoji")):
            refused = await ana.refused(topic, event, about)
            assert (refused["reason"], refused["attr"]) == ("required", attr)


async def test_what_is_sealed_is_refused_where_everybody_reads_openly(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    message = await town.send(town.ana, group, "hello")
    about = {"message_group_id": message["id"]}
    sealed = copies(town.ana, town.bea)
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        for event, payload in (
            ("send_message", {"encrypted_messages": sealed}),
            ("edit_message", about | {"encrypted_messages": sealed}),
            ("react", about | {"encrypted_reactions": sealed}),
            ("set_encryption_keys", keys_of(town.ana)),
        ):
            refused = await ana.refused(topic, event, payload)
            assert refused["reason"] == "not_encrypted", event


async def test_another_ones_message_is_neither_edited_nor_deleted(town: Town) -> None:
    group = await start_sealed_group(town, town.ana, town.bea)
    topic = f"conversation:{group}"
    both = {"encrypted_messages": copies(town.ana, town.bea)}
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea, talk(town, town.caro) as c:
        await ana.join(topic)
        await bea.join(topic)
        assert (await c.try_join(topic))[1]["reason"] == "no_conversation"
        sent = await ana.done(topic, "send_message", both | {"client_ref": "first"})
        about = {"message_group_id": sent["message"]["message_group"]}
        for event, payload in (("edit_message", about | both), ("delete_message", about)):
            refused = await bea.refused(topic, event, payload)
            assert refused["reason"] == "permission_denied"
        own = await bea.done(topic, "send_message", both | {"client_ref": "first"})
    assert own["message"]["content"] == "sealed for bea"
