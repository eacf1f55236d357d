"""`conversation:{id}`: payloads that cannot be used."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.gateways.conftest import Town
from tests.gateways.phoenix.talk import talk

REFUSED_PAYLOADS = [
    ("send_message", {}, "required", "content"),
    ("send_message", {"content": 1}, "invalid", "content"),
    ("send_message", {"content": None}, "invalid", "content"),
    ("send_message", {"content": ""}, "required", "content"),
    ("send_message", {"content": " \n "}, "required", "content"),
    ("send_message", {"content": "a\u0000b"}, "invalid", "content"),
    ("send_message", {"content": "x" * 4097}, "too_long", "content"),
    ("send_message", {"content": "x", "client_ref": "r" * 65}, "too_long", "client_ref"),
    ("send_message", {"content": "x", "client_ref": 1}, "invalid", "client_ref"),
    ("send_message", {"content": "x", "reply_to": "no id"}, "invalid", "reply_to"),
    ("edit_message", {"content": "x"}, "required", "message_group_id"),
    ("edit_message", {"message_group_id": "x", "content": "x"}, "invalid", "message_group_id"),
    ("delete_message", {"message_group_id": 7}, "invalid", "message_group_id"),
    ("read_conversation", {"seq": -1}, "invalid", "seq"),
    ("read_conversation", {"seq": "1"}, "invalid", "seq"),
    ("read_conversation", {"seq": 10**30}, "invalid", "seq"),
    ("change_alias", {}, "required", "alias"),
    ("change_alias", {"alias": "x" * 101}, "too_long", "alias"),
    ("change_alias", {"alias": ["x"]}, "invalid", "alias"),
    ("modify_conversation", {}, "required", "new_members"),
    ("modify_conversation", {"new_members": "x"}, "invalid", "new_members"),
    ("modify_conversation", {"new_members": ["x"]}, "invalid", "new_members"),
    ("modify_conversation", {"new_members": [str(uuid4())] * 501}, "too_long", "new_members"),
    ("modify_conversation", {"new_members": [str(uuid4())]}, "not_found", "user_ids"),
    ("send_message", [], "malformed", None),
    ("send_message", "content", "malformed", None),
    ("start_typing", 7, "malformed", None),
    ("dance", {}, "unknown_event", None),
]


@pytest.fixture
async def own_group(town: Town) -> str:
    return await town.start_group(town.ana)


async def test_a_payload_that_cannot_be_used_is_refused_by_name(town: Town, own_group: str) -> None:
    topic = f"conversation:{own_group}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        for event, payload, reason, attr in REFUSED_PAYLOADS:
            refused = await ana.refused(topic, event, payload)
            assert (refused["reason"], refused.get("attr")) == (reason, attr), (event, payload)
            assert refused["detail"]
        assert [frame for frame in await ana.settle() if frame[1] is None] == []


async def test_keys_that_nobody_knows_are_passed_over(town: Town, own_group: str) -> None:
    topic = f"conversation:{own_group}"
    async with talk(town, town.ana) as ana:
        await ana.join(topic, {"color": "red"})
        payload = {"content": "hi", "color": "red", "attachments": []}
        reply = await ana.done(topic, "send_message", payload)
    assert reply["message"]["content"] == "hi"
