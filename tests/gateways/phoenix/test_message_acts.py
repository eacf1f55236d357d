"""What members do with messages on `conversation:{id}`, and what everyone hears of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.gateways.conftest import Town
from tests.gateways.phoenix.talk import talk


async def test_reactions_and_pins_are_heard_as_acts(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    sent = await town.send(town.ana, group, "hello")
    named = {"message_group_id": sent["id"]}
    heard = []
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        for event, payload in (
            ("react", {**named, "emoji": "🎉"}),
            ("unreact", {**named, "emoji": "🎉"}),
            ("pin", named),
            ("unpin", named),
        ):
            assert await bea.done(topic, event, payload) == "message_sent"
            heard.append(await ana.hear(topic, event))
    told = {"conversation_id": group, **named, "user_id": town.bea.id}
    pinned_at = heard[2].pop("pinned_at")
    assert pinned_at.endswith("Z")
    assert heard == [
        {**told, "seq": 3, "emoji": "🎉"},
        {**told, "seq": 4, "emoji": "🎉"},
        {**told, "seq": 5},
        {**told, "seq": 6},
    ]


async def test_a_poll_is_asked_voted_in_and_closed(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    poll = {"question": "When?", "options": ["Today", "Tomorrow"], "multiple": True}
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(topic)
        await bea.join(topic)
        reply = await ana.done(topic, "send_message", {"poll": poll, "silent": True})
        message = reply["message"]
        named = {"message_group_id": message["id"]}
        assert (await bea.hear(topic, "new_message"))["message"] == message
        await bea.done(topic, "vote", {**named, "choices": [1, 0]})
        voted = await ana.hear(topic, "vote")
        refused = await bea.refused(topic, "close_poll", named)
        await ana.done(topic, "close_poll", named)
        closed = await bea.hear(topic, "close_poll")
    assert (message["poll"]["multiple"], message["silent"]) == (True, True)
    assert voted == {
        "conversation_id": group,
        **named,
        "user_id": town.bea.id,
        "choices": [0, 1],
        "seq": 3,
    }
    assert refused["reason"] == "permission_denied"
    assert closed["seq"] == 4
    assert closed["message"]["poll"]["closed_at"].endswith("Z")
    assert [option["count"] for option in closed["message"]["poll"]["options"]] == [1, 1]


async def test_stars_are_heard_on_ones_own_devices_alone(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    sent = await town.send(town.ana, group, "hello")
    async with talk(town, town.ana) as ana, talk(town, town.bea) as bea:
        await ana.join(f"user:{town.ana.id}")
        await bea.join(f"user:{town.bea.id}")
        await bea.join(f"conversation:{group}")
        for method in ("PUT", "DELETE"):
            await town.call(town.ana, method, f"/api/messages/{sent['id']}/star")
        heard = [await ana.hear(f"user:{town.ana.id}", event) for event in ("star", "unstar")]
        of_bea = await bea.settle()
    assert heard == [{"conversation_id": group, "message_group_id": sent["id"]}] * 2
    assert [frame for frame in of_bea if frame[3] in ("star", "unstar")] == []


@pytest.mark.parametrize(
    ("event", "payload", "attr"),
    [
        ("react", {"emoji": "yes"}, "emoji"),
        ("react", {}, "emoji"),
        ("vote", {"choices": [12]}, "choices"),
        ("vote", {"choices": 1}, "choices"),
        ("send_message", {"content": ""}, "content"),
        ("send_message", {"content": "a", "attachments": ["x"]}, "attachments"),
        ("send_message", {"content": "a", "attachments": [str(uuid4())]}, "attachments"),
        ("send_message", {"poll": {"question": "When?", "options": ["a"]}}, "options"),
    ],
)
async def test_what_cannot_be_is_refused_by_the_fields_name(
    town: Town, event: str, payload: dict[str, Any], attr: str
) -> None:
    group = await town.start_group(town.ana)
    topic = f"conversation:{group}"
    sent = await town.send(town.ana, group, "hello")
    async with talk(town, town.ana) as ana:
        await ana.join(topic)
        refused = await ana.refused(topic, event, {"message_group_id": sent["id"], **payload})
    assert refused["attr"] == attr


@pytest.mark.parametrize("event", ["react", "unreact", "pin", "unpin", "vote", "close_poll"])
async def test_a_message_is_reached_on_its_own_topic_alone(town: Town, event: str) -> None:
    group, other = await town.start_group(town.ana), await town.start_group(town.ana)
    sent = await town.send(town.ana, group, "hello")
    payload = {"message_group_id": sent["id"], "emoji": "🎉", "choices": []}
    async with talk(town, town.ana) as ana:
        await ana.join(f"conversation:{other}")
        refused = await ana.refused(f"conversation:{other}", event, payload)
    assert refused["reason"] == "not_found"
