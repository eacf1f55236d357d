"""`conversation:{id}`: what a join shows, and that what follows fits on to it."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.gateways.conftest import Town
from tests.gateways.phoenix.talk import Talk, talk


async def test_joining_shows_one_moment_of_the_conversation(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    sent = [await town.send(town.bea, group, f"message {number}") for number in range(22)]
    async with talk(town, town.ana) as ana:
        shown = await ana.join(f"conversation:{group}")
    assert shown["conversation"]["id"] == group
    assert shown["conversation"]["head_seq"] == 23
    assert shown["conversation"]["unread"] == 22
    assert shown["conversation"]["role"] == "owner"
    assert [user["id"] for user in shown["users"]] == [town.ana.id, town.bea.id]
    assert shown["read_seqs"] == {town.ana.id: 0, town.bea.id: 0}
    assert shown["read_times"] == {town.ana.id: None, town.bea.id: None}
    assert shown["messages"]["items"] == sent[:1:-1]
    assert shown["messages"]["page_token"] is not None
    assert (shown["public_keys"], shown["private_key"], shown["typing"]) == ({}, None, [])
    assert "changes" not in shown


async def test_coming_back_shows_the_changes_since(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    await town.send(town.bea, group, "seen")
    missed = await town.send(town.bea, group, "missed")
    async with talk(town, town.ana) as ana:
        shown = await ana.join(f"conversation:{group}", {"since": 2})
    assert "messages" not in shown
    changes = shown["changes"]
    assert (changes["since"], changes["seq"], changes["complete"]) == (2, 3, True)
    assert changes["messages"] == [missed]
    assert changes["members"] == []
    assert changes["read_seqs"] == {town.ana.id: 0, town.bea.id: 0}


async def test_a_room_shows_the_senders_of_the_page_and_only_ones_own_reading(town: Town) -> None:
    room = await town.start_room(town.ana, town.bea, town.caro)
    await town.send(town.bea, room, "hello")
    async with talk(town, town.ana) as ana:
        shown = await ana.join(f"conversation:{room}")
    assert {user["id"] for user in shown["users"]} == {town.ana.id, town.bea.id}
    assert all(user["email"] is None for user in shown["users"] if user["id"] == town.bea.id)
    assert set(shown["read_seqs"]) == {town.ana.id}


@pytest.mark.parametrize("kind", ["another's", "none", "not an id", "in capitals", "nothing"])
async def test_a_conversation_that_one_is_not_in_cannot_be_joined(town: Town, kind: str) -> None:
    group = await town.start_group(town.bea, town.caro)
    own = await town.start_group(town.ana)
    name = {
        "another's": group,
        "none": str(uuid4()),
        "not an id": "x",
        "in capitals": own.upper(),
        "nothing": "",
    }[kind]
    async with talk(town, town.ana) as ana:
        status, response = await ana.try_join(f"conversation:{name}")
    assert status == "error"
    assert response["reason"] == "no_conversation"


@pytest.mark.parametrize("since", [-1, "1", 1.5, True, [], 2**53 + 1, 10**30])
async def test_a_seq_that_is_none_is_refused(town: Town, since: object) -> None:
    group = await town.start_group(town.ana)
    async with talk(town, town.ana) as ana:
        status, response = await ana.try_join(f"conversation:{group}", {"since": since})
        assert (status, response["reason"], response["attr"]) == ("error", "invalid", "since")
        await ana.join(f"conversation:{group}")


async def test_nothing_is_lost_or_doubled_between_the_join_and_what_follows(town: Town) -> None:
    group = await town.start_group(town.ana, town.bea)
    topic = f"conversation:{group}"
    async with talk(town, town.bea) as bea:
        await bea.join(topic)
        for _ in range(5):
            writing = asyncio.create_task(_write(bea, topic, 10))
            async with talk(town, town.ana) as ana:
                shown = await ana.join(topic)
                await writing
                heard = [frame for frame in await ana.settle() if frame[3] == "new_message"]
            head: int = shown["conversation"]["head_seq"]
            last = (await bea.done(topic, "send_message", {"content": "."}))["message"]["seq"]
            assert [frame[4]["seq"] for frame in heard] == list(range(head + 1, last))


async def _write(person: Talk, topic: str, count: int) -> None:
    for _ in range(count):
        await person.done(topic, "send_message", {"content": "."})
